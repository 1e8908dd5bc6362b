//! `cargo xtask eval`: the table of scores on the labelled messages, for the built-in parser or
//! for the model that is configured.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to its user, and the table is what it is for"
)]

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use common::settings::{Environment, ModelSettings, Timings};
use parser::eval::{self, Labelled, Outcome};
use worker::evaluation::{self, Evaluation};

const MESSAGES: &str = include_str!("../../parser/tests/data/messages.jsonl");

/// Scores a parser on labelled messages.
#[derive(Parser)]
struct Arguments {
    /// Which one.
    #[arg(long, value_enum, default_value_t = Which::Builtin)]
    parser: Which,
    /// How many messages, spread over the file: the model costs money. Without it the built-in
    /// parser reads all, the model 20.
    #[arg(long)]
    limit: Option<usize>,
    /// Prints every mistake too.
    #[arg(long)]
    mistakes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The grammar that is part of the program.
    Builtin,
    /// `OPENAI_API_KEY` and its companions, or `KIMI_API_KEY`.
    Openai,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eval: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let messages = eval::read(MESSAGES)?;
    let usual = match arguments.parser {
        Which::Builtin => messages.len(),
        Which::Openai => 20,
    };
    let messages = spread(messages, arguments.limit.unwrap_or(usual));
    let outcomes = match arguments.parser {
        Which::Builtin => eval::run(&messages, parser::parse),
        Which::Openai => score_model(&messages).await?,
    };
    print(&outcomes, arguments.mistakes);
    Ok(())
}

/// So many messages at equal distances, so that all kinds come in.
fn spread(messages: Vec<Labelled>, limit: usize) -> Vec<Labelled> {
    let count = messages.len();
    let wanted = limit.clamp(1, count.max(1));
    let is_wanted = |at: usize| (at * wanted) / count != ((at + 1) * wanted) / count;
    let chosen = messages.into_iter().enumerate();
    chosen
        .filter(|(at, _)| is_wanted(*at))
        .map(|(_, message)| message)
        .collect()
}

async fn score_model(messages: &[Labelled]) -> anyhow::Result<Vec<Outcome>> {
    let env = Environment::of_process()?;
    let Some(settings) = ModelSettings::load(&env)? else {
        anyhow::bail!("no model is configured: set OPENAI_API_KEY or KIMI_API_KEY");
    };
    println!(
        "{} at {}, {} messages, one after another",
        settings.model,
        settings.base_url,
        messages.len()
    );
    let limit = Timings::load(&env)?.model;
    let Evaluation {
        outcomes,
        failures,
        tokens,
    } = evaluation::evaluate(settings, limit, messages).await?;
    println!("read: {} of {}", outcomes.len(), messages.len());
    println!(
        "tokens: {} prompt ({} of them cached), {} completion",
        tokens.prompt, tokens.cached, tokens.completion
    );
    for (reason, count) in failures {
        println!("not read, and not in the table: {count} {reason}");
    }
    println!();
    Ok(outcomes)
}

fn print(outcomes: &[Outcome], with_mistakes: bool) {
    println!("{}", eval::render(outcomes));
    let wrong = outcomes
        .iter()
        .filter(|outcome| with_mistakes && !outcome.mistakes.is_empty());
    for outcome in wrong {
        println!("{}: {}", outcome.message.id, outcome.mistakes.join("; "));
    }
}
