//! What hangs on the old table, and is not FocoBot's to drop: found and named before anything is
//! changed.

use sqlx::PgConnection;

use super::super::needs::Need;

/// Everything that PostgreSQL knows to depend on the table, its columns or its row type, and that
/// is no part of it. What is part of it (its own indexes, rules, policies, defaults) goes with it.
const HARD: &str = "
    with target as (
        select c.oid, c.reltype from pg_class c where c.oid = 'public.whatsapp_user_links'::regclass
    ), on_it as (
        select d.classid, d.objid, d.objsubid from pg_depend d, target
        where d.deptype in ('n', 'a')
            and ((d.refclassid = 'pg_class'::regclass and d.refobjid = target.oid)
                or (d.refclassid = 'pg_type'::regclass and d.refobjid in (target.reltype,
                    (select typarray from pg_type where oid = target.reltype)))
                or (d.refclassid = 'pg_constraint'::regclass and d.refobjid in
                    (select oid from pg_constraint where conrelid = target.oid))
                or (d.refclassid = 'pg_class'::regclass and d.refobjid in
                    (select indexrelid from pg_index where indrelid = target.oid)))
    )
    select distinct pg_describe_object(o.classid, o.objid, o.objsubid)
    from on_it o, target
    where not (o.classid = 'pg_class'::regclass and (o.objid = target.oid or o.objid in
            (select indexrelid from pg_index where indrelid = target.oid)
            or o.objid = (select reltoastrelid from pg_class where oid = target.oid)))
        and not (o.classid = 'pg_type'::regclass
            and o.objid in (target.reltype, (select typarray from pg_type where oid = target.reltype)))
        and not exists (select from pg_constraint c
            where o.classid = 'pg_constraint'::regclass and c.oid = o.objid and c.conrelid = target.oid)
        and not exists (select from pg_attrdef a
            where o.classid = 'pg_attrdef'::regclass and a.oid = o.objid and a.adrelid = target.oid)
        and not exists (select from pg_policy p
            where o.classid = 'pg_policy'::regclass and p.oid = o.objid and p.polrelid = target.oid)
        and o.classid <> 'pg_publication_rel'::regclass
        and not exists (select from pg_trigger t
            where o.classid = 'pg_trigger'::regclass and t.oid = o.objid
                and (t.tgisinternal or t.tgfoid in (select oid from pg_proc
                    where proname = 'update_updated_at_column')))
    order by 1";

/// What only its text ties to the table: functions that PostgreSQL reads as they run; and where
/// its changes are published.
const SOFT: &str = "
    select format('the function %s reads or writes it', p.oid::regprocedure)
        || case when p.prosrc ~ 'verification_code'
            then ', and its column verification_code, which is gone afterwards' else '' end
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname not in ('pg_catalog', 'information_schema')
        and p.prosrc ~ 'whatsapp_user_links'
    union all
    select format('the publication %I holds it, and will not hold the new one', p.pubname)
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
    where r.prrelid = 'public.whatsapp_user_links'::regclass
    order by 1";

/// What has to go first, and what one should know.
pub(super) async fn look(conn: &mut PgConnection) -> Result<(Vec<Need>, Vec<String>), sqlx::Error> {
    let hard: Vec<String> = sqlx::query_scalar(HARD).fetch_all(&mut *conn).await?;
    let soft = sqlx::query_scalar(SOFT).fetch_all(conn).await?;
    Ok((hard.iter().map(|what| hanging(what)).collect(), soft))
}

/// PostgreSQL describes an object as its `drop` would name it, for most kinds.
fn hanging(object: &str) -> Need {
    let view = object.strip_prefix("rule _RETURN on ");
    let mend = match (view, object.split_once(" on table ")) {
        (Some(view), _) => format!("drop {view};"),
        (None, Some((object, table))) if object.starts_with("constraint ") => {
            format!("alter table {table} drop {object};")
        }
        (None, Some((object, table))) => format!("drop {object} on {table};"),
        (None, None) => format!("drop {object};"),
    };
    Need::new(
        format!(
            "{} hangs on public.whatsapp_user_links",
            view.unwrap_or(object)
        ),
        format!("{mend} -- make it anew afterwards, without the codes"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_on_the_table_comes_with_the_statement_that_drops_it() {
        for (object, statement) in [
            ("rule _RETURN on view linked", "drop view linked;"),
            (
                "constraint visits_link_id_fkey on table visits",
                "alter table visits drop constraint visits_link_id_fkey;",
            ),
            (
                "trigger audit on table whatsapp_user_links",
                "drop trigger audit on whatsapp_user_links;",
            ),
            ("policy seen on table visits", "drop policy seen on visits;"),
            (
                "function f(whatsapp_user_links)",
                "drop function f(whatsapp_user_links);",
            ),
        ] {
            let mend = hanging(object).mend;
            assert!(mend.starts_with(statement), "{mend}");
        }
    }
}
