//! A conversation's text: `# ` remarks, `@ ` what is so before the next message, `> ` what the
//! person writes (`+ ` is a further line of it; `>> ` does not wait for the answer), `< ` what the
//! bot answers. The file is written anew from what was read and what was answered.

use std::{fmt, sync::LazyLock};

use regex::Regex;

/// A line or message of the file.
#[derive(Debug)]
pub(super) enum Step {
    /// A remark or an empty line, as it stands.
    Remark(String),
    /// Something that is arranged.
    Arranged(String),
    /// What the person writes, whether they wait for the answer, and what they get.
    Written {
        text: String,
        waits: bool,
        answers: Vec<String>,
    },
}

/// A conversation.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
}

impl Script {
    /// Reads a file; the answers in it are not kept.
    pub(super) fn parse(text: &str) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for line in text.lines() {
            let written = |text: &str, waits| Step::Written {
                text: text.to_owned(),
                waits,
                answers: Vec::new(),
            };
            match line.split_once(' ').unwrap_or((line, "")) {
                (">", text) => steps.push(written(text, true)),
                (">>", text) => steps.push(written(text, false)),
                ("+", more) => match steps.last_mut() {
                    Some(Step::Written { text, .. }) => *text = format!("{text}\n{more}"),
                    _ => assert_eq!(line, "", "nothing is written before this"),
                },
                ("@", text) => steps.push(Step::Arranged(text.to_owned())),
                // Answers, which are heard anew.
                ("<" | "", _) if !line.is_empty() => {}
                _ => steps.push(Step::Remark(line.to_owned())),
            }
        }
        Self { steps }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match step {
                Step::Remark(text) => writeln!(f, "{text}")?,
                Step::Arranged(text) => writeln!(f, "@ {text}")?,
                Step::Written {
                    text,
                    waits,
                    answers,
                } => {
                    let mark = if *waits { ">" } else { ">>" };
                    writeln!(f, "{mark} {}", text.replace('\n', "\n+ "))?;
                    for answer in answers {
                        writeln!(f, "< {}", answer.replace('\n', "\n  "))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// An answer without what differs from run to run: addresses, proposals, days.
pub(super) fn steady(answer: &str, web_url: &str) -> String {
    static ID: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap());
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        let english = r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d{1,2}";
        let spanish =
            r"(lunes|martes|miércoles|jueves|viernes|sábado|domingo) \d{1,2} de [a-z]{4,10}";
        Regex::new(&format!("{english}|{spanish}")).unwrap()
    });
    let text = answer.replace(web_url, "https://foco.example");
    let text = ID.replace_all(&text, "<id>");
    let text = DAY.replace_all(&text, |day: &regex::Captures<'_>| {
        // The weekday was asked for and stays.
        let end = day[0].find([',', ' ']).unwrap_or_default();
        format!("{} <day>", &day[0][..end])
    });
    let lines = text.lines().map(str::trim_end);
    lines.collect::<Vec<_>>().join("\n")
}
