//! Many people with an account each, for stories that need more than one phone.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::World;
use crate::{database::USER, phone::Phone, program::Program};

impl World {
    /// The `n`th of up to a hundred people: an account with one project and a linked phone.
    pub async fn links_another(&self, n: u8) -> Phone {
        let user = Uuid::from_u128(USER.as_u128() + 0x100 + u128::from(n));
        let statements = format!(
            "insert into auth.users (id, email) values ('{user}', 'user{n}@example.com');
             insert into workspaces (id, name, slug) values ('{user}', 'W{n}', 'w{n}');
             insert into workspace_members (workspace_id, user_id, role, timezone)
                 values ('{user}', '{user}', 'owner', 'America/Mexico_City');
             insert into foco_projects (id, workspace_id, name, slug)
                 values ('{user}', '{user}', 'P{n}', 'p{n}');
             insert into whatsapp_user_links (user_id, phone, verified, linked_at)
                 values ('{user}', '+5255555502{n:02}', true, now());"
        );
        sqlx::raw_sql(AssertSqlSafe(statements))
            .execute(self.pool())
            .await
            .expect("an account");
        self.phone(&format!("whatsapp:+52155555502{n:02}"))
    }

    /// Starts one of the programs beside those that run.
    #[must_use]
    pub fn starts(&self, name: &str, arguments: &[&str]) -> Program {
        Program::start(name, &self.folder, &self.variables, arguments)
    }
}
