//! A setting that is missing or wrong stops the program with one line that names it.

use std::process::Command;

/// A whole set; nothing in it has to be reachable.
const SETTINGS: [(&str, &str); 8] = [
    ("FOCO_SECRET", "0123456789abcdef0123456789abcdef"),
    ("PUBLIC_BASE_URL", "https://bot.example"),
    ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
    ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
    ("TWILIO_AUTH_TOKEN", "0f7b3c9d1e5a48627b90cd34ef12ab56"),
    ("TWILIO_WHATSAPP_NUMBER", "+14155550100"),
    ("SUPABASE_JWT_SECRET", "a-secret-for-tokens-of-these-tests"),
    ("RUST_LOG", "warn"),
];

fn run(settings: impl Iterator<Item = (&'static str, &'static str)>) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ingest"))
        .env_clear()
        .envs(settings)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"");
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn assert_one_line(name: &str, (code, lines): (Option<i32>, String)) {
    assert_eq!(code, Some(2), "{name}: {lines}");
    assert_eq!(lines.lines().count(), 1, "{name}: {lines}");
    assert!(lines.starts_with(&format!("ingest: {name}: ")), "{lines}");
    assert!(lines.contains("a right value looks like "), "{lines}");
}

#[test]
fn each_missing_setting_is_named_in_one_line() {
    for (name, _) in SETTINGS
        .into_iter()
        .filter(|setting| setting.0 != "RUST_LOG")
    {
        assert_one_line(
            name,
            run(SETTINGS.into_iter().filter(|setting| setting.0 != name)),
        );
    }
}

#[test]
fn each_wrong_setting_is_named_in_one_line_without_its_value() {
    for (name, value) in [
        ("FOCO_SECRET", "short-secret"),
        ("FOCO_ENV", "prod"),
        ("PUBLIC_BASE_URL", "http://bot.example"),
        ("PUBLIC_BASE_URL", "https://bot.example/"),
        ("DATABASE_URL", "mysql://secret@db/foco"),
        ("TWILIO_ACCOUNT_SID", "SM0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "secret,"),
        ("TWILIO_SIGNATURE", "off"),
        ("SUPABASE_JWT_SECRET", "secret"),
        ("SUPABASE_JWKS_URL", "https://both.example/keys"),
        ("RATE_LIMIT_PER_MINUTE", "0"),
        ("INGEST_ADDR", "8080"),
        ("METRICS_ADDR", "here"),
        ("RUST_LOG", "ingest=loud"),
        ("LOG_FORMAT", "xml"),
    ] {
        let others = SETTINGS.into_iter().filter(|setting| setting.0 != name);
        let (code, lines) = run(others.chain([(name, value)]));
        assert!(
            !lines.contains("secret@") && !lines.contains("short-secret"),
            "{lines}"
        );
        // Two that contradict each other are both named; one of them comes first.
        let name = if name == "SUPABASE_JWKS_URL" {
            "SUPABASE_JWT_SECRET"
        } else {
            name
        };
        assert_one_line(name, (code, lines));
    }
}

#[test]
fn help_lists_the_settings() {
    let output = Command::new(env!("CARGO_BIN_EXE_ingest"))
        .arg("--help")
        .env_clear()
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for (name, _) in SETTINGS {
        assert!(help.contains(name), "{name}");
    }
}
