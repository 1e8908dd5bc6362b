//! Who writes: people with a phone, an account and a workspace each; every second one has two
//! projects to choose from.

use sqlx::PgPool;

/// The first ten-digit number.
const FIRST: u64 = 5_550_000_000;

/// Twilio's address of a sender.
pub(super) fn address(sender: u32) -> String {
    format!("whatsapp:+521{}", FIRST + u64::from(sender))
}

/// Whether a sender has two projects.
pub(super) fn has_to_choose(sender: u32) -> bool {
    sender % 2 == 1
}

/// Enters all senders with verified links.
pub(super) async fn enter(pool: &PgPool, senders: u32) {
    let statements = [
        "insert into auth.users (id, email)
         select pg_temp.id('8001', i), 'sender' || i || '@example.com'
         from generate_series(0, $1 - 1) i",
        "insert into workspaces (id, name, slug)
         select pg_temp.id('8002', i), 'Taller ' || i, 'taller-' || i
         from generate_series(0, $1 - 1) i",
        "insert into workspace_members (workspace_id, user_id, role, timezone)
         select pg_temp.id('8002', i), pg_temp.id('8001', i), 'owner', 'America/Mexico_City'
         from generate_series(0, $1 - 1) i",
        "insert into foco_projects (id, workspace_id, name, slug)
         select pg_temp.id('8003', i), pg_temp.id('8002', i), 'Sitio web', 'sitio-web'
         from generate_series(0, $1 - 1) i",
        "insert into foco_projects (id, workspace_id, name, slug)
         select pg_temp.id('8004', i), pg_temp.id('8002', i), 'Bodega', 'bodega'
         from generate_series(0, $1 - 1) i where i % 2 = 1",
        "insert into whatsapp_user_links (user_id, phone, verified, linked_at)
         select pg_temp.id('8001', i), '+52' || (5550000000 + i), true, now()
         from generate_series(0, $1 - 1) i",
    ];
    let mut conn = pool.acquire().await.expect("the database");
    sqlx::query(
        "create function pg_temp.id(kind text, i int) returns uuid language sql as
         $$ select ('00000000-0000-4000-' || kind || '-' || lpad(to_hex(i), 12, '0'))::uuid $$",
    )
    .execute(&mut *conn)
    .await
    .expect("a function");
    for statement in statements {
        let senders = i32::try_from(senders).expect("a few senders");
        let entered = sqlx::query(statement).bind(senders).execute(&mut *conn);
        entered.await.expect(statement);
    }
}
