//! Twilio's side: the calls that FocoBot makes, answered as Twilio answers them.

pub mod answer;
pub mod callbacks;
pub mod fault_play;
pub mod listing;
pub mod messages;
pub mod resource;
pub mod sender;
pub mod senders;
pub mod sends;
pub mod typing;
