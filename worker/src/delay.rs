//! The line of a reply that says why it is late: its message was fetched from Twilio's log long
//! after it was sent.

use chrono::{DateTime, TimeDelta, Utc};
use common::texts::Texts;
use parser::Language;

/// What is later than this is said.
const UNNOTICED: TimeDelta = TimeDelta::hours(1);

/// The text with that line, where there is something to be said.
pub(crate) fn excused(
    texts: &Texts,
    language: Language,
    (sent, recovered): (DateTime<Utc>, Option<DateTime<Utc>>),
    text: String,
) -> String {
    let delay = recovered.map(|recovered| recovered - sent);
    let Some(delay) = delay.filter(|delay| *delay > UNNOTICED) else {
        return text;
    };
    let hours = usize::try_from(delay.num_hours()).unwrap_or(usize::MAX);
    let line = texts.say(language, "delayed", &[("hours", hours.into())]);
    format!("{text}\n\n{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_more_than_an_hour_late_is_excused() {
        let texts = Texts::new();
        let sent: DateTime<Utc> = "2026-11-26T10:00:00Z".parse().unwrap();
        let says = |language, minutes| {
            let recovered = sent + TimeDelta::minutes(minutes);
            excused(&texts, language, (sent, Some(recovered)), "hola".to_owned())
        };
        assert_eq!(says(Language::Es, 60), "hola");
        assert_eq!(
            says(Language::Es, 61),
            "hola\n\n⏳ Perdón por la demora: tu mensaje me llegó una hora después de que lo mandaste."
        );
        assert_eq!(
            says(Language::En, 300),
            "hola\n\n⏳ Sorry for the delay: your message reached me 5 hours after you sent it."
        );
        let by_webhook = excused(&texts, Language::En, (sent, None), "hola".to_owned());
        assert_eq!(by_webhook, "hola");
    }
}
