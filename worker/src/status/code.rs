//! What became of a linking code that was sent: a failure may be mended in another way while the
//! code is of use, and is nobody's dead letter.

use common::{
    identity::WaAddress,
    payload::Callback,
    queue::{Outgoing, PublishId},
    recipient::Recipient,
};
use sqlx::PgConnection;
use store::{CodeSendId, RecipientId, code_send::State};

use super::{asynchronous::SideEffects, callback};
use crate::{
    engine::{context::Context, stage_error::StageError},
    send::{code_row::another_way, error_code},
};

/// The send that a callback is about, and what was known of it.
struct Sent {
    id: CodeSendId,
    recipient: RecipientId,
    attempt: i32,
    never_wrote: bool,
}

/// Stores what a callback says of a code that was sent; `None` where it is about none.
pub(super) async fn called_back(
    context: &Context,
    conn: &mut PgConnection,
    callback: &Callback,
) -> Result<Option<SideEffects>, StageError> {
    let row = sqlx::query!(
        r#"select s.id, s.recipient_id, s.post_attempt, r.last_inbound_at is null as "never_wrote!"
           from whatsapp_code_sends s join whatsapp_recipients r on r.id = s.recipient_id
           where s.id = $1 or s.twilio_sid = $2
           for update of s"#,
        callback.job.map(|job| job.part_id),
        callback.message_sid.as_str()
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sent = Sent {
        id: CodeSendId(row.id),
        recipient: RecipientId(row.recipient_id),
        attempt: row.post_attempt,
        never_wrote: row.never_wrote,
    };
    let kept = callback::kept(callback);
    store::callback::keep(conn, &kept, None).await?;
    let of_last_post = callback.job.is_none_or(|job| job.attempt == sent.attempt);
    if !of_last_post {
        return Ok(Some(SideEffects::default()));
    }
    if callback::is_failure(callback) {
        return failed(context, conn, &sent, callback).await.map(Some);
    }
    store::code_send::move_forward(conn, sent.id, &kept).await?;
    if matches!(callback.status.as_str(), "delivered" | "read") {
        keep_form(conn, &sent).await?;
    }
    Ok(Some(SideEffects::default()))
}

/// The form of the number that has worked is the one that is written to from now on.
async fn keep_form(conn: &mut PgConnection, sent: &Sent) -> Result<(), StageError> {
    let row = sqlx::query!(
        "select r.wa_address from whatsapp_code_sends s
         join whatsapp_recipients r on r.id = s.recipient_id
         where s.id = $1 and s.other_form and r.last_inbound_at is null",
        sent.id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    let known = row.and_then(|row| WaAddress::parse(&row.wa_address).ok());
    let Some(other) = known.and_then(|known| known.other_form()) else {
        return Ok(());
    };
    Ok(store::recipient::set_address(conn, sent.recipient, other.reveal()).await?)
}

async fn failed(
    context: &Context,
    conn: &mut PgConnection,
    sent: &Sent,
    callback: &Callback,
) -> Result<SideEffects, StageError> {
    let code = callback.error_code.unwrap_or_default();
    let entry = error_code::of_failure(code);
    tracing::warn!(
        code,
        what = entry.sentence,
        "a linking code was not delivered"
    );
    let template = context.settings.twilio.code_template.is_some();
    if another_way(conn, sent.id, code, (template, sent.never_wrote)).await? {
        let due = due(context, conn, sent).await?;
        return Ok(SideEffects { due, stop: None });
    }
    let kept = callback::kept(callback);
    let ended = store::code_send::fail_called_back(conn, sent.id, &kept).await?;
    let state = State::Failed.as_str();
    metrics::counter!("link_codes_unsent_total", "state" => state).increment(ended);
    Ok(SideEffects::default())
}

/// The message that says that it is due again.
async fn due(
    context: &Context,
    conn: &mut PgConnection,
    sent: &Sent,
) -> Result<Option<Outgoing>, StageError> {
    let recipient = Recipient::find(conn, sent.recipient).await?;
    Ok(recipient.map(|recipient| {
        let announcement = recipient.announce(sent.id, 1);
        let mut message = announcement.outgoing(context.queue.topology());
        message.id = PublishId::another_post(sent.id, sent.attempt);
        message
    }))
}
