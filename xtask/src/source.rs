//! Rust's sources as far as the checks of dependencies and imports need them: words and signs, by
//! module, tests apart.

mod modules;
mod token;

pub(crate) use modules::{Module, modules};
pub(crate) use token::{Token, tokens};
