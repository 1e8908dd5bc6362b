//! Spanish verbs that ask for work, and how to read their inflected forms: commands,
//! subjunctives, participles, with or without pronouns at the end.

use super::{Form, Verb, entry, verb};
use crate::{Kind, Language};

/// Infinitives by the kind of item they make.
pub(super) const VERBS: &[(&str, Kind)] = &[
    (
        "arreglar corregir reparar componer remendar subsanar",
        Kind::Bug,
    ),
    (
        "agregar anadir crear implementar desarrollar construir",
        Kind::Feature,
    ),
    ("lanzar", Kind::Milestone),
    (
        "decidir discutir repetir escoger invertir suscribir asignar delegar acordar clavar pulir \
         rifar sortear subastar foliar engargolar plastificar inflar rastrillar fertilizar vacunar \
         banar pasear alimentar conciliar cuadrar atornillar calentar sugerir exhibir desechar \
         abonar abrir acabar aceptar acomodar aclarar acondicionar activar actualizar adaptar \
         adelantar adjuntar administrar adornar adquirir afinar agendar aislar ajustar alinear \
         almacenar alquilar ampliar analizar anotar anunciar apagar apartar aplicar apoyar aprobar \
         archivar armar arrancar asegurar asesorar asignar asistir atender aumentar auditar \
         autorizar averiguar avisar ayudar bajar barnizar barrer borrar buscar calcular calibrar \
         calificar cambiar cancelar capacitar capturar cargar cerrar certificar checar chequear \
         citar clasificar cobrar cocinar colar colgar colocar comparar compartir completar \
         comprar comprobar comunicar concertar conectar configurar confirmar conseguir consolidar \
         consultar contactar contar contestar contratar convertir convocar coordinar copiar \
         cortar coser cotizar cubrir dar decorar definir dejar depositar depurar desarmar \
         descargar desglosar deshabilitar desinfectar desinstalar desmontar desocupar \
         despachar destapar detallar determinar devolver dibujar difundir disenar distribuir \
         dividir documentar donar duplicar editar ejecutar elaborar elegir eliminar embalar \
         empacar emitir empezar encargar encender encontrar enmarcar ensamblar ensayar ensenar \
         entregar entrenar entrevistar enviar escanear escribir especificar establecer \
         esterilizar estimar estudiar etiquetar evaluar explicar exportar extender facturar \
         fijar filmar finalizar firmar formatear fotografiar fumigar generar gestionar grabar \
         guardar habilitar hablar hacer hornear identificar iluminar imprimir importar \
         impermeabilizar impartir incluir incorporar incrementar informar ingresar \
         iniciar inscribir inspeccionar instalar integrar inventariar investigar invitar izar \
         jalar juntar lavar levantar liberar lijar limpiar liquidar llamar llenar llevar localizar \
         mandar manejar mantener maquetar marcar medir mejorar meter mezclar migrar modificar \
         monitorear montar mostrar mover mudar negociar nivelar notificar obtener ofrecer \
         optimizar ordenar organizar pagar parchar pasar pedir pegar perforar pintar planchar \
         planear planificar plantar platicar podar poner posponer practicar preparar presentar \
         prestar presupuestar probar procesar producir programar promocionar promover proponer \
         proteger publicar pulir quitar realizar reacomodar reagendar rebajar recabar recalcular \
         recibir reclutar recoger recolectar recortar recuperar redactar redecorar redisenar \
         reducir reemplazar reforzar regar registrar regresar reiniciar rellenar remodelar \
         remover renombrar renovar rentar reorganizar repartir repintar reponer reportar \
         reprogramar resanar reservar resolver respaldar responder restaurar resumir retirar \
         retocar reubicar reunir revisar rotular sacar secar seleccionar sembrar separar \
         servir simplificar sincronizar solicitar solucionar soldar subir sustituir surtir \
         suspender talar tapar tapizar terminar timbrar tomar traducir traer tramitar \
         transcribir transferir trasladar tratar ubicar unir usar validar vender ventilar ver \
         verificar vigilar visitar",
        Kind::Task,
    ),
];

/// Command forms that no rule leads back to their infinitive.
const IRREGULAR: &[(&str, &str)] = &[
    ("haz", "hacer"),
    ("haga", "hacer"),
    ("hagan", "hacer"),
    ("hagas", "hacer"),
    ("hagamos", "hacer"),
    ("pon", "poner"),
    ("ponga", "poner"),
    ("pongan", "poner"),
    ("pongas", "poner"),
    ("pongamos", "poner"),
    ("den", "dar"),
    ("traiga", "traer"),
    ("traigan", "traer"),
    ("traigas", "traer"),
    ("pida", "pedir"),
    ("pidan", "pedir"),
    ("pidas", "pedir"),
    ("pide", "pedir"),
    ("mide", "medir"),
    ("consigue", "conseguir"),
    ("consiga", "conseguir"),
    ("consigan", "conseguir"),
    ("consigas", "conseguir"),
    ("compongan", "componer"),
    ("componga", "componer"),
    ("compongas", "componer"),
    ("compon", "componer"),
    ("corrija", "corregir"),
    ("corrijan", "corregir"),
    ("corrijas", "corregir"),
    ("corrige", "corregir"),
    ("elige", "elegir"),
    ("elija", "elegir"),
    ("elijan", "elegir"),
    ("elijas", "elegir"),
    ("incluye", "incluir"),
    ("incluya", "incluir"),
    ("incluyan", "incluir"),
    ("incluyas", "incluir"),
    ("construye", "construir"),
    ("construya", "construir"),
    ("construyan", "construir"),
    ("construyas", "construir"),
    ("distribuye", "distribuir"),
    ("distribuyan", "distribuir"),
    ("sustituye", "sustituir"),
    ("sustituyan", "sustituir"),
    ("traduzca", "traducir"),
    ("traduzcan", "traducir"),
    ("traduzcas", "traducir"),
    ("reduzcan", "reducir"),
    ("reduzcas", "reducir"),
    ("recojan", "recoger"),
    ("recoja", "recoger"),
    ("recojas", "recoger"),
    ("vean", "ver"),
    ("vea", "ver"),
    ("veas", "ver"),
    ("mida", "medir"),
    ("midan", "medir"),
    ("mantengan", "mantener"),
    ("mantenga", "mantener"),
    ("manten", "mantener"),
    ("obtengan", "obtener"),
    ("establezcan", "establecer"),
    ("repon", "reponer"),
    ("repongan", "reponer"),
];

/// Participles that do not end in `-ado` or `-ido`.
const PARTICIPLES: &[(&str, &str)] = &[
    ("hecho", "hacer"),
    ("hecha", "hacer"),
    ("puesto", "poner"),
    ("escrito", "escribir"),
    ("abierto", "abrir"),
    ("impreso", "imprimir"),
    ("impresa", "imprimir"),
    ("impresos", "imprimir"),
    ("impresas", "imprimir"),
    ("resuelto", "resolver"),
    ("cubierto", "cubrir"),
    ("visto", "ver"),
    ("devuelto", "devolver"),
];

/// Pronouns that hang on a verb, the longer ones first.
const PRONOUNS: &[&str] = &[
    "selos", "selas", "selo", "sela", "melos", "melas", "melo", "mela", "noslo", "nosla", "telo",
    "los", "las", "lo", "la", "les", "le", "nos", "me", "se", "te",
];

// Commands that are more often nouns or adjectives.
word_set!(
    NOUNS = "\
    cosa cosas cocina cocinas poda podas paga pega junta juntas siembra \
    ajuste aumente avise base baje calle cambie carga cargas cierre cita citas cobre compra \
    compras consulta consultas copia copias corte cortes cuenta cuentas cuelga desarrolla \
    encarga entrega entregas entrevista entrevistas etiqueta etiquetas factura facturas \
    firma firmas graba guarda informe informes invita lanza lista listas llama llamada \
    marca marcas mejora mejoras mezcla monta monte muestra muestras muda nombre oferta \
    ordena orden ordenes planta plantas practica practicas prepara presta programa \
    programas prueba pruebas publica rebaja rebajas receta regla renta rentas reporte \
    reportes reserva reservas resumen retoque revista saque talla tallas tarea toma trato \
    une usa vende visita visitas registre borra subas avance envase empaque transporte \
    contrata meta metas para vela velas casa unas una pase pases sirve video abono tapa \
    tapas tapete pinta pegue"
);

word_set!(
    NO_VERBS = "\
    una unas uno unos para este esta son como empieza empiezan inicia inician termina terminan"
);

/// Reads a command, subjunctive, participle, progressive, or an infinitive with pronouns.
pub(super) fn inflected(word: &str) -> Option<Verb> {
    if !word.is_ascii() || NO_VERBS.contains(word) {
        return None;
    }
    bare(word, false).or_else(|| {
        PRONOUNS.iter().find_map(|pronoun| {
            // The others name whom it is for, not what it is done to.
            let object = !matches!(*pronoun, "les" | "le" | "nos" | "me" | "se" | "te");
            let stem = word.strip_suffix(*pronoun).filter(|stem| stem.len() >= 2)?;
            bare(stem, object).filter(|verb| verb.form != Form::Participle)
        })
    })
}

fn bare(word: &str, object: bool) -> Option<Verb> {
    if let Some((_, lemma)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return named(lemma, Form::Command, false, object);
    }
    if let Some((_, lemma)) = PARTICIPLES.iter().find(|(form, _)| *form == word) {
        return named(lemma, Form::Participle, false, object);
    }
    named(word, Form::Base, false, object)
        .or_else(|| participle(word))
        .or_else(|| command(word, object))
}

fn participle(word: &str) -> Option<Verb> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    let stem = singular.strip_suffix(['o', 'a'])?;
    let (stem, endings) = match (stem.strip_suffix("ad"), stem.strip_suffix("id")) {
        (Some(stem), _) => (stem, &["ar"][..]),
        (_, Some(stem)) => (stem, &["er", "ir"][..]),
        _ => match (word.strip_suffix("ando"), word.strip_suffix("iendo")) {
            (Some(stem), _) => return joined(stem, &["ar"], Form::Progressive, false),
            (_, Some(stem)) => return joined(stem, &["er", "ir"], Form::Progressive, false),
            _ => return None,
        },
    };
    joined(stem, endings, Form::Participle, false)
}

fn command(word: &str, object: bool) -> Option<Verb> {
    const ENDINGS: &[(&str, &[&str])] = &[
        ("emos", &["ar"]),
        ("amos", &["er", "ir"]),
        ("en", &["ar"]),
        ("es", &["ar"]),
        ("an", &["er", "ir"]),
        ("as", &["er", "ir", "ar"]),
        ("a", &["ar", "er", "ir"]),
        ("e", &["ar", "er", "ir"]),
    ];
    ENDINGS.iter().find_map(|(ending, infinitives)| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() >= 2)?;
        joined(stem, infinitives, Form::Command, object)
            .or_else(|| {
                let respelt = respell(stem)?;
                joined(&respelt, infinitives, Form::Command, object)
            })
            .map(|verb| Verb {
                noun: !object && (NOUNS.contains(word) || is_told(word, verb)),
                ..verb
            })
    })
}

/// "mandas" tells as often as it asks.
fn is_told(word: &str, verb: Verb) -> bool {
    word.ends_with("as") && verb.lemma.ends_with("ar")
}

/// Undoes what spelling and stress do to a stem: `coti-c-en`, `sa-qu-en`, `pa-gu-en`,
/// `m-ue-van`, `c-ie-rren`.
fn respell(stem: &str) -> Option<String> {
    let hard = if let Some(start) = stem.strip_suffix("qu") {
        format!("{start}c")
    } else if let Some(start) = stem.strip_suffix("gu") {
        format!("{start}g")
    } else if let Some(start) = stem.strip_suffix('c') {
        format!("{start}z")
    } else {
        stem.to_owned()
    };
    let vowel = [("ue", "o"), ("ie", "e")]
        .iter()
        .find_map(|(stressed, plain)| {
            let at = hard.rfind(stressed).filter(|&at| at > 0)?;
            let respelt = format!("{}{plain}{}", &hard[..at], &hard[at + 2..]);
            ["ar", "er", "ir"]
                .iter()
                .any(|end| entry(&format!("{respelt}{end}")).is_some())
                .then_some(respelt)
        });
    vowel.or((hard != stem).then_some(hard))
}

fn joined(stem: &str, infinitives: &[&str], form: Form, object: bool) -> Option<Verb> {
    infinitives
        .iter()
        .find_map(|ending| named(&format!("{stem}{ending}"), form, false, object))
}

fn named(lemma: &str, form: Form, noun: bool, object: bool) -> Option<Verb> {
    let (lemma, found) = entry(lemma).filter(|(_, found)| found.language == Language::Es)?;
    Some(verb(lemma, found, form, noun, object))
}
