//! Many people with an account each, for stories that need more than one phone.

use uuid::Uuid;

use super::World;
use crate::{database::USER, phone::Phone, program::Program};

impl World {
    /// The `n`th of up to a hundred people: an account with one project and a phone that has been
    /// linked for a day.
    pub async fn links_another(&self, n: u8) -> Phone {
        let user = Uuid::from_u128(USER.as_u128() + 0x100 + u128::from(n));
        let account = sqlx::query("insert into auth.users (id, email) values ($1, $2)");
        let account = account.bind(user).bind(format!("user{n}@example.com"));
        account.execute(self.pool()).await.expect("an account");
        self.makes_workspace(user, &format!("W{n}"), user, "owner")
            .await;
        self.makes_project(user, user, &format!("P{n}")).await;
        let link = sqlx::query(
            "insert into whatsapp_user_links (user_id, phone, verified, linked_at)
             values ($1, $2, true, now() - interval '1 day')",
        );
        let link = link.bind(user).bind(format!("+5255555502{n:02}"));
        link.execute(self.pool()).await.expect("a link");
        self.phone(&format!("whatsapp:+52155555502{n:02}"))
    }

    /// Starts one of the programs beside those that run.
    #[must_use]
    pub fn starts(&self, name: &str, arguments: &[&str]) -> Program {
        Program::start(name, &self.folder, &self.variables, arguments)
    }
}
