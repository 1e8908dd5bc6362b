//! `cargo xtask read`: what the built-in parser makes of a message, and why. The work is an
//! example of the parser's crate, so that this one stays small.

use anyhow::Result;
use clap::Args;

use crate::checkout::Checkout;
use crate::command;
use crate::environment;
use crate::interrupt::Interrupt;

/// What is read, and how much is told of it.
#[derive(Args)]
pub(crate) struct Options {
    /// The message; `\n` in it is a line break
    #[arg(required_unless_present = "rules")]
    text: Option<String>,
    /// Tell how it was read: tokens, marks, clauses, and the rule that decided each
    #[arg(long)]
    explain: bool,
    /// The day on which it was sent
    #[arg(long, default_value = "2026-03-03")]
    day: String,
    /// Switch off one rule after another over all labelled messages, and count what changes
    #[arg(long, conflicts_with_all = ["text", "explain"])]
    rules: bool,
}

/// Builds the example and runs it.
pub(crate) fn run(checkout: &Checkout, options: &Options, interrupt: &Interrupt) -> Result<()> {
    let mut read = environment::cargo();
    read.current_dir(checkout.root())
        .args("run --locked --quiet -p parser --example read --".split(' '));
    if let Some(text) = &options.text {
        read.arg(&options.day);
        if options.explain {
            read.arg("--explain");
        }
        read.arg(text);
    } else {
        read.arg("--rules");
    }
    command::run(&mut read, interrupt)
}
