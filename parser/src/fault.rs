//! Faults: the words that say that something is broken, in any trade.

use std::sync::LazyLock;

use crate::{phrase::PhraseTable, token::Token};

/// How plainly a fault is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Named: "bug", "fuga", "broken". A fault only beside a verb that may repair.
    Named,
    /// Stated: "doesn't work", "se descompuso". A fault in itself.
    Stated,
}

static PHRASES: LazyLock<PhraseTable<Fault>> = LazyLock::new(|| {
    PhraseTable::new(&[
        (
            "doesn't work|don't work|does not work|do not work|doesnt work|dont work|isn't working|is not working|not working|aren't working|isnt working|no longer works|stopped working|stops working|quit working|won't open|won't start|won't turn on|won't load|won't close|won't save|won't lock|won't print|wont open|wont start|won't work|can't log in|cannot log in|can't open|can't save|can't print|doesn't open|doesn't load|doesn't start|doesn't turn on|doesn't close|doesn't lock|doesn't print|doesn't save|doesn't send|\
             is broken|are broken|it's broken|got broken|broke|broke down|breaks|is down|are down|went down|is leaking|are leaking|leaks|it's leaking|is dripping|keeps crashing|keeps failing|keeps freezing|keeps breaking|crashes|crashing|crashed|freezes|is frozen|throws an error|throws errors|throws error|throwing an error|throwing errors|shows an error|showing an error|shows errors|gives an error|giving an error|gives errors|getting an error|returns an error|\
             fails|failing|is failing|failed|is stuck|are stuck|is clogged|are clogged|is cracked|is flooding|is flooded|is jammed|is overheating|is overflowing|has a leak|has a bug|has an error|has a crack|has a problem|has errors|has bugs|there is a bug|there's a bug|there is an error|there's an error|there is a leak|there's a leak|there is a problem with|there's a problem with|that's a bug|is a bug|\
             has the wrong|have the wrong|shows the wrong|is wrong|are wrong|is incorrect|out of order|is showing wrong|is duplicating|keeps dropping|keeps stopping|keeps disconnecting|keeps restarting|keeps beeping|keeps tripping|keeps logging|is dead|is out|are out|isn't showing|is not showing|are dead|is slow|is too slow|is not loading|isn't loading|is not opening|isn't opening|is not printing|isn't printing|not loading|not opening|not printing|not charging|isn't charging|is not sending|not sending|lost power|is damaged|are damaged|won't flush|tripped|blew out|burned out|burnt out",
            Fault::Stated,
        ),
        (
            "no funciona|no funcionan|no sirve|no sirven|no prende|no prenden|no abre|no abren|no carga|no cargan|no jala|no jalan|no enciende|no encienden|no responde|no responden|no cierra|no cierran|no arranca|no imprime|no imprimen|no enfria|no enfrian|no calienta|no guarda|no manda|no envia|no llega agua|no sale agua|no hay luz|no hay agua|no deja|ya no funciona|ya no prende|ya no sirve|dejo de funcionar|dejaron de funcionar|dejo de servir|no esta funcionando|no estan funcionando|no marca|no conecta|no se conecta|no se puede entrar|no permite|no aparece|no aparecen|no se ve|no se ven|no descarga|no cobra|\
             se rompio|se rompieron|se cayo|se cayeron|se descompuso|se descompusieron|se trabo|se tapo|se taparon|se quebro|se quebraron|se dano|se danaron|se averio|se fundio|se fundieron|se quemo|se congela|se traba|se cae|se cierra sola|se cierra solo|se atora|se atoro|se zafo|se desprendio|se inundo|se esta cayendo|se poncho|se congelo|se fue la luz|se fue el agua|se fue el internet|se desconecta|se apaga sola|se apaga solo|se reinicia solo|se reinicia sola|no hay internet|no hay sistema|no hay senal|\
             esta roto|esta rota|estan rotos|estan rotas|esta fallando|estan fallando|esta caido|esta caida|esta descompuesto|esta descompuesta|estan descompuestos|estan descompuestas|esta down|esta tapado|esta tapada|esta danado|esta danada|esta quebrado|esta quebrada|esta atorado|esta atorada|esta goteando|esta mal|estan mal|sale mal|salen mal|salen con|esta inundado|esta inundada|esta averiado|esta averiada|esta fundido|esta fundida|\
             truena|truenan|tronando|esta tronando|falla|fallan|fallo|fallando|gotea|gotean|tira error|tira errores|marca error|marca un error|da error|da errores|da un error|manda error|manda un error|sale error|sale un error|arroja error|arroja un error|hay un error|hay una falla|hay una fuga|hay un bug|hay un problema con|hay un falso contacto|hay errores|hay una gotera|tiene una falla|tiene fallas|tiene una gotera|tiene goteras|tiene una fuga|tiene un error|tiene errores|tiene un bug|tiene un problema|tiene un hoyo|tiene una grieta|se mete el agua|se sale el agua|hay goteras|hay fugas",
            Fault::Stated,
        ),
        (
            "bug|bugs|error|errors|errores|falla|fallas|fuga|fugas|gotera|goteras|leak|leaks|leaking|leaky|crash|glitch|glitches|defect|defects|typo|typos|broken|faulty|clogged|cracked|damaged|malfunction|falso contacto|roto|rota|rotos|rotas|\
             descompuesto|descompuesta|descompuestos|descompuestas|averia|averias|desperfecto|desperfectos|defecto|defectos|danado|danada|tapado|tapada|issue with|problema con|corto circuito|cortocircuito",
            Fault::Named,
        ),
    ])
});

/// How plainly these words state a fault, if they do.
pub(crate) fn stated(tokens: &[Token]) -> Option<Fault> {
    (0..tokens.len())
        .filter_map(|at| PHRASES.at(&tokens[at..]))
        .map(|(_, fault)| fault)
        .max()
}

word_set!(
    TELLING_VERBS = "\
    write send document prepare print report email draft list order buy update \
    redactar escribir enviar mandar preparar imprimir reportar documentar pedir \
    comprar actualizar avisar notificar explain explicar cotizar quote design disenar \
    review photograph"
);

/// Tasks that leave a fault where it is: writing about it, telling someone of it.
pub(crate) fn only_tells(lemma: &str) -> bool {
    TELLING_VERBS.contains(lemma)
}

#[cfg(test)]
mod tests {
    use super::{Fault, stated};
    use crate::token::tokenize;

    #[test]
    fn examples_of_faults() {
        let table = [
            ("the printer doesn't work", Some(Fault::Stated)),
            ("la impresora no funciona", Some(Fault::Stated)),
            ("el techo tiene una falla", Some(Fault::Stated)),
            ("the broken lamp", Some(Fault::Named)),
            ("la fuga del baño", Some(Fault::Named)),
            ("update the menu", None),
            ("se cayó producción", Some(Fault::Stated)),
            ("session expires, that's a bug", Some(Fault::Stated)),
        ];
        for (text, expected) in table {
            assert_eq!(stated(&tokenize(text)), expected, "{text}");
        }
    }
}
