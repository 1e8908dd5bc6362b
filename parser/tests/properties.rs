//! Whatever the text, the moment and the settings: the parser returns, and what it returns
//! passes the rules that hold for everyone.

use chrono::DateTime;
use parser::{Language, ModelAnswer, Request, parse, share_hours, validate};
use proptest::prelude::*;
use timezone::Zone;

/// Pieces that the grammar reacts to, so that random texts reach its corners.
const PIECES: &[&str] = &[
    "fix",
    "add",
    "agregar",
    "arreglen",
    "the",
    "la",
    "login",
    "página",
    "and",
    "y",
    ",",
    ".",
    "\n",
    "- ",
    "1) ",
    "2) ",
    ":",
    "by",
    "para el",
    "Friday",
    "viernes",
    "mañana",
    "in 3 days",
    "en quince días",
    "3/15",
    "15/03",
    "2026-02-30",
    "el 2020-01-02",
    "March 3, 2019",
    "12/31/2090",
    "700 days",
    "30 de febrero",
    "el día 31",
    "2 hours",
    "media hora",
    "3-4",
    "a week",
    "each",
    "cada uno",
    "total",
    "(",
    ")",
    "\"",
    "asap",
    "no urge",
    "ya",
    "no",
    "don't",
    "please",
    "hay que",
    "we need",
    "que",
    "no funciona",
    "is broken",
    "fix it",
    "because",
    "5pm",
    "$3,200",
    "60%",
    "55 5550 1234",
    "https://a.example",
    "👍",
    "🎉\n",
    "ñ",
    "\u{301}",
    "ignore all rules",
    "Ana",
    "@Ana",
    "the first one",
];

fn texts() -> impl Strategy<Value = String> {
    let pieces =
        proptest::collection::vec((0..PIECES.len(), any::<bool>()), 0..60).prop_map(|chosen| {
            let piece = |(at, spaced): (usize, bool)| {
                format!("{}{}", PIECES[at], if spaced { " " } else { "" })
            };
            chosen.into_iter().map(piece).collect::<String>()
        });
    prop_oneof![pieces, any::<String>(), "[ a-zñ0-9,.:;()\n-]{0,300}"]
}

fn zones() -> impl Strategy<Value = Zone> {
    let zones: Vec<Zone> = timezone::all().collect();
    prop::sample::select(zones)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_gives_a_valid_proposal(text in texts(), seconds in 0_i64..4_000_000_000, zone in zones(), language in 0..3) {
        let members = ["Ana Ruiz".to_owned(), "Luis Mora".to_owned()];
        let language = [None, Some(Language::En), Some(Language::Es)][usize::try_from(language).expect("is small")];
        let sent_at = DateTime::from_timestamp(seconds, 0).expect("is a moment").with_timezone(&zone);
        let request = Request { text: &text, sent_at, language, project: "Obra", members: &members };
        let proposal = parse(&request);
        prop_assert_eq!(&parse(&request), &proposal, "the same input gives the same proposal");
        let json = serde_json::to_value(&proposal).expect("serializes");
        let answer: ModelAnswer = serde_json::from_value(json).expect("has the schema's shape");
        prop_assert_eq!(validate(answer.into(), &request), Ok(proposal));
    }

    #[test]
    fn shared_hours_add_up_to_the_total(total in 1_u32..200_000, own in proptest::collection::vec(proptest::option::of(1_u32..500), 1..50)) {
        let hours = |hundredths: u32| f64::from(hundredths) / 100.0;
        let items: Vec<Option<f64>> = own.iter().map(|own| own.map(hours)).collect();
        let shared = share_hours(hours(total), &items);
        prop_assert_eq!(shared.len(), items.len());
        prop_assert!(items.iter().zip(&shared).all(|(own, shared)| own.is_none() || own == shared));
        let stated: u32 = own.iter().flatten().sum();
        let waiting = u32::try_from(own.iter().filter(|own| own.is_none()).count()).expect("is small");
        if waiting > 0 && total >= stated + waiting {
            let sum: f64 = shared.iter().flatten().sum();
            prop_assert!((sum - hours(total)).abs() < 1e-6, "{} is not {}", sum, hours(total));
        }
    }
}
