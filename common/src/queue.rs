//! NATS JetStream: one declared list of streams and consumers, one way to publish.
//! Published means acknowledged by the stream.

mod connection;
mod drift;
mod history;
pub mod measured;
mod observation;
mod publish;
mod queue_stage;
mod reached;
mod sizing;
mod topology;

pub use connection::{ConnectError, Queue};
pub use drift::DriftError;
pub use history::{Kept, LookBack, Reader};
pub use observation::{Filled, Observed, Waiting};
pub use publish::{Headers, Outgoing, PublishError, Stored, headers};
pub use queue_stage::{QueueStage, StageObserved};
pub use reached::{Reached, is_filler};
pub use sizing::Share;
pub use topology::{ConsumerName, LARGEST_MESSAGE, StreamName, Topology};
