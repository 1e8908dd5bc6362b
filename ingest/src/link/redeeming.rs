//! Redeeming a code on the web. Only one that was sent to the phone proves anything there: what is
//! shown on the web is stored under another hash, so it is always wrong here.

use common::{
    identity::Identity,
    kill_point::KillPoint,
    link::{self, Entry, Event, Origin, Proof},
    phone::PhoneNumber,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{holder, side_effects, table, table::Attempt, user::User};
use crate::{app::App, problem::Problem};

/// Makes the account's claim on that phone its link, if the code is right.
pub(super) async fn redeem(
    app: &App,
    user: User,
    phone: &PhoneNumber,
    code: &str,
) -> Result<(), Problem> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let hashes = app.settings.process.keys.delivered_codes(&code);
    let mut transaction = app.database.begin().await?;
    let conn = &mut *transaction;
    let (why, problem) = match table::attempt(conn, user, phone, &hashes).await? {
        Attempt::Right(claim) => {
            if !link::is_held_by_another(conn, user.id(), Some(phone.reveal()), None).await? {
                let told = establish(app, conn, user, (claim, phone)).await?;
                transaction.commit().await?;
                app.reach(KillPoint::IngestLinked);
                side_effects::apply(app, told).await;
                tracing::info!(user = %user.id(), "linked by a code that was sent");
                return Ok(());
            }
            let told = holder::tell(app, conn, phone).await?;
            refuse(app, conn, user, (phone, "phone_taken")).await?;
            transaction.commit().await?;
            side_effects::announce(app, told.into_iter().collect()).await;
            return Err(Problem::phone_taken());
        }
        Attempt::Void => ("too_many_attempts", Problem::too_many_attempts()),
        Attempt::Wrong => ("wrong_code", Problem::invalid_code()),
    };
    metrics::counter!("link_codes_wrong_total").increment(1);
    refuse(app, conn, user, (phone, why)).await?;
    transaction.commit().await?;
    Err(problem)
}

/// Makes the link; returns what is said to whom it unlinked.
async fn establish(
    app: &App,
    conn: &mut PgConnection,
    user: User,
    (claim, phone): (Uuid, &PhoneNumber),
) -> Result<Vec<common::announcement::Announcement>, sqlx::Error> {
    let process = &app.settings.process;
    let sender = process.keys.sender(&Identity::Phone(phone.clone()));
    let proof = Proof {
        claim,
        user: user.id(),
        phone: Some(phone.reveal()),
        wa_user_id: None,
        sender: &sender,
        at: app.clock.now(),
    };
    let made = link::establish(conn, &app.texts, &process.link_url, &proof, Origin::Web).await?;
    Ok(made.told)
}

/// Writes down that a code was not taken.
async fn refuse(
    app: &App,
    conn: &mut PgConnection,
    user: User,
    (phone, why): (&PhoneNumber, &str),
) -> Result<(), sqlx::Error> {
    let keys = &app.settings.process.keys;
    let sender = keys.sender(&Identity::Phone(phone.clone()));
    let entry = Entry {
        user: Some(user.id()),
        sender: Some(sender.as_str()),
        ..Entry::new(Event::Verify, why)
    };
    link::note(conn, Origin::Web, entry).await
}
