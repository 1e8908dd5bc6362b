//! `focobot dead show ID`.

use std::process::ExitCode;

use common::{
    settings::Environment,
    trace::{TRACEPARENT, Trace},
};
use serde::Serialize;
use serde_json::Value;

use super::Row;
use crate::connections;

/// A dead letter whole.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    row: Row,
    state: String,
    error: String,
    subject: String,
    /// The trace that it is part of, as a trace store finds it.
    trace_id: Option<String>,
    headers: Value,
    /// JSON where it is, else text with what is no UTF-8 replaced.
    payload: Value,
}

/// Prints one dead letter. It shows what people wrote: that is what it is for.
pub(super) async fn run(env: &Environment, id: i64, json: bool) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let found = sqlx::query!(
        "select d.message_sid, d.stage, d.reason, m.error_code, d.attempts, d.dead_at, d.state,
             d.error, d.subject, d.headers, d.payload
         from whatsapp_dead_letters d left join whatsapp_messages m using (message_sid)
         where d.id = $1",
        id
    )
    .fetch_optional(&pool)
    .await?;
    let Some(found) = found else {
        anyhow::bail!("no dead letter {id}; see: focobot dead list");
    };
    let trace = found.headers[TRACEPARENT].as_str();
    let trace = trace.and_then(Trace::from_stored);
    let whole = Whole {
        row: Row {
            id,
            message_sid: found.message_sid,
            stage: found.stage,
            reason: found.reason,
            error_code: found.error_code,
            attempts: found.attempts,
            at: found.dead_at,
        },
        state: found.state,
        error: found.error,
        subject: found.subject,
        trace_id: trace.map(|trace| trace.id()),
        headers: found.headers,
        payload: serde_json::from_slice(&found.payload)
            .unwrap_or_else(|_| String::from_utf8_lossy(&found.payload).into_owned().into()),
    };
    if json {
        println!("{}", serde_json::to_string(&whole)?);
    } else {
        println!("{}", serde_json::to_string_pretty(&whole)?);
    }
    Ok(ExitCode::SUCCESS)
}
