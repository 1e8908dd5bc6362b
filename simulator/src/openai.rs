//! OpenAI's side: chat completions that honour the JSON schema they are given.

pub mod answer;
pub mod completion;
pub mod models;
pub mod reading;
pub mod request;
pub mod schema;
