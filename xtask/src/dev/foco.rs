//! The databases of Foco that `dev` can start on: the stand-in, and copies of the customer's own,
//! which the stories run on too.

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use crate::secrets::Secrets;
use crate::servers::postgres;
use crate::tools::Tools;

/// A demo user with two workspaces; run at each start, and changes nothing that is there.
const STAND_IN_SEED: &str = include_str!("../../seed.sql");
const ROLES: &str = include_str!("../../../tests/fixtures/supabase_roles.sql");
const SUPABASE: &str = include_str!("../../../tests/fixtures/supabase.sql");
const A: &str = include_str!("../../../tests/fixtures/foco_a.sql");
const A_SEED: &str = include_str!("../../../tests/fixtures/foco_a_seed.sql");
const B: &str = include_str!("../../../tests/fixtures/foco_b.sql");
const B_SEED: &str = include_str!("../../../tests/fixtures/foco_b_seed.sql");

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Foco {
    /// The stand-in for Foco's part, on an empty PostgreSQL
    StandIn,
    /// Foco's tables as of January, at Supabase
    A,
    /// Foco's tables as of March, at Supabase
    B,
}

impl Foco {
    /// The name of its database.
    fn database(self) -> &'static str {
        match self {
            Self::StandIn => "focobot",
            Self::A => "foco_a",
            Self::B => "foco_b",
        }
    }

    /// Its address, as the role that migrates and is our programs'.
    pub(super) fn url(self, secrets: &Secrets, port: u16) -> String {
        match self {
            Self::StandIn => postgres::url(secrets, port),
            Self::A | Self::B => postgres::foco_url(secrets, port, self.database()),
        }
    }

    /// What its streams' names begin with.
    pub(super) fn stream_prefix(self) -> &'static str {
        match self {
            Self::StandIn => "foco",
            Self::A => "foco-a",
            Self::B => "foco-b",
        }
    }

    /// How `focobot` migrates it.
    pub(super) fn migrates_by(self) -> &'static [&'static str] {
        match self {
            Self::StandIn => &["migrate", "--standalone"],
            Self::A | Self::B => &["migrate"],
        }
    }

    /// Makes the database as Foco has it, with rows, unless it is there.
    pub(super) fn prepare(self, tools: &Tools, secrets: &Secrets, port: u16) -> Result<()> {
        let tables = match self {
            Self::StandIn => return Ok(()),
            Self::A => format!("{A}{A_SEED}"),
            Self::B => format!("{A}{A_SEED}{B}{B_SEED}"),
        };
        let (name, password) = (self.database(), &secrets.focobot_password);
        // It bears its name once it is whole. Since PostgreSQL 16 the stand-in's role could not make
        // itself a member of roles that somebody else made.
        let script = format!(
            "{ROLES}
             ALTER ROLE foco_owner PASSWORD '{password}';
             GRANT anon, authenticated, service_role TO focobot;
             SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') AS missing \\gset
             \\if :missing
             DROP DATABASE IF EXISTS unfinished WITH (FORCE);
             CREATE DATABASE unfinished OWNER foco_owner;
             \\connect unfinished
             {SUPABASE}
             SET SESSION AUTHORIZATION foco_owner;
             {tables}
             \\connect postgres
             ALTER DATABASE unfinished RENAME TO {name};
             \\endif
             "
        );
        postgres::psql(tools, &postgres::admin_url(secrets, port), &script)
            .context("cannot make the copy of Foco's database")
    }

    /// Enters what there is to show, once it is migrated; the copies have it from their beginning.
    pub(super) fn seed(self, tools: &Tools, secrets: &Secrets, port: u16) -> Result<()> {
        if self != Self::StandIn {
            return Ok(());
        }
        postgres::psql(tools, &self.url(secrets, port), STAND_IN_SEED)
            .context("cannot seed the database")
    }
}
