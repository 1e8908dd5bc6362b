//! What the route stage makes of a message, and of those that waited for a project.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::State;
use crate::sid::MessageSid;

/// Where a message stands once it was routed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutedState {
    /// On its way to be understood.
    Routed,
    /// Kept until a project is chosen.
    WaitingProject,
    /// Answered for good.
    Replied,
}

impl From<RoutedState> for State {
    fn from(state: RoutedState) -> Self {
        match state {
            RoutedState::Routed => Self::Routed,
            RoutedState::WaitingProject => Self::WaitingProject,
            RoutedState::Replied => Self::Replied,
        }
    }
}

/// What routing has found out about a message.
#[derive(Clone, Copy, Debug)]
pub struct Routed {
    /// Where it stands from now on.
    pub state: RoutedState,
    /// The tag of its language, where that is known.
    pub language: Option<&'static str>,
    /// The link by which its sender was known, and the account.
    pub link: Option<(Uuid, Uuid)>,
    /// Workspace and project that it is carried out in.
    pub project: Option<(Uuid, Uuid)>,
}

/// Writes down what a message was routed to. Its row is locked by the attempt that is recorded.
///
/// # Errors
/// When the database does not answer.
pub async fn route(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    routed: &Routed,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set state = $2, language = $3, link_id = $4, user_id = $5,
             workspace_id = $6, project_id = $7, routed_at = now(),
             replied_at = case when $8 then now() end
         where message_sid = $1",
        message_sid.as_str(),
        State::from(routed.state).as_str(),
        routed.language,
        routed.link.map(|(link, _)| link),
        routed.link.map(|(_, user)| user),
        routed.project.map(|(workspace, _)| workspace),
        routed.project.map(|(_, project)| project),
        routed.state == RoutedState::Replied
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A request that waited for a project.
pub struct Released {
    /// Twilio's identifier.
    pub message_sid: String,
    /// Its generation.
    pub generation: i32,
    /// When its webhook came.
    pub received_at: DateTime<Utc>,
    /// Its text.
    pub body: String,
    /// The tag of the language in which it was answered.
    pub language: Option<String>,
    stream_created: Option<DateTime<Utc>>,
    stream_sequence: Option<i64>,
}

/// Routes into a project what its sender wrote under that link and since then, and what waited for
/// one; answers it in the order in which it came. Locks those rows; the sender's lane is held, so
/// that nobody else adds to them.
///
/// # Errors
/// When the database does not answer.
pub async fn release_waiting(
    conn: &mut PgConnection,
    (identity, link, since): (&str, Uuid, DateTime<Utc>),
    (workspace, project): (Uuid, Uuid),
) -> Result<Vec<Released>, sqlx::Error> {
    let mut waiting = sqlx::query_as!(
        Released,
        r#"update whatsapp_messages set state = 'routed', workspace_id = $3, project_id = $4
           where message_sid in (select message_sid from whatsapp_messages
               where identity = $1 and state = 'waiting_project' and link_id = $5
                   and received_at > $2
               for update)
           returning message_sid, generation, received_at, body as "body!", language,
               stream_created, stream_sequence"#,
        identity,
        since,
        workspace,
        project,
        link
    )
    .fetch_all(conn)
    .await?;
    waiting.sort_by_key(|row| (row.stream_created, row.stream_sequence));
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_in_may_be_routed_to_each_of_them() {
        for state in [
            RoutedState::Routed,
            RoutedState::WaitingProject,
            RoutedState::Replied,
        ] {
            assert!(State::Received.may_become(state.into()), "{state:?}");
        }
    }
}
