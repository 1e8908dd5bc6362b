//! Twilio: whether it takes our credentials, and where it delivers what people write.

use common::settings::{Environment, TwilioSettings, public_base_url};

use super::{Check, Lines};
use crate::twilio::{Senders, differences};

const NAME: &str = "twilio";

pub(super) async fn check(env: &Environment) -> Lines {
    let sender = Senders::new(&TwilioSettings::load(env)?)?.ours().await?;
    let base = public_base_url(env)?;
    let differing = differences(&base, &sender.webhook());
    let mut lines = vec![Check::ok(
        NAME,
        format!("takes our credentials; our sender is {}", sender.sid),
    )];
    lines.push(if differing.is_empty() {
        Check::ok(NAME, "the sender calls PUBLIC_BASE_URL")
    } else {
        Check::wrong(
            NAME,
            format!("the sender has another {}", differing.join(", ")),
            "focobot twilio configure-webhook (--dry-run shows what would change)",
        )
    });
    Ok(lines)
}
