//! Words of a text column as an enum: whoever matches on it and forgets one does not compile.

/// An enum whose variants are the words that a column may hold. sqlx reads them where a query names
/// the type (`state as "state: State"`); what is bound is the word itself ([`as_str`]), since a
/// named type would cost each new connection a look into PostgreSQL's catalogue.
///
/// [`as_str`]: crate::message::State::as_str
macro_rules! words {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$of_variant:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
        #[sqlx(type_name = "text")]
        pub enum $name {
            $($(#[$of_variant])* #[sqlx(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in the database, in logs and in metrics.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

pub(crate) use words;
