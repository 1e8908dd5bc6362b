//! What is missing is said all at once, each with the statement that mends it; and the roles that
//! deploy/README.md describes, made by its own statements, can do what they are for.

use harness::{BareDatabase, Foco, Postgres};

use super::{migrates, refuses, said, texts};

/// deploy/README.md, as operators read it.
const DEPLOYING: &str = include_str!("../../../deploy/README.md");
/// The role that it makes.
const ROLE: &str = "focobot_app";

/// The statements below a heading of deploy/README.md, for a role and database of this test.
fn statements(foco: &BareDatabase, heading: &str, role: &str) -> String {
    let (_, section) = DEPLOYING.split_once(heading).expect(heading);
    let (_, block) = section.split_once("```sql\n").expect("statements");
    let (block, _) = block.split_once("```").expect("their end");
    block
        .replace(ROLE, role)
        .replace("'...'", &format!("'{}'", foco.password()))
        .replace("database postgres", &format!("database {}", foco.name()))
}

/// A role's name that no other test has.
fn role(foco: &BareDatabase) -> String {
    foco.name().replace("world_", "role_")
}

async fn forget_role(foco: &BareDatabase, role: &str) {
    foco.administer(&format!("drop owned by {role} cascade; drop role {role}"))
        .await;
}

/// The lines of `focobot doctor` that are about the database, as the programs' role sees it.
async fn doctor(foco: &BareDatabase, role: &str) -> Vec<String> {
    let output = foco.focobot_by(role, &["doctor", "--json"]).await;
    let lines = harness::printed(&output);
    let ours = [
        "migrations",
        "role",
        "tables",
        "row_security",
        "accounts",
        "foco",
    ];
    let lines = lines.as_array().unwrap().iter();
    let lines = lines.filter(|line| ours.iter().any(|name| line["check"] == *name));
    lines.map(ToString::to_string).collect()
}

fn are_well(lines: &[String]) -> bool {
    lines.len() == 6 && lines.iter().all(|line| line.contains("\"ok\":true"))
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_role_lacks_is_said_at_once_and_the_statements_mend_it() {
    let foco = BareDatabase::of(Foco::A).await;
    let role = role(&foco);
    foco.administer(&format!(
        "create role {role} login password '{}'; revoke usage on schema auth from public",
        foco.password()
    ))
    .await;
    let before = foco.snapshot().await;
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        let output = foco.focobot_by(&role, arguments).await;
        assert_eq!(output.status.code(), Some(1));
        let refusal = said(&output);
        for what in [
            "may not create tables in schema public",
            "may not create the schema focobot",
            "may not use the schema auth",
            "may not refer to auth.users",
            "cannot act as a user",
        ] {
            assert!(
                refusal.contains(&format!("{role} {what}")),
                "{what}: {refusal}"
            );
        }
        assert_eq!(foco.snapshot().await, before);
    }
    let refusal = said(&foco.focobot_by(&role, &["migrate"]).await);
    let mends = refusal.lines().filter(|line| line.starts_with("    "));
    foco.administer(&mends.collect::<Vec<_>>().join("\n")).await;
    let migrated = foco.focobot_by(&role, &["migrate"]).await;
    assert!(migrated.status.success(), "{}", said(&migrated));
    // It does not pass row-level security by, and that has no error.
    assert!(said(&migrated).contains("Note: "), "{}", said(&migrated));
    let lines = doctor(&foco, &role).await;
    let wrong: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("\"ok\":false"))
        .collect();
    assert_eq!(wrong.len(), 1, "{lines:?}");
    assert!(
        wrong[0].contains("sees no address in auth.users"),
        "{lines:?}"
    );
    forget_role(&foco, &role).await;
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_of_foco_is_described_and_nothing_is_changed() {
    let foco = BareDatabase::of(Foco::A).await;
    super::does(
        &foco,
        "alter table proposals rename column created_by to made_by",
    )
    .await;
    foco.administer("drop function auth.uid() cascade").await;
    let before = foco.snapshot().await;
    let refusal = refuses(&foco, &[]).await;
    assert!(
        refusal.contains("the function auth.uid() is missing"),
        "{refusal}"
    );
    assert!(refusal.contains("public.proposals.created_by"), "{refusal}");
    assert_eq!(foco.snapshot().await, before);
    let lines = doctor(&foco, "foco_owner").await;
    let of_foco = lines.iter().find(|line| line.contains("\"foco\"")).unwrap();
    assert!(of_foco.contains("public.proposals.created_by"), "{of_foco}");
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_others_have_taken_is_said_before_anything_is_changed() {
    let foco = BareDatabase::of(Foco::A).await;
    super::does(
        &foco,
        "create table whatsapp_replies (n int); create view whatsapp_messages as select 1 as n",
    )
    .await;
    let before = foco.snapshot().await;
    let refusal = refuses(&foco, &[]).await;
    for what in [
        "a table public.whatsapp_replies",
        "a view public.whatsapp_messages",
    ] {
        assert!(refusal.contains(what), "{refusal}");
    }
    assert_eq!(foco.snapshot().await, before);
    foco.ends().await;
}

/// `postgres` migrates, and the programs sign in as a role that may touch nothing else.
async fn programs_of_their_own(foco: &BareDatabase) {
    let role = role(foco);
    let missing = refuses(foco, &["--programs", &role]).await;
    assert!(
        missing.contains(&format!("the role {role} is missing")),
        "{missing}"
    );
    super::does(
        foco,
        &statements(foco, "### A role for the programs", &role),
    )
    .await;
    migrates(foco, &["--programs", &role]).await;
    let lines = doctor(foco, &role).await;
    assert!(are_well(&lines), "{lines:#?}");
    // It has no right on Foco's tables but those of whoever it acts as, and makes nothing.
    let rights = format!(
        "select count(*)::text from information_schema.role_table_grants where grantee = '{role}'
             and table_name !~ '^(whatsapp|_sqlx)_'"
    );
    assert_eq!(texts(foco, &rights).await, ["0"]);
    let creates = format!("select has_schema_privilege('{role}', 'public', 'create')::text");
    assert_eq!(texts(foco, &creates).await, ["false"]);
    // A table that comes later is given to it as well, without asking again.
    super::does(
        foco,
        "revoke all on whatsapp_replies from PUBLIC; drop policy focobot_programs on whatsapp_replies",
    )
    .await;
    let lines = doctor(foco, &role).await;
    assert!(!are_well(&lines), "{lines:#?}");
    migrates(foco, &[]).await;
    assert!(are_well(&doctor(foco, &role).await));
    let again = migrates(foco, &[]).await;
    assert!(again.contains("there was nothing to do"), "{again}");
    forget_role(foco, &role).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_migrates_and_the_programs_sign_in_as_a_role_of_their_own() {
    for shape in Foco::REAL {
        let foco = BareDatabase::of(shape).await;
        programs_of_their_own(&foco).await;
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_18_the_roles_of_the_documentation_do_what_they_are_for() {
    let postgres = Postgres::of_version_18().await;
    let foco = BareDatabase::on(&postgres, Foco::A).await;
    programs_of_their_own(&foco).await;
    foco.ends().await;
    let foco = BareDatabase::on(&postgres, Foco::B).await;
    migrates_by_itself(&foco).await;
    foco.ends().await;
}

/// One role that is not `postgres` migrates and is the programs'.
async fn migrates_by_itself(foco: &BareDatabase) {
    let role = role(foco);
    foco.administer(&statements(foco, "### A role that also migrates", &role))
        .await;
    let migrated = foco.focobot_by(&role, &["migrate"]).await;
    assert!(migrated.status.success(), "{}", said(&migrated));
    let lines = doctor(foco, &role).await;
    assert!(are_well(&lines), "{lines:#?}");
    forget_role(foco, &role).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_its_own_migrates_and_is_the_programs() {
    let foco = BareDatabase::of(Foco::A).await;
    migrates_by_itself(&foco).await;
    foco.ends().await;
}
