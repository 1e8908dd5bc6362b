//! A person with a phone.

use serde_json::json;
use uuid::Uuid;

use crate::{
    simulator::Simulator,
    wait::{ago, until},
};

/// A phone that writes to FocoBot.
#[derive(Clone)]
pub struct Phone {
    simulator: Simulator,
    /// Twilio's address of it, `whatsapp:+521...`.
    pub address: String,
}

impl Phone {
    pub(crate) fn new(simulator: &Simulator, address: &str) -> Self {
        Self {
            simulator: simulator.clone(),
            address: address.to_owned(),
        }
    }

    /// Sends a text that the webhook has to accept; returns its SID.
    pub async fn sends(&self, text: &str) -> String {
        let message = json!({"from": self.address, "body": text});
        let (sid, responses) = self.simulator.inbound(message).await;
        for response in responses {
            assert_eq!(response["status"], 200, "{response}");
        }
        sid
    }

    /// Everything that came back so far.
    pub async fn replies(&self) -> Vec<String> {
        let accepted = self.simulator.accepted(&self.address).await;
        accepted.into_iter().map(|send| send.body).collect()
    }

    /// Waits until so many replies have come; returns the last.
    pub async fn gets(&self, count: usize) -> String {
        let what = format!("{count} replies");
        let replies = until(&what, || self.replies(), |replies| replies.len() >= count).await;
        replies[count - 1].clone()
    }

    /// Sends a text and waits for one more reply.
    pub async fn asks(&self, text: &str) -> String {
        let before = self.replies().await.len();
        self.sends(text).await;
        self.gets(before + 1).await
    }

    /// Links the phone to an account as people do: a code on the web, VERIFY on the phone.
    pub async fn links(&self, user: Uuid, typed: &str) -> String {
        let answer = self.simulator.link(user, typed).await;
        let code = answer["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no code in {answer}"));
        self.asks(&format!("VERIFY {code}")).await
    }

    /// Sends a text whose webhook gets no answer; returns its SID.
    pub async fn is_cut_off(&self, text: &str) -> String {
        let message = json!({"from": self.address, "body": text});
        let (sid, responses) = self.simulator.inbound(message).await;
        assert!(
            responses
                .iter()
                .all(|response| response["status"].is_null()),
            "{responses:?}"
        );
        sid
    }

    /// Sent a text so long ago, and no webhook of it was ever answered; its SID.
    pub async fn lost(&self, text: &str, minutes_ago: i64) -> String {
        let sent_at = ago(minutes_ago);
        let message = json!({"from": self.address, "body": text, "sent_at": sent_at, "lost": true});
        self.simulator.inbound(message).await.0
    }

    /// Twilio tries the same message again.
    pub async fn sends_again(&self, sid: &str, text: &str) {
        let message = json!({"from": self.address, "body": text, "message_sid": sid});
        let (_, responses) = self.simulator.inbound(message).await;
        assert!(
            responses.iter().all(|response| response["status"] == 200),
            "{responses:?}"
        );
    }
}
