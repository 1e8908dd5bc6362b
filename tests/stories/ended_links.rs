//! What was said to one account is told to nobody else: however a reply comes to be due again,
//! and however the link has ended under which it was written, it is not posted after that end.

use std::collections::BTreeMap;

use harness::{Phone, Setup, USER, World, printed, until};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// How a reply comes to be due once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// Twilio was busy.
    Busy,
    /// Nobody can say what became of its post, and Twilio does not list it.
    Doubtful,
    /// Twilio took it, and says hours later that it did not arrive.
    LateFailure,
    /// It was refused, and an operator replays its dead letter.
    DeadLetter,
    /// It was never announced, and an operator replays what is missing.
    Missing,
    /// The same, and the sweep finds it.
    Swept,
    /// It was held until somebody writes from that number.
    Held,
}

const WAYS: [Way; 7] = [
    Way::Busy,
    Way::Doubtful,
    Way::LateFailure,
    Way::DeadLetter,
    Way::Missing,
    Way::Swept,
    Way::Held,
];

/// How a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Web,
    Chat,
    Operator,
    Replaced,
    ChangedHands,
}

/// Somebody with a proposal whose reply is to come back.
struct Person {
    way: Way,
    n: u8,
    phone: Phone,
    /// The message that asked for it.
    sid: String,
    proposal: String,
}

impl Person {
    fn user(&self) -> Uuid {
        Uuid::from_u128(USER.as_u128() + 0x100 + u128::from(self.n))
    }

    /// The account that has the number afterwards.
    fn next(&self) -> Uuid {
        Uuid::from_u128(USER.as_u128() + 0x200 + u128::from(self.n))
    }

    fn number(&self) -> String {
        format!("+5255555502{:02}", self.n)
    }

    /// Writes and shows a business-scoped id, of the one who had the number or of the one who has.
    async fn writes(&self, world: &World, id: &str, text: &str) -> String {
        let params = json!({"ExternalUserId": format!("whatsapp:MX.{id}{}", self.n)});
        let message = json!({"from": self.phone.address, "body": text, "params": params});
        let (sid, responses) = world.simulator.inbound(message).await;
        assert_eq!(responses[0]["status"], 200, "{responses:?}");
        sid
    }
}

async fn run(world: &World, statement: String) -> u64 {
    let done = sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(world.pool())
        .await;
    done.unwrap().rows_affected()
}

async fn number(world: &World, query: String) -> i64 {
    let found = sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(world.pool())
        .await;
    found.unwrap()
}

/// Everybody asks for work; the posts of the replies meet what they are to meet.
async fn people(world: &World) -> Vec<Person> {
    let mut people = Vec::new();
    for (n, way) in (1..).zip(WAYS) {
        people.push(Person {
            way,
            n,
            phone: world.links_another(n).await,
            sid: String::new(),
            proposal: String::new(),
        });
    }
    let fault = |person: &Person, action: Value| {
        let to = person.phone.address.clone();
        json!({"match": {"operation": "send", "to": to}, "action": action})
    };
    let faults = people.iter().filter_map(|person| match person.way {
        Way::Doubtful => Some(fault(person, json!({"kind": "reset"}))),
        Way::Busy => Some(fault(
            person,
            json!({"kind": "status", "status": 429, "code": 20429, "retry_after": 25}),
        )),
        Way::DeadLetter => Some(fault(
            person,
            json!({"kind": "status", "status": 400, "code": 21408}),
        )),
        _ => None,
    });
    let faults: Vec<Value> = faults.collect();
    world.simulator.twilio_faults(json!(faults)).await;
    // What was read cannot fail any more.
    let sent = json!({"last_status": "sent"});
    world.simulator.callback_faults(sent).await;
    // Those whose replies would not wait for long come last.
    for person in people.iter_mut().rev() {
        let text = format!("Paint the fence {}, 2 hours", person.n);
        person.sid = person.writes(world, "A", &text).await;
        let state = match person.way {
            Way::Doubtful => "unknown",
            Way::Busy => "pending",
            Way::DeadLetter => "failed",
            _ => "accepted",
        };
        let posted = format!(
            "select count(*) from whatsapp_reply_parts p
             join whatsapp_replies r on r.id = p.reply_id where r.message_sid = '{}'
                 and r.kind = 'final' and p.state = '{state}' and p.post_attempt = 1",
            person.sid
        );
        let posted = || number(world, posted.clone());
        until("the first post", posted, |count| *count == 1).await;
        let proposal = sqlx::query_scalar(
            "select proposal_id::text from whatsapp_messages where message_sid = $1",
        );
        let proposal = proposal.bind(&person.sid).fetch_one(world.pool());
        person.proposal = proposal.await.unwrap();
    }
    people
}

/// The link ends.
async fn ends(world: &World, person: &Person, end: End) {
    match end {
        End::Web => world.signs_in(person.user()).await.unlinks().await,
        End::Operator => {
            let arguments = ["sender", &person.number(), "--unlink"];
            let output = world.runs("focobot", &arguments).await;
            assert!(output.status.success(), "{output:?}");
        }
        End::Chat => {
            person.writes(world, "A", "/unlink").await;
            person.writes(world, "A", "/unlink").await;
        }
        End::Replaced => {
            let web = world.signs_in(person.user()).await;
            let number = format!("+5255555503{:02}", person.n);
            let (_, answer) = web.asks(&number).await;
            let other = world.phone(&format!("whatsapp:+52155555503{:02}", person.n));
            let code = answer["code"].as_str().expect("a code");
            other.sends(&format!("VERIFY {code}")).await;
        }
        End::ChangedHands => {
            person.writes(world, "B", "hola").await;
        }
    }
    let standing = format!(
        "select count(*) from whatsapp_user_links
         where phone = '{}' and verified and suspended_at is null",
        person.number()
    );
    let standing = || number(world, standing.clone());
    until("the end of the link", standing, |count| *count == 0).await;
}

/// Another account has the number from now on.
async fn is_taken_over(world: &World, person: &Person) {
    let user = person.next();
    let account = "insert into auth.users (id, email) values ($1, $1::text || '@example.com')";
    let entered = sqlx::query(account).bind(user).execute(world.pool()).await;
    entered.unwrap();
    let (_, answer) = world.signs_in(user).await.asks(&person.number()).await;
    let code = answer["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    person.writes(world, "B", &format!("VERIFY {code}")).await;
    let linked =
        format!("select count(*) from whatsapp_user_links where user_id = '{user}' and verified");
    let linked = || number(world, linked.clone());
    until("the next link", linked, |count| *count == 1).await;
}

/// The reply is due again, as a release that keeps no such rule could have left it.
async fn as_if(world: &World, person: &Person, state: &str) {
    let changed = run(
        world,
        format!(
            "alter table whatsapp_reply_parts disable trigger whatsapp_reply_parts_updated_at;
             update whatsapp_replies set created_at = created_at - interval '10 minutes'
                 where message_sid = '{0}';
             update whatsapp_reply_parts p set state = '{state}', twilio_sid = null, status = null,
                 post_attempt = 0, posted_at = null, accepted_at = null, failed_at = null,
                 not_before = null, told = false, updated_at = now() - interval '10 minutes'
             from whatsapp_replies r
             where r.id = p.reply_id and r.kind = 'final' and r.message_sid = '{0}';
             alter table whatsapp_reply_parts enable trigger whatsapp_reply_parts_updated_at;",
            person.sid
        ),
    );
    changed.await;
}

/// What makes it due again, once somebody else has the number.
async fn comes_back(world: &World, person: &Person) {
    match person.way {
        Way::Doubtful | Way::Busy => {}
        Way::Swept => as_if(world, person, "pending").await,
        Way::LateFailure => fails_late(world, person).await,
        Way::DeadLetter => {
            let listed = world.runs("focobot", &["dead", "list", "--json"]).await;
            let letters = printed(&listed);
            let mine = |letter: &&Value| letter["message_sid"] == person.sid.as_str();
            let letter = letters.as_array().and_then(|all| all.iter().find(mine));
            let id = letter.expect("a letter")["id"].to_string();
            world.runs("focobot", &["dead", "replay", &id]).await;
        }
        Way::Missing => {
            as_if(world, person, "pending").await;
            let arguments = ["replay", "--sid", &person.sid];
            let output = world.runs("focobot", &arguments).await;
            assert!(output.status.success(), "{output:?}");
        }
        Way::Held => {
            as_if(world, person, "held").await;
            person.writes(world, "B", "/status").await;
        }
    }
}

/// Twilio's callback, as it signs it.
async fn fails_late(world: &World, person: &Person) {
    let sends = world.simulator.sends().await;
    let mine = |send: &&Value| {
        let body = send["body"].as_str().unwrap_or_default();
        send["accepted"] == true && body.contains(&person.proposal)
    };
    let send = sends.iter().find(mine).expect("its first post");
    world.simulator.says_undelivered(send, "63018").await;
}

/// Whether nothing of it is due any more.
async fn is_settled(world: &World, person: &Person) -> bool {
    let left = format!(
        "select count(*) from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
         where r.message_sid = '{}' and p.state not in ('accepted', 'failed')",
        person.sid
    );
    number(world, left).await == 0
}

/// No reply of these is posted after the end of the link, whatever makes it due again.
async fn nobody_else_is_told(end: End) {
    let setup = Setup::default().with("TWILIO_SETTLE_SECONDS", "15");
    let world = setup.start().await;
    let people = people(&world).await;
    let mut posts = BTreeMap::new();
    for person in &people {
        // What the person themselves has read is no news.
        ends(&world, person, end).await;
        posts.insert(person.way, world.simulator.sends().await.len());
    }
    world.forgets_that_twilio_was_busy().await;
    for person in &people {
        is_taken_over(&world, person).await;
    }
    for person in &people {
        comes_back(&world, person).await;
    }
    for person in &people {
        let settled = || is_settled(&world, person);
        until(&format!("{:?}", person.way), settled, |settled| *settled).await;
    }
    world.streams.are_quiet().await;
    let sends = world.simulator.sends().await;
    let mut leaks = Vec::new();
    for person in &people {
        let later = sends.iter().skip(posts[&person.way]);
        let body = |send: &Value| send["body"].as_str().unwrap_or_default().to_owned();
        if later.map(body).any(|body| body.contains(&person.proposal)) {
            leaks.push(person.way);
        }
    }
    assert!(
        leaks.is_empty(),
        "{end:?}: told to the next holder: {leaks:?}"
    );
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_is_posted_after_the_web_has_ended_its_link() {
    nobody_else_is_told(End::Web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_is_posted_after_its_link_was_ended_in_the_chat() {
    nobody_else_is_told(End::Chat).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_is_posted_after_an_operator_has_ended_its_link() {
    nobody_else_is_told(End::Operator).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_is_posted_after_its_account_has_linked_another_phone() {
    nobody_else_is_told(End::Replaced).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_is_posted_after_its_number_has_changed_hands() {
    nobody_else_is_told(End::ChangedHands).await;
}
