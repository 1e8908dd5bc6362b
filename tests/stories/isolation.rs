//! A user of one workspace never sees another's.

use harness::{Setup, USER, USER_OF_ANOTHER_WORKSPACE};

#[tokio::test(flavor = "multi_thread")]
async fn another_customers_projects_are_neither_listed_nor_found_by_name() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    for text in ["/list projects", "/project", "/workspace", "/list tasks"] {
        let reply = phone.asks(text).await;
        assert!(!reply.to_lowercase().contains("secreto"), "{text}: {reply}");
        assert!(!reply.contains("Otra empresa"), "{text}: {reply}");
    }
    for text in [
        "/project Secreto",
        "/project %",
        "/project _",
        "/workspace Otra empresa",
    ] {
        let reply = phone.asks(text).await;
        assert!(reply.contains("I find no"), "{text}: {reply}");
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_level_security_alone_hides_every_row_from_a_stranger() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    phone.asks("Fix the login, 2 hours").await;
    let mut transaction = world.pool().begin().await.unwrap();
    common::database::act_as_user(&mut transaction, USER_OF_ANOTHER_WORKSPACE)
        .await
        .unwrap();
    for (table, expected) in [
        ("foco_proposals", 0),
        ("foco_proposal_items", 0),
        ("whatsapp_user_links", 0),
        ("foco_projects", 1),
        ("workspaces", 1),
        ("work_items", 1),
    ] {
        let query = format!("select count(*) from {table}");
        let query = sqlx::AssertSqlSafe(query);
        let seen: i64 = sqlx::query_scalar(query)
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(seen, expected, "{table}");
    }
    transaction.rollback().await.unwrap();
    for table in [
        "whatsapp_messages",
        "whatsapp_replies",
        "whatsapp_recipients",
    ] {
        let mut transaction = world.pool().begin().await.unwrap();
        common::database::act_as_user(&mut transaction, USER)
            .await
            .unwrap();
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let denied = sqlx::query_scalar::<_, i64>(query)
            .fetch_one(&mut *transaction)
            .await;
        assert!(denied.is_err(), "{table} can be read by users");
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_access_before_the_request_was_read_gets_no_proposal_but_the_reason() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    sqlx::query("delete from workspace_members where user_id = $1")
        .bind(USER)
        .execute(world.pool())
        .await
        .unwrap();
    let reply = phone.asks("Fix the login, 2 hours").await;
    assert!(reply.contains("no projects"), "{reply}");
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    world.ends_clean().await;
}
