//! Phone numbers: what people type and what WhatsApp sends, brought to one canonical form.
//! libphonenumber calls WhatsApp's Mexican form (`+521...`) invalid, so nothing here asks it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that cannot be read as a phone number.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a phone number: write it with its country code, for example +52 55 5555 0100")]
pub struct InvalidPhone;

/// A phone number in canonical E.164: equal for two people only if they are the same subscriber.
///
/// Mexico's mobile `1` is dropped (`+521...` is `+52...`), Brazil's eight-digit mobiles get their
/// ninth digit, everything else stays. It masks itself: [`PhoneNumber::reveal`] shows it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number in E.164, as programs write it.
    ///
    /// # Errors
    /// When it is not a `+` and 7 to 15 digits.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let digits = text.strip_prefix('+').ok_or(InvalidPhone)?;
        let right_length = (7..=15).contains(&digits.len());
        if !right_length || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidPhone);
        }
        Ok(Self(format!("+{}", canonical_digits(digits))))
    }

    /// Reads what a person types: spaces, brackets and dashes are dropped, `00` is `+`, and a
    /// number without a country code is Mexican, with or without 044, 045, 01 or 1 before it.
    ///
    /// # Errors
    /// When no number can be read from it.
    pub fn parse_typed(text: &str) -> Result<Self, InvalidPhone> {
        let text = text.trim();
        let international = text.starts_with('+') || text.starts_with("00");
        let mut digits = String::with_capacity(text.len());
        for character in text.strip_prefix('+').unwrap_or(text).chars() {
            match character {
                '0'..='9' => digits.push(character),
                ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/' | '\u{2011}' | '\u{2013}' => {}
                _ => return Err(InvalidPhone),
            }
        }
        if international {
            Self::parse(&format!(
                "+{}",
                mexican_international(digits.trim_start_matches("00"))
            ))
        } else {
            mexican_national(&digits)
                .ok_or(InvalidPhone)
                .and_then(|ten| Self::parse(&ten))
        }
    }

    /// The number in clear, `+` and digits.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is of a country where most people speak Spanish.
    #[must_use]
    pub fn is_of_spanish_speaker(&self) -> bool {
        SPANISH.iter().any(|code| self.0[1..].starts_with(code))
    }
}

/// Country codes (ITU-T E.164) of Spanish-speaking countries: Mexico, Spain, those of Central and
/// South America and the Caribbean, and Equatorial Guinea.
const SPANISH: [&str; 24] = [
    "34", "51", "52", "53", "54", "56", "57", "58", "240", "502", "503", "504", "505", "506",
    "507", "591", "593", "595", "598", "1787", "1809", "1829", "1849", "1939",
];

/// The rules by country, on digits without the `+`.
fn canonical_digits(digits: &str) -> String {
    if let Some(rest) = digits.strip_prefix("521").filter(|rest| rest.len() == 10) {
        return format!("52{rest}");
    }
    if let Some(rest) = digits.strip_prefix("55").filter(|rest| rest.len() == 10) {
        let (area, subscriber) = rest.split_at(2);
        if !area.contains('0') && subscriber.starts_with(['6', '7', '8', '9']) {
            return format!("55{area}9{subscriber}");
        }
    }
    digits.to_owned()
}

/// `+52` followed by a trunk prefix that people keep from habit.
fn mexican_international(digits: &str) -> String {
    for prefix in ["52044", "52045", "5201"] {
        if let Some(rest) = digits.strip_prefix(prefix).filter(|rest| rest.len() == 10) {
            return format!("52{rest}");
        }
    }
    digits.to_owned()
}

/// A Mexican number without `+`, by its length and trunk prefix.
fn mexican_national(digits: &str) -> Option<String> {
    let ten = ["044", "045", "01", "521", "52", "1", ""]
        .into_iter()
        .filter_map(|prefix| digits.strip_prefix(prefix))
        .find(|rest| rest.len() == 10 && !rest.starts_with(['0', '1']))?;
    Some(format!("+52{ten}"))
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidPhone;
    fn try_from(text: String) -> Result<Self, InvalidPhone> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len().saturating_sub(2);
        write!(f, "+\u{2026}{}", &self.0[shown..])
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Option<String> {
        PhoneNumber::parse_typed(text)
            .ok()
            .map(|phone| phone.reveal().to_owned())
    }

    #[test]
    fn a_mexican_number_is_the_same_however_it_is_typed() {
        for text in [
            "+52 55 5555 0100",
            "+52 1 55 5555 0100",
            "+52 (55) 5555-0100",
            "55 5555 0100",
            "5555550100",
            "044 55 5555 0100",
            "045 55 5555 0100",
            "01 55 5555 0100",
            "+52 044 55 5555 0100",
            "+52 01 55 5555 0100",
            "0052 55 5555 0100",
            "52 55 5555 0100",
            "521 55 5555 0100",
            "1 55 5555 0100",
            " 55.5555.0100 ",
        ] {
            assert_eq!(typed(text).as_deref(), Some("+525555550100"), "{text}");
        }
    }

    #[test]
    fn other_countries_keep_their_numbers_and_brazil_gets_its_ninth_digit() {
        for (text, canonical) in [
            ("+1 415 555 0100", "+14155550100"),
            ("+5511987654321", "+5511987654321"),
            ("+551187654321", "+5511987654321"),
            ("+558191234567", "+5581991234567"),
            ("+551133334444", "+551133334444"),
            ("+5491123456789", "+5491123456789"),
            ("+541123456789", "+541123456789"),
            ("+34 600 555 010", "+34600555010"),
        ] {
            assert_eq!(typed(text).as_deref(), Some(canonical), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "+",
            "hola",
            "123",
            "+0525555550100",
            "55 5555 010",
            "+52 55 5555 0100 ext 3",
        ] {
            assert_eq!(typed(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_masks_itself() {
        let phone = PhoneNumber::parse("+525555550142").unwrap();
        assert_eq!(format!("{phone} {phone:?}"), "+…42 PhoneNumber(+…42)");
    }
}
