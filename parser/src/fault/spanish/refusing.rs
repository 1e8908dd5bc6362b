//! What does not happen: "no prende", "no se conecta", "no me deja entrar".

use super::super::Cursor;

word_set!(
    BETWEEN = "\
    se me nos le les lo la te ya casi bien"
);

// What machines, doors, pages and pipes do, in the third person.
word_set!(
    DOES = "\
    funciona funcionan sirve sirven prende prenden abre abren cierra cierran carga cargan jala \
    jalan enciende encienden responde responden arranca arrancan imprime imprimen enfria \
    enfrian calienta calientan guarda guardan envia envian manda mandan conecta conectan marca \
    marcan lee leen detecta detectan reconoce reconocen sincroniza sincronizan suena suenan \
    agarra agarran corta cortan gira giran sube suben baja bajan sella sellan escanea escanean descarga \
    descargan actualiza actualizan reproduce reproducen graba graban lava exprime seca secan \
    aspira bombea deja dejan permite permiten muestra muestran aparece aparecen ve ven oye \
    escucha cobra aplica calcula valida entra entran registra gotea frena frenan embona checa \
    coincide coinciden cuadra cuadran llegan pasan cabe timbra factura timbran refleja reflejan \
    traba encuentra encuentran genera generan aplica aplican aparta apartan duplica procesa \
    procesan \
    autoriza avanza avanzan"
);

word_set!(
    ENTERS = "\
    entrar acceder ingresar abrir imprimir iniciar conectarme conectar pagar guardar descargar \
    subir loguearme escanear"
);

/// "no prende", "ya no jala", "no se conecta", "no me deja entrar".
pub(super) fn refuses(cursor: Cursor<'_>) -> bool {
    if cursor.word() == "nadie" && matches!(cursor.ahead(1), "puede" | "podia" | "ha") {
        return cursor.ahead(2).ends_with('r') || cursor.ahead(3).ends_with('r');
    }
    if !matches!(cursor.word(), "no" | "ni") || cursor.back(1) == "si" || cursor.back(1) == "cuando"
    {
        return false;
    }
    let next = cursor.ahead_past(|word| BETWEEN.contains(word));
    let seen = matches!(next.word(), "ve" | "ven" | "oye" | "escucha");
    let reflexive = cursor.ahead(1) == "se";
    let mine =
        matches!(next.word(), "puedo" | "podemos" | "pude") && ENTERS.contains(next.ahead(1));
    let passes = mine || next.word() == "pasa" && next.ahead(1) != "nada";
    passes
        || DOES.contains(next.word()) && (!seen || reflexive)
        || matches!(next.word(), "esta" | "estan") && DOING.contains(next.ahead(1))
        || next.word() == "puede" && reflexive && next.ahead(1).ends_with('r')
        || next.word() == "pueden"
            && next.ahead(1).ends_with('r')
            && matches!(
                next.ahead(1),
                "entrar" | "pagar" | "acceder" | "ingresar" | "comprar" | "iniciar"
            )
}

word_set!(
    DOING = "\
    funcionando jalando sirviendo cargando enfriando imprimiendo prendiendo cerrando abriendo \
    guardando enviando mandando llegando cobrando sincronizando conectando calentando \
    respondiendo marcando registrando timbrando reflejando aplicando"
);
