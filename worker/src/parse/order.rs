//! One sender's requests come out in the order in which they came in: what was read early waits a
//! little for an older one that is still being read. A wait, not a lock: an older request that is
//! stuck delays nobody for long.

use std::time::Duration;

use common::payload::ParseRequest;
use tokio::time::{Instant, sleep};

use crate::{context::Context, failure::Failure};

/// How often the ledger is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Waits until no older request of the sender is being read, at most as long as the queue waits
/// for a sign of life.
pub(super) async fn wait_for_older(
    context: &Context,
    request: &ParseRequest,
) -> Result<(), Failure> {
    let end = Instant::now() + context.settings.nats.ack_wait;
    while older_is_being_read(context, request).await? && Instant::now() < end {
        sleep(LOOK).await;
    }
    Ok(())
}

/// Whether a stage has an older one in hand, or it was handed on just now.
async fn older_is_being_read(context: &Context, request: &ParseRequest) -> Result<bool, Failure> {
    let found = sqlx::query_scalar!(
        r#"select exists(
               select from whatsapp_messages m
               join whatsapp_messages o on o.identity = m.identity
               left join whatsapp_message_stages s
                   on s.message_sid = o.message_sid and s.stage = 'parse'
               where m.message_sid = $1 and o.state = 'routed'
                   and o.received_at > m.received_at - interval '1 day'
                   and (o.stream_created, o.stream_sequence)
                       < (m.stream_created, m.stream_sequence)
                   and coalesce(s.in_work, o.updated_at > now() - interval '10 seconds')
           ) as "found!""#,
        request.message_sid.as_str()
    )
    .fetch_one(&context.pool)
    .await?;
    Ok(found)
}
