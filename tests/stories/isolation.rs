//! A user of one workspace never sees another's.

use harness::{Foco, Setup, USER, USER_OF_ANOTHER_WORKSPACE, WORKSPACE, WORKSPACE_WORKSHOP};

on_each_foco! {
    another_customers_projects_are_neither_listed_nor_found_by_name,
    row_level_security_alone_hides_every_row_from_a_stranger,
    who_lost_access_before_the_request_was_read_gets_no_proposal_but_the_reason,
}

async fn another_customers_projects_are_neither_listed_nor_found_by_name(foco: Foco) {
    let world = Setup::on(foco).start().await;
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

async fn row_level_security_alone_hides_every_row_from_a_stranger(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    phone.asks("Fix the login, 2 hours").await;
    let mut transaction = world.pool().begin().await.unwrap();
    common::database::act_as_user(&mut transaction, USER_OF_ANOTHER_WORKSPACE)
        .await
        .unwrap();
    for (table, expected) in [
        ("{proposals}", 0),
        ("{items}", 0),
        ("whatsapp_user_links", 0),
        ("foco_projects where name <> 'Workspace Root'", 1),
        ("{workspaces}", 1),
        ("work_items", 1),
    ] {
        let query = foco.says(&format!("select count(*) from {table}"));
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

async fn who_lost_access_before_the_request_was_read_gets_no_proposal_but_the_reason(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    for workspace in [WORKSPACE, WORKSPACE_WORKSHOP] {
        world.removes(USER, workspace).await;
    }
    let reply = phone.asks("Fix the login, 2 hours").await;
    assert!(reply.contains("no projects"), "{reply}");
    assert!(world.proposals().await.is_empty());
    world.ends_clean().await;
}
