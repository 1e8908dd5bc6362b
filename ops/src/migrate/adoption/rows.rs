//! The rows of the old table: which phone each is, and what nobody but an operator can decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use common::phone::PhoneNumber;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::needs::Need;

/// A row, as it is and as it shall be.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct OldRow {
    pub(super) id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) phone: String,
    pub(super) verified: bool,
    pub(super) linked_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    #[sqlx(default)]
    pub(super) has_code: bool,
}

/// What is to become of the rows.
#[derive(Default)]
pub(super) struct Judged {
    /// As they shall be.
    pub(super) rows: Vec<OldRow>,
    /// How many were proven.
    pub(super) proven: usize,
    /// How many phones are written in another form.
    pub(super) rewritten: usize,
    /// What is left for an operator.
    pub(super) troubles: Vec<Need>,
}

/// Reads them, oldest first.
pub(super) async fn read(conn: &mut PgConnection) -> Result<Vec<OldRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, user_id, coalesce(phone, '') as phone, verified, linked_at,
             coalesce(created_at, now()) as created_at, coalesce(updated_at, now()) as updated_at,
             to_jsonb(l) ->> 'verification_code' is not null as has_code
         from public.whatsapp_user_links l order by created_at, id",
    )
    .fetch_all(conn)
    .await
}

/// Rows of accounts that are no more. Asked only where accounts are seen.
pub(super) async fn without_account(conn: &mut PgConnection) -> Result<Vec<Need>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from public.whatsapp_user_links l
         where not exists (select from auth.users u where u.id = l.user_id) order by created_at",
    )
    .fetch_all(conn)
    .await?;
    let need = |id: Uuid| Need::new(format!("row {id}: its account is no more"), delete(id));
    Ok(ids.into_iter().map(need).collect())
}

/// Brings phones to canonical form. A row whose phone cannot be read, and rows that turn out to be
/// of one phone, are an operator's to decide: none is dropped, and none silently kept.
pub(super) fn judge(rows: &[OldRow], keep_verified: bool) -> Judged {
    let mut judged = Judged::default();
    let mut by_phone: BTreeMap<String, Vec<&OldRow>> = BTreeMap::new();
    let mut by_account: BTreeMap<Uuid, Vec<&OldRow>> = BTreeMap::new();
    for row in rows {
        by_account.entry(row.user_id).or_default().push(row);
        judged.proven += usize::from(row.verified);
        let Some(phone) = canonical(row, keep_verified) else {
            judged.troubles.push(unreadable(row));
            continue;
        };
        judged.rewritten += usize::from(phone != row.phone);
        judged.rows.push(taken_over(row, &phone, keep_verified));
        by_phone.entry(phone).or_default().push(row);
    }
    let phones = by_phone.into_values().map(|rows| ("phone", rows));
    let accounts = by_account.into_values().map(|rows| ("account", rows));
    let meeting = phones.chain(accounts).filter(|(_, rows)| rows.len() > 1);
    judged
        .troubles
        .extend(meeting.map(|(of, rows)| meet(of, &rows)));
    judged
}

/// A number without its country is a guess, and nobody is anybody's by a guess: then it has to be
/// proven anew, whatever was asked for.
fn canonical(row: &OldRow, keep_verified: bool) -> Option<String> {
    let typed = row.phone.trim();
    let has_country = typed.starts_with('+') || typed.starts_with("00");
    if row.verified && keep_verified && !has_country {
        return None;
    }
    let phone = PhoneNumber::parse_typed(typed).ok()?;
    Some(phone.reveal().to_owned())
}

/// Nothing counts as written under a link before it is known since when it stands.
fn taken_over(row: &OldRow, phone: &str, keep_verified: bool) -> OldRow {
    let verified = row.verified && keep_verified;
    OldRow {
        phone: phone.to_owned(),
        verified,
        linked_at: row.linked_at.filter(|_| verified),
        ..row.clone()
    }
}

fn unreadable(row: &OldRow) -> Need {
    let problem = if row.verified && PhoneNumber::parse_typed(&row.phone).is_ok() {
        "its phone has no country code, and would stay proven"
    } else {
        "its phone cannot be read"
    };
    Need::new(
        format!("{}: {problem}", named(row)),
        format!(
            "update public.whatsapp_user_links set phone = '+52...' where id = '{}'; -- or:\n{}",
            row.id,
            delete(row.id)
        ),
    )
}

fn meet(of: &str, rows: &[&OldRow]) -> Need {
    let named: Vec<String> = rows.iter().map(|row| named(row)).collect();
    let delete: Vec<String> = rows.iter().map(|row| delete(row.id)).collect();
    Need::new(
        format!("one {of} in {} rows: {}", rows.len(), named.join("; ")),
        format!("-- all but one of:\n{}", delete.join("\n")),
    )
}

/// Enough to find the row and to tell its phone from others, and no more.
fn named(row: &OldRow) -> String {
    let digits: Vec<char> = row.phone.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits[digits.len().saturating_sub(4)..].iter().collect();
    let proven = if row.verified { "proven" } else { "not proven" };
    format!(
        "row {} (account {}, phone ...{last}, {proven})",
        row.id, row.user_id
    )
}

fn delete(id: Uuid) -> String {
    format!("delete from public.whatsapp_user_links where id = '{id}';")
}

/// Writes them into our table, and into the record of links which of them stand; how many.
pub(super) async fn write(conn: &mut PgConnection, rows: &[OldRow]) -> Result<u64, sqlx::Error> {
    let column = |of: fn(&OldRow) -> Uuid| rows.iter().map(of).collect::<Vec<_>>();
    let moments = |of: fn(&OldRow) -> DateTime<Utc>| rows.iter().map(of).collect::<Vec<_>>();
    let phones: Vec<&str> = rows.iter().map(|row| row.phone.as_str()).collect();
    let verified: Vec<bool> = rows.iter().map(|row| row.verified).collect();
    let linked: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.linked_at).collect();
    let written = sqlx::query(
        "insert into public.whatsapp_user_links
             (id, user_id, phone, verified, linked_at, created_at, updated_at)
         select id, user_id, phone, verified,
             case when verified then coalesce(linked_at, now()) end, created_at, updated_at
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[], $5::timestamptz[],
             $6::timestamptz[], $7::timestamptz[])
             as l (id, user_id, phone, verified, linked_at, created_at, updated_at)",
    )
    .bind(column(|row| row.id))
    .bind(column(|row| row.user_id))
    .bind(phones)
    .bind(verified)
    .bind(linked)
    .bind(moments(|row| row.created_at))
    .bind(moments(|row| row.updated_at))
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into public.whatsapp_link_events
             (event, outcome, origin, user_id, link_id, operator)
         select 'link', 'done', 'operator', user_id, id, 'focobot migrate as ' || session_user
         from public.whatsapp_user_links where verified",
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u128, phone: &str, verified: bool) -> OldRow {
        let at = DateTime::UNIX_EPOCH;
        OldRow {
            id: Uuid::from_u128(id),
            user_id: Uuid::from_u128(id + 100),
            phone: phone.to_owned(),
            verified,
            linked_at: Some(at),
            created_at: at,
            updated_at: at,
            has_code: false,
        }
    }

    #[test]
    fn proven_rows_become_claims_unless_they_are_to_be_kept() {
        let rows = [
            row(1, "+521 55 5555 0100", true),
            row(2, "+525555550101", false),
        ];
        let judged = judge(&rows, false);
        assert!(judged.troubles.is_empty());
        assert_eq!((judged.proven, judged.rewritten), (1, 1));
        assert!(judged.rows.iter().all(|row| !row.verified));
        assert!(judged.rows.iter().all(|row| row.linked_at.is_none()));
        assert_eq!(judged.rows[0].phone, "+525555550100");
        let judged = judge(&rows, true);
        let kept: Vec<bool> = judged.rows.iter().map(|row| row.verified).collect();
        assert_eq!(kept, [true, false]);
        assert_eq!(judged.rows[0].linked_at, Some(DateTime::UNIX_EPOCH));
        assert_eq!(judged.rows[1].linked_at, None);
    }

    #[test]
    fn rows_that_turn_out_to_be_of_one_phone_are_named_with_what_mends_it() {
        let rows = [
            row(1, "+5215555550100", true),
            row(2, "+525555550100", true),
            row(3, "+525555550101", false),
        ];
        let [trouble] = &judge(&rows, false).troubles[..] else {
            unreachable!("one trouble")
        };
        for row in &rows[..2] {
            assert!(trouble.what.contains(&row.id.to_string()), "{trouble:?}");
            assert!(
                trouble.what.contains(&row.user_id.to_string()),
                "{trouble:?}"
            );
            assert!(trouble.mend.contains(&row.id.to_string()), "{trouble:?}");
        }
        assert!(!trouble.what.contains(&rows[2].id.to_string()));
        assert!(trouble.what.contains("phone ...0100") && !trouble.what.contains("5550100"));
    }

    #[test]
    fn a_phone_that_cannot_be_read_or_would_be_guessed_is_an_operators() {
        let rows = [row(1, "hola", false), row(2, "55 5555 0101", true)];
        let found = |keep| judge(&rows, keep).troubles;
        assert_eq!(found(false).len(), 1, "a claim is proven by its phone");
        let kept = found(true);
        assert_eq!(kept.len(), 2);
        assert!(kept[1].what.contains("no country code"), "{kept:?}");
    }
}
