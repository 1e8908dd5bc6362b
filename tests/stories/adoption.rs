//! The customer's live table of links is taken over: each row is kept or named, never lost and never
//! silently chosen, and at every moment either the old table is there or the new one.

mod cut_off;
mod dependents;

use common::database::act_as_user;
use harness::{BareDatabase, Foco, LIVE_BRANCH, LIVE_LINKS};
use sqlx::Executor as _;
use uuid::{Uuid, uuid};

use crate::migrating::{does, migrates, refuses, texts};

/// Whose row is verified and as it should be.
const LINKED: Uuid = uuid!("00000000-0000-4000-8000-000000000021");

/// A database of the customer's with its live table.
async fn live(shape: Foco) -> BareDatabase {
    BareDatabase::of(shape).await.has(LIVE_LINKS).await
}

/// What nobody but an operator decides is decided: of one phone in two rows the older stays, and
/// what is no phone goes.
async fn decide(foco: &BareDatabase) {
    does(
        foco,
        "delete from whatsapp_user_links where user_id in
             ('00000000-0000-4000-8000-000000000023', '00000000-0000-4000-8000-000000000028')",
    )
    .await;
}

/// Accounts with their phones, verified or not, and whether it is known since when.
const LINKS: &str = "
    select right(user_id::text, 2) || ' ' || phone || case when verified then ' proven' else '' end
        || case when linked_at is null then '' else ' since' end
    from whatsapp_user_links order by user_id";

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_one_phone_and_phones_that_cannot_be_read_are_named_and_nothing_is_changed() {
    for shape in Foco::REAL {
        let foco = live(shape).await;
        let before = foco.snapshot().await;
        let rows = texts(
            &foco,
            "select id::text from whatsapp_user_links where right(user_id::text, 2)
                 in ('22', '23', '28')",
        )
        .await;
        for options in [&["--dry-run"][..], &[], &["--keep-verified"]] {
            let refusal = refuses(&foco, options).await;
            for row in &rows {
                assert!(refusal.contains(&format!("row {row}")), "{refusal}");
                let mend = format!("delete from public.whatsapp_user_links where id = '{row}'");
                assert!(refusal.contains(&mend), "{refusal}");
            }
            assert!(refusal.contains("account 00000000-0000-4000-8000-000000000023"));
            assert!(refusal.contains("phone ...0122"), "{refusal}");
            assert!(!refusal.contains("5550122"), "a whole phone: {refusal}");
            assert!(!refusal.contains("482913"), "a code: {refusal}");
            assert_eq!(foco.snapshot().await, before);
        }
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_become_claims_unless_they_are_to_be_kept_and_a_dry_run_says_how_many() {
    for (options, links) in [
        (
            &[][..],
            [
                "21 +525555550121",
                "22 +525555550122",
                "24 +525555550124",
                "25 +525555550125",
                "26 +525555550126",
                "27 +525555550127",
            ],
        ),
        (
            &["--keep-verified"],
            [
                "21 +525555550121 proven since",
                "22 +525555550122 proven since",
                "24 +525555550124 proven since",
                "25 +525555550125 proven since",
                "26 +525555550126",
                "27 +525555550127",
            ],
        ),
    ] {
        let foco = live(Foco::A).await;
        decide(&foco).await;
        let before = foco.snapshot().await;
        let plan = migrates(&foco, &[&["--dry-run"], options].concat()).await;
        for part in [
            "take over 6 rows of public.whatsapp_user_links, 4 of them proven",
            "1 of them in another form",
            "erase 2 codes",
            "5 policies",
            "2 unique rules, 1 triggers",
        ] {
            assert!(plan.contains(part), "{part}: {plan}");
        }
        assert_eq!(foco.snapshot().await, before);
        migrates(&foco, options).await;
        assert_eq!(texts(&foco, LINKS).await, links);
        let after = foco.snapshot().await;
        for code in ["482913", "770341"] {
            assert!(before.contains(code) && !after.contains(code), "{code}");
        }
        let noted = "select count(*)::text from whatsapp_link_events
            where event = 'link' and origin = 'operator' and operator like 'focobot migrate as %'";
        let kept = links.iter().filter(|link| link.contains("proven")).count();
        assert_eq!(texts(&foco, noted).await, [kept.to_string()]);
        let again = migrates(&foco, options).await;
        assert!(again.contains("there was nothing to do"), "{again}");
        assert_eq!(foco.snapshot().await, after);
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_over_is_as_a_new_one_would_be() {
    for shape in Foco::REAL {
        let fresh = BareDatabase::of(shape).await.has(LIVE_BRANCH).await;
        migrates(&fresh, &[]).await;
        let adopted = live(shape).await.has(LIVE_BRANCH).await;
        decide(&adopted).await;
        migrates(&adopted, &["--keep-verified"]).await;
        assert_eq!(adopted.shape().await, fresh.shape().await);
        let applied = "select version::text || encode(checksum, 'hex') from _sqlx_migrations
            order by 1";
        assert_eq!(texts(&adopted, applied).await, texts(&fresh, applied).await);
        fresh.ends().await;
        adopted.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foco_goes_on_reading_a_persons_own_link_and_nobody_makes_one_by_hand() {
    let foco = live(Foco::A).await;
    decide(&foco).await;
    migrates(&foco, &["--keep-verified"]).await;
    let mut own = foco.pool().begin().await.unwrap();
    act_as_user(&mut own, LINKED).await.unwrap();
    let rows: Vec<(Uuid, String, bool)> = sqlx::query_as(
        "select user_id, phone, verified from
             (select id, user_id, phone, verified, linked_at, created_at, updated_at
              from whatsapp_user_links) seen",
    )
    .fetch_all(&mut *own)
    .await
    .unwrap();
    assert_eq!(rows, [(LINKED, "+525555550121".to_owned(), true)]);
    own.rollback().await.unwrap();
    for statement in [
        "insert into whatsapp_user_links (user_id, phone, verified, linked_at)
         values ('00000000-0000-4000-8000-000000000021', '+525555550199', true, now())",
        "update whatsapp_user_links set phone = '+525555550198'",
        "delete from whatsapp_user_links",
        "select verification_code_hash from whatsapp_user_links",
    ] {
        let mut own = foco.pool().begin().await.unwrap();
        act_as_user(&mut own, LINKED).await.unwrap();
        let refused = own.execute(statement).await.unwrap_err();
        let code = refused.into_database_error().unwrap();
        assert_eq!(code.code().as_deref(), Some("42501"), "{statement}");
    }
    foco.ends().await;
}
