//! What travels beside a payload.

use async_nats::HeaderMap;

/// Headers of a message.
pub type Headers = HeaderMap;

/// The message's generation, on replayed inbound messages; absent means 1.
pub const GENERATION: &str = "Foco-Generation";
/// Inbound messages that were fetched from Twilio's log: when.
pub const RECOVERED: &str = "Foco-Recovered";
/// Replayed messages: the trace that they began in.
pub const REPLAY_OF: &str = "Foco-Replay-Of";
/// Dead letters: the stage that gave up.
pub const DEAD_STAGE: &str = "Foco-Dead-Stage";
/// Dead letters: the reason's class.
pub const DEAD_REASON: &str = "Foco-Dead-Reason";
/// Dead letters: what went wrong, in one line, without content.
pub const DEAD_ERROR: &str = "Foco-Dead-Error";
/// Dead letters: how many attempts there were.
pub const DEAD_ATTEMPTS: &str = "Foco-Dead-Attempts";
/// Dead letters: the subject that it was taken from.
pub const DEAD_SUBJECT: &str = "Foco-Dead-Subject";
/// Dead letters: the message that it is about, where the payload does not name it.
pub const DEAD_MESSAGE: &str = "Foco-Dead-Message";
/// Dead letters of send: the reply that failed.
pub const DEAD_REPLY: &str = "Foco-Dead-Reply";
/// Dead letters: stream and sequence that it was taken from.
pub const DEAD_SOURCE: &str = "Foco-Dead-Source";
