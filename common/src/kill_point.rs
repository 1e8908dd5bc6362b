//! The steps between which a process may die. In development `FOCO_KILL_AT` names one, and the
//! process aborts or panics there, so that a test can see that nothing is lost or doubled by it.

use crate::sid::MessageSid;

/// A place between two steps of a message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillPoint {
    /// Ingest: the stream has the message, Twilio has no answer yet.
    IngestPublished,
    /// Ingest: a link was made, nothing of what follows is done.
    IngestLinked,
    /// Ingest: a link has ended, nothing of what follows is done.
    IngestUnlinked,
    /// Route: the attempt is recorded, nothing is done.
    RouteClaimed,
    /// Route: the outcome is committed, nothing of what follows is done.
    RouteRecorded,
    /// Route: the session is written, nothing is published.
    RouteSessionWritten,
    /// Route: all that follows is published, the message is not acknowledged.
    RouteFollowed,
    /// Parse: the attempt is recorded, nothing is done.
    ParseClaimed,
    /// Parse: the text is understood, nothing is stored.
    ParseUnderstood,
    /// Parse: proposal and outcome are committed, nothing is published.
    ParseRecorded,
    /// Parse: the reply is announced, the message is not acknowledged.
    ParseFollowed,
    /// Send: the recipient is claimed, nothing is written.
    SendClaimed,
    /// Send: the intent is written, nothing is posted.
    SendIntended,
    /// Send: Twilio has answered, the answer is not stored.
    SendPosted,
    /// Send: the answer is stored, the message is not acknowledged.
    SendRecorded,
    /// Send: the hash of a linking code is stored, the code is not posted.
    SendCodeIntended,
    /// Send: Twilio has answered to a linking code, the answer is not stored.
    SendCodePosted,
    /// Status: the callback is stored, the message is not acknowledged.
    StatusRecorded,
    /// Any stage: the dead letter is published, the message is not terminated.
    DeadPublished,
    /// Dead letters: the row is filed, the message is not acknowledged.
    DeadFiled,
    /// Reconcile: a message is queued, nothing is written down.
    ReconcileQueued,
    /// `focobot restored`: a message is queued again, its row is not committed.
    RestoredQueued,
}

impl KillPoint {
    /// Every kill point, in the order of a message's way.
    pub const ALL: [Self; 22] = [
        Self::IngestPublished,
        Self::IngestLinked,
        Self::IngestUnlinked,
        Self::RouteClaimed,
        Self::RouteRecorded,
        Self::RouteSessionWritten,
        Self::RouteFollowed,
        Self::ParseClaimed,
        Self::ParseUnderstood,
        Self::ParseRecorded,
        Self::ParseFollowed,
        Self::SendClaimed,
        Self::SendIntended,
        Self::SendPosted,
        Self::SendRecorded,
        Self::SendCodeIntended,
        Self::SendCodePosted,
        Self::StatusRecorded,
        Self::DeadPublished,
        Self::DeadFiled,
        Self::ReconcileQueued,
        Self::RestoredQueued,
    ];

    /// The name in `FOCO_KILL_AT`, for example `route.recorded`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::IngestPublished => "ingest.published",
            Self::IngestLinked => "ingest.linked",
            Self::IngestUnlinked => "ingest.unlinked",
            Self::RouteClaimed => "route.claimed",
            Self::RouteRecorded => "route.recorded",
            Self::RouteSessionWritten => "route.session_written",
            Self::RouteFollowed => "route.followed",
            Self::ParseClaimed => "parse.claimed",
            Self::ParseUnderstood => "parse.understood",
            Self::ParseRecorded => "parse.recorded",
            Self::ParseFollowed => "parse.followed",
            Self::SendClaimed => "send.claimed",
            Self::SendIntended => "send.intended",
            Self::SendPosted => "send.posted",
            Self::SendRecorded => "send.recorded",
            Self::SendCodeIntended => "send.code_intended",
            Self::SendCodePosted => "send.code_posted",
            Self::StatusRecorded => "status.recorded",
            Self::DeadPublished => "dead.published",
            Self::DeadFiled => "dead.filed",
            Self::ReconcileQueued => "reconcile.queued",
            Self::RestoredQueued => "restored.queued",
        }
    }

    /// The kill point of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|point| point.name() == name)
    }
}

/// How it ends there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// The process, as with kill -9: no destructor runs and nothing is flushed.
    Abort,
    /// The task that has come there.
    Panic,
}

/// What was chosen: where, how, and for one message only or for all.
#[derive(Clone, Debug)]
struct Chosen {
    point: KillPoint,
    death: Death,
    message: Option<MessageSid>,
}

/// Kills at the chosen point, if one is chosen: for every message, or for one only.
#[derive(Clone, Debug, Default)]
pub struct KillSwitch(Option<Chosen>);

impl KillSwitch {
    /// Reads `route.recorded`, or `route.recorded@SM...` for one message only; with `panic:`
    /// before it a panic in place of the process's end.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (death, place) = match text.strip_prefix("panic:") {
            Some(place) => (Death::Panic, place),
            None => (Death::Abort, text),
        };
        let (point, message) = match place.split_once('@') {
            Some((point, sid)) => (point, Some(MessageSid::parse(sid).ok()?)),
            None => (place, None),
        };
        let point = KillPoint::named(point)?;
        Some(Self(Some(Chosen {
            point,
            death,
            message,
        })))
    }

    /// Says that the process has come to `point`, with whatever message.
    pub fn reach(&self, point: KillPoint) {
        self.reach_with(point, None);
    }

    /// Says that the process has come to `point` with that message.
    pub fn reach_with(&self, point: KillPoint, message: Option<&MessageSid>) {
        let Some(chosen) = &self.0 else {
            return;
        };
        if chosen.point != point || (chosen.message.is_some() && chosen.message.as_ref() != message)
        {
            return;
        }
        match chosen.death {
            Death::Abort => std::process::abort(),
            Death::Panic => panic_as_asked(point),
        }
    }
}

#[expect(
    clippy::panic,
    reason = "asked for by FOCO_KILL_AT, in development only"
)]
fn panic_as_asked(point: KillPoint) {
    panic!("FOCO_KILL_AT={}", point.name());
}
