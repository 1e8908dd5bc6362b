//! Everything that `migrate` looks at before it changes anything, and what it makes of it.

use std::fmt::Write as _;

use anyhow::bail;
use sqlx::{PgConnection, migrate::Migration};

use super::{
    Options, accounts,
    accounts::Accounts,
    adoption::{self, OldLinks},
    layer::{self, Layer},
    needs::{self, Need, Server},
    own::{self, Set},
    programs::Programs,
    record::{Record, Table},
};

/// How the database stands.
pub(super) struct Found {
    /// Migrations of the stand-in that were asked for and are not applied.
    pub(super) stand_in: Vec<&'static Migration>,
    /// FocoBot's own that are not applied.
    pub(super) pending: Vec<&'static Migration>,
    /// The table of what was applied.
    pub(super) record: Table,
    /// The table of links that was there before.
    pub(super) old_links: Option<OldLinks>,
    /// Foco's part; none before the stand-in is made.
    pub(super) layer: Option<Layer>,
    /// Whom the programs sign in as, if not as the role that migrates.
    pub(super) programs: Programs,
    needs: Vec<Need>,
    notes: Vec<String>,
}

impl Found {
    /// Looks, and changes nothing.
    pub(super) async fn look(conn: &mut PgConnection, options: &Options) -> anyhow::Result<Self> {
        let server = Server::ask(conn).await?;
        let record = Record::read(conn).await?;
        let stand_in = if options.standalone {
            pending(&record, Set::StandIn)?
        } else {
            Vec::new()
        };
        let mut found = Self {
            pending: pending(&record, Set::Own)?,
            record: record.table,
            old_links: None,
            layer: None,
            programs: Programs::look(conn, options.programs.as_deref()).await?,
            needs: Vec::new(),
            notes: Vec::new(),
            stand_in,
        };
        // Foco's part comes with the stand-in, and whoever may make that may do the rest.
        if found.stand_in.is_empty() {
            found.look_at_foco(conn, &server, options).await?;
        }
        Ok(found)
    }

    async fn look_at_foco(
        &mut self,
        conn: &mut PgConnection,
        server: &Server,
        options: &Options,
    ) -> anyhow::Result<()> {
        let layer = layer::look(conn).await?;
        let changes = !self.pending.is_empty()
            || self.record != Table::Closed
            || !layer.plan().is_empty()
            || !self.programs.are_served();
        self.needs = needs::to_migrate(conn, server, changes).await?;
        self.needs.extend(layer.missing().iter().map(Need::from));
        // The layer is tried as a user before it stands, by whoever makes it.
        let mut acting = self.programs.roles.clone();
        if (acting.is_empty() || changes) && !acting.contains(&server.role) {
            acting.push(server.role.clone());
        }
        for role in &acting {
            self.needs.extend(needs::to_act(conn, server, role).await?);
        }
        let accounts = if self.needs.is_empty() {
            accounts::look(conn, server).await?
        } else {
            Accounts::Empty
        };
        let links = self.pending.first();
        if links.is_some_and(|migration| migration.version == own::LINKS) {
            let seen = accounts == Accounts::Seen;
            self.old_links = adoption::look(conn, options.keep_verified, seen).await?;
        }
        if let Some(old) = &self.old_links {
            self.needs.extend_from_slice(old.needs());
            self.notes.extend_from_slice(old.notes());
        }
        if let Accounts::Hidden(need) = accounts {
            self.notes.push(format!("{}: {}", need.what, need.mend));
        }
        let slow = layer.advice().iter().map(Need::from);
        self.notes
            .extend(slow.map(|Need { what, mend }| format!("{what}: {mend}")));
        self.needs.extend(self.taken(conn).await?);
        self.layer = Some(layer);
        Ok(())
    }

    /// Names that pending migrations would make, and that others have.
    async fn taken(&self, conn: &mut PgConnection) -> anyhow::Result<Vec<Need>> {
        let pending = || self.pending.iter().copied();
        let made: Vec<&str> = pending().flat_map(own::makes).collect();
        let functions: Vec<&str> = pending().flat_map(own::functions).collect();
        let taken: Vec<(String, String)> = sqlx::query_as(
            "select case relkind when 'v' then 'view' else 'table' end, relname::text
             from pg_class where relnamespace = to_regnamespace('public') and relname = any($1)
             union all
             select 'function', proname || '()' from pg_proc
             where pronamespace = to_regnamespace('public') and proname || '()' = any($2)",
        )
        .bind(made)
        .bind(functions)
        .fetch_all(conn)
        .await?;
        let adopted = |name: &str| self.old_links.is_some() && name == "whatsapp_user_links";
        let needs = taken.into_iter().filter(|(_, name)| !adopted(name));
        Ok(needs
            .map(|(kind, name)| {
                Need::new(
                    format!("there is a {kind} public.{name}, which is none of ours"),
                    format!("alter {kind} public.{name} rename to ...; -- as its owner"),
                )
            })
            .collect())
    }

    /// What one should know, whatever is done.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What Foco's part is, in a line.
    pub(super) fn described(&self) -> Option<String> {
        let layer = self.layer.as_ref();
        layer
            .filter(|layer| layer.missing().is_empty())
            .map(Layer::described)
    }

    /// Fails where something is missing, and names all of it.
    pub(super) fn refuse(&self) -> anyhow::Result<()> {
        if self.needs.is_empty() {
            return Ok(());
        }
        let mut said = format!(
            "nothing was changed; to be mended first ({}):",
            self.needs.len()
        );
        for Need { what, mend } in &self.needs {
            let _ = write!(said, "\n- {what}");
            if !mend.is_empty() {
                let _ = write!(said, "\n    {}", mend.replace('\n', "\n    "));
            }
        }
        bail!(said)
    }

    /// What would be done, a line each; nothing where all is done.
    pub(super) fn plan(&self) -> Vec<String> {
        let mut plan = Vec::new();
        let of = |count: usize, what: &str| format!("apply {count} migrations of {what}");
        if !self.stand_in.is_empty() {
            plan.push(of(self.stand_in.len(), "the stand-in for Foco's part"));
        }
        match self.record {
            Table::Closed => {}
            Table::Absent => plan.push("make public._sqlx_migrations, closed to users".to_owned()),
            Table::Open => plan.push("close public._sqlx_migrations to users".to_owned()),
        }
        plan.extend(self.old_links.iter().flat_map(OldLinks::plan));
        if !self.pending.is_empty() {
            plan.push(of(self.pending.len(), "FocoBot's own:"));
            let files = self.pending.iter().map(|migration| {
                let beside = if migration.no_tx {
                    " (beside the work)"
                } else {
                    ""
                };
                format!("  {}{beside}", Set::Own.file(migration))
            });
            plan.extend(files);
        }
        plan.extend(self.layer.iter().flat_map(Layer::plan));
        if !(self.programs.roles.is_empty() || plan.is_empty() && self.programs.are_served()) {
            let roles = self.programs.roles.join(", ");
            plan.push(format!(
                "give the role of the programs what it needs: {roles}"
            ));
        }
        plan
    }
}

/// Those that are not applied, in order.
fn pending(record: &Record, set: Set) -> anyhow::Result<Vec<&'static Migration>> {
    let all = set.migrations();
    if let Some(changed) = all.iter().find(|migration| record.differs(migration)) {
        bail!(
            "{} is not as it was when it was applied here",
            set.file(changed)
        );
    }
    Ok(all
        .iter()
        .filter(|migration| !record.has(migration))
        .collect())
}
