//! The databases of Foco that FocoBot has to work on: the stand-in for an empty PostgreSQL, and the
//! customer's own, at Supabase, as its documentation describes it and as its app uses it today.

mod bare;
mod moving;
mod template;

pub use self::bare::{BareDatabase, LIVE_BRANCH, LIVE_LINKS, RECURSIVE};
use sqlx::AssertSqlSafe;

pub(crate) use self::template::template;

/// Which database of Foco a world is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Foco {
    /// The stand-in (`migrations/standalone`).
    #[default]
    StandIn,
    /// January's tables at Supabase (`tests/fixtures/foco_a.sql`).
    A,
    /// March's tables at Supabase (`tests/fixtures/foco_b.sql`).
    B,
}

impl Foco {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::StandIn, Self::A, Self::B];

    /// Those of the customer's.
    pub const REAL: [Self; 2] = [Self::A, Self::B];

    /// A statement with the names that this Foco has for `{workspaces}`, `{members}`, `{proposals}`,
    /// who made one (`{proposer}`), how it came about (`{provenance}`), and `{items}`.
    #[must_use]
    pub fn says(self, statement: &str) -> AssertSqlSafe<String> {
        let (workspaces, members) = match self {
            Self::StandIn | Self::A => ("workspaces", "workspace_members"),
            Self::B => ("foco_workspaces", "foco_workspace_members"),
        };
        let [proposals, proposer, provenance, items] = match self {
            Self::StandIn => [
                "foco_proposals",
                "owner_id",
                "metadata",
                "foco_proposal_items",
            ],
            Self::A | Self::B => ["proposals", "created_by", "ai_analysis", "proposal_items"],
        };
        let names = [
            ("{workspaces}", workspaces),
            ("{members}", members),
            ("{proposals}", proposals),
            ("{proposer}", proposer),
            ("{provenance}", provenance),
            ("{items}", items),
        ];
        let statement = names
            .iter()
            .fold(statement.to_owned(), |statement, (name, value)| {
                statement.replace(name, value)
            });
        AssertSqlSafe(statement)
    }

    /// The role that owns the database, migrates, and is our programs'.
    pub(crate) fn owner(self) -> &'static str {
        match self {
            Self::StandIn => "focobot",
            Self::A | Self::B => "foco_owner",
        }
    }
}
