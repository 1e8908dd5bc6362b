//! A database for each world: made from a template (`foco/template.rs`) that is migrated once, with
//! two users whose workspaces must never meet.

use std::path::Path;

use sqlx::PgPool;
use uuid::{Uuid, uuid};

use crate::{
    address::{random_name, with_database},
    foco::{Foco, template},
    postgres::Postgres,
};

/// The user whose phone is linked in the stories: a member of two workspaces.
pub const USER: Uuid = uuid!("00000000-0000-4000-8000-000000000001");
/// Somebody else, with a workspace of their own.
pub const USER_OF_ANOTHER_WORKSPACE: Uuid = uuid!("00000000-0000-4000-8000-000000000002");
/// A guest of "Estudio Jacaranda".
pub const GUEST: Uuid = uuid!("00000000-0000-4000-8000-000000000003");
/// "Estudio Jacaranda".
pub const WORKSPACE: Uuid = uuid!("00000000-0000-4000-8000-00000000000a");
/// "Taller Norte".
pub const WORKSPACE_WORKSHOP: Uuid = uuid!("00000000-0000-4000-8000-00000000000b");
/// "Sitio web" in "Estudio Jacaranda".
pub const PROJECT_WEB: Uuid = uuid!("00000000-0000-4000-8000-0000000000a1");
/// "App móvil" in "Estudio Jacaranda".
pub const PROJECT_APP: Uuid = uuid!("00000000-0000-4000-8000-0000000000a2");
/// "Bodega" in "Taller Norte".
pub const PROJECT_WORKSHOP: Uuid = uuid!("00000000-0000-4000-8000-0000000000b1");

/// A database of a world's own.
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) pool: PgPool,
    pub(crate) postgres: Postgres,
    foco: Foco,
}

impl Database {
    /// One of a kind, with the rows that all stories share; migrated, or as it is before FocoBot
    /// comes.
    pub(crate) async fn create(
        folder: &Path,
        postgres: Postgres,
        foco: Foco,
        migrated: bool,
    ) -> Self {
        let name = random_name("world_");
        let template = template(folder, &postgres, foco, migrated).await;
        postgres
            .administer(&format!(
                "create database {name} template {template} owner {}",
                foco.owner()
            ))
            .await;
        let url = postgres.url(foco, &name);
        let pool = PgPool::connect(&url).await.expect("the world's database");
        Self {
            name,
            url,
            pool,
            postgres,
            foco,
        }
    }

    /// The role that owns it.
    pub(crate) fn owner(&self) -> &'static str {
        self.foco.owner()
    }

    /// Its address, for the server's owner.
    pub(crate) fn admin_url(&self) -> String {
        with_database(&self.postgres.admin_url, &self.name)
    }

    /// Nothing is left of it but its name.
    pub(crate) async fn is_lost(&self) {
        let (name, owner) = (&self.name, self.foco.owner());
        let drop = format!("drop database {name} with (force)");
        let create = format!("create database {name} template template0 owner {owner}");
        for statement in [drop, create] {
            self.postgres.administer(&statement).await;
        }
    }

    pub(crate) async fn drop(self) {
        self.pool.close().await;
        let drop = format!("drop database if exists {} with (force)", self.name);
        self.postgres.administer(&drop).await;
    }
}
