//! How far a look has come: by day, oldest first; a day's pages newest first, as Twilio has them.
//! Only what this remembers is lost with a process: nothing.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{message_log::PageToken, payload::InboundMessage};

/// Pages of a day after which it is left: more than anybody sends.
const MOST_OF_A_DAY: u32 = 20_000;

/// Pages whose missing messages are remembered until the day is read; others are read again.
const MOST_KEPT: usize = 10;

/// A page of a day: its address, or none for the newest.
pub(super) type Page = Option<String>;

/// A look under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reading {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// The inbound stream's creation time when it began.
    pub(super) stream_created: DateTime<Utc>,
    pub(super) day: NaiveDate,
    /// The page of that day that is read next.
    next: Page,
    /// Whether that day was read to its end.
    is_whole: bool,
    /// Pages of that day that were read.
    pages: u32,
    /// Those of them on which something is missing, newest first.
    found: Vec<Page>,
    /// What is missing there, as far as it is remembered.
    #[serde(skip)]
    kept: Vec<(Page, Vec<InboundMessage>)>,
    /// Whether the day was begun anew.
    is_anew: bool,
    /// When the oldest was sent that is missing and could not be queued.
    left: Option<DateTime<Utc>>,
}

/// All that is under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// From where the last look ended.
    #[serde(default)]
    pub(super) first: Option<Reading>,
    /// The last days, once more.
    #[serde(default)]
    pub(super) again: Option<Reading>,
}

/// Which of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// From where the last look ended.
    First,
    /// The last days, once more.
    Again,
}

impl Progress {
    pub(super) fn of(&mut self, which: Which) -> &mut Option<Reading> {
        match which {
            Which::First => &mut self.first,
            Which::Again => &mut self.again,
        }
    }
}

impl Reading {
    pub(super) fn new(
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        stream_created: DateTime<Utc>,
    ) -> Self {
        Self {
            from,
            until,
            stream_created,
            day: from.date_naive(),
            next: None,
            is_whole: false,
            pages: 0,
            found: Vec::new(),
            kept: Vec::new(),
            is_anew: false,
            left: None,
        }
    }

    /// Whether it has come to its end.
    pub(super) fn is_over(&self) -> bool {
        self.day > self.until.date_naive()
    }

    /// The page to be read next; none where the day is read.
    pub(super) fn next(&self) -> Option<&Page> {
        (!self.is_whole).then_some(&self.next)
    }

    /// Where a page of the day stands.
    pub(super) fn place(&self, page: &Page) -> PageToken {
        match page {
            Some(uri) => PageToken::at(uri.clone()),
            None => PageToken::beginning_of(self.day),
        }
    }

    /// Whether a message of then is looked for.
    pub(super) fn covers(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }

    /// A page was read: what is missing on it, how old its oldest is, what follows.
    pub(super) fn read(
        &mut self,
        missing: Vec<InboundMessage>,
        oldest: Option<DateTime<Utc>>,
        following: Page,
    ) {
        let page = self.next.take();
        self.pages += 1;
        if !missing.is_empty() {
            self.found.push(page.clone());
            if self.kept.len() < MOST_KEPT {
                self.kept.push((page.clone(), missing));
            }
        }
        let is_before = oldest.is_some_and(|oldest| oldest < self.from);
        let is_endless = self.pages >= MOST_OF_A_DAY || following == page;
        if is_endless && following.is_some() {
            tracing::error!(day = %self.day, "Twilio's log of that day does not end");
        }
        self.next = following.filter(|_| !is_before && !is_endless);
        self.is_whole = self.next.is_none();
    }

    /// The oldest pages on which something is missing, oldest first.
    pub(super) fn oldest_found(&self, most: usize) -> Vec<Page> {
        self.found.iter().rev().take(most).cloned().collect()
    }

    /// What is missing on a page, if it is remembered.
    pub(super) fn take_kept(&mut self, page: &Page) -> Option<Vec<InboundMessage>> {
        let place = self.kept.iter().position(|(kept, _)| kept == page)?;
        Some(self.kept.swap_remove(place).1)
    }

    /// What was missing on that many of the oldest pages is queued.
    pub(super) fn are_queued(&mut self, pages: usize) {
        let left = self.found.len().saturating_sub(pages);
        self.found.truncate(left);
    }

    /// Twilio does not know a page any more: the day is read anew. Returns whether by this look; where
    /// that happens once more, it is left to the next one.
    pub(super) fn begin_day_anew(&mut self) -> bool {
        let is_first = !self.is_anew;
        self.begin_day();
        self.is_anew = is_first;
        is_first
    }

    /// Everything of the day is queued.
    pub(super) fn end_day(&mut self) {
        self.day = self
            .day
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX);
        self.begin_day();
    }

    fn begin_day(&mut self) {
        (self.next, self.is_whole, self.is_anew, self.pages) = (None, false, false, 0);
        self.found.clear();
        self.kept.clear();
    }

    /// Whether something that is missing could not be queued.
    pub(super) fn has_left(&self) -> bool {
        self.left.is_some()
    }

    /// A message of then could not be queued.
    pub(super) fn leaves(&mut self, at: DateTime<Utc>) {
        self.left = Some(self.left.map_or(at, |left| left.min(at)));
    }

    /// Everything before that was seen, and is queued where it was missing.
    pub(super) fn seen(&self) -> DateTime<Utc> {
        let read = self.day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
        let seen = read.min(self.until).max(self.from);
        self.left.map_or(seen, |left| left.min(seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32, hour: u32) -> DateTime<Utc> {
        let day = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        day.and_hms_opt(hour, 0, 0).unwrap().and_utc()
    }

    fn uri(number: u32) -> String {
        format!("/{number}")
    }

    fn message() -> Vec<InboundMessage> {
        let text = r#"{"message_sid": "SM0123456789abcdef0123456789abcdef",
            "from": "whatsapp:+5215555550100", "text": "hola", "content": "text",
            "received_at": "2026-11-20T21:00:00Z"}"#;
        vec![serde_json::from_str(text).unwrap()]
    }

    #[test]
    fn a_day_is_read_page_by_page_and_what_was_found_stays_known() {
        let mut reading = Reading::new((at(20, 10), at(21, 12)), at(1, 0));
        assert_eq!(reading.next(), Some(&None));
        reading.read(message(), Some(at(20, 22)), Some(uri(1)));
        reading.read(Vec::new(), Some(at(20, 20)), Some(uri(2)));
        assert_eq!(reading.next(), Some(&Some(uri(2))));
        let kept = serde_json::to_value(&reading).unwrap();
        let mut reading: Reading = serde_json::from_value(kept).unwrap();
        // Older than where it began: the day is done.
        reading.read(message(), Some(at(20, 9)), Some(uri(3)));
        assert_eq!(reading.next(), None);
        assert_eq!(reading.oldest_found(9), [Some(uri(2)), None]);
        // One was read by this process, and one before it.
        assert_eq!(reading.take_kept(&Some(uri(2))), Some(message()));
        assert_eq!(reading.take_kept(&None), None);
        reading.are_queued(2);
        assert!(reading.oldest_found(9).is_empty());
        assert_eq!(reading.seen(), at(20, 10));
        reading.end_day();
        assert_eq!((reading.seen(), reading.is_over()), (at(21, 0), false));
        reading.end_day();
        assert_eq!((reading.seen(), reading.is_over()), (at(21, 12), true));
    }

    #[test]
    fn a_day_of_thousands_of_pages_is_read_and_one_that_turns_in_a_circle_is_left() {
        let mut reading = Reading::new((at(20, 0), at(20, 12)), at(1, 0));
        for number in 1..3000 {
            reading.read(Vec::new(), None, Some(uri(number)));
        }
        assert_eq!(reading.next(), Some(&Some(uri(2999))));
        reading.read(Vec::new(), None, Some(uri(2999)));
        assert_eq!(reading.next(), None);
        let mut reading = Reading::new((at(20, 0), at(20, 12)), at(1, 0));
        for number in 0..MOST_OF_A_DAY {
            reading.read(Vec::new(), None, Some(uri(number % 2)));
        }
        assert_eq!(reading.next(), None);
    }

    #[test]
    fn a_day_whose_pages_are_unknown_is_begun_anew_once_a_look() {
        let mut reading = Reading::new((at(20, 0), at(20, 12)), at(1, 0));
        for by_this_look in [true, false, true] {
            reading.read(message(), None, Some(uri(1)));
            assert_eq!(reading.begin_day_anew(), by_this_look);
            assert_eq!(reading.next(), Some(&None));
            assert!(reading.oldest_found(9).is_empty());
            assert!(!reading.is_over());
        }
    }

    #[test]
    fn what_could_not_be_queued_is_not_passed() {
        let mut reading = Reading::new((at(20, 0), at(20, 12)), at(1, 0));
        reading.leaves(at(20, 7));
        reading.leaves(at(20, 9));
        assert!(reading.has_left());
        reading.read(Vec::new(), None, None);
        reading.end_day();
        assert_eq!(reading.seen(), at(20, 7));
    }
}
