//! How large the streams have to be: from what one message of a person makes on each of them, in
//! bytes as NATS keeps them, and how long each keeps it. A story measures the same.

use super::topology::StreamName;

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;
/// Half of a stream is room for what nobody has foreseen.
const MARGIN: u64 = 2;

/// What a stream gets.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Bytes of one of its messages, headers and NATS's own included.
    pub bytes: u64,
    /// How many of them a hundred messages of people's make.
    pub of_a_hundred: u64,
    /// Days for which it keeps them.
    pub days: u64,
    /// Its size, in sixteenths of the inbound stream's.
    pub sixteenths: i64,
}

impl StreamName {
    /// What it gets. Measured with requests of one or two sentences, each answered once and in
    /// one part: an inbound message of 750 bytes, a request of 800, an announcement of 420, a
    /// callback of 560, of which Twilio makes three for each part.
    #[must_use]
    pub fn share(self) -> Share {
        let (bytes, of_a_hundred, days, sixteenths) = match self {
            Self::Inbound => (800, 100, 7, 16),
            // Four messages in five ask for work.
            Self::Parse => (900, 80, 3, 7),
            // One reply in ten is put off, held or followed by another.
            Self::Outbound => (420, 110, 3, 4),
            Self::Status => (560, 330, 3, 16),
            // One message in a hundred is given up on.
            Self::Dead => (2000, 1, 30, 4),
            // Whatever comes: each sender's newest.
            Self::Refused => (400, 0, 3, 1),
        };
        Share {
            bytes,
            of_a_hundred,
            days,
            sixteenths,
        }
    }

    /// The bytes that it holds, with the margin, at so many messages of people's in a thousand
    /// seconds.
    #[must_use]
    pub fn room_for(self, per_thousand_seconds: u64) -> u64 {
        let Share {
            bytes,
            of_a_hundred,
            days,
            ..
        } = self.share();
        let messages = per_thousand_seconds * SECONDS_OF_A_DAY * days * of_a_hundred / 100 / 1000;
        messages * bytes * MARGIN
    }
}
