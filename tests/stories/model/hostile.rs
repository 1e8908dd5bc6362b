//! A model that was talked into something.

use harness::World;
use serde_json::{Value, json};

use super::{answer, plays, scene, with_model};

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_answer_is_sent_back_with_the_rules_that_it_breaks_and_stored_nowhere() {
    let (world, phone) = with_model(&[]).await;
    let many: Vec<Value> = (0..80)
        .map(|_| answer(&[])["content"]["items"][0].clone())
        .collect();
    let project = json!({"project_id": "00000000-0000-4000-8000-0000000000c1"});
    let mut foreign = answer(&[("/summary", json!("HOSTILE"))]);
    foreign["content"]["project"] = project;
    for (change, complaint) in [
        (("/items/0/assignee", json!("root")), "items[0].assignee"),
        (("/items", json!(many)), "at most 50 entries"),
        (("/items/0/due", json!("2020-01-01")), "items[0].due"),
        (("/total_hours", json!(900)), "total_hours"),
    ] {
        let hostile = || answer(&[("/summary", json!("HOSTILE")), change.clone()]);
        let scene = scene(complaint, vec![hostile(), hostile()], 2, Some("invalid"));
        plays(&world, &phone, &scene).await;
        assert!(last_turn(&world).await.contains(complaint), "{complaint}");
    }
    let scene = scene(
        "another project",
        vec![foreign.clone(), foreign],
        2,
        Some("malformed"),
    );
    plays(&world, &phone, &scene).await;
    let hostile = world
        .count(
            "select count(*) from foco_proposals where title = 'HOSTILE'
                 or project_id <> '00000000-0000-4000-8000-0000000000a1'",
        )
        .await;
    assert_eq!(hostile, 0);
    let items = world
        .count("select count(*) from foco_proposal_items where assignee_id is not null or due_date is not null")
        .await;
    assert_eq!(items, 0);
    world.ends_clean().await;
}

/// What the model was told last.
async fn last_turn(world: &World) -> String {
    let calls = world.simulator.model_calls().await;
    let turns = calls.last().expect("a request")["request"]["messages"].clone();
    let turns = turns.as_array().expect("turns");
    turns.last().expect("a turn")["content"]
        .as_str()
        .expect("a text")
        .to_owned()
}
