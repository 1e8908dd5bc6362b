//! What hangs on the old table is named before anything is changed.

use harness::Foco;

use super::{decide, live};
use crate::migrating::{does, migrates, refuses};

/// What a customer may have built on the table, and how it is named.
const HANGING: [(&str, &str, &str); 6] = [
    (
        "create table visits (link_id uuid references whatsapp_user_links (id))",
        "constraint visits_link_id_fkey on table visits",
        "alter table visits drop constraint visits_link_id_fkey;",
    ),
    (
        "create view pending_codes as select user_id, verification_code from whatsapp_user_links",
        "view pending_codes",
        "drop view pending_codes;",
    ),
    (
        "create function phone_of(link whatsapp_user_links) returns text
         language sql return (link).phone",
        "function phone_of(whatsapp_user_links)",
        "drop function phone_of(whatsapp_user_links);",
    ),
    (
        "create function noted() returns trigger language plpgsql as $$ begin return new; end $$;
         create trigger noted after insert on whatsapp_user_links
             for each row execute function noted()",
        "trigger noted on table whatsapp_user_links",
        "drop trigger noted on whatsapp_user_links;",
    ),
    (
        "create table notes (id int, user_id uuid); alter table notes enable row level security;
         create policy of_linked on notes using
             (user_id in (select l.user_id from whatsapp_user_links l where l.verified))",
        "policy of_linked on table notes",
        "drop policy of_linked on notes;",
    ),
    (
        "create table archived_links () inherits (whatsapp_user_links)",
        "table archived_links",
        "drop table archived_links;",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn all_that_hangs_on_the_table_is_named_with_what_drops_it_and_nothing_is_changed() {
    let foco = live(Foco::B).await;
    decide(&foco).await;
    for (statements, ..) in HANGING {
        does(&foco, statements).await;
    }
    let before = foco.snapshot().await;
    let refusal = refuses(&foco, &[]).await;
    for (_, what, mend) in HANGING {
        let line = format!("- {what} hangs on public.whatsapp_user_links\n    {mend}");
        assert!(refusal.contains(&line), "{line}: {refusal}");
    }
    assert_eq!(foco.snapshot().await, before);
    for (.., mend) in HANGING {
        does(&foco, mend).await;
    }
    migrates(&foco, &[]).await;
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_that_only_name_the_table_and_where_it_is_published_are_told() {
    let foco = live(Foco::A).await;
    decide(&foco).await;
    does(
        &foco,
        "create function code_of(account uuid) returns text language plpgsql as $$
         begin
             return (select verification_code from whatsapp_user_links where user_id = account);
         end $$;
         create publication of_links for table whatsapp_user_links",
    )
    .await;
    for options in [&["--dry-run"][..], &[]] {
        let told = migrates(&foco, options).await;
        let function = "Note: the function code_of(uuid) reads or writes it, and its column \
                        verification_code, which is gone afterwards";
        assert!(told.contains(function), "{told}");
        let publication = "Note: the publication of_links holds it";
        assert!(told.contains(publication), "{told}");
    }
    foco.ends().await;
}
