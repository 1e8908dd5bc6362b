//! English verbs that ask for work, and how to read their inflected forms.

use super::{Form, Verb, entry, verb};
use crate::{Kind, Language};

/// Verbs by the kind of item they make, and whether each word is a noun as well.
pub(super) const VERBS: &[(&str, Kind, bool)] = &[
    ("fix repair mend correct debug", Kind::Bug, false),
    ("add implement create build develop", Kind::Feature, false),
    ("launch release", Kind::Milestone, true),
    (
        "accept acquire adapt adjust advertise allocate analyze analyse announce apply appoint \
         approve arrange assemble assess assign attach attend automate bring buy calculate \
         cancel capture caulk certify choose circulate clarify clean clear close collect combine \
         compare compile complete compose configure confirm connect consolidate convert \
         coordinate customize decide decorate define delete deliver demolish deploy determine \
         disable disassemble discuss disinfect dispose distribute dig edit enable encrypt engage \
         enroll ensure enter establish evaluate expand explain explore extend extract finalize \
         finish find follow forward gather generate get give grout handle hang hire identify \
         improve include inform inspect install insulate integrate interview investigate invite \
         join keep lay locate lower lubricate make manage measure merge migrate mop \
         mow negotiate notarize notify obtain onboard open optimize order organize organise \
         perform pick polish prepare procure produce promote proofread provide publish pull put \
         rearrange rebrand recruit redesign redo reduce refactor refill refinance rehearse \
         reinforce relocate remind remodel remove rename renew renovate reorder reorganize repaint \
         repeat replace reprint resend respond restock restore resubmit retest retrieve revamp \
         revise reword rewrite reseal resize resolve rotate sand scan scrape secure select sell send \
         serve set sew shoot shorten simplify solder sort speak spray sterilize strip submit \
         subscribe summarize swap sweep synchronize take teach tell throw tidy transcribe translate \
         trim tune turn tweak unclog unblock unify update upgrade upload validate verify wax weld \
         write wrap",
        Kind::Task,
        false,
    ),
    (
        "archive ask audit back bake bid bill block book budget call change charge check code \
         contact contract cook copy cost cover cut design document donate download draft draw \
         drill drop dry email estimate exchange export file fill film focus format frame grade \
         help host import increase invoice issue iron label level light link list load lock log \
         look mail map mark meet mix monitor mount move outline pack package paint patch pay \
         phone photograph place plan plant post pour practice present price print process program \
         purchase push quote record refresh refund register rent reply report request reschedule \
         research reserve reset return review roll run sample save schedule seal search service \
         share ship shop sign sketch source split stack start stock stop store study supply \
         survey switch sync talk test text tile trace track train transfer transport view visit \
         walk wash water wire work",
        Kind::Task,
        true,
    ),
];

/// Past forms that do not end in `-ed`.
const IRREGULAR: &[(&str, &str)] = &[
    ("built", "build"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("done", "finish"),
    ("drawn", "draw"),
    ("found", "find"),
    ("given", "give"),
    ("got", "get"),
    ("hung", "hang"),
    ("laid", "lay"),
    ("made", "make"),
    ("met", "meet"),
    ("paid", "pay"),
    ("redone", "redo"),
    ("rewritten", "rewrite"),
    ("sent", "send"),
    ("sold", "sell"),
    ("sewn", "sew"),
    ("shot", "shoot"),
    ("swept", "sweep"),
    ("taken", "take"),
    ("told", "tell"),
    ("taught", "teach"),
    ("written", "write"),
    ("thrown", "throw"),
];

/// Reads a past or progressive form.
pub(super) fn inflected(word: &str) -> Option<Verb> {
    if let Some((_, lemma)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return named(lemma, Form::Participle);
    }
    if let Some(stem) = word.strip_suffix("ing") {
        return from_stem(stem, Form::Progressive);
    }
    from_stem(word.strip_suffix("ed")?, Form::Participle)
}

fn from_stem(stem: &str, form: Form) -> Option<Verb> {
    if !stem.is_ascii() || stem.len() < 2 {
        return None;
    }
    let undoubled = &stem[..stem.len() - 1];
    let with_y = stem.strip_suffix('i').map(|start| format!("{start}y"));
    named(stem, form)
        .or_else(|| named(&format!("{stem}e"), form))
        .or_else(|| {
            named(undoubled, form)
                .filter(|_| stem.as_bytes()[stem.len() - 1] == stem.as_bytes()[stem.len() - 2])
        })
        .or_else(|| named(&with_y?, form))
}

fn named(lemma: &str, form: Form) -> Option<Verb> {
    let (lemma, found) = entry(lemma).filter(|(_, found)| found.language == Language::En)?;
    Some(verb(lemma, found, form, false, false))
}
