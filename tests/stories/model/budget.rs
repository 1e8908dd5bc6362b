//! What a workspace may spend in a day, and what a proposal says about how it came about.

use harness::World;
use serde_json::{Value, json};

use super::{plays, scene, with_model};

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_has_spent_its_tokens_gets_the_built_in_parser_and_others_the_model() {
    let (world, phone) = with_model(&[("OPENAI_DAILY_TOKENS_PER_WORKSPACE", "1")]).await;
    plays(&world, &phone, &scene("the first", vec![], 1, None)).await;
    plays(
        &world,
        &phone,
        &scene("over the limit", vec![], 0, Some("budget")),
    )
    .await;
    phone.asks("/workspace Taller Norte").await;
    phone.asks("/project Bodega").await;
    plays(&world, &phone, &scene("another workspace", vec![], 1, None)).await;
    provenance_says_how_it_came_about(&world).await;
    world.ends_clean().await;
}

/// Of the first two proposals: one of the model's, one of the built-in parser's.
async fn provenance_says_how_it_came_about(world: &World) {
    let rows: Vec<Value> =
        sqlx::query_scalar("select metadata from foco_proposals order by created_at, id")
            .fetch_all(world.pool())
            .await
            .unwrap();
    let (model, built_in) = (&rows[0], &rows[1]);
    assert_eq!(
        (&model["parser"], &model["model"]),
        (&json!("openai"), &json!("gpt-5.4-mini"))
    );
    assert_eq!(model["prompt_version"], 2);
    assert!(model["tokens"]["prompt"].as_u64() > Some(1024), "{model}");
    assert!(model["tokens"]["cached"].as_u64() >= Some(1024), "{model}");
    assert!(model["tokens"]["completion"].as_u64() > Some(0), "{model}");
    assert_eq!(
        (&model["rough"], &model["fallback"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(
        (&built_in["parser"], &built_in["model"]),
        (&json!("builtin"), &Value::Null)
    );
    assert_eq!(
        (&built_in["rough"], &built_in["fallback"]),
        (&json!(true), &json!("budget"))
    );
    assert_eq!(
        (&built_in["prompt_version"], &built_in["tokens"]),
        (&Value::Null, &Value::Null)
    );
    for row in [model, built_in] {
        assert!(row["duration_ms"].is_u64(), "{row}");
        assert!(row["confidence"].is_number(), "{row}");
        assert!(row["assumptions"].is_array(), "{row}");
    }
}
