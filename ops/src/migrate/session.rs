//! The connection that migrates: its own, since a migration may take longer than the programs
//! allow a statement.

use common::{database, settings::DatabaseSettings};
use sqlx::PgConnection;

use crate::connections;

/// What holds on the connection, whatever the role or the database say. Nothing that is in a
/// search path before `public` leads a migration astray; built-in names come first, temporary ones
/// last.
const PINNED: &str = "
    set search_path = public, pg_temp;
    set statement_timeout = 0;
    set lock_timeout = 0;
    set idle_in_transaction_session_timeout = 0;
    set client_min_messages = warning;
    set timezone = 'UTC';
    set tcp_keepalives_idle = 30;
    set tcp_keepalives_interval = 10;
    set tcp_keepalives_count = 3";

/// Connects; `name` is what others see in `pg_stat_activity`.
pub(super) async fn open(settings: &DatabaseSettings, name: &str) -> anyhow::Result<PgConnection> {
    let mut conn = database::connect_alone(settings)
        .await
        .map_err(connections::explained)?;
    sqlx::raw_sql(PINNED).execute(&mut conn).await?;
    sqlx::query("select set_config('application_name', $1, false)")
        .bind(name)
        .execute(&mut conn)
        .await?;
    // A long statement ends soon after its client, where the server's system can tell.
    let ends_with_us = "set client_connection_check_interval = '5s'";
    drop(sqlx::raw_sql(ends_with_us).execute(&mut conn).await);
    Ok(conn)
}
