//! Spanish verbs that ask for work: their infinitives and forms, with or without pronouns at
//! the end. The verbs are in [`vocabulary`], their forms are made in [`conjugation`].

mod conjugation;
mod stem;
mod vocabulary;

use std::{collections::HashMap, hash::BuildHasherDefault, sync::LazyLock};

use super::{Form, Noun, Verb};
use crate::{Language, table::WordHasher};

type Forms = HashMap<String, Verb, BuildHasherDefault<WordHasher>>;

/// Every form of every verb. Where two verbs share one, a command goes before the others,
/// and the verb that comes first in the vocabulary before the later.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut table = Forms::default();
    let verbs = vocabulary::VERBS
        .iter()
        .flat_map(|(words, kind)| words.split_whitespace().map(move |word| (word, *kind)));
    for (lemma, kind) in verbs {
        let verb = |form| Verb {
            lemma,
            kind,
            language: Language::Es,
            form,
            noun: Noun::Never,
            object: false,
            pronoun: false,
        };
        table.insert(lemma.to_owned(), verb(Form::Base));
        for (word, form) in conjugation::forms(lemma) {
            if NO_VERBS.contains(word.as_str()) {
                continue;
            }
            let noun = if form == Form::Present || NOUNS.contains(word.as_str()) {
                Noun::Also
            } else {
                Noun::Never
            };
            let found = Verb { noun, ..verb(form) };
            let slot = table.entry(word).or_insert(found);
            if rank(slot.form) > rank(form) {
                *slot = found;
            }
        }
    }
    table
});

fn rank(form: Form) -> u8 {
    match form {
        Form::Base => 0,
        Form::Command => 1,
        Form::Participle => 2,
        Form::Progressive => 3,
        Form::Present => 4,
        Form::Wish => 5,
        Form::Told => 6,
    }
}

/// The infinitives, for the search of misspelt ones.
pub(super) fn infinitives() -> impl Iterator<Item = &'static str> {
    vocabulary::VERBS
        .iter()
        .flat_map(|(words, _)| words.split_whitespace())
}

/// Pronouns that hang on a verb, the longer ones first.
const PRONOUNS: &[&str] = &[
    "selos", "selas", "selo", "sela", "melos", "melas", "melo", "mela", "noslos", "noslas",
    "noslo", "nosla", "telo", "los", "las", "lo", "la", "les", "le", "nos", "me", "se", "te",
];

// Commands that are more often nouns or adjectives.
word_set!(
    NOUNS = "\
    agenda agendas abono abonos active activa activas acuerde ajuste ajustes alcance alcances \
    alerta alertas alterna \
    ancla anclas anexa aumente avance avances avise ayuda ayudas baja bajas baje balance \
    base bases borde bordes borra broma busca cabe calca calle calles cambie carga cargas \
    cepilla cerca cercas cierre cierres cita citas cite clave claves cobre cocina cocinas \
    cola colas combine compra compras consulta consultas copia copias corte cortes cosa cosas \
    cosecha cosechas cruce cruces cubre cuenta cuentas cuelga cuide cura curas demanda \
    demandas denuncia denuncias desarrolla desglose desgloses despegue determine doble dobles \
    dona donas duplica empaque empaques encarga encuesta encuestas enfoque enfoques enlace \
    enlaces ensaye entrega entregas entrevista entrevistas envase envases escala escalas \
    escucha etiqueta etiquetas examine explore factura facturas fiche filtra filtre firma \
    firmas forma formas forja forra forre funda fundas gira giras graba grapa grapas guarda guardas \
    guia guias informe informes interna internas invita junta juntas lamina laminas lanza \
    lija lijas limite lima lista listas llama llamada llamadas llave maqueta maquetas marca marcas \
    marcha mata meta metas mezcla mezclas mejora mejoras modela monta monte muda muelle \
    muestra muestras multa multas nombre nota numera oferta ofertas opera ordena orden ordenes \
    paga pague para parte partes pasa pase pases pasta pauta pautas pega pegue perfora pesa \
    pesas pica pila pilas pinta pintas pinte planta plantas plancha planchas poda podas \
    practica practicas pregunta preguntas prensa prepara presta prestas programa programas \
    prueba pruebas publica publicas purga rebaja rebajas receta recetas recorte recortes \
    reforma reformas regala registre regla reglas remate remolque renta rentas repara reporte \
    reportes reserva reservas respalda resguarde resta restas resume resumen retire retoque \
    retoques revista revistas rifa rifas rota rotas saldo sane saque separe siembra siembras \
    sirva sirve sobre subas subasta subastas sube suma sumas sume surte surtes tala talas \
    talla tallas tape tapa tapas tapete tarea techa tira tiras tire toma tomas trabaja traba \
    transporte transportes trata trato trabajes traza une uso usa use vacuna vacunas vale vela \
    velas venda vendas vende viaje viajes video visita visitas vote voten casa casas pinche \
    da ceda cede limpia limpias estampa estampas cerque sella sellas pele pelea palanca vuelta \
    vueltas vacia vacias varia varias rota disenos ocupa ocupe seca secas seque linea lineas \
    brinda cuadra cuadras alimenta fija fijas fije libera llena llenas firme firmes hace hacen"
);

word_set!(
    NO_VERBS = "\
    quite quites module modules circular concrete formula formulas value values ice ices derive \
    listen precise precises centre vista vistas viste una unas uno unos para este esta son como \
    empieza empiezan inicia inician termina \
    terminan di de ve rota rotas roto rotos cual tienda tiendas creo cree crean creen \
    cosa cosas casa nada sal ven junto juntos todo todos toda todas estructura estructuras"
);

/// Reads an infinitive, command, subjunctive, participle or gerund, also with pronouns.
pub(super) fn look_up(word: &str) -> Option<Verb> {
    if !word.is_ascii() || NO_VERBS.contains(word) {
        return None;
    }
    FORMS.get(word).copied().or_else(|| {
        PRONOUNS.iter().find_map(|pronoun| {
            let stem = word.strip_suffix(*pronoun).filter(|stem| stem.len() >= 2)?;
            let verb = FORMS.get(stem).or_else(|| short(stem)).copied()?;
            // The others name whom it is for, not what it is done to.
            let object = !matches!(*pronoun, "les" | "le" | "nos" | "me" | "se" | "te");
            let form = match verb.form {
                Form::Base | Form::Command | Form::Progressive => verb.form,
                Form::Participle | Form::Present | Form::Wish | Form::Told => {
                    return None;
                }
            };
            Some(Verb {
                form,
                object,
                pronoun: true,
                noun: Noun::Never,
                ..verb
            })
        })
    })
}

/// "dile", "denle", "veanlo": commands too short to stand alone among other words.
fn short(stem: &str) -> Option<&'static Verb> {
    match stem {
        "di" => FORMS.get("diga"),
        "de" => FORMS.get("den"),
        "ve" => FORMS.get("vea"),
        _ => None,
    }
}
