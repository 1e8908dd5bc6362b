//! Numbers that go from one account to another and back while everything fails, messages of theirs
//! that come only after that, and replies that Twilio says did not arrive long after it took them.

use std::time::Duration;

use chrono::TimeDelta;
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Counters,
    failure::{Failed, part_of},
    load::{Kind, Person},
    roster::{self, Account},
};
use crate::wait::ago;

/// How long ago a message was written that never reached us: an operator's look at Twilio's log
/// leaves out what is younger than a minute.
const LONG_AGO_MINUTES: i64 = 2;
/// Why a reply did not arrive: it is posted again after a while, is held until they write, or has
/// failed until an operator replays it.
const REASONS: [u32; 4] = [63018, 63018, 63016, 63026];

impl Person {
    /// The number goes to the other of its two accounts.
    pub(super) async fn moves(&mut self) {
        if self.rng.random_bool(0.6) {
            self.is_not_heard().await;
        }
        if self.rng.random_bool(0.4) {
            for _ in 0..2 {
                self.takes_a_turn(vec![(Kind::Link, "/unlink".into())], 1)
                    .await;
            }
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
        // Nothing happens where the chat or an operator has done it.
        Counters::add(&self.counters.moves);
        let web = self.web.clone();
        web.unlinks(roster::account(self.sender, self.holder)).await;
        self.holder = match self.holder {
            Account::First => Account::Second,
            Account::Second => Account::First,
        };
        let user = roster::account(self.sender, self.holder);
        let number = roster::number(self.sender);
        if let Some(code) = web.code(user, &number).await {
            let verify = (Kind::Link, format!("VERIFY {code}"));
            self.takes_a_turn(vec![verify], 1).await;
        }
    }

    /// A request whose webhook was called in vain: Twilio's log alone has it.
    async fn is_not_heard(&mut self) {
        let (kind, text) = self.request(0);
        let sid = self.sid(0);
        let written_at = ago(LONG_AGO_MINUTES);
        let message = json!({
            "from": roster::address(self.sender),
            "body": text,
            "message_sid": sid,
            "sent_at": written_at,
            "lost": true,
        });
        self.simulator.inbound(message).await;
        Counters::add(&self.counters.unheard);
        // Twilio's log has whole seconds.
        let second = TimeDelta::seconds(1);
        self.has_sent(
            (kind, text),
            (sid, false),
            [written_at - second, written_at + second],
        );
        self.turn += 1;
    }

    /// Twilio reports of one of the replies so far that it did not arrive.
    pub(super) async fn hears_of_a_failure(&mut self) {
        let sends = self.simulator.sends_to(&roster::address(self.sender)).await;
        let open = |send: &&Value| {
            let sid = send["sid"].as_str().unwrap_or_default();
            send["accepted"] == true && !self.failed.iter().any(|failed| failed.sid == sid)
        };
        let open: Vec<&Value> = sends.iter().filter(open).collect();
        if open.is_empty() {
            return;
        }
        let send = open[self.rng.random_range(0..open.len())];
        // Once each part: what fails again and again waits for hours.
        let part = part_of(send);
        if part.is_none() || self.failed.iter().any(|failed| failed.part == part) {
            return;
        }
        let sid = send["sid"].as_str().unwrap_or_default().to_owned();
        let code = REASONS[self.rng.random_range(0..REASONS.len())];
        let failure = json!({"message_sid": sid, "code": code});
        let answer = self.simulator.call(Method::POST, "failures", failure).await;
        // What has been read cannot fail any more.
        if !answer["callback"].is_null() {
            Counters::add(&self.counters.late_failures);
            self.failed.push(Failed { sid, part });
        }
    }
}
