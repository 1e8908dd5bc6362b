//! The stand-in for a model: what a message asks for, read by a few plain rules. Good enough for a
//! demonstration and for tests that want a sensible answer; the product has a real parser.

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::{Value, json};

use super::reading_words::{
    ABOUT_TIME, BEFORE_DATES, OPENINGS, PLEASANTRIES, SEPARATORS, SPANISH, WEEKDAYS,
};

/// Reads a message as of `today`, under the names that a schema may ask for.
#[must_use]
pub fn read(text: &str, today: NaiveDate) -> Value {
    let mut total = None;
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let (hours, rest) = take_hours(&sentence);
        let words = words(&rest);
        let only_time = hours.is_some() && words.iter().all(|w| ABOUT_TIME.contains(&w.as_str()));
        if only_time || (hours.is_some() && found.is_empty() && words.is_empty()) {
            total = hours;
        } else if !words
            .iter()
            .all(|word| PLEASANTRIES.contains(&word.as_str()))
        {
            let (items, stated) = items(&sentence, today);
            found.extend(items);
            total = total.or(stated);
        }
    }
    let due = found.iter().find_map(|item: &Item| item.due);
    let items: Vec<Value> = found.iter().map(|item| item.json(due)).collect();
    let sum: f64 = found.iter().filter_map(|item| item.hours).sum();
    let total = total.or((sum > 0.0).then_some(sum));
    let language = if is_spanish(text) { "es" } else { "en" };
    let titles: Vec<&str> = found.iter().map(|item| item.title.as_str()).collect();
    let summary = titles.join(if language == "es" { " y " } else { " and " });
    let actionable = !items.is_empty();
    json!({
        "summary": summary, "title": summary, "actionable": actionable, "is_request": actionable,
        "language": language, "items": items, "tasks": items, "total_hours": total,
        "assumptions": [], "confidence": 0.9,
    })
}

#[derive(Debug)]
struct Item {
    title: String,
    hours: Option<f64>,
    due: Option<NaiveDate>,
    priority: &'static str,
    kind: &'static str,
}

impl Item {
    fn json(&self, due: Option<NaiveDate>) -> Value {
        // Hours that were stated for several items together stay with the total.
        let hours = self.hours;
        let due = self.due.or(due).map(|day| day.to_string());
        json!({
            "title": self.title, "kind": self.kind, "type": self.kind, "hours": hours,
            "estimated_hours": hours, "due": due, "due_date": due, "priority": self.priority,
            "depends_on": [],
        })
    }
}

fn sentences(text: &str) -> Vec<String> {
    let lines = text.lines().map(without_bullet);
    let marked = lines.map(|line| line.replace(". ", "\n").replace(['!', '?', ';'], "\n"));
    let marked = marked.collect::<Vec<_>>().join("\n");
    let sentences = marked
        .lines()
        .map(|line| line.trim_matches(['.', ',', ' ', '¡', '¿']));
    sentences
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn without_bullet(line: &str) -> &str {
    let line = line.trim().trim_start_matches(['-', '*', '•', ' ']);
    match line.split_once(['.', ')']) {
        Some((number, rest)) if number.parse::<u8>().is_ok() && rest.starts_with(' ') => rest,
        _ => line,
    }
}

/// The items of a sentence, and the hours that it states for all of them together.
fn items(sentence: &str, today: NaiveDate) -> (Vec<Item>, Option<f64>) {
    let lower = sentence.to_lowercase();
    let priority = match () {
        () if lower.contains("urgent") => "urgent",
        () if lower.contains("high priority") || lower.contains("alta prioridad") => "high",
        () if lower.contains("low priority") || lower.contains("baja prioridad") => "low",
        () => "medium",
    };
    let mut parts = vec![sentence.to_owned()];
    for separator in SEPARATORS {
        parts = parts
            .iter()
            .flat_map(|part| part.split(separator))
            .map(str::to_owned)
            .collect();
    }
    let due = parts.iter().find_map(|part| take_date(part, today).0);
    let mut stated = None;
    let read = parts.iter().filter_map(|part| {
        let (hours, rest) = take_hours(part);
        let (_, rest) = take_date(&rest, today);
        let title = title(&rest);
        if title.is_empty() {
            stated = stated.or(hours);
            return None;
        }
        let is_bug = ["bug", "fix", "arregl", "error", "corrig"]
            .iter()
            .any(|w| lower.contains(w));
        Some(Item {
            title,
            hours,
            due,
            priority,
            kind: if is_bug { "bug" } else { "task" },
        })
    });
    let mut read: Vec<Item> = read.collect();
    if let ([only], Some(hours)) = (read.as_mut_slice(), stated) {
        only.hours = only.hours.or(Some(hours));
        stated = None;
    }
    (read, stated)
}

fn title(text: &str) -> String {
    let mut rest = text.trim();
    loop {
        let before = rest;
        for opening in OPENINGS {
            let head = rest
                .get(..opening.len())
                .filter(|head| head.to_lowercase() == *opening);
            let tail = head.map(|head| &rest[head.len()..]);
            if let Some(tail) = tail.filter(|tail| tail.starts_with([' ', ',', ':'])) {
                rest = tail.trim_start_matches([' ', ',', ':']);
            }
        }
        if rest == before {
            break;
        }
    }
    let rest = rest.trim_matches([' ', '.', ',', ':', '(', ')', '-']);
    let mut letters = rest.chars();
    letters
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Takes "8 hours", "3 h" or "2,5 horas" out of a text.
fn take_hours(text: &str) -> (Option<f64>, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (index, word) in words.iter().enumerate() {
        let bare = word
            .trim_matches(|c: char| "()[],.~".contains(c))
            .to_lowercase();
        let digits = bare.trim_end_matches(|c: char| c.is_alphabetic());
        let unit = &bare[digits.len()..];
        let number = digits.replace(',', ".").parse::<f64>().ok();
        let next = words
            .get(index + 1)
            .map_or("", |next| next.trim_matches(|c: char| "().,".contains(c)));
        let used = match unit {
            "h" | "hr" | "hrs" => 1,
            "" if matches!(
                next.to_lowercase().as_str(),
                "h" | "hr" | "hrs" | "hour" | "hours" | "hora" | "horas"
            ) =>
            {
                2
            }
            _ => continue,
        };
        if let Some(number) = number {
            let rest = words[..index].iter().chain(&words[index + used..]);
            return (Some(number), rest.copied().collect::<Vec<_>>().join(" "));
        }
    }
    (None, text.to_owned())
}

/// Takes "by Friday", "para mañana" or "2026-12-01" out of a text.
fn take_date(text: &str, today: NaiveDate) -> (Option<NaiveDate>, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (index, word) in words.iter().enumerate() {
        let bare = word
            .trim_matches(|c: char| "(),.:".contains(c))
            .to_lowercase();
        let Some(day) = date(&bare, today) else {
            continue;
        };
        let lead = words[..index].iter().rev();
        let lead = lead
            .take_while(|w| BEFORE_DATES.contains(&w.to_lowercase().as_str()))
            .count();
        let rest = words[..index - lead].iter().chain(&words[index + 1..]);
        return (Some(day), rest.copied().collect::<Vec<_>>().join(" "));
    }
    (None, text.to_owned())
}

fn date(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Ok(day) = NaiveDate::parse_from_str(word, "%Y-%m-%d") {
        return Some(day);
    }
    let ahead = match word {
        "today" | "hoy" => 0,
        "tomorrow" | "mañana" => 1,
        _ => {
            let wanted = WEEKDAYS.iter().position(|names| names.contains(&word))?;
            let wanted = u64::try_from(wanted).ok()?;
            let now = u64::from(today.weekday().num_days_from_monday());
            let ahead = (wanted + 7 - now) % 7;
            if ahead == 0 { 7 } else { ahead }
        }
    };
    today.checked_add_days(Days::new(ahead))
}

fn is_spanish(text: &str) -> bool {
    let hits = words(text)
        .iter()
        .filter(|word| SPANISH.contains(&word.as_str()))
        .count();
    let marks = text.contains(['ñ', '¿', '¡']);
    marks || hits * 4 > words(text).len()
}

fn words(text: &str) -> Vec<String> {
    let split = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn the_documentations_example_is_two_items_of_eight_hours_by_friday() {
        let text =
            "Need to add login page and user dashboard by Friday. Should take about 8 hours.";
        let read = read(text, monday());
        assert_eq!(read["items"][0]["title"], "Login page");
        assert_eq!(read["items"][1]["title"], "User dashboard");
        assert_eq!(read["items"][0]["due"], "2026-11-27");
        assert_eq!(read["items"][1]["hours"], Value::Null);
        assert_eq!(read["total_hours"], 8.0);
        assert_eq!(read["language"], "en");
        assert_eq!(read["items"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn spanish_is_read_too() {
        let text = "Necesitamos agregar la página de inicio (3 horas) y el panel (2h) para mañana";
        let read = read(text, monday());
        assert_eq!(read["items"][0]["title"], "Página de inicio");
        assert_eq!(read["items"][0]["hours"], 3.0);
        assert_eq!(read["items"][1]["title"], "Panel");
        assert_eq!(read["items"][1]["due"], "2026-11-24");
        assert_eq!(read["total_hours"], 5.0);
        assert_eq!(read["language"], "es");
    }

    #[test]
    fn hours_behind_a_comma_belong_to_what_stands_before() {
        let one = read("Arreglar el login para el viernes, 3 horas", monday());
        assert_eq!(one["items"][0]["hours"], 3.0);
        let two = read("Login y panel, 8 horas", monday());
        assert_eq!(two["items"][1]["hours"], Value::Null);
        assert_eq!(two["total_hours"], 8.0);
    }

    #[test]
    fn a_list_by_lines_is_items_and_thanks_ask_for_nothing() {
        let list = read("- Fix the login bug\n- 2nd screen\n1. Report", monday());
        let titles: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| &i["title"])
            .collect();
        assert_eq!(titles, ["Fix the login bug", "2nd screen", "Report"]);
        assert_eq!(list["items"][0]["kind"], "bug");
        assert_eq!(read("¡Muchas gracias!", monday())["actionable"], false);
        assert_eq!(read("thanks", monday())["items"], json!([]));
        assert_eq!(read("👍", monday())["actionable"], false);
    }
}
