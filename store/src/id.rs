//! Ids of rows, by table: none is taken for another's.

use std::fmt;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)+) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(pub Uuid);

            impl From<$name> for Uuid {
                fn from(id: $name) -> Self {
                    id.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )+
    };
}

/// Several ids as PostgreSQL takes them.
pub(crate) fn uuids<I: Copy + Into<Uuid>>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| (*id).into()).collect()
}

ids! {
    /// Somebody whom we write to.
    RecipientId,
    /// A reply.
    ReplyId,
    /// A part of a reply.
    PartId,
    /// The send of a linking code.
    CodeSendId,
}
