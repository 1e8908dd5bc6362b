//! What more than one of FocoBot's programs uses, in the order of a message's life: settings and
//! the process around it, who a sender is, what travels on the queue, and what is stored.

pub mod breaker;
pub mod clock;
pub mod http;
pub mod kill_point;
pub mod settings;
pub mod shutdown;
pub mod telemetry;
pub mod token_crypto;

pub mod identity;
pub mod personal;
pub mod phone;
pub mod process_registry;
pub mod sender;

pub use store::sid;

pub mod payload;
pub mod queue;
pub mod stage;
pub mod trace;
pub mod twilio;

pub mod cache;
pub mod database;
pub mod database_error;
pub mod shared_limit;
pub mod store_marks;
pub mod stream_marks;
pub mod texts;

pub mod announcement;
pub mod conversation;
pub mod link;
pub mod message_log;
pub mod recipient;
pub mod reconcile;
pub mod reply;
