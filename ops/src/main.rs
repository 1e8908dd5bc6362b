//! `focobot`, the operators' command: every subcommand has a file of its own.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to its terminal"
)]

mod address;
mod args;
mod connections;
mod dead;
mod doctor;
mod forget;
mod message;
mod migrate;
mod reconcile;
mod replay;
mod restored;
mod said;
mod sender;
mod sizing;
mod stages;
mod status;
mod twilio;

use std::{panic, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use common::{identity::Identity, settings::Environment, sid::MessageSid, stage::StageName};

/// Looks after FocoBot: its tables, its messages, what failed.
#[derive(Parser)]
#[command(name = "focobot", version, after_help = SETTINGS)]
struct Arguments {
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

const SETTINGS: &str = "\
Settings come from the environment, as for the other programs: DATABASE_URL for
all commands, NATS_URL and FOCO_STREAM_PREFIX where the queue is touched.
Exit: 0 done, 1 failed or something found wrong, 2 wrong arguments.";

#[derive(Subcommand)]
enum Command {
    /// Bring FocoBot's tables into a database.
    Migrate(migrate::Options),
    /// Tell the story of one message.
    Message {
        /// Twilio's SID of the message, SM or MM and 32 hex digits.
        #[arg(value_parser = parse_sid)]
        sid: MessageSid,
    },
    /// Look at what failed, and replay it.
    #[command(subcommand)]
    Dead(dead::Command),
    /// Fetch from Twilio's log what was sent to us since then and never reached us. Workers do so by
    /// themselves for the last minutes.
    Reconcile {
        /// 2h, 7d, or 2026-11-22T10:00:00Z.
        #[arg(long, value_parser = args::time::parse)]
        since: DateTime<Utc>,
    },
    /// After PostgreSQL was restored from a backup that is older than the streams, with all workers
    /// stopped: what was worked off since the backup is worked on again, and Twilio is asked for
    /// every answer that it may have before one is sent.
    Restored {
        /// Do it; without it, says what would be done.
        #[arg(long)]
        yes: bool,
    },
    /// Repeat what is missing of messages of the last week that are no dead letters.
    Replay(replay::Scope),
    /// Erase a person: messages, replies, links, sessions, what is queued, dead letters, and drafts
    /// that were made of their messages. The SIDs stay.
    Forget {
        /// A phone number, or Twilio's address (whatsapp:...).
        #[arg(value_parser = parse_person)]
        person: Identity,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
    /// Check everything that a deployment needs: each line ok, or what to change.
    #[command(after_help = doctor::MEANS)]
    Doctor,
    /// Say in one line what is wrong and what to do, then show every stage.
    #[command(after_help = status::MEANS)]
    Status {
        /// Show it again every two seconds, until Ctrl-C.
        #[arg(long)]
        watch: bool,
    },
    /// Let a stage rest, for all workers: what comes for it waits, nothing is lost.
    Pause {
        /// The stage.
        #[arg(value_parser = stages::parser())]
        stage: StageName,
    },
    /// End a stage's rest.
    Resume {
        /// The stage.
        #[arg(value_parser = stages::parser())]
        stage: StageName,
    },
    /// Show what is known of a sender: link, lock, what waits; end a lock or the link.
    Sender {
        /// Phone number as people type it, Twilio's address, or the hash in logs and subjects.
        phone: String,
        #[command(flatten)]
        actions: sender::Actions,
    },
    /// Say how large the streams have to be, and which settings make them so. Asks no server.
    Sizing {
        /// Messages of people in a second, over a week: 0.5, 20.
        #[arg(long)]
        per_second: f64,
    },
    /// Look after what is configured at Twilio.
    #[command(subcommand)]
    Twilio(twilio::Command),
}

fn parse_sid(text: &str) -> Result<MessageSid, String> {
    MessageSid::parse(text).map_err(|error| error.to_string())
}

fn parse_person(text: &str) -> Result<Identity, String> {
    args::sender::identity(text).map_err(|error| error.to_string())
}

/// Nobody reads on (`focobot dead list | head`): that is no bug to tell of.
fn end_quietly_with_the_reader() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |found| {
        let words = found.payload_as_str().unwrap_or_default();
        if !words.starts_with("failed printing to stdout") {
            tell(found);
        }
    }));
}

#[tokio::main]
async fn main() -> ExitCode {
    end_quietly_with_the_reader();
    let arguments = Arguments::parse();
    match carry_out(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("focobot: {}", said::chain(&error));
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let env = Environment::of_process()?;
    match arguments.command {
        Command::Migrate(options) => Box::pin(migrate::run(&env, &options)).await,
        Command::Message { sid } => message::run(&env, &sid, arguments.json).await,
        Command::Dead(command) => dead::run(&env, command, arguments.json).await,
        Command::Reconcile { since } => reconcile::run(&env, since, arguments.json).await,
        Command::Restored { yes } => restored::run(&env, yes, arguments.json).await,
        Command::Replay(scope) => Box::pin(replay::run(&env, &scope, arguments.json)).await,
        Command::Forget { person, yes } => forget::run(&env, &person, yes, arguments.json).await,
        Command::Doctor => Box::pin(doctor::run(&env, arguments.json)).await,
        Command::Status { watch } => status::run(&env, watch, arguments.json).await,
        Command::Pause { stage } => stages::run(&env, stage, true, arguments.json).await,
        Command::Resume { stage } => stages::run(&env, stage, false, arguments.json).await,
        Command::Sender { phone, actions } => {
            sender::run(&env, &phone, actions, arguments.json).await
        }
        Command::Sizing { per_second } => sizing::run(&env, per_second, arguments.json),
        Command::Twilio(command) => twilio::run(&env, command, arguments.json).await,
    }
}
