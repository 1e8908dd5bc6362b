//! The gate: nothing is read from a form before its signature holds. Of the forms that are
//! turned away a sample is looked at more closely, because most are Twilio's at a wrong address.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderValue, request::Parts};
use chrono::{DateTime, Utc};
use common::sid::AccountSid;

use super::{
    answer::Rejection,
    event::Event,
    form::RawForm,
    signature::{self, Mismatch, SignedForm, UnsignedForm, Verifier},
    signature_diagnosis::{self, SignatureDiagnosis},
};
use crate::settings::Settings;

/// At most one rejected request in so long is looked at more closely.
const SAMPLE: Duration = Duration::from_secs(10);

/// Tells Twilio's requests from others.
pub(crate) struct Authenticator {
    verifier: Verifier,
    enforce: bool,
    account: AccountSid,
    diagnosis: SignatureDiagnosis,
    started: Instant,
    /// Seconds from `started` before which no other request is sampled.
    next_sample: AtomicU64,
}

impl Authenticator {
    pub(crate) fn new(settings: &Settings) -> Self {
        let twilio = &settings.twilio;
        if !twilio.enforce_signature {
            tracing::warn!("TWILIO_SIGNATURE is off: anybody can post webhooks");
        }
        Self {
            verifier: Verifier::new(&settings.process.public_base_url, &twilio.auth_tokens),
            enforce: twilio.enforce_signature,
            account: twilio.account.clone(),
            diagnosis: SignatureDiagnosis::new(settings),
            started: Instant::now(),
            next_sample: AtomicU64::new(0),
        }
    }

    /// Reads a form that is Twilio's and ours.
    ///
    /// # Errors
    /// Says why it is not taken.
    pub(super) fn admit(
        &self,
        head: &Parts,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Event, Rejection> {
        let form = self.verify(head, body).map_err(Rejection::Signature)?;
        if form.is_by_old_token() {
            metrics::counter!("webhook_old_token_total").increment(1);
        }
        Event::read(&form, head.uri.query(), &self.account, now).map_err(Rejection::Fields)
    }

    fn verify<'a>(&self, head: &Parts, body: &'a [u8]) -> Result<SignedForm<'a>, Mismatch> {
        if !self.enforce {
            return Ok(UnsignedForm::trust_in_development(RawForm::parse(body)));
        }
        let signature = signature_of(&head.headers)?;
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        self.verifier
            .verify(RawForm::parse(body), target, signature)
            .map_err(|(mismatch, form)| {
                if let (Mismatch::Wrong, Some(signature)) = (mismatch, signature)
                    && self.is_sampled()
                {
                    self.diagnosis.report(&form, head, signature);
                }
                mismatch
            })
    }

    /// A signed `GET`: of a sample, what to change.
    pub(super) fn report_method(&self) {
        if self.is_sampled() {
            tracing::warn!(
                "Twilio calls the webhook by GET: set its method to POST, and let no proxy \
                 redirect http to https before us"
            );
        }
    }

    /// A signed request at another address than ours: of a sample, what to change.
    pub(super) fn report_path(&self, path: &str) {
        if self.is_sampled() {
            signature_diagnosis::report_path(path);
        }
    }

    fn is_sampled(&self) -> bool {
        let now = self.started.elapsed().as_secs();
        let next = self.next_sample.load(Ordering::Relaxed);
        now >= next
            && self
                .next_sample
                .compare_exchange(
                    next,
                    now + SAMPLE.as_secs(),
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                )
                .is_ok()
    }
}

/// The one signature of a request: what has two has none that counts.
fn signature_of(headers: &HeaderMap) -> Result<Option<&[u8]>, Mismatch> {
    let mut signatures = headers.get_all(signature::HEADER).iter();
    match (signatures.next(), signatures.next()) {
        (Some(_), Some(_)) => Err(Mismatch::Malformed),
        (only, _) => Ok(only.map(HeaderValue::as_bytes)),
    }
}
