//! The rules as tables of examples, one table per theme, read through the whole parser.
#![expect(clippy::expect_used, reason = "helpers of tests are not seen as tests")]

use chrono::{NaiveDate, TimeZone};
use parser::{Item, Kind, ParsedProposal, Request, parse};
use timezone::Zone;

/// Reads a message sent on Friday, 6 March 2026, at nine in the evening: Saturday in UTC.
fn read(text: &str) -> ParsedProposal {
    let members = ["Ana Ruiz".to_owned(), "Luis Mora".to_owned()];
    let sent_at = Zone::mexico_city()
        .with_ymd_and_hms(2026, 3, 6, 21, 0, 0)
        .single()
        .expect("is a moment");
    parse(&Request {
        text,
        sent_at,
        language: None,
        project: "Obra",
        members: &members,
    })
}

fn only(text: &str) -> Item {
    let proposal = read(text);
    assert_eq!(proposal.items.len(), 1, "{text}: {:?}", proposal.items);
    proposal.items[0].clone()
}

#[test]
fn due_dates() {
    let table = [
        ("Pay the rent today", Some("2026-03-06")),
        ("Pagar la renta hoy mismo", Some("2026-03-06")),
        ("Pay the rent by EOD", Some("2026-03-06")),
        ("Pay the rent by EOD tomorrow", Some("2026-03-07")),
        ("Pagar la renta mañana por la mañana", Some("2026-03-07")),
        ("Pagar la renta por la mañana", None),
        ("Pagar la renta pasado mañana", Some("2026-03-08")),
        ("Pay the rent Friday", Some("2026-03-13")),
        ("Pagar la renta a más tardar el lunes", Some("2026-03-09")),
        ("Pay the rent this Friday", Some("2026-03-06")),
        ("Pagar la renta este domingo", Some("2026-03-08")),
        ("Pay the rent next Friday", Some("2026-03-13")),
        ("Pagar la renta el próximo lunes", Some("2026-03-09")),
        ("Pagar la renta el viernes que viene", Some("2026-03-13")),
        ("Pay the rent in 3 days", Some("2026-03-09")),
        ("Pagar la renta en quince días", Some("2026-03-21")),
        ("Pagar la renta dentro de dos semanas", Some("2026-03-20")),
        ("Pay the rent a week from today", Some("2026-03-13")),
        ("Pagar la renta a fin de mes", Some("2026-03-31")),
        ("Pay the rent by the end of April", Some("2026-04-30")),
        ("Pay the rent by March 15", Some("2026-03-15")),
        ("Pay the rent by Jan 10th", Some("2027-01-10")),
        ("Pagar la renta el 15 de marzo de 2027", Some("2027-03-15")),
        ("Pay the rent by 4/5", Some("2026-04-05")),
        ("Pagar la renta para el 4/5", Some("2026-05-04")),
        ("Pagar la renta el día 5", Some("2026-04-05")),
        ("Pay the rent by the 20th", Some("2026-03-20")),
        ("Pay the rent by 2026-06-26", Some("2026-06-26")),
        ("Pay the rent, no deadline", None),
        ("Pagar la renta el 2025-06-26", None),
        ("Pay the rent of last month", None),
        ("Arreglar la puerta, está rota desde el lunes", None),
        ("Order flowers for the wedding on June 20", None),
        ("Pagar la factura del 3 de marzo", None),
    ];
    for (text, expected) in table {
        let expected = expected.map(|day| day.parse::<NaiveDate>().expect("is a day"));
        assert_eq!(only(text).due, expected, "{text}");
    }
}

#[test]
fn hours() {
    let table = [
        ("Paint the wall, 3-4 hours", Some(4.0)),
        ("Pintar la pared (medio día)", Some(4.0)),
        ("Pintar la pared, como un día y medio", Some(12.0)),
        ("Paint the wall. Should take about 2h 30m", Some(2.5)),
        ("Paint the wall, a week of work", Some(40.0)),
        ("Edit the 15-minute video", None),
        ("Editar el video de 30 minutos", None),
        ("Fix the alarm, it beeps every 3 hours", None),
        ("Agregar soporte de 24 horas", None),
        ("Call the client in 2 hours", None),
        ("Pay $40 for the 5pm delivery of 20% more sand", None),
    ];
    for (text, hours) in table {
        assert_eq!(only(text).hours, hours, "{text}");
        assert_eq!(read(text).total_hours, hours, "{text}");
    }
}

#[test]
fn kinds() {
    let table = [
        ("Fix the leak", Kind::Bug),
        ("Que compongan la chapa", Kind::Bug),
        ("La impresora no funciona", Kind::Bug),
        ("Replace the broken lamp", Kind::Bug),
        ("Get the sink fixed", Kind::Bug),
        ("Create a seating chart", Kind::Feature),
        ("Add an error page", Kind::Feature),
        ("Añadan un filtro", Kind::Feature),
        ("Launch the newsletter", Kind::Milestone),
        ("Lanzamiento de la versión 3.1 el lunes", Kind::Milestone),
        ("Entrega final del proyecto el lunes", Kind::Milestone),
        ("Deliver the chairs", Kind::Task),
        ("Update the list of error codes", Kind::Task),
    ];
    for (text, kind) in table {
        assert_eq!(only(text).kind, kind, "{text}");
    }
}

#[test]
fn titles_keep_the_words_and_lose_when_how_long_and_how_urgent() {
    let table = [
        (
            "Please fix the door lock asap, 2 hours, by Friday",
            "Fix the door lock",
        ),
        ("FIX THE LOGIN ERROR NOW", "Fix the login error"),
        (
            "Porfa revisen el contrato (3 h) para el lunes",
            "Revisen el contrato",
        ),
        ("Add a \"Buy now\" button", "Add a \"Buy now\" button"),
    ];
    for (text, title) in table {
        assert_eq!(only(text).title, title, "{text}");
    }
}

#[test]
fn things_are_told_apart() {
    let table = [
        ("Add login page and user dashboard", 2),
        ("Review and approve the contract", 1),
        ("update the docs and tests for the export module", 2),
        ("Order cups, plates and napkins", 3),
        ("Send the quote to Ana and Luis", 1),
        ("La bomba falla, hay que repararla", 1),
        ("No muevan la cocina. Pinten la sala", 1),
        ("thanks, see you Monday", 0),
        ("Ya quedó lo del inventario", 0),
    ];
    for (text, items) in table {
        assert_eq!(
            read(text).items.len(),
            items,
            "{text}: {:?}",
            read(text).items
        );
    }
}

#[test]
fn people_and_order_come_only_from_what_is_said() {
    assert_eq!(
        only("Ana, please fix the gate").assignee.as_deref(),
        Some("Ana Ruiz")
    );
    assert_eq!(only("Call Ana about the gate").assignee, None);
    let proposal = read("Sand the floor, then varnish the door");
    assert_eq!(proposal.items[1].depends_on, [0]);
    assert_eq!(
        read("Sand the floor and varnish the door").items[1].depends_on,
        [0; 0]
    );
}

#[test]
fn guesses_are_said_in_the_messages_language() {
    let proposal = read("Pintar la sala y la cocina, de 3 a 4 horas en total");
    assert_eq!(proposal.total_hours, Some(4.0));
    assert!(
        proposal
            .assumptions
            .iter()
            .any(|guess| guess.contains("rango")),
        "{:?}",
        proposal.assumptions
    );
    let proposal = read("Prepare the audit by January 10");
    assert!(
        proposal
            .assumptions
            .iter()
            .any(|guess| guess.contains("next year")),
        "{:?}",
        proposal.assumptions
    );
}
