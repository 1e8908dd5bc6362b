//! Cancelling requests that are not finished: final for every stage, and each request still gets
//! a final reply of its own, in its own language.

use common::sid::MessageSid;
use sqlx::PgConnection;

use super::{answer::Cancelled, route_context::RouteContext};
use crate::{engine::stage_error::StageError, reply::quoted};

/// A request that is still to be carried out.
pub(super) struct Pending {
    pub(super) message_sid: String,
    pub(super) body: Option<String>,
    pub(super) language: Option<String>,
}

/// Cancels a request. Whoever is reading it finds it so when they record. Its final reply is
/// written after the answer to the command that cancelled it.
pub(super) async fn cancel(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    request: &Pending,
) -> Result<Option<Cancelled>, StageError> {
    let link = route.link().map(|link| (link.id, link.user_id));
    let Ok(message_sid) = MessageSid::parse(&request.message_sid) else {
        return Ok(None);
    };
    store::message::cancel(conn, &message_sid, link).await?;
    let language = request.language.as_deref().and_then(|tag| tag.parse().ok());
    let text = route.context.texts.say(
        language.unwrap_or(route.language),
        "cancelled",
        &[("request", quoted(request.body.as_deref()).into())],
    );
    Ok(Some(Cancelled { message_sid, text }))
}
