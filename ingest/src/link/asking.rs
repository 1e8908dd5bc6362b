//! Asking for a code: within the limits, for a phone that is nobody else's. It is shown on the
//! web, or sent to the phone; that one is made by the workers as they send it, so that nothing on
//! the way holds it.

use chrono::{DateTime, Utc};
use common::{
    announcement::Announcement,
    identity::Identity,
    link::{self, Entry, Event, Origin, code},
    phone::PhoneNumber,
    recipient::{self, WINDOW},
    sender::SenderHash,
};
use rand::rngs::SysRng;
use sqlx::PgConnection;

use super::{holder, side_effects, table, user::User};
use crate::{app::App, problem::Problem};

/// A code that was asked for.
pub(super) struct Asked {
    /// The code; `None` where it is sent to the phone.
    pub(super) code: Option<String>,
    /// When it is void.
    pub(super) expires_at: DateTime<Utc>,
}

/// What somebody asks a code for.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// Who asks.
    pub(super) user: User,
    /// The phone; `None` where WhatsApp hides it.
    pub(super) phone: Option<&'a PhoneNumber>,
    /// Whether the code is sent there.
    pub(super) deliver: bool,
}

/// Makes a code, or has one made.
pub(super) async fn ask(app: &App, question: Question<'_>) -> Result<Asked, Problem> {
    let sender = question.phone.map(|phone| sender(app, phone));
    let mut transaction = app.database.begin().await?;
    let (mut told, refused) = (Vec::new(), |why| refusal(question, sender.as_ref(), why));
    let conn = &mut *transaction;
    let mut wait = table::count_code(conn, question.user).await?;
    if wait.is_none() {
        wait = crowd(app, question, sender.as_ref()).await;
    }
    let result = match wait {
        Some(wait) => {
            link::note(conn, Origin::Web, refused("too_many_codes")).await?;
            Err(Problem::too_many_codes().after(wait))
        }
        None => match question.phone {
            Some(phone) if table::is_anothers(conn, question.user, phone).await? => {
                told.extend(holder::tell(app, conn, phone).await?);
                link::note(conn, Origin::Web, refused("phone_taken")).await?;
                Err(Problem::phone_taken())
            }
            _ => make(app, conn, question, &mut told).await?,
        },
    };
    // Also what was refused: it counts, so that nobody can ask phone by phone who is linked.
    transaction.commit().await?;
    side_effects::announce(app, told).await;
    result
}

fn sender(app: &App, phone: &PhoneNumber) -> SenderHash {
    let keys = &app.settings.process.keys;
    keys.sender(&Identity::Phone(phone.clone()))
}

/// For how many seconds a phone gets no code more, whoever asks. Only one that is sent bothers
/// somebody and counts: what is shown could else use up what the phone's owner may have sent.
/// Without Redis the limit for each account remains.
async fn crowd(app: &App, question: Question<'_>, sender: Option<&SenderHash>) -> Option<u64> {
    let sender = sender.filter(|_| question.deliver)?;
    let wait = app.codes_per_phone.judge(sender.as_str(), "").await;
    let wait = wait.unwrap_or_default();
    (!wait.is_zero()).then(|| wait.as_secs().max(1))
}

fn refusal<'a>(question: Question<'_>, sender: Option<&'a SenderHash>, why: &'a str) -> Entry<'a> {
    Entry {
        user: Some(question.user.id()),
        sender: sender.map(SenderHash::as_str),
        ..Entry::new(Event::Code, why)
    }
}

/// Stores the claim, with the hash of a code that is shown, or with a send that will make one.
async fn make(
    app: &App,
    conn: &mut PgConnection,
    question: Question<'_>,
    told: &mut Vec<Announcement>,
) -> Result<Result<Asked, Problem>, Problem> {
    let Question { user, phone, .. } = question;
    if question.deliver
        && let Some(phone) = phone
    {
        return deliver(app, conn, (user, phone), told).await;
    }
    let short = match phone {
        Some(phone) => !table::is_crowded(conn, user, phone).await?,
        None => false,
    };
    let code = if short {
        code::six_digits(&mut SysRng)
    } else {
        code::eight_characters(&mut SysRng)
    };
    let code = code.map_err(|error| {
        tracing::error!(%error, "the system gives no random numbers");
        Problem::internal()
    })?;
    let hash = app.settings.process.keys.code(&code);
    let claim = table::upsert_claim(conn, user, phone, Some(&hash)).await?;
    Ok(Ok(Asked {
        code: Some(code),
        expires_at: claim.expires_at,
    }))
}

/// Has a code sent, if something can be sent there now.
async fn deliver(
    app: &App,
    conn: &mut PgConnection,
    (user, phone): (User, &PhoneNumber),
    told: &mut Vec<Announcement>,
) -> Result<Result<Asked, Problem>, Problem> {
    let sender = sender(app, phone);
    let (to, wrote_at) = recipient::of_phone(conn, phone, &sender).await?;
    let open = wrote_at.is_some_and(|at| app.clock.now() - at < WINDOW);
    if !open && app.settings.twilio.code_template.is_none() {
        let entry = Entry {
            user: Some(user.id()),
            sender: Some(sender.as_str()),
            ..Entry::new(Event::Code, "cannot_deliver")
        };
        link::note(conn, Origin::Web, entry).await?;
        return Ok(Err(Problem::cannot_deliver()));
    }
    let language = recipient::language_of(conn, to.identity()).await?;
    let claim = table::upsert_claim(conn, user, Some(phone), None).await?;
    let of_claim = (claim.id, claim.expires_at);
    let send = store::code_send::insert(conn, to.id, of_claim, language.tag()).await?;
    told.push(to.announce(send, 1));
    Ok(Ok(Asked {
        code: None,
        expires_at: claim.expires_at,
    }))
}
