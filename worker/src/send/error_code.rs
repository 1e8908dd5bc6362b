//! Twilio's error codes as data: what to do about each, and a sentence for operators. The codes
//! are documented at twilio.com/docs/api/errors; the classes are ours. Unknown codes have a
//! default, since Twilio adds to them without notice.

/// What is done about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It may work later.
    Retry,
    /// It may work if it is tried once more.
    Once,
    /// It will never work for this message or recipient.
    Never,
    /// It works once the recipient has written again.
    Hold,
    /// The recipient wants no messages: it ends without a word, and nothing is kept.
    OptedOut,
    /// It works once an operator has changed something.
    Operator,
    /// Nothing can be sent at all until an operator has changed something.
    Stop,
}

impl Class {
    /// The class's name in metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Once => "once",
            Self::Never => "never",
            Self::Hold => "hold",
            Self::OptedOut => "opted_out",
            Self::Operator => "operator",
            Self::Stop => "stop",
        }
    }
}

impl Class {
    /// The text that tells the person, once they write again, that an answer did not reach them.
    pub(crate) fn user_text(self) -> &'static str {
        match self {
            Self::Never | Self::Hold | Self::OptedOut => "undelivered-never",
            Self::Retry | Self::Once => "undelivered-retry",
            Self::Operator | Self::Stop => "undelivered-operator",
        }
    }
}

/// One error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) code: i32,
    pub(crate) class: Class,
    /// For an operator: what it is and what to do.
    pub(crate) sentence: &'static str,
}

const fn entry(code: i32, class: Class, sentence: &'static str) -> Entry {
    Entry {
        code,
        class,
        sentence,
    }
}

const UNKNOWN: &str =
    "an error that FocoBot does not know; look it up in Twilio's error dictionary";
/// What is not in the table, as an answer to a post: nothing says that it would work later.
const REFUSED: Entry = entry(0, Class::Never, UNKNOWN);
/// What is not in the table, as a later word on what Twilio had taken.
const FAILED: Entry = entry(0, Class::Once, UNKNOWN);

/// In the order of the codes.
const TABLE: &[Entry] = &[
    entry(
        14107,
        Class::Retry,
        "too many replies to one number; look for a loop between two bots",
    ),
    entry(
        20003,
        Class::Stop,
        "Twilio refuses our credentials; check TWILIO_AUTH_TOKEN or the API key",
    ),
    entry(
        20404,
        Class::Stop,
        "Twilio does not know the account or address; check TWILIO_ACCOUNT_SID",
    ),
    entry(20429, Class::Retry, "too many requests at once"),
    entry(20500, Class::Retry, "Twilio has a fault"),
    entry(21211, Class::Never, "the recipient's address is invalid"),
    entry(
        21408,
        Class::Operator,
        "the account may not write to that country; allow it in the Twilio console",
    ),
    entry(21602, Class::Never, "the message has no text"),
    entry(
        21603,
        Class::Never,
        "the sender is missing; check TWILIO_WHATSAPP_NUMBER",
    ),
    entry(21604, Class::Never, "the recipient is missing"),
    entry(
        21610,
        Class::OptedOut,
        "the recipient has opted out; nothing is kept for later",
    ),
    entry(21611, Class::Retry, "the sender's queue at Twilio is full"),
    entry(21614, Class::Never, "the recipient is no mobile number"),
    entry(
        21617,
        Class::Never,
        "the text is longer than 1600 characters",
    ),
    entry(21619, Class::Never, "the message has no content"),
    entry(21620, Class::Never, "the media's address is invalid"),
    entry(
        21654,
        Class::Never,
        "the template does not exist; check the content SID",
    ),
    entry(
        21655,
        Class::Never,
        "the template is invalid; check the content SID",
    ),
    entry(21656, Class::Never, "the template's variables are invalid"),
    entry(21658, Class::Never, "a parameter is too long"),
    entry(
        21910,
        Class::Never,
        "sender and recipient are of different channels; check TWILIO_WHATSAPP_NUMBER",
    ),
    entry(30001, Class::Retry, "Twilio's queue overflowed"),
    entry(30002, Class::Stop, "the account is suspended; ask Twilio"),
    entry(30003, Class::Retry, "the handset cannot be reached"),
    entry(30004, Class::Never, "the message was blocked"),
    entry(30005, Class::Never, "the handset is unknown"),
    entry(
        30006,
        Class::Never,
        "the recipient is a landline or cannot be reached",
    ),
    entry(
        30007,
        Class::Operator,
        "the message was filtered; look at what is being sent",
    ),
    entry(30008, Class::Once, "unknown error at the carrier"),
    entry(
        30036,
        Class::Retry,
        "the message waited longer than it was valid",
    ),
    entry(
        30410,
        Class::Never,
        "the provider timed out; Twilio does not repeat it either, to avoid a double",
    ),
    entry(30500, Class::Retry, "Twilio has a fault"),
    entry(
        63001,
        Class::Stop,
        "the channel refuses Twilio's credentials; connect the sender anew",
    ),
    entry(
        63002,
        Class::Operator,
        "the sender is not found on the channel; check TWILIO_WHATSAPP_NUMBER",
    ),
    entry(
        63003,
        Class::Never,
        "the recipient is not found on WhatsApp",
    ),
    entry(63005, Class::Never, "WhatsApp does not accept the content"),
    entry(63006, Class::Never, "the content has a wrong format"),
    entry(
        63007,
        Class::Stop,
        "the sender is no WhatsApp sender of this account; check TWILIO_WHATSAPP_NUMBER",
    ),
    entry(
        63008,
        Class::Operator,
        "the channel is misconfigured in the Twilio console",
    ),
    entry(63009, Class::Retry, "the channel's provider has a fault"),
    entry(63010, Class::Retry, "the channel has an internal fault"),
    entry(
        63012,
        Class::Retry,
        "the channel's provider has an internal fault",
    ),
    entry(
        63013,
        Class::Never,
        "the message breaks the channel's rules",
    ),
    entry(63014, Class::Never, "the recipient has blocked us"),
    entry(
        63015,
        Class::Never,
        "the recipient has not joined the sandbox",
    ),
    entry(
        63016,
        Class::Hold,
        "outside the 24 hours in which free text is allowed",
    ),
    entry(63017, Class::Retry, "the account sends too fast"),
    entry(63018, Class::Retry, "the channel's rate limit is reached"),
    entry(63019, Class::Once, "the media could not be downloaded"),
    entry(
        63020,
        Class::Operator,
        "Meta's invitation is not accepted in the Business Manager",
    ),
    entry(63021, Class::Never, "the channel calls the content invalid"),
    entry(
        63022,
        Class::Operator,
        "the sender's name certificate is invalid",
    ),
    entry(63023, Class::Retry, "generic error of the channel"),
    entry(
        63024,
        Class::Never,
        "the recipient is not on WhatsApp or cannot get this message",
    ),
    entry(63025, Class::Once, "the media exists already"),
    entry(
        63026,
        Class::Operator,
        "WhatsApp's spam limit is reached; look at what is being sent",
    ),
    entry(
        63027,
        Class::Operator,
        "the template does not exist in that language",
    ),
    entry(
        63028,
        Class::Never,
        "the number of the template's parameters does not match",
    ),
    entry(63029, Class::Once, "the template could not be loaded"),
    entry(
        63030,
        Class::Never,
        "a parameter is not supported for this kind of message",
    ),
    entry(63031, Class::Never, "sender and recipient are the same"),
    entry(
        63032,
        Class::Never,
        "WhatsApp leaves this recipient out of an experiment",
    ),
    entry(63033, Class::Never, "the recipient blocks us"),
    entry(63034, Class::Once, "the media could not be uploaded"),
    entry(63037, Class::Never, "the media is too large"),
    entry(
        63038,
        Class::Hold,
        "the account's daily limit is reached; held until they write; ask Twilio for a higher one",
    ),
    entry(63040, Class::Operator, "the template was rejected"),
    entry(63041, Class::Operator, "the template is paused"),
    entry(63042, Class::Operator, "the template is disabled"),
    entry(63049, Class::Never, "Meta chose not to deliver it"),
    entry(
        63051,
        Class::Stop,
        "the WhatsApp business account is locked; ask Meta",
    ),
    entry(
        63062,
        Class::Operator,
        "Meta's terms for marketing are not accepted",
    ),
];

/// What is known of the code of a refused post.
pub(crate) fn of_refusal(code: i32) -> Entry {
    in_table(code).unwrap_or(REFUSED)
}

/// What is known of the code of a callback: why something that Twilio had taken was not delivered.
pub(crate) fn of_failure(code: i32) -> Entry {
    in_table(code).unwrap_or(FAILED)
}

/// Whether the code stands in the table.
pub(crate) fn is_known(code: i32) -> bool {
    in_table(code).is_some()
}

fn in_table(code: i32) -> Option<Entry> {
    let found = TABLE.binary_search_by_key(&code, |entry| entry.code);
    found.ok().map(|index| TABLE[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_so_that_every_code_is_found() {
        assert!(TABLE.is_sorted_by_key(|entry| entry.code));
        for entry in TABLE {
            assert_eq!(of_refusal(entry.code).sentence, entry.sentence);
        }
        assert_eq!(of_failure(63016).class, Class::Hold);
        assert_eq!(of_refusal(99_999).class, Class::Never);
        assert_eq!(of_failure(99_999).class, Class::Once);
    }
}
