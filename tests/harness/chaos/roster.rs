//! Who writes: people with a phone, an account and a workspace each; every second one has two
//! projects to choose from, and every fifth another account that their number may go to.

use sqlx::PgPool;
use uuid::{Uuid, uuid};

/// The first ten-digit number.
const FIRST: u64 = 5_550_000_000;
/// One in so many is a mover.
const MOVERS: u32 = 5;

/// Twilio's address of a sender.
pub(super) fn address(sender: u32) -> String {
    format!("whatsapp:+521{}", FIRST + u64::from(sender))
}

/// Whether a sender has two projects.
pub(super) fn has_to_choose(sender: u32) -> bool {
    sender % 2 == 1
}

/// Of the two accounts that may hold a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// The one that holds it at first.
    First,
    /// The one that a mover's number goes to, and comes back from.
    Second,
}

impl Account {
    pub(super) const BOTH: [Self; 2] = [Self::First, Self::Second];

    /// What the name of its workspace begins with; the sender's number follows.
    pub(super) fn workspace(self) -> &'static str {
        match self {
            Self::First => "Taller ",
            Self::Second => "Estudio ",
        }
    }
}

/// The sender's account.
pub(super) fn account(sender: u32, account: Account) -> Uuid {
    let kind = match account {
        Account::First => 0x8001,
        Account::Second => 0x8005,
    };
    let base = uuid!("00000000-0000-4000-0000-000000000000").as_u128();
    Uuid::from_u128(base | kind << 48 | u128::from(sender))
}

/// The number as people type it.
pub(super) fn number(sender: u32) -> String {
    format!("+52{}", FIRST + u64::from(sender))
}

/// Whose address that is.
pub(super) fn sender(address: &str) -> Option<u32> {
    let digits: u64 = address.strip_prefix("whatsapp:+521")?.parse().ok()?;
    u32::try_from(digits.checked_sub(FIRST)?).ok()
}

/// Whether a sender's number goes from one account to the other.
pub(super) fn is_mover(sender: u32) -> bool {
    sender % MOVERS == 2
}

/// One of the movers among so many senders.
pub(super) fn mover(drawn: u32) -> u32 {
    drawn / MOVERS * MOVERS + 2
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
        "insert into auth.users (id, email)
         select pg_temp.id('8005', i), 'other' || i || '@example.com'
         from generate_series(0, $1 - 1) i where i % 5 = 2",
        "insert into workspaces (id, name, slug)
         select pg_temp.id('8006', i), 'Estudio ' || i, 'estudio-' || i
         from generate_series(0, $1 - 1) i where i % 5 = 2",
        "insert into workspace_members (workspace_id, user_id, role, timezone)
         select pg_temp.id('8006', i), pg_temp.id('8005', i), 'owner', 'America/Mexico_City'
         from generate_series(0, $1 - 1) i where i % 5 = 2",
        "insert into foco_projects (id, workspace_id, name, slug)
         select pg_temp.id('8007', i), pg_temp.id('8006', i), 'Sitio web', 'sitio-web'
         from generate_series(0, $1 - 1) i where i % 5 = 2",
        "insert into whatsapp_user_links (user_id, phone, verified, linked_at)
         select pg_temp.id('8001', i), '+52' || (5550000000 + i), true, now() - interval '1 day'
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
