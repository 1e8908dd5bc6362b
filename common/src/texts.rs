//! Everything that FocoBot says to people, in English and Mexican Spanish, from Fluent files.

use std::{borrow::Cow, fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

pub use parser::Language;

const ENGLISH: &str = include_str!("../texts/en.ftl");
const SPANISH: &str = include_str!("../texts/es-MX.ftl");

/// Both languages, read once.
#[derive(Clone)]
pub struct Texts(Arc<[FluentBundle<FluentResource>; 2]>);

/// A value put into a text.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Text as it is.
    Text(Cow<'a, str>),
    /// A number, which also chooses the plural form.
    Number(f64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::Number(f64::from(u32::try_from(number).unwrap_or(u32::MAX)))
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self::new()
    }
}

impl Texts {
    /// Reads the files that the program carries.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new([bundle("en", ENGLISH), bundle("es-MX", SPANISH)]))
    }

    /// The text of that name in that language. A name that is missing is a bug that a test
    /// finds; a person then sees the name rather than nothing.
    #[must_use]
    pub fn say(&self, language: Language, name: &str, values: &[(&str, Value<'_>)]) -> String {
        let bundle = match language {
            Language::En => &self.0[0],
            Language::Es => &self.0[1],
        };
        let mut args = FluentArgs::with_capacity(values.len());
        for (key, value) in values {
            match value {
                Value::Text(text) => args.set(*key, FluentValue::from(text.as_ref())),
                Value::Number(number) => args.set(*key, FluentValue::from(*number)),
            }
        }
        let mut errors = Vec::new();
        let text = bundle
            .get_message(name)
            .and_then(|message| message.value())
            .map(|pattern| {
                bundle
                    .format_pattern(pattern, Some(&args), &mut errors)
                    .into_owned()
            });
        if !errors.is_empty() || text.is_none() {
            tracing::error!(name, ?language, "a text is missing or lacks a value");
        }
        text.unwrap_or_else(|| name.to_owned())
    }
}

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
    // Both tags are right; a wrong one would only choose the plural forms of no language.
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // WhatsApp would show the marks that isolate a value's direction.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        // What can be read is used; `every_text_can_be_read` fails on the rest.
        Err((readable, _)) => readable,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Texts")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every message's name with the variables that it uses.
    fn catalogue(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut catalogue = BTreeMap::<String, BTreeSet<String>>::new();
        let mut current = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                name.clone_into(&mut current);
                catalogue.entry(current.clone()).or_default();
            }
            for piece in line.split('$').skip(1) {
                let end = piece
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(piece.len());
                catalogue
                    .entry(current.clone())
                    .or_default()
                    .insert(piece[..end].to_owned());
            }
        }
        catalogue
    }

    #[test]
    fn every_text_can_be_read() {
        for source in [ENGLISH, SPANISH] {
            FluentResource::try_new(source.to_owned())
                .map_err(|(_, errors)| errors)
                .unwrap();
        }
    }

    #[test]
    fn both_languages_have_the_same_texts_with_the_same_variables() {
        let (english, spanish) = (catalogue(ENGLISH), catalogue(SPANISH));
        assert!(english.len() > 10);
        assert_eq!(english, spanish);
    }

    #[test]
    fn every_text_can_be_said_in_both_languages_with_its_variables() {
        let texts = Texts::new();
        for (name, variables) in catalogue(ENGLISH) {
            for (language, bundle) in [Language::En, Language::Es].into_iter().zip(&*texts.0) {
                let mut args = FluentArgs::new();
                for variable in &variables {
                    args.set(variable.as_str(), FluentValue::from(1));
                }
                let pattern = bundle
                    .get_message(&name)
                    .and_then(|message| message.value());
                let mut errors = Vec::new();
                bundle.format_pattern(pattern.expect(&name), Some(&args), &mut errors);
                // Texts that use others need the variables of those as well.
                errors.retain(|error| !error.to_string().contains("variable: $"));
                assert_eq!(errors, [], "{name} in {language:?}");
            }
        }
    }

    #[test]
    fn help_fits_one_screen_of_a_phone() {
        let texts = Texts::new();
        for language in [Language::En, Language::Es] {
            let help = texts.say(language, "help", &[]);
            let lines = help
                .lines()
                .map(|line| line.chars().count().div_ceil(40).max(1));
            assert!(lines.sum::<usize>() <= 20, "{help}");
        }
    }

    #[test]
    fn days_are_said_in_words() {
        let texts = Texts::new();
        let values = [
            ("weekday", 3.0.into()),
            ("day", 9.0.into()),
            ("month", 12.0.into()),
            ("year", "2031".into()),
        ];
        let say = |language, name| texts.say(language, name, &values);
        assert_eq!(say(Language::En, "date"), "Wednesday, December 9");
        assert_eq!(say(Language::Es, "date"), "miércoles 9 de diciembre");
        assert_eq!(say(Language::En, "date-far"), "Wednesday, December 9, 2031");
        assert_eq!(
            say(Language::Es, "date-far"),
            "miércoles 9 de diciembre de 2031"
        );
    }

    #[test]
    fn plurals_and_fixed_wordings_are_as_promised() {
        let texts = Texts::new();
        let say = |language, name, n: f64| texts.say(language, name, &[("count", n.into())]);
        assert_eq!(say(Language::En, "proposal-items", 1.0), "📝 1 item");
        assert_eq!(say(Language::En, "proposal-items", 2.0), "📝 2 items");
        assert_eq!(say(Language::Es, "proposal-items", 1.0), "📝 1 tarea");
        assert_eq!(say(Language::Es, "proposal-items", 2.0), "📝 2 tareas");
        assert_eq!(
            say(Language::En, "proposal-hours", 8.0),
            "⏱️ 8 hours estimated"
        );
        assert_eq!(
            say(Language::En, "proposal-hours", 1.0),
            "⏱️ 1 hour estimated"
        );
        assert_eq!(
            say(Language::Es, "proposal-hours", 2.5),
            "⏱️ 2.5 horas estimadas"
        );
        assert_eq!(
            say(Language::Es, "proposal-hours", 1.0),
            "⏱️ 1 hora estimada"
        );
        assert_eq!(
            texts.say(Language::En, "linked", &[]),
            "✅ WhatsApp linked to your Foco account!\nYou can now send proposals and receive notifications."
        );
        assert_eq!(
            texts.say(Language::Es, "linked", &[]),
            "✅ ¡WhatsApp vinculado a tu cuenta de Foco!\nYa puedes enviar propuestas y recibir notificaciones."
        );
    }
}
