//! Who a sender is: the address that replies go to, and the identity that everything is keyed on.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::phone::PhoneNumber;

/// Twilio's prefix of WhatsApp addresses.
const CHANNEL: &str = "whatsapp:";
/// Longest business-scoped id that Twilio documents is 140 characters.
const MAX_LENGTH: usize = CHANNEL.len() + 160;

/// An address that is not one of WhatsApp's.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a WhatsApp address")]
pub struct InvalidAddress;

/// Twilio's `From`, kept as it came: replies go to exactly this. It masks itself.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WaAddress(String);

impl WaAddress {
    /// Reads `whatsapp:` and a phone number or a business-scoped id.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let rest = text.strip_prefix(CHANNEL).ok_or(InvalidAddress)?;
        let plausible = !rest.is_empty()
            && text.len() <= MAX_LENGTH
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+._-".contains(&byte));
        if plausible {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAddress)
        }
    }

    /// The address of a phone that never wrote to us.
    #[must_use]
    pub fn of_phone(phone: &PhoneNumber) -> Self {
        Self(format!("{CHANNEL}{}", phone.reveal()))
    }

    /// The other form under which WhatsApp may know a phone that never wrote to us: `+521...` for
    /// a Mexican one, without the ninth digit for a Brazilian one.
    #[must_use]
    pub fn other_form(&self) -> Option<Self> {
        let digits = self.0.strip_prefix(CHANNEL)?.strip_prefix('+')?;
        let other = if let Some(ten) = digits.strip_prefix("52").filter(|rest| rest.len() == 10) {
            format!("521{ten}")
        } else {
            let national = digits.strip_prefix("55").filter(|rest| rest.len() == 11)?;
            let (area, mobile) = national.split_at_checked(2)?;
            format!("55{area}{}", mobile.strip_prefix('9')?)
        };
        Some(Self(format!("{CHANNEL}+{other}")))
    }

    /// Who that is. An Argentine number that writes on WhatsApp is surely a mobile, so its `9`
    /// is put in where it is missing.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let rest = self.0.strip_prefix(CHANNEL).unwrap_or(&self.0);
        let mobile = match rest.strip_prefix("+54") {
            Some(national) if !national.starts_with('9') => format!("+549{national}"),
            _ => rest.to_owned(),
        };
        match PhoneNumber::parse(&mobile) {
            Ok(phone) => Identity::Phone(phone),
            Err(_) => Identity::BusinessScoped(rest.to_owned()),
        }
    }

    /// The address in clear.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WaAddress {
    type Error = InvalidAddress;
    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        Self::parse(&text)
    }
}

impl From<WaAddress> for String {
    fn from(address: WaAddress) -> Self {
        address.0
    }
}

impl fmt::Debug for WaAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WaAddress({:?})", self.identity())
    }
}

/// What limit, lane, session, link and ledger are keyed on. It masks itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// The canonical phone.
    Phone(PhoneNumber),
    /// WhatsApp's business-scoped id of a sender who hides the phone, `MX.1A2B3C` for one.
    BusinessScoped(String),
}

/// Countries in which most people speak Spanish, as WhatsApp's ids of senders begin (ISO 3166).
const SPANISH: [&str; 21] = [
    "AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GQ", "GT", "HN", "MX", "NI", "PA", "PE",
    "PR", "PY", "SV", "UY", "VE",
];

impl Identity {
    /// Whether it is of a country where most people speak Spanish.
    #[must_use]
    pub fn is_of_spanish_speaker(&self) -> bool {
        match self {
            Self::Phone(phone) => phone.is_of_spanish_speaker(),
            Self::BusinessScoped(id) => id
                .split_once('.')
                .is_some_and(|(country, _)| SPANISH.contains(&country)),
        }
    }

    /// The phone, where it is known.
    #[must_use]
    pub fn phone(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Phone(phone) => Some(phone),
            Self::BusinessScoped(_) => None,
        }
    }

    /// The identity in clear: the key under which it is stored.
    #[must_use]
    pub fn reveal(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.reveal(),
            Self::BusinessScoped(id) => id,
        }
    }

    /// Reads back what [`Identity::reveal`] gave.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        PhoneNumber::parse(text).map_or_else(|_| Self::BusinessScoped(text.to_owned()), Self::Phone)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(phone) => write!(f, "{phone:?}"),
            Self::BusinessScoped(_) => f.write_str("BusinessScoped(\u{2026})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stays_and_the_identity_is_canonical() {
        for (from, identity) in [
            ("whatsapp:+5215555550100", "+525555550100"),
            ("whatsapp:+525555550100", "+525555550100"),
            ("whatsapp:+558191234567", "+5581991234567"),
            ("whatsapp:+541155550100", "+5491155550100"),
            ("whatsapp:+5491155550100", "+5491155550100"),
            ("whatsapp:MX.1A2B3C4D", "MX.1A2B3C4D"),
        ] {
            let address = WaAddress::parse(from).unwrap();
            assert_eq!(address.reveal(), from);
            assert_eq!(address.identity().reveal(), identity);
            assert_eq!(Identity::from_stored(identity), address.identity());
        }
    }

    #[test]
    fn the_other_form_is_of_the_same_person() {
        for (address, other) in [
            ("whatsapp:+525555550100", Some("whatsapp:+5215555550100")),
            ("whatsapp:+5581991234567", Some("whatsapp:+558191234567")),
            ("whatsapp:+14155550100", None),
            ("whatsapp:+5491155550100", None),
            ("whatsapp:MX.1A2B3C4D", None),
        ] {
            let address = WaAddress::parse(address).unwrap();
            let found = address.other_form();
            assert_eq!(found.as_ref().map(WaAddress::reveal), other);
            if let Some(found) = found {
                assert_eq!(found.identity(), address.identity());
            }
        }
    }

    #[test]
    fn other_channels_and_oddities_are_refused() {
        for text in [
            "",
            "whatsapp:",
            "+525555550100",
            "sms:+525555550100",
            "whatsapp:+52 55",
        ] {
            assert_eq!(WaAddress::parse(text), Err(InvalidAddress), "{text}");
        }
        assert!(WaAddress::parse(&format!("whatsapp:{}", "a".repeat(200))).is_err());
    }

    #[test]
    fn nothing_personal_is_printed() {
        for from in ["whatsapp:+5215555550142", "whatsapp:MX.SECRET"] {
            let address = WaAddress::parse(from).unwrap();
            let printed = format!("{address:?} {:?}", address.identity());
            assert!(
                !printed.contains("5555") && !printed.contains("SECRET"),
                "{printed}"
            );
        }
    }
}
