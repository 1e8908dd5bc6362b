//! What follows from a link that was made or ended on the web, once it is stored: conversations
//! are cleared and phones are told. What fails here, the workers' sweep does.

use common::{
    announcement::Announcement,
    link::{self, Ending, Origin, Telling},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::app::App;

/// Ends a link because its account asks for it; returns what its phone is told.
pub(super) async fn end(
    app: &App,
    conn: &mut PgConnection,
    of_user: Uuid,
) -> Result<Vec<Announcement>, sqlx::Error> {
    let Some(ended) = link::end(conn, of_user, Ending::Asked, Origin::Web).await? else {
        return Ok(Vec::new());
    };
    let telling = Telling::Notice("unlinked-web", &app.settings.process.link_url);
    ended.tell(conn, &app.texts, telling).await
}

/// Clears what ended links have left in Redis, and announces what is to be said.
pub(super) async fn apply(app: &App, told: Vec<Announcement>) {
    if let Err(error) = app.conversations.clear(&app.database, None).await {
        tracing::warn!(%error, "the conversations of an ended link are cleared later");
    }
    announce(app, told).await;
}

/// Announces what was written and is to be sent.
pub(super) async fn announce(app: &App, told: Vec<Announcement>) {
    for announcement in told {
        let outgoing = announcement.outgoing(app.queue.topology());
        if let Err(error) = app.queue.publish(outgoing).await {
            tracing::warn!(%error, "what is to be said is announced later");
        }
    }
}
