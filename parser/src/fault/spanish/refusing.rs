//! What does not happen: "no prende", "no se conecta", "no me deja entrar".

use crate::lexicon::Class;

use super::super::Cursor;

// What machines, doors, pages and pipes do, in the third person.
/// "no prende", "ya no jala", "no se conecta", "no me deja entrar".
pub(super) fn refuses(cursor: Cursor<'_>) -> bool {
    if cursor.word() == "nadie" && matches!(cursor.ahead(1), "puede" | "podia" | "ha") {
        return cursor.ahead(2).ends_with('r') || cursor.ahead(3).ends_with('r');
    }
    if !matches!(cursor.word(), "no" | "ni") || cursor.back(1) == "si" || cursor.back(1) == "cuando"
    {
        return false;
    }
    let next = cursor.ahead_past(|word| Class::FaultSpanishBetween.has(word));
    let seen = matches!(next.word(), "ve" | "ven" | "oye" | "escucha");
    let reflexive = cursor.ahead(1) == "se";
    let mine = matches!(next.word(), "puedo" | "podemos" | "pude")
        && Class::FaultSpanishEnters.has(next.ahead(1));
    let passes = mine || next.word() == "pasa" && next.ahead(1) != "nada";
    passes
        || next.is(Class::FaultSpanishDoes) && (!seen || reflexive)
        || matches!(next.word(), "esta" | "estan") && Class::FaultSpanishDoing.has(next.ahead(1))
        || next.word() == "puede" && reflexive && next.ahead(1).ends_with('r')
        || next.word() == "pueden"
            && next.ahead(1).ends_with('r')
            && matches!(
                next.ahead(1),
                "entrar" | "pagar" | "acceder" | "ingresar" | "comprar" | "iniciar"
            )
}
