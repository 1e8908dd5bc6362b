//! Twilio's list of our messages to one person: what became of a post without an answer stands
//! there, if anywhere.

use chrono::{DateTime, Utc};
use common::{
    identity::WaAddress,
    sid::MessageSid,
    twilio::{MessagePage, moment},
};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use uuid::Uuid;

use super::{ApiError, Twilio};

/// Clocks differ, and Twilio's dates have no fractions: a message that it dates a little before our
/// post may be ours.
const CLOCK_MARGIN: chrono::Duration = chrono::Duration::seconds(60);
/// Pages of the list that are read at most: messages to one person since the post in question.
const MOST_PAGES: usize = 20;

/// Why there is no list.
#[derive(Debug)]
pub(in crate::send) enum Unlisted {
    /// Twilio refuses to give it, with that status and error code.
    Refused { status: u16, code: i32 },
    /// No answer, or none of Twilio's.
    Unanswered(reqwest::Error),
}

impl From<reqwest::Error> for Unlisted {
    fn from(error: reqwest::Error) -> Self {
        Self::Unanswered(error.without_url())
    }
}

/// A message in Twilio's list.
#[derive(Deserialize)]
pub(in crate::send) struct Listed {
    pub(in crate::send) sid: MessageSid,
    pub(in crate::send) status: String,
    #[serde(default)]
    pub(in crate::send) error_code: Option<i32>,
    #[serde(default)]
    body: Option<String>,
    direction: String,
    date_created: Option<String>,
}

/// What has become of a message in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::send) enum Fate {
    /// It is on its way, or has arrived.
    Taken,
    /// It could not be delivered.
    Failed,
    /// It will never be sent, and nobody says why.
    Canceled,
}

impl Listed {
    /// What has become of it.
    pub(in crate::send) fn fate(&self) -> Fate {
        match self.status.as_str() {
            "failed" | "undelivered" => Fate::Failed,
            "canceled" => Fate::Canceled,
            _ => Fate::Taken,
        }
    }
}

impl Twilio {
    /// Recent messages of ours to that address with that text, newest first.
    ///
    /// # Errors
    /// When Twilio does not answer with a list.
    pub(in crate::send) async fn find(
        &self,
        to: &WaAddress,
        body: &str,
        posted_at: DateTime<Utc>,
    ) -> Result<Vec<Listed>, Unlisted> {
        let since = posted_at - CLOCK_MARGIN;
        let query = [("To", to.reveal()), ("PageSize", "50")];
        let mut call = self.client.get(&self.client.messages_url()).query(&query);
        let mut found = Vec::new();
        for _ in 0..MOST_PAGES {
            let page = self.page(call).await?;
            let next = page.next().map(|uri| self.client.page_at(uri));
            let is_before = |listed: &Listed| listed.created().is_some_and(|at| at < since);
            let ended = page.messages.iter().any(is_before);
            let ours = page.messages.into_iter().filter(|listed| {
                listed.direction.starts_with("outbound")
                    && listed.created().is_some_and(|at| at >= since)
                    && says_the_same(listed.body.as_deref().unwrap_or_default(), body)
            });
            found.extend(ours);
            match next.filter(|_| !ended) {
                Some(next) => call = next,
                None => break,
            }
        }
        Ok(found)
    }

    async fn page(&self, call: RequestBuilder) -> Result<MessagePage<Listed>, Unlisted> {
        let response = self.client.list(call).await?;
        let status = response.status();
        let failed = response.error_for_status_ref().err();
        let Some(failed) = failed else {
            return Ok(response.json().await?);
        };
        let passes = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
        if !status.is_client_error() || passes.contains(&status) {
            return Err(failed.into());
        }
        match ApiError::code(&response.bytes().await?) {
            Some(code) => Err(Unlisted::Refused {
                status: status.as_u16(),
                code,
            }),
            None => Err(failed.into()),
        }
    }
}

impl Listed {
    fn created(&self) -> Option<DateTime<Utc>> {
        moment(self.date_created.as_deref()?)
    }
}

/// Twilio may trim and re-space a body. What tells of the same proposal says the same: read anew by
/// a model it may have other words. So does what excuses itself for coming late only now.
fn says_the_same(listed: &str, sent: &str) -> bool {
    let proposal = proposal_in(sent);
    let is = |text: &str| listed.split_whitespace().eq(text.split_whitespace());
    is(sent)
        || without_excuse(sent).is_some_and(is)
        || (proposal.is_some() && proposal_in(listed) == proposal)
}

/// The text before the line of `delay.rs`, where it ends in that.
fn without_excuse(text: &str) -> Option<&str> {
    let (text, last) = text.rsplit_once("\n\n")?;
    last.starts_with('⏳').then_some(text)
}

/// The id in a proposal's link, wherever `FOCO_PROPOSAL_URL` puts it.
fn proposal_in(text: &str) -> Option<Uuid> {
    let links = text
        .split_whitespace()
        .filter(|word| word.starts_with("http"));
    links.into_iter().find_map(|link| {
        let id_at = |(at, _)| Uuid::parse_str(link.get(at..at + 36)?).ok();
        link.char_indices().find_map(id_at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_again_after_twilio_re_spaced_it() {
        let same = "✅ Listo!\nVer: x";
        assert!(says_the_same(same, " ✅ Listo!\n\nVer:  x "));
        assert!(!says_the_same("a b", "a c"));
        assert!(says_the_same("a b", "a b\n\n⏳ Sorry for the delay"));
        assert!(!says_the_same("a b", "a b\n\nc"));
    }

    #[test]
    fn what_tells_of_the_same_proposal_says_the_same() {
        let link = |n: u128, words| {
            let id = Uuid::from_u128(n);
            format!("{words}\nVer: https://foco.mx/proposals/{id}\n\n• {words}")
        };
        assert!(says_the_same(&link(1, "uno"), &link(1, "dos")));
        assert!(!says_the_same(&link(1, "uno"), &link(2, "uno")));
        assert!(!says_the_same(
            "http://x/proposals/",
            "http://x/proposals/ñandú"
        ));
        let elsewhere = format!("dos\nhttps://foco.mx/p?id={}&from=wa", Uuid::from_u128(1));
        assert!(says_the_same(&link(1, "uno"), &elsewhere));
        // An id that a person wrote is no link.
        let words = |text: &str| format!("{text} {}", Uuid::from_u128(1));
        assert!(!says_the_same(&words("uno"), &words("dos")));
    }
}
