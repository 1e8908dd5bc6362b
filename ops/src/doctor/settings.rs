//! Every group of settings, each read by itself, so that all that is wrong is named at once.

use common::settings::{
    DatabaseSettings, Environment, ModelSettings, NatsSettings, ProcessSettings, RedisSettings,
    SettingError, TelemetrySettings, TwilioSettings, UserTokenSettings,
};

use super::Check;

const NAME: &str = "settings";

pub(super) fn check(env: &Environment) -> Vec<Check> {
    let groups: [Result<(), SettingError>; 8] = [
        ProcessSettings::load(env).map(drop),
        DatabaseSettings::load(env).map(drop),
        NatsSettings::load(env).map(drop),
        RedisSettings::load(env).map(drop),
        TwilioSettings::load(env).map(drop),
        ModelSettings::load(env).map(drop),
        TelemetrySettings::load(env).map(drop),
        UserTokenSettings::load(env).map(drop),
    ];
    let mut lines: Vec<Check> = Vec::new();
    for error in groups.into_iter().filter_map(Result::err) {
        let detail = format!("{} {}", error.name, error.problem);
        // Groups share some settings: one line for each.
        if !lines.iter().any(|line| line.detail == detail) {
            let fix = format!("{}: a right value looks like {}", error.name, error.example);
            lines.push(Check::wrong(NAME, detail, fix));
        }
    }
    if let Ok(twilio) = TwilioSettings::load(env)
        && !twilio.enforce_signature
    {
        let fix = "TWILIO_SIGNATURE=enforce, as soon as anybody else can reach it";
        lines.push(Check::wrong(NAME, "signatures are not verified", fix));
    }
    if lines.is_empty() {
        lines.push(Check::ok(NAME, "those of ingest and worker can be read"));
    }
    lines
}
