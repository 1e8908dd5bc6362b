//! The page behind a proposal's link: what the workers stored, read from Foco's database. In a real
//! installation this page is Foco's own.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::{foco, simulator::Simulator};

/// A stored proposal.
#[derive(Debug, FromRow)]
struct Proposal {
    title: String,
    description: Option<String>,
    status: String,
    source_type: Option<String>,
    workspace: Option<String>,
    project: Option<String>,
    owner: Option<String>,
}

/// One of its items.
#[derive(Debug, FromRow)]
struct Item {
    kind: String,
    title: String,
    description: Option<String>,
    status: String,
    priority: String,
    hours: Option<f64>,
    due: Option<String>,
    assignee: Option<String>,
}

const PROPOSAL: &str = "
    select p.title, p.description, p.status, p.source_type,
           w.name as workspace, f.name as project, u.email as owner
    from {proposals} p
    left join {workspaces} w on w.id = p.workspace_id
    left join foco_projects f on f.id = p.project_id
    left join auth.users u on u.id = p.{proposer}
    where p.id = $1";

const ITEMS: &str = "
    select i.kind, i.title, i.description, i.status, i.priority, i.hours, i.due,
           u.email as assignee
    from {items} i
    left join auth.users u on u.id = i.assignee_id
    where i.proposal_id = $1
    order by i.position";

/// `GET /proposals/{id}`.
pub async fn page(
    State(simulator): State<Arc<Simulator>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let words = Words::of(&headers);
    let Some(database) = &simulator.database else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, words, words.no_database);
    };
    let Ok(id) = id.parse::<Uuid>() else {
        return plain(StatusCode::NOT_FOUND, words, words.not_found);
    };
    match load(database, id).await {
        Ok(Some((proposal, items))) => Html(render(&proposal, &items, words)).into_response(),
        Ok(None) => plain(StatusCode::NOT_FOUND, words, words.not_found),
        Err(error) => {
            tracing::warn!(%error, "the proposal could not be read");
            plain(StatusCode::BAD_GATEWAY, words, words.no_database)
        }
    }
}

async fn load(database: &PgPool, id: Uuid) -> sqlx::Result<Option<(Proposal, Vec<Item>)>> {
    let proposal = sqlx::query_as(foco::says(database, PROPOSAL).await?)
        .bind(id)
        .fetch_optional(database)
        .await?;
    let Some(proposal) = proposal else {
        return Ok(None);
    };
    let items = sqlx::query_as(foco::says(database, ITEMS).await?).bind(id);
    Ok(Some((proposal, items.fetch_all(database).await?)))
}

/// The page's own words.
#[derive(Clone, Copy, Debug)]
struct Words {
    language: &'static str,
    hours: &'static str,
    due: &'static str,
    total: &'static str,
    no_estimate: &'static str,
    not_found: &'static str,
    no_database: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    hours: "h",
    due: "due",
    total: "estimated in total",
    no_estimate: "no estimate yet",
    not_found: "There is no such proposal. Perhaps it was taken back.",
    no_database: "The database is not there. Start the simulator with --database-url.",
};

const SPANISH: Words = Words {
    language: "es",
    hours: "h",
    due: "para el",
    total: "estimadas en total",
    no_estimate: "sin estimación todavía",
    not_found: "No existe esa propuesta. Quizá se deshizo.",
    no_database: "No hay base de datos. Inicia el simulador con --database-url.",
};

impl Words {
    fn of(headers: &HeaderMap) -> Self {
        let wanted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        if wanted.is_some_and(|wanted| wanted.starts_with("es")) {
            SPANISH
        } else {
            ENGLISH
        }
    }
}

fn plain(status: StatusCode, words: Words, text: &str) -> Response {
    let body = format!(
        "<h1>{}</h1><p class=\"text\">{}</p>",
        status.as_u16(),
        escape(text)
    );
    (status, Html(frame("FocoBot", &body, words))).into_response()
}

fn render(proposal: &Proposal, items: &[Item], words: Words) -> String {
    let places = [&proposal.workspace, &proposal.project, &proposal.owner];
    let place = places
        .into_iter()
        .flatten()
        .map(|name| escape(name))
        .collect::<Vec<_>>();
    let tags = [Some(&proposal.status), proposal.source_type.as_ref()];
    let tags: String = tags
        .into_iter()
        .flatten()
        .map(|tag| self::tag(tag, ""))
        .collect();
    let stated: Vec<f64> = items.iter().filter_map(|item| item.hours).collect();
    let total = if stated.is_empty() {
        words.no_estimate.to_owned()
    } else {
        format!(
            "{} {} {}",
            number(stated.iter().sum()),
            words.hours,
            words.total
        )
    };
    let rows: String = items.iter().map(|item| row(item, words)).collect();
    let body = format!(
        "<p class=\"soft\">{}</p><h1>{}</h1><p>{tags}</p>{}<p class=\"soft\">⏱️ {total}</p>\
         <ol>{rows}</ol>",
        place.join(" · "),
        escape(&proposal.title),
        paragraph(proposal.description.as_deref()),
    );
    frame(&proposal.title, &body, words)
}

fn row(item: &Item, words: Words) -> String {
    let hours = item
        .hours
        .map(|hours| format!("{} {}", number(hours), words.hours));
    let due = item.due.as_ref().map(|due| format!("{} {due}", words.due));
    let plain = [
        Some(&item.kind),
        hours.as_ref(),
        due.as_ref(),
        item.assignee.as_ref(),
    ];
    let tags: String = plain
        .into_iter()
        .flatten()
        .map(|text| tag(text, ""))
        .collect();
    format!(
        "<li><h2>{}</h2>{}<p>{tags}{}{}</p></li>",
        escape(&item.title),
        paragraph(item.description.as_deref()),
        tag(&item.priority, &item.priority),
        tag(&item.status, ""),
    )
}

fn tag(text: &str, class: &str) -> String {
    format!(
        "<span class=\"tag {}\">{}</span> ",
        escape(class),
        escape(text)
    )
}

fn paragraph(text: Option<&str>) -> String {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| format!("<p class=\"text\">{}</p>", escape(text)))
        .unwrap_or_default()
}

fn number(hours: f64) -> String {
    format!("{hours:.2}")
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

fn frame(title: &str, body: &str, words: Words) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/phone.css\"></head>\
         <body><main class=\"proposal\">{body}</main></body></html>",
        words.language,
        escape(title),
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_shown_and_never_run() {
        let proposal = Proposal {
            title: "<script>alert(1)</script>".to_owned(),
            description: Some("a & b".to_owned()),
            status: "draft".to_owned(),
            source_type: Some("whatsapp".to_owned()),
            workspace: None,
            project: Some("Web".to_owned()),
            owner: None,
        };
        let item = Item {
            kind: "task".to_owned(),
            title: "\"><img src=x>".to_owned(),
            description: None,
            status: "pending".to_owned(),
            priority: "high".to_owned(),
            hours: Some(2.5),
            due: Some("2026-11-27".to_owned()),
            assignee: None,
        };
        let html = render(&proposal, &[item], ENGLISH);
        assert!(!html.contains("<script>") && !html.contains("<img"));
        assert!(
            html.contains("a &amp; b") && html.contains("2.5 h") && html.contains("due 2026-11-27")
        );
    }
}
