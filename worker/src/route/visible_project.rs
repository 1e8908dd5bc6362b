//! A project, as far as the route stage looks at it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::foco;

/// A project that the user sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) workspace_id: Uuid,
    pub(super) workspace: String,
    /// The user's time zone there, where one was chosen.
    pub(super) timezone: Option<String>,
    /// When something last changed in it.
    pub(super) active_at: Option<DateTime<Utc>>,
    /// When the user last wrote for it or chose it.
    pub(super) used_at: Option<DateTime<Utc>>,
}

impl From<foco::Project> for Project {
    fn from(seen: foco::Project) -> Self {
        Self {
            id: seen.id,
            name: seen.name,
            workspace_id: seen.workspace_id,
            workspace: seen.workspace,
            timezone: seen.timezone,
            active_at: seen.active_at,
            used_at: None,
        }
    }
}
