//! The table of links that Foco had before FocoBot. Any signed-in user could make a proven row in
//! it for any phone, phones stand in it as they were typed, and codes in clear. Its rows are taken
//! over into a table of ours, in the transaction that makes that: whoever looks sees either the
//! old table or the new one, whole.

mod dependents;
mod rows;

use std::fmt::Write as _;

use anyhow::bail;
use sqlx::PgConnection;

use self::rows::{Judged, OldRow, judge};
use super::needs::Need;

/// Where both tables stand, one after the other.
pub(super) const NAME: &str = "public.whatsapp_user_links";

/// Columns that are taken over, and the types that they may have.
const KEPT: [(&str, &[&str]); 7] = [
    ("id", &["uuid"]),
    ("user_id", &["uuid"]),
    ("phone", &["text", "character varying"]),
    ("verified", &["boolean"]),
    ("linked_at", &["timestamp with time zone"]),
    ("created_at", &["timestamp with time zone"]),
    ("updated_at", &["timestamp with time zone"]),
];
/// Columns that are not: codes in clear.
const ERASED: [&str; 2] = ["verification_code", "verification_code_expires_at"];

/// The old table, and what is to become of it.
pub(super) struct OldLinks {
    keep_verified: bool,
    needs: Vec<Need>,
    notes: Vec<String>,
    rules: Rules,
    judged: Judged,
}

/// What goes with the old table.
#[derive(Default, sqlx::FromRow)]
struct Rules {
    policies: i64,
    grants: i64,
    uniques: i64,
    triggers: i64,
    codes: i64,
}

const RULES: &str = "
    select (select count(*) from pg_policy where polrelid = c.oid) as policies,
        (select count(distinct a.grantee) from aclexplode(c.relacl) a
         where a.grantee <> c.relowner) as grants,
        (select count(*) from pg_constraint where conrelid = c.oid and contype = 'u') as uniques,
        (select count(*) from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers,
        0::bigint as codes
    from pg_class c where c.oid = $1::regclass";

/// Looks at the old table, if one is there. It has to be asked only while ours is not made yet.
pub(super) async fn look(
    conn: &mut PgConnection,
    keep_verified: bool,
    accounts_are_seen: bool,
) -> anyhow::Result<Option<OldLinks>> {
    let Some(mut needs) = shape(conn).await? else {
        return Ok(None);
    };
    let mut old = OldLinks {
        keep_verified,
        needs: Vec::new(),
        notes: Vec::new(),
        rules: Rules::default(),
        judged: Judged::default(),
    };
    if needs.is_empty() {
        old.rules = sqlx::query_as(RULES)
            .bind(NAME)
            .fetch_one(&mut *conn)
            .await?;
        let rows = rows::read(conn).await?;
        old.rules.codes = rows.iter().filter(|row| row.has_code).count().try_into()?;
        if accounts_are_seen {
            needs.extend(rows::without_account(conn).await?);
        }
        old.judged = judge(&rows, keep_verified);
        needs.append(&mut old.judged.troubles);
        let (hard, soft) = dependents::look(conn).await?;
        needs.extend(hard);
        old.notes = soft;
    }
    old.needs = needs;
    Ok(Some(old))
}

/// What differs from the table that Foco is known to have had; `None` where there is no table.
async fn shape(conn: &mut PgConnection) -> anyhow::Result<Option<Vec<Need>>> {
    let kind: Option<(String, bool, String, String)> = sqlx::query_as(
        "select relkind::text, pg_has_role(relowner, 'usage'),
             quote_ident(pg_get_userbyid(relowner)), quote_ident(current_user)
         from pg_class where oid = to_regclass($1)",
    )
    .bind(NAME)
    .fetch_optional(&mut *conn)
    .await?;
    let Some((kind, ours, owner, role)) = kind else {
        return Ok(None);
    };
    if kind != "r" {
        let what = format!("{NAME} is there and is no ordinary table");
        let mend = "put it away under another name";
        return Ok(Some(vec![Need::new(what, mend)]));
    }
    let mut needs = Vec::new();
    if !ours {
        needs.push(Need::new(
            format!("the table {NAME} belongs to {owner}"),
            format!("alter table {NAME} owner to {role}; -- as {owner}"),
        ));
    }
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select attname::text, format_type(atttypid, null) from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped",
    )
    .bind(NAME)
    .fetch_all(conn)
    .await?;
    needs.extend(unlike(&columns));
    Ok(Some(needs))
}

/// Columns that are missing, of another type, or unknown.
fn unlike(columns: &[(String, String)]) -> Vec<Need> {
    let mut needs = Vec::new();
    for (name, types) in KEPT {
        let found = columns.iter().find(|(column, _)| column == name);
        if found.is_some_and(|(_, found)| types.contains(&found.as_str())) {
            continue;
        }
        let found = found.map_or("is missing", |(_, found)| found);
        needs.push(Need::new(
            format!("{NAME}.{name} should be {}: {found}", types.join(" or ")),
            format!("alter {NAME} so that it is, or put it away: alter table {NAME} rename to ..."),
        ));
    }
    for (column, _) in columns {
        let known = KEPT.iter().any(|(name, _)| name == column);
        if !known && !ERASED.contains(&column.as_str()) {
            needs.push(Need::new(
                format!("{NAME}.{column} is not known, and would be lost"),
                format!("alter table {NAME} drop column {column}; -- once it is kept elsewhere"),
            ));
        }
    }
    needs
}

impl OldLinks {
    /// What an operator has to decide first.
    pub(super) fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// What an operator should know.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What is done with it, a line each.
    pub(super) fn plan(&self) -> Vec<String> {
        let Judged {
            rows,
            proven,
            rewritten,
            ..
        } = &self.judged;
        let mut proven_rows = format!("{proven} of them proven");
        if *proven > 0 && self.keep_verified {
            proven_rows.push_str(", and stay so (--keep-verified)");
        } else if *proven > 0 {
            proven_rows.push_str(
                ": they become claims, to be proven anew, since any signed-in user could make \
                 them; --keep-verified keeps them as they are",
            );
        }
        let mut of_phones = String::new();
        if *rewritten > 0 {
            let _ = write!(of_phones, ", {rewritten} of them in another form than now");
        }
        let rules = &self.rules;
        vec![
            format!("take over {} rows of {NAME}, {proven_rows}", rows.len()),
            format!("write their phones in canonical form{of_phones}"),
            format!("erase {} codes that stand in clear", rules.codes),
            format!(
                "drop what goes with the old table: {} policies, the rights of {} roles, {} \
                 unique rules, {} triggers (their functions stay)",
                rules.policies, rules.grants, rules.uniques, rules.triggers
            ),
        ]
    }

    /// Takes the rows out and drops the table, if all is as it should be now that nobody else can
    /// change it.
    pub(super) async fn take(&self, transaction: &mut PgConnection) -> anyhow::Result<Rows> {
        sqlx::raw_sql("lock table public.whatsapp_user_links in access exclusive mode")
            .execute(&mut *transaction)
            .await?;
        let old = look(transaction, self.keep_verified, false).await?;
        let Some(old) = old.filter(|old| old.needs.is_empty()) else {
            bail!("{NAME} was changed meanwhile, and nothing was done; run it again");
        };
        // Without `cascade`: what was overlooked ends the transaction here.
        sqlx::raw_sql("drop table public.whatsapp_user_links")
            .execute(transaction)
            .await?;
        Ok(Rows(old.judged.rows))
    }
}

/// Rows on their way.
pub(super) struct Rows(Vec<OldRow>);

impl Rows {
    /// Puts them into our table.
    pub(super) async fn put(self, transaction: &mut PgConnection) -> anyhow::Result<()> {
        let count = self.0.len();
        let put = rows::write(transaction, &self.0).await?;
        if put != u64::try_from(count)? {
            bail!("{put} of {count} rows of {NAME} were taken over: nothing was done");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_another_shape_is_described_column_by_column() {
        let columns: Vec<(String, String)> = KEPT
            .iter()
            .map(|(name, types)| ((*name).to_owned(), types[0].to_owned()))
            .collect();
        assert_eq!(unlike(&columns), []);
        let mut other = columns;
        other.retain(|(name, _)| name != "linked_at");
        other[2].1 = "bigint".to_owned();
        other.push(("nickname".to_owned(), "text".to_owned()));
        let said: Vec<String> = unlike(&other).into_iter().map(|need| need.what).collect();
        assert_eq!(
            said,
            [
                "public.whatsapp_user_links.phone should be text or character varying: bigint",
                "public.whatsapp_user_links.linked_at should be timestamp with time zone: is \
                 missing",
                "public.whatsapp_user_links.nickname is not known, and would be lost",
            ]
        );
    }
}
