//! Somebody with a phone and an account of their own, whom a conversation is had with.

use harness::{Phone, World, until};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::script::{Script, Step, steady};

/// Somebody in a world that they share with others.
pub(super) struct Person<'a> {
    world: &'a World,
    phone: Phone,
    /// Canonical number.
    number: String,
    user: Uuid,
    /// How many messages were sent, and how many answers were seen.
    sent: usize,
    seen: usize,
}

impl<'a> Person<'a> {
    /// The person with that number.
    pub(super) fn new(world: &'a World, number: usize) -> Self {
        let digits = format!("55555501{number:02}");
        Self {
            world,
            phone: world.phone(&format!("whatsapp:+521{digits}")),
            number: format!("+52{digits}"),
            user: Uuid::new_v4(),
            sent: 0,
            seen: 0,
        }
    }

    fn pool(&self) -> &PgPool {
        self.world.pool()
    }

    /// Has the conversation, and writes down what was answered.
    pub(super) async fn lives(mut self, script: &mut Script) {
        self.run(
            "insert into auth.users (id, email) values ($1, $2 || '@example.com')",
            &self.user.to_string(),
        )
        .await;
        let arranged = |word: &str| {
            script.steps.iter().any(
                |step| matches!(step, Step::Arranged(text) if text.split(' ').next() == Some(word)),
            )
        };
        if !arranged("workspace") {
            for workspace in [
                "Estudio Jacaranda: Sitio web, App móvil",
                "Taller Norte: Bodega",
            ] {
                self.has_workspace(workspace).await;
            }
        }
        if !arranged("stranger") {
            self.is_linked().await;
        }
        let mut quickly = false;
        for step in &mut script.steps {
            match step {
                Step::Remark(_) => {}
                Step::Arranged(text) => self.arrange(text).await,
                Step::Written {
                    text,
                    waits,
                    answers,
                } => {
                    self.writes(text).await;
                    if *waits {
                        *answers = self.hears(quickly).await;
                    }
                    quickly = !*waits;
                }
            }
        }
    }

    /// Runs a statement with the user and a text.
    async fn run(&self, statement: &str, text: &str) {
        let statement = self.world.foco.says(statement);
        let done = sqlx::query(statement).bind(self.user).bind(text);
        let done = done.execute(self.pool()).await;
        done.unwrap();
    }

    async fn is_linked(&self) {
        self.run(
            "insert into whatsapp_user_links (user_id, phone, verified, linked_at)
             values ($1, $2, true, now() - interval '1 day')",
            &self.number,
        )
        .await;
    }

    /// `Name: project, project`.
    async fn has_workspace(&self, text: &str) {
        let (name, projects) = text.split_once(": ").unwrap_or((text, ""));
        let workspace = Uuid::new_v4();
        self.world
            .makes_workspace(workspace, name, self.user, "member")
            .await;
        for project in projects.split(", ").filter(|name| !name.is_empty()) {
            self.world
                .makes_project(Uuid::new_v4(), workspace, project)
                .await;
        }
    }

    /// The project of that name in one of their workspaces.
    async fn project(&self, name: &str) -> Uuid {
        let query = "select p.id from foco_projects p join {members} m using (workspace_id)
            where m.user_id = $1 and p.name = $2";
        let found = sqlx::query_scalar(self.world.foco.says(query));
        let found = found.bind(self.user).bind(name).fetch_one(self.pool());
        found.await.expect(name)
    }

    /// What is so from now on.
    async fn arrange(&self, text: &str) {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "stranger" => {}
            "workspace" => self.has_workspace(rest).await,
            "guest" => self.run(GUEST, rest).await,
            "archived" => self.world.archives(self.project(rest).await).await,
            "left" => self.run(LEFT, rest).await,
            "zoneless" => self.world.forgets_the_time_zone_of(self.user).await,
            "accepted" => {
                let all = self.world.proposals().await;
                for proposal in all.iter().filter(|of| of.user_id == self.user) {
                    self.world.accepts(proposal.id).await;
                }
            }
            "tasks" => {
                let project = self.project("Sitio web").await;
                for task in rest.split(", ") {
                    self.world.makes_task(project, task).await;
                }
            }
            "later" => {
                let later = sqlx::query(LATER).bind(&self.number).bind(rest);
                later.execute(self.pool()).await.unwrap();
            }
            _ => assert_eq!(text, "", "nobody knows how to arrange this"),
        }
    }

    /// Sends a text, or `[image] caption`, `[audio]` and the like.
    async fn writes(&mut self, text: &str) {
        self.sent += 1;
        let kind = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let Some((kind, caption)) = kind else {
            self.phone.sends(text).await;
            return;
        };
        let media = match kind {
            "image" => Some("image/jpeg"),
            "audio" => Some("audio/ogg"),
            "video" => Some("video/mp4"),
            "document" => Some("application/pdf"),
            "sticker" => Some("image/webp"),
            _ => None,
        };
        let mut params = json!({"MessageType": kind});
        if let Some(media) = media {
            params["NumMedia"] = json!("1");
            params["MediaContentType0"] = json!(media);
            params["MediaUrl0"] = json!("https://api.twilio.com/media/1");
        }
        let message = json!({"from": self.phone.address, "body": caption.trim(), "params": params});
        self.world.simulator.inbound(message).await;
    }

    /// Waits until everything that was sent is settled and every answer is with Twilio; gives the
    /// answers that were not heard before. What was asked quickly one after the other is answered
    /// as it gets ready, so there the answers stand in the order of the questions.
    async fn hears(&mut self, quickly: bool) -> Vec<String> {
        let sent = i64::try_from(self.sent).unwrap();
        let open = || async {
            let query = sqlx::query_scalar::<_, i64>(OPEN)
                .bind(&self.number)
                .bind(sent);
            query.fetch_one(self.pool()).await.unwrap()
        };
        let what = format!("{} to be answered", self.phone.address);
        until(&what, open, |open| *open == 0).await;
        let replies = self.phone.replies().await;
        let mut answers = replies[self.seen..].to_vec();
        if quickly {
            let ordered = sqlx::query_scalar::<_, String>(ORDERED).bind(&self.number);
            let ordered = ordered.fetch_all(self.pool()).await.unwrap();
            assert_eq!(ordered.len(), replies.len());
            answers = ordered[self.seen..].to_vec();
        }
        let answers = answers
            .iter()
            .map(|answer| steady(answer, self.world.simulator.url()))
            .collect();
        self.seen = replies.len();
        answers
    }
}

/// Messages that are not settled and parts that are not sent.
const OPEN: &str = "
    select $2 - count(*) filter (where state not in ('received', 'routed'))
        + (select count(*) from whatsapp_reply_parts p
           join whatsapp_replies r on r.id = p.reply_id
           join whatsapp_recipients c on c.id = r.recipient_id
           where c.identity = $1 and p.state in ('pending', 'posting', 'unknown'))
    from whatsapp_messages where identity = $1";
/// Everything that was answered, in the order of the questions.
const ORDERED: &str = "
    select p.body from whatsapp_reply_parts p
    join whatsapp_replies r on r.id = p.reply_id
    join whatsapp_messages m using (message_sid)
    where m.identity = $1 and p.state = 'accepted'
    order by m.stream_sequence, r.position, p.part";
/// The proposals of this phone were made so much earlier.
const LATER: &str = "update whatsapp_messages set proposed_at = proposed_at - $2::interval
    where identity = $1";
const GUEST: &str = "update {members} m set role = 'guest' from {workspaces} w
    where w.id = m.workspace_id and m.user_id = $1 and w.name = $2";
const LEFT: &str = "delete from {members} m using {workspaces} w
    where w.id = m.workspace_id and m.user_id = $1 and w.name = $2";
