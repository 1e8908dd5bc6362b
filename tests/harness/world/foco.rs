//! What a world's Foco holds, read and changed alike whatever its tables are.

use chrono::NaiveDate;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::World;
use crate::foco::Foco;

/// A proposal.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Proposal {
    /// The proposal.
    pub id: Uuid,
    /// Whose it is.
    pub workspace_id: Uuid,
    /// The project it is for.
    pub project_id: Uuid,
    /// Who asked for it.
    pub user_id: Uuid,
    /// What it is about.
    pub title: String,
    /// The request, word for word; none where its person was forgotten.
    pub description: Option<String>,
    /// Where it stands.
    pub status: String,
    /// How it came about.
    pub provenance: Value,
}

/// Something that a proposal consists of.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Item {
    /// The proposal it belongs to.
    pub proposal_id: Uuid,
    /// What is to be done.
    pub title: String,
    /// Further words.
    pub description: Option<String>,
    /// Working hours.
    pub hours: Option<f64>,
    /// The day by which it is done.
    pub due_date: Option<NaiveDate>,
    /// Who does it.
    pub assignee_id: Option<Uuid>,
}

impl World {
    /// All proposals, in the order in which they were made.
    pub async fn proposals(&self) -> Vec<Proposal> {
        let query = "select id, workspace_id, project_id, {proposer} as user_id, title,
                description, status, {provenance} as provenance
            from {proposals} order by created_at, id";
        let found = sqlx::query_as(self.foco.says(query)).fetch_all(self.pool());
        found.await.expect("the proposals")
    }

    /// The items of all proposals, in the order in which they were proposed.
    pub async fn items(&self) -> Vec<Item> {
        let of_one = match self.foco {
            Foco::StandIn => {
                "i.title, i.description, i.estimated_hours::float8 as hours, i.due_date,
                 i.assignee_id"
            }
            Foco::A | Foco::B => {
                "i.proposed_state ->> 'title' as title,
                 i.proposed_state ->> 'description' as description,
                 (i.proposed_state ->> 'estimate_hours')::float8 as hours,
                 (i.proposed_state ->> 'due_date')::date as due_date,
                 (i.proposed_state ->> 'assignee_id')::uuid as assignee_id"
            }
        };
        let query = format!(
            "select i.proposal_id, {of_one}
             from {{items}} i join {{proposals}} p on p.id = i.proposal_id
             order by p.created_at, p.id, i.position"
        );
        let found = sqlx::query_as(self.foco.says(&query)).fetch_all(self.pool());
        found.await.expect("the items")
    }

    /// One number from the database, by a statement that [`Foco::says`].
    pub async fn counts(&self, query: &str) -> i64 {
        let found = sqlx::query_scalar(self.foco.says(query)).fetch_one(self.pool());
        found.await.expect(query)
    }

    /// A workspace of that name, in which a user in Mexico City has that role.
    pub async fn makes_workspace(&self, id: Uuid, name: &str, user: Uuid, role: &str) {
        let workspace = "insert into {workspaces} (id, name, slug) values ($1, $2, $1::text)";
        let workspace = sqlx::query(self.foco.says(workspace)).bind(id).bind(name);
        workspace.execute(self.pool()).await.expect("a workspace");
        let member = match self.foco {
            Foco::StandIn => {
                "insert into workspace_members (workspace_id, user_id, role, timezone)
                 values ($1, $2, $3, 'America/Mexico_City')"
            }
            Foco::A => {
                "insert into workspace_members (workspace_id, user_id, role, timezone)
                 values ($1, $2, $3::member_role, 'America/Mexico_City')"
            }
            Foco::B => {
                "with profile as (
                     insert into user_profiles (user_id, timezone)
                     values ($2, 'America/Mexico_City') on conflict do nothing)
                 insert into foco_workspace_members (workspace_id, user_id, role)
                 values ($1, $2, $3)"
            }
        };
        let member = sqlx::query(member).bind(id).bind(user).bind(role);
        member.execute(self.pool()).await.expect("a member");
    }

    /// A project of that name. All were changed at one moment, so that the name decides the order.
    pub async fn makes_project(&self, id: Uuid, workspace: Uuid, name: &str) {
        let project = sqlx::query(
            "insert into foco_projects (id, workspace_id, name, slug, updated_at)
             values ($1, $2, $3, $1::text, '2026-01-01')",
        );
        let project = project.bind(id).bind(workspace).bind(name);
        project.execute(self.pool()).await.expect("a project");
    }

    /// A task of that title in a project.
    pub async fn makes_task(&self, project: Uuid, title: &str) {
        let task = match self.foco {
            Foco::StandIn => {
                "insert into work_items (workspace_id, project_id, title, updated_at)
                 select workspace_id, id, $2, '2026-01-01' from foco_projects where id = $1"
            }
            Foco::A | Foco::B => {
                "insert into work_items
                     (workspace_id, project_id, title, updated_at, priority, position)
                 select workspace_id, id, $2, '2026-01-01', 'medium', 'a0'
                 from foco_projects where id = $1"
            }
        };
        let task = sqlx::query(task).bind(project).bind(title);
        task.execute(self.pool()).await.expect("a task");
    }

    /// A user has chosen no time zone.
    pub async fn forgets_the_time_zone_of(&self, user: Uuid) {
        let of_user = match self.foco {
            Foco::StandIn => "update workspace_members set timezone = null where user_id = $1",
            Foco::A => "update workspace_members set timezone = default where user_id = $1",
            Foco::B => "update user_profiles set timezone = default where user_id = $1",
        };
        self.changes(of_user, &[user]).await;
    }

    /// Somebody archives a project, as Foco's app does it.
    pub async fn archives(&self, project: Uuid) {
        let archived = match self.foco {
            Foco::StandIn => "update foco_projects set archived_at = now() where id = $1",
            Foco::A | Foco::B => "update foco_projects set status = 'archived' where id = $1",
        };
        self.changes(archived, &[project]).await;
    }

    /// A user is no longer a member of a workspace.
    pub async fn removes(&self, user: Uuid, workspace: Uuid) {
        let gone = "delete from {members} where user_id = $1 and workspace_id = $2";
        self.changes(gone, &[user, workspace]).await;
    }

    /// The team takes a proposal: it is the person's alone no longer.
    pub async fn accepts(&self, proposal: Uuid) {
        let accepted = match self.foco {
            Foco::StandIn => "update foco_proposals set status = 'accepted' where id = $1",
            // Its own status follows.
            Foco::A | Foco::B => {
                "update proposal_items set approval_status = 'approved' where proposal_id = $1"
            }
        };
        self.changes(accepted, &[proposal]).await;
    }

    /// Somebody changes Foco's tables: at least one row.
    async fn changes(&self, statement: &str, arguments: &[Uuid]) {
        let mut query = sqlx::query(self.foco.says(statement));
        for argument in arguments {
            query = query.bind(*argument);
        }
        let done = query.execute(self.pool()).await.expect(statement);
        assert!(done.rows_affected() > 0, "{statement}: {arguments:?}");
    }
}
