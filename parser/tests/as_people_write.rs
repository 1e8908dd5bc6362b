//! Kinds of wording that once went wrong, each with variations: what is asked for is read, and
//! nothing else.
#![expect(clippy::expect_used, reason = "helpers of tests are not seen as tests")]

use chrono::{NaiveDate, TimeZone};
use parser::{ParsedProposal, Priority, Request, parse};
use timezone::Zone;

/// Reads a message of Tuesday, March 3, 2026.
fn read(text: &str) -> ParsedProposal {
    let sent_at = Zone::mexico_city()
        .with_ymd_and_hms(2026, 3, 3, 10, 0, 0)
        .single()
        .expect("a moment");
    parse(&Request {
        text,
        sent_at,
        language: None,
        project: "Obra",
        members: &[],
    })
}

fn titles(text: &str) -> Vec<String> {
    read(text)
        .items
        .into_iter()
        .map(|item| item.title)
        .collect()
}

#[test]
fn a_prohibition_is_never_an_item() {
    for (text, expected) in [
        (
            "Ni se te ocurra borrar los respaldos. Actualizar el índice.",
            vec!["Actualizar el índice"],
        ),
        ("Ni se les vaya a ocurrir tocar el servidor", vec![]),
        ("Que a nadie se le ocurra apagar el servidor", vec![]),
        ("Tampoco hay que mover las plantas", vec![]),
        ("Nunca hay que apagar el router", vec![]),
        (
            "Jamás hay que apagar el router. Comprar uno de repuesto",
            vec!["Comprar uno de repuesto"],
        ),
        (
            "Por ningún motivo borrar la tabla. Revisar el respaldo.",
            vec!["Revisar el respaldo"],
        ),
        ("Queda prohibido usar la grúa", vec![]),
        (
            "Comprar cemento, tampoco hace falta comprar arena",
            vec!["Comprar cemento"],
        ),
        (
            "Don't even think about deleting the backups. Update the index.",
            vec!["Update the index"],
        ),
        ("Under no circumstances touch the server", vec![]),
        (
            "Don't you dare delete the branch. Merge the fix",
            vec!["Merge the fix"],
        ),
    ] {
        assert_eq!(titles(text), expected, "{text}");
    }
}

#[test]
fn not_to_forget_something_is_to_do_it() {
    for (text, expected) in [
        ("Tampoco se les olvide cerrar la bodega", "Cerrar la bodega"),
        ("No vayan a olvidar comprar focos", "Comprar focos"),
        ("Tampoco dejen de regar las plantas", "Regar las plantas"),
        (
            "Que a nadie se le olvide cerrar la bodega",
            "Cerrar la bodega",
        ),
        ("Don't ever forget to lock the gate", "Lock the gate"),
        ("Never fail to back up the database", "Back up the database"),
    ] {
        assert_eq!(titles(text), [expected], "{text}");
    }
}

#[test]
fn the_last_word_on_a_day_holds() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day);
    for (text, due) in [
        ("Pintar la reja el martes, perdón, el miércoles", day(4)),
        ("Pintar la reja el martes. Perdón, el miércoles.", day(4)),
        ("Fix the login by Tuesday, sorry, Wednesday", day(4)),
        ("Comprar cemento para el lunes, digo, el martes", day(10)),
        ("Update the docs tomorrow, I mean Thursday", day(5)),
        ("Fix the header by Friday... no wait, Monday.", day(9)),
    ] {
        let items = read(text).items;
        assert_eq!(items.len(), 1, "{text}");
        assert_eq!(items[0].due, due, "{text}");
    }
    // Something else for another day is no correction.
    let items = read("Pintar la barda el lunes y mejor el martes lavar el coche").items;
    let due: Vec<_> = items.iter().map(|item| item.due).collect();
    assert_eq!(due, [day(9), day(10)]);
}

#[test]
fn the_last_word_on_hours_holds() {
    for (text, hours) in [
        ("Fix the login, 2 hours, actually make that 3", 3.0),
        ("Revisar el contrato, 3 horas, mejor 4", 4.0),
        ("Revisar el contrato, 3 horas. No, mejor 4 horas", 4.0),
        ("Pintar la sala, 30 minutos, digo 45", 0.75),
    ] {
        let read = read(text);
        assert_eq!(read.items.len(), 1, "{text}");
        assert_eq!(read.items[0].hours, Some(hours), "{text}");
        assert_eq!(read.total_hours, Some(hours), "{text}");
    }
}

#[test]
fn what_can_wait_says_nothing_of_what_else_is_asked_for() {
    for text in [
        "El logo puede esperar. Arreglar el carrito, 3 horas",
        "Arreglar el carrito, 3 horas. El logo puede esperar.",
        "The logo can wait. Fix the cart, 3 hours",
    ] {
        let items = read(text).items;
        assert_eq!(items.len(), 1, "{text}");
        assert_eq!(items[0].priority, Priority::Medium, "{text}");
    }
    for text in [
        "Pintar la sala. Puede esperar.",
        "Pintar la sala. Eso puede esperar",
    ] {
        assert_eq!(read(text).items[0].priority, Priority::Low, "{text}");
    }
}

#[test]
fn what_is_ticked_is_done_and_what_is_quoted_is_meant_where_nothing_else_is() {
    for (text, expected) in [
        (
            "✅ comprar focos\n☑️ pagar la luz\npintar la sala",
            vec!["Pintar la sala"],
        ),
        (
            "- [x] comprar focos\n- [ ] pintar la sala",
            vec!["Pintar la sala"],
        ),
        (
            "Esto nos escribió:\n> Cambiar el logo\n> Agregar el menú",
            vec!["Cambiar el logo", "Agregar el menú"],
        ),
        (
            "Fix the door\n\nOn Mon, Mar 2, 2026 at 9:14 AM Ana <a@x.example> wrote:\n> paint it",
            vec!["Fix the door"],
        ),
    ] {
        assert_eq!(titles(text), expected, "{text}");
    }
}
