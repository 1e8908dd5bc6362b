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
    async fn run(&self, statement: &'static str, text: &str) {
        let done = sqlx::query(statement).bind(self.user).bind(text);
        let done = done.execute(self.pool()).await;
        done.unwrap();
    }

    async fn is_linked(&self) {
        self.run(
            "insert into whatsapp_user_links (user_id, phone, verified, linked_at)
             values ($1, $2, true, now())",
            &self.number,
        )
        .await;
    }

    /// `Name: project, project`.
    async fn has_workspace(&self, text: &str) {
        let (name, projects) = text.split_once(": ").unwrap_or((text, ""));
        let mut transaction = self.pool().begin().await.unwrap();
        let workspace: Uuid = sqlx::query_scalar(
            "insert into workspaces (name, slug) values ($1, gen_random_uuid()::text) returning id",
        )
        .bind(name)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
        sqlx::query(
            "insert into workspace_members (workspace_id, user_id, role, timezone)
             values ($1, $2, 'member', 'America/Mexico_City')",
        )
        .bind(workspace)
        .bind(self.user)
        .execute(&mut *transaction)
        .await
        .unwrap();
        for project in projects.split(", ").filter(|name| !name.is_empty()) {
            // All at one moment, so that the name decides the order.
            sqlx::query(
                "insert into foco_projects (workspace_id, name, slug, updated_at)
                 values ($1, $2, gen_random_uuid()::text, '2026-01-01')",
            )
            .bind(workspace)
            .bind(project)
            .execute(&mut *transaction)
            .await
            .unwrap();
        }
        transaction.commit().await.unwrap();
    }

    /// What is so from now on.
    async fn arrange(&self, text: &str) {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "stranger" => {}
            "workspace" => self.has_workspace(rest).await,
            "guest" => self.run(GUEST, rest).await,
            "archived" => self.run(ARCHIVED, rest).await,
            "left" => self.run(LEFT, rest).await,
            "zoneless" => self.run(ZONELESS, rest).await,
            "accepted" => self.run(ACCEPTED, rest).await,
            "tasks" => {
                for task in rest.split(", ") {
                    self.run(TASK, task).await;
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
const GUEST: &str = "update workspace_members m set role = 'guest' from workspaces w
    where w.id = m.workspace_id and m.user_id = $1 and w.name = $2";
const LEFT: &str = "delete from workspace_members m using workspaces w
    where w.id = m.workspace_id and m.user_id = $1 and w.name = $2";
const ZONELESS: &str = "update workspace_members m set timezone = null
    where m.user_id = $1 and $2 = ''";
const ARCHIVED: &str = "update foco_projects p set archived_at = now() from workspace_members m
    where m.workspace_id = p.workspace_id and m.user_id = $1 and p.name = $2";
const ACCEPTED: &str = "update foco_proposals set status = 'accepted'
    where owner_id = $1 and $2 = ''";
const TASK: &str = "insert into work_items (workspace_id, project_id, title, updated_at)
    select p.workspace_id, p.id, $2, '2026-01-01'
    from foco_projects p join workspace_members m using (workspace_id)
    where m.user_id = $1 and p.name = 'Sitio web'";
