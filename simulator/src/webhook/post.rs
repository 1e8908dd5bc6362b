//! One webhook, posted as Twilio posts it: signed, with its headers, tried again as its policy says.

use std::{sync::Arc, time::Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use uuid::Uuid;

use super::{
    delivery::{Delivery, Signing},
    target::{Failure, Target},
};
use crate::{
    clock,
    signature::{Params, sign},
    simulator::Simulator,
};

/// A form that is about to be posted.
#[derive(Clone, Debug)]
pub struct Post {
    /// Where to.
    pub target: Target,
    /// The form.
    pub params: Params,
    /// How it is signed.
    pub signature: Signing,
    /// Headers beside Twilio's own, replacing them where they have the same name.
    pub headers: Vec<(String, String)>,
}

impl Post {
    /// Posts until it is answered well or the policy is used up.
    pub async fn deliver(self, simulator: &Arc<Simulator>) -> Delivery {
        let started = Instant::now();
        let policy = self.target.policy.clone();
        let token = Uuid::new_v4().to_string();
        let mut delivery = self.begin();
        loop {
            delivery.attempts += 1;
            let left = policy.total.saturating_sub(started.elapsed());
            let request = self
                .request(simulator, &token)
                .timeout(left.min(policy.read_timeout));
            delivery.take(request.send().await).await;
            let pause = simulator.settings.retry_delay();
            let again = delivery
                .failure()
                .is_some_and(|failure| policy.on.contains(&failure))
                && delivery.attempts <= policy.retries
                && started.elapsed() + pause < policy.total;
            if !again {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        delivery.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        delivery.error_code = match delivery.failure() {
            None => None,
            Some(Failure::Connect) => Some(11205),
            Some(_) => Some(11200),
        };
        delivery
    }

    fn begin(&self) -> Delivery {
        let sid = self.params.iter().find(|(key, _)| key == "MessageSid");
        Delivery {
            at: clock::now(),
            message_sid: sid.map(|(_, value)| value.clone()),
            url: self.target.signed.clone(),
            params: self.params.clone(),
            signature: self.signature,
            status: None,
            content_type: None,
            body: String::new(),
            elapsed_ms: 0,
            attempts: 0,
            error: None,
            error_code: None,
        }
    }

    fn request(&self, simulator: &Simulator, token: &str) -> reqwest::RequestBuilder {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.params)
            .finish();
        let auth_token = simulator.settings.signing_token();
        let signature = match self.signature {
            Signing::Valid => Some(sign(auth_token, &self.target.signed, &self.params)),
            Signing::Wrong => Some(sign("another token", &self.target.signed, &self.params)),
            Signing::Missing => None,
        };
        let mut headers = vec![
            (USER_AGENT.to_string(), "TwilioProxy/1.1".to_owned()),
            (ACCEPT.to_string(), "*/*".to_owned()),
            (
                CONTENT_TYPE.to_string(),
                "application/x-www-form-urlencoded; charset=UTF-8".to_owned(),
            ),
            ("i-twilio-idempotency-token".to_owned(), token.to_owned()),
        ];
        headers.extend(signature.map(|value| ("x-twilio-signature".to_owned(), value)));
        for (name, value) in &self.headers {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        let request = simulator.http.post(self.target.call.clone()).body(form);
        headers.into_iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        })
    }
}
