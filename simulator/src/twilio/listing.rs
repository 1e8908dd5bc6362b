//! `GET Messages.json`: the account's log, newest first, by day and by page.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{answer::Answer, resource};
use crate::{clock, message::Message, signature::Params, simulator::Simulator};

/// Answers a listing.
#[must_use]
pub fn list(simulator: &Simulator, query: &Params) -> Answer {
    match Filter::read(query) {
        Ok(mut filter) => {
            let longest = simulator.look(|world| world.longest_page);
            filter.page_size = longest.unwrap_or(usize::MAX).clamp(1, filter.page_size);
            Answer::new(200, filter.page_of(simulator))
        }
        Err(refusal) => refusal,
    }
}

#[derive(Debug, Default)]
struct Filter {
    to: Option<String>,
    from: Option<String>,
    on: Option<NaiveDate>,
    not_before: Option<NaiveDate>,
    not_after: Option<NaiveDate>,
    page: usize,
    page_size: usize,
}

impl Filter {
    fn read(query: &Params) -> Result<Self, Answer> {
        let mut filter = Self {
            page_size: 50,
            ..Self::default()
        };
        for (key, value) in query {
            match key.as_str() {
                "To" => filter.to = Some(value.clone()),
                "From" => filter.from = Some(value.clone()),
                "DateSent" => filter.on = Some(day(value)?),
                "DateSent>" => filter.not_before = Some(day(value)?),
                "DateSent<" => filter.not_after = Some(day(value)?),
                "Page" => filter.page = number(value)?,
                "PageSize" => filter.page_size = number(value)?.clamp(1, 1000),
                _ => {}
            }
        }
        Ok(filter)
    }

    fn covers(&self, message: &Message, now: DateTime<Utc>) -> bool {
        let has_dates = self.on.or(self.not_before).or(self.not_after).is_some();
        let sent = message.sent_at.map(|at| at.date_naive());
        let in_time = match sent {
            Some(day) => {
                self.on.is_none_or(|on| day == on)
                    && self.not_before.is_none_or(|first| day >= first)
                    && self.not_after.is_none_or(|last| day <= last)
            }
            None => !has_dates,
        };
        in_time
            && message.listed_from <= now
            && self.to.as_deref().is_none_or(|to| to == message.to)
            && self.from.as_deref().is_none_or(|from| from == message.from)
    }

    fn page_of(&self, simulator: &Simulator) -> Value {
        let account = &simulator.settings.account_sid;
        let now = clock::now();
        let start = self.page.saturating_mul(self.page_size);
        let (messages, more) = simulator.look(|world| {
            let log = world.log.iter().rev();
            let mut newest: Vec<&Message> = log.filter(|m| self.covers(m, now)).collect();
            newest.sort_by_key(|message| Reverse(message.created_at));
            let page = newest.iter().skip(start).take(self.page_size);
            let page: Vec<Value> = page.map(|m| resource::message(m, account)).collect();
            let more = newest.len() > start + page.len();
            (page, more)
        });
        let uri = |page: usize| self.uri(account, page);
        let last = messages
            .last()
            .and_then(|message| message["sid"].as_str())
            .unwrap_or_default();
        json!({
            "end": start + messages.len().saturating_sub(1),
            "first_page_uri": uri(0),
            "next_page_uri": more.then(|| format!("{}&PageToken=PA{last}", uri(self.page + 1))),
            "page": self.page,
            "page_size": self.page_size,
            "previous_page_uri": self.page.checked_sub(1).map(uri),
            "messages": messages,
            "start": start,
            "uri": uri(self.page),
        })
    }

    fn uri(&self, account: &str, page: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let texts = [("To", &self.to), ("From", &self.from)];
        for (key, value) in texts {
            value.as_deref().map(|value| query.append_pair(key, value));
        }
        let days = [
            ("DateSent", self.on),
            ("DateSent>", self.not_before),
            ("DateSent<", self.not_after),
        ];
        for (key, value) in days {
            value.map(|day| query.append_pair(key, &day.to_string()));
        }
        query.append_pair("PageSize", &self.page_size.to_string());
        query.append_pair("Page", &page.to_string());
        format!(
            "/2010-04-01/Accounts/{account}/Messages.json?{}",
            query.finish()
        )
    }
}

/// Days are GMT; of a time only its day counts.
fn day(value: &str) -> Result<NaiveDate, Answer> {
    let date = value.get(..10).unwrap_or(value);
    NaiveDate::parse_from_str(date, "%Y-%m-%d")
        .map_err(|_| Answer::refused(20001, &format!("Invalid date: {value}")))
}

fn number(value: &str) -> Result<usize, Answer> {
    value
        .parse()
        .map_err(|_| Answer::refused(20001, &format!("Invalid number: {value}")))
}
