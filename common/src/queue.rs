//! NATS JetStream: one declared list of streams and consumers, one way to publish.
//! Published means acknowledged by the stream.

mod connection;
mod consumer_admin;
mod drift;
pub mod headers;
pub mod measured;
mod publish;
mod publish_id;
mod queue_stage;
mod reached;
mod sizing;
mod stream_scan;
mod topology;

pub use connection::{ConnectError, Queue};
pub use consumer_admin::{Filled, Observed, Waiting};
pub use drift::DriftError;
pub use headers::Headers;
pub use publish::{Outgoing, PublishError, Stored};
pub use publish_id::PublishId;
pub use queue_stage::StageObserved;
pub use reached::{Reached, is_filler};
pub use sizing::Share;
pub use stream_scan::{Kept, Reader, StreamScan};
pub use topology::{ConsumerName, LARGEST_MESSAGE, StreamName, Topology};
