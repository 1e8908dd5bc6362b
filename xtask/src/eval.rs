//! `cargo xtask eval`: how well a parser reads the labelled messages. The work is an example of
//! the worker's crate, so that this one stays small.

use anyhow::Result;
use clap::Args;

use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::interrupt::Interrupt;

/// Which parser, and how much of it.
#[derive(Args)]
pub(crate) struct Options {
    /// `builtin`, or `openai` for the model of `OPENAI_API_KEY` or `KIMI_API_KEY`
    #[arg(long, default_value = "builtin", value_parser = ["builtin", "openai"])]
    parser: String,
    /// How many messages, spread over the file; without it the built-in parser reads all, the
    /// model 20
    #[arg(long)]
    limit: Option<usize>,
    /// Print every mistake too
    #[arg(long)]
    mistakes: bool,
}

/// Builds the example and runs it with the caller's own settings of the model.
pub(crate) fn run(checkout: &Checkout, options: &Options, interrupt: &Interrupt) -> Result<()> {
    let mut eval = environment::cargo();
    eval.current_dir(checkout.root())
        .args("run --locked --quiet -p worker --example eval -- --parser".split(' '))
        .arg(&options.parser);
    if let Some(limit) = options.limit {
        eval.args(["--limit", &limit.to_string()]);
    }
    if options.mistakes {
        eval.arg("--mistakes");
    }
    command::run(&mut eval, interrupt)
}
