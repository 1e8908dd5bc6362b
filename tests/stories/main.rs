//! What users and operators are promised, told as stories on the real programs and real servers.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

/// Tells stories on each database of Foco: `walk::a::...` is one of `walk` on shape A.
macro_rules! on_each_foco {
    ($($story:ident,)+) => {
        on_each_foco!(stand_in StandIn: $($story,)+);
        on_each_foco!(a A: $($story,)+);
        on_each_foco!(b B: $($story,)+);
    };
    ($module:ident $foco:ident: $($story:ident,)+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $story() {
                    super::$story(harness::Foco::$foco).await;
                }
            )+
        }
    };
}

mod adoption;
mod callbacks;
mod chaos;
mod codes;
mod contracts;
mod conversation;
mod database;
mod dead_letters;
mod dead_letters_in_bulk;
mod deploy;
mod doctor;
mod ended_links;
mod faults;
mod fixtures;
mod forget;
mod giving_up;
mod isolation;
mod kill;
mod late_messages;
mod layer;
mod layer_plans;
mod linking;
mod locked;
mod logs;
mod migrating;
mod model;
mod observability;
mod once;
mod opting_out;
mod patience;
mod pooler;
mod postgres_18;
mod reconcile;
mod redis_clock;
mod refused_list;
mod replay;
mod restore;
mod retention;
mod roles;
mod schema;
mod scripted;
mod sender;
mod sending;
mod settings;
mod status;
mod streams;
mod sweep;
mod texts;
mod trace;
mod twilio;
mod undo;
mod unlinking;
mod walk;
mod went_back;
mod withheld;
mod wrong_schema;
