//! By which rules days are counted: the release of the time-zone database in use, whether
//! PostgreSQL counts alike, and whether members have zones that exist.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use common::{
    clock::Clock,
    database::{act_as_self, act_as_user},
};
use sqlx::PgConnection;
use timezone::Zone;
use uuid::Uuid;

use super::{Check, Lines};
use crate::connections::Postgres;

const NAME: &str = "zones";
/// How far ahead rules are compared: a year's two changes of clocks, and the next.
const WEEKS: u64 = 60;
/// Most names in a line.
const MOST: usize = 4;

pub(super) async fn check(postgres: &Postgres<'_>) -> Lines {
    let pool = postgres.pool().await?;
    let mut transaction = pool.begin().await?;
    let members = of_members(&mut transaction).await?;
    transaction.rollback().await?;
    let now = Clock::system().now();
    let theirs = of_postgres(&mut *pool.acquire().await?, now).await?;
    let mut lines = vec![compared(&members, &differing(&theirs))];
    lines.extend(unknown(&members));
    Ok(lines)
}

/// The zones that a hundred linked members have chosen in Foco.
async fn of_members(conn: &mut PgConnection) -> Result<BTreeSet<String>, sqlx::Error> {
    // The first in an order that means nothing, and the first behind a place taken at random.
    let people = sqlx::query_scalar!(
        r#"select s.user_id as "user_id!" from (
               (select user_id from whatsapp_user_links where verified
                order by user_id limit 50)
               union
               (select user_id from whatsapp_user_links where verified and user_id >= $1
                order by user_id limit 50)) s"#,
        Uuid::new_v4()
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut zones = BTreeSet::new();
    for user in people {
        act_as_user(conn, user).await?;
        let theirs = sqlx::query_scalar!(
            r#"select distinct w.timezone as "timezone!" from focobot.my_workspaces w
               where w.timezone is not null"#
        )
        .fetch_all(&mut *conn)
        .await?;
        act_as_self(conn).await?;
        zones.extend(theirs);
    }
    Ok(zones)
}

/// How far PostgreSQL's clocks of a zone are from UTC at a moment.
struct Theirs {
    zone: Zone,
    at: DateTime<Utc>,
    seconds: i32,
}

/// What PostgreSQL says of every zone that both know, week by week. It does not say its release.
async fn of_postgres(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<Theirs>, sqlx::Error> {
    let weeks: Vec<DateTime<Utc>> = (0..WEEKS)
        .filter_map(|week| now.checked_add_days(Days::new(7 * week)))
        .collect();
    let names: Vec<String> = timezone::all().map(|zone| zone.name().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select n.name as "name!", at as "at!",
               extract(epoch from (at at time zone n.name) - (at at time zone 'UTC'))::int4
                   as "seconds!"
           from pg_timezone_names n cross join unnest($2::timestamptz[]) at
           where n.name = any($1)"#,
        &names,
        &weeks
    )
    .fetch_all(conn)
    .await?;
    let theirs = rows.into_iter().filter_map(|row| {
        Some(Theirs {
            zone: row.name.parse().ok()?,
            at: row.at,
            seconds: row.seconds,
        })
    });
    Ok(theirs.collect())
}

/// A zone that the two count differently, and the first week in which they do.
struct Differing {
    zone: &'static str,
    from: NaiveDate,
    /// How far PostgreSQL's clock is ahead of ours then.
    ahead: TimeDelta,
}

fn differing(theirs: &[Theirs]) -> Vec<Differing> {
    let mut found: Vec<Differing> = Vec::new();
    for Theirs { zone, at, seconds } in theirs {
        let ours = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
        let ahead = TimeDelta::seconds(i64::from(seconds - ours.local_minus_utc()));
        if ahead.is_zero() {
            continue;
        }
        let new = Differing {
            zone: zone.name(),
            from: at.date_naive(),
            ahead,
        };
        match found.iter_mut().find(|known| known.zone == new.zone) {
            Some(known) if known.from > new.from => *known = new,
            Some(_) => {}
            None => found.push(new),
        }
    }
    found.sort_by_key(|differing| differing.zone);
    found
}

fn compared(members: &BTreeSet<String>, differing: &[Differing]) -> Check {
    let release = timezone::release();
    let (of_members, others): (Vec<&Differing>, Vec<&Differing>) = differing
        .iter()
        .partition(|differing| members.contains(differing.zone));
    if of_members.is_empty() {
        let postgres = if others.is_empty() {
            "PostgreSQL counts alike".to_owned()
        } else {
            format!(
                "PostgreSQL counts alike where members live, and otherwise in {} other zones",
                others.len()
            )
        };
        return Check::ok(NAME, format!("time zones of release {release}; {postgres}"));
    }
    let said: Vec<String> = of_members
        .iter()
        .take(MOST)
        .map(|Differing { zone, from, ahead }| {
            let (minutes, side) = match ahead.num_minutes() {
                minutes if minutes < 0 => (-minutes, "behind"),
                minutes => (minutes, "ahead"),
            };
            format!("{zone} is {minutes} minutes {side} in PostgreSQL in the week of {from}")
        })
        .collect();
    let more = of_members.len().saturating_sub(MOST);
    let more = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    Check::warning(
        NAME,
        format!("time zones of release {release}; {}{more}", said.join("; ")),
        "update the package tzdata, or PostgreSQL where it has its own, on the machine whose rules \
         are older. FocoBot counts days by its own; Foco's SQL by PostgreSQL's",
    )
}

/// Zones that nobody has: whoever has one is taken to be in central Mexico.
fn unknown(members: &BTreeSet<String>) -> Option<Check> {
    let unknown: Vec<&str> = members
        .iter()
        .map(String::as_str)
        .filter(|name| name.parse::<Zone>().is_err())
        .collect();
    if unknown.is_empty() {
        return None;
    }
    let shown: Vec<String> = unknown
        .iter()
        .take(MOST)
        .map(|name| format!("{name:?}"))
        .collect();
    Some(Check::warning(
        NAME,
        format!(
            "members have a time zone that does not exist: {}; their days are counted in {}",
            shown.join(", "),
            Zone::mexico_city()
        ),
        "set an IANA name there, such as America/Mexico_City (docs/foco.md says in which column)",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(zone: &str, at: &str, seconds: i32) -> Theirs {
        Theirs {
            zone: zone.parse().unwrap(),
            at: at.parse().unwrap(),
            seconds,
        }
    }

    fn members(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// PostgreSQL with rules of 2025: Edmonton turns its clocks back, Mexico City has none to turn.
    fn of_2025() -> Vec<Differing> {
        differing(&[
            theirs("America/Edmonton", "2026-12-01T12:00:00Z", -7 * 3600),
            theirs("America/Edmonton", "2026-11-10T12:00:00Z", -7 * 3600),
            theirs("America/Edmonton", "2026-10-20T12:00:00Z", -6 * 3600),
            theirs("America/Mexico_City", "2026-12-01T12:00:00Z", -6 * 3600),
        ])
    }

    #[test]
    fn a_zone_of_a_member_that_postgresql_counts_otherwise_is_named() {
        let line = compared(
            &members(&["America/Edmonton", "America/Mexico_City"]),
            &of_2025(),
        );
        assert!(line.ok && line.fix.is_some());
        let said = "America/Edmonton is 60 minutes behind in PostgreSQL in the week of 2026-11-10";
        assert!(line.detail.ends_with(said), "{}", line.detail);
    }

    #[test]
    fn where_no_member_lives_it_is_only_said() {
        let line = compared(&members(&["America/Mexico_City"]), &of_2025());
        assert!(line.fix.is_none());
        assert!(
            line.detail.ends_with("and otherwise in 1 other zones"),
            "{}",
            line.detail
        );
        let line = compared(&members(&["America/Mexico_City"]), &[]);
        assert!(
            line.detail.ends_with("PostgreSQL counts alike"),
            "{}",
            line.detail
        );
        assert!(line.detail.contains(&timezone::release().name));
    }

    #[test]
    fn zones_that_nobody_has_are_named() {
        let line = unknown(&members(&["America/Tijuana", "UTC-6"])).expect("a line");
        assert!(line.detail.contains("\"UTC-6\"") && !line.detail.contains("Tijuana"));
        assert!(unknown(&members(&["America/Tijuana"])).is_none());
    }
}
