//! Telling whoever holds a phone that somebody else asked for it: at most once a day, and only
//! while it is news.

use chrono::TimeDelta;
use common::{
    announcement::Announcement,
    phone::PhoneNumber,
    recipient,
    reply::{self, Notice},
};
use sqlx::PgConnection;

use crate::app::App;

/// How long it is news, and how long the next one waits.
const NEWS: TimeDelta = TimeDelta::hours(24);

/// Writes the notice; returns what announces it, if there is one to send.
pub(super) async fn tell(
    app: &App,
    conn: &mut PgConnection,
    phone: &PhoneNumber,
) -> Result<Option<Announcement>, sqlx::Error> {
    // The lock makes those wait who ask at the same moment.
    let link = sqlx::query_scalar!(
        "select id from whatsapp_user_links
         where verified and suspended_at is null and phone = $1 for no key update",
        phone.reveal()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let holders = recipient::of(conn, &[phone.reveal().to_owned()]).await?;
    let (Some(link), Some(holder)) = (link, holders.first()) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let told = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_replies
               where recipient_id = $1 and kind = 'notice' and created_at > $2
                   and notice_key like 'tried:%')
               as "told!""#,
        holder.id.0,
        now - NEWS
    )
    .fetch_one(&mut *conn)
    .await?;
    if told {
        return Ok(None);
    }
    let language = recipient::language_of(conn, holder.identity()).await?;
    let notice = Notice {
        key: &format!("tried:{link}:{}", now.timestamp_millis()),
        text: &app.texts.say(language, "link-tried", &[]),
        not_after: Some(now + NEWS),
    };
    let reply = reply::notify(conn, holder.id, &notice).await?;
    Ok(reply.map(|reply| holder.announce(reply, 1)))
}
