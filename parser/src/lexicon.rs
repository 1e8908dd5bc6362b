//! The words that the grammar knows, with their classes: `lexicon/en.tsv` and `lexicon/es.tsv`, one
//! folded word a line, a tab, and its classes. A token's classes are looked up once. Verbs,
//! lead-ins and slips have files of their own beside these, read where they are used.

use std::sync::LazyLock;

use crate::table::WordMap;

/// Lists the classes once.
macro_rules! classes {
    ($($class:ident)+) => {
        /// A class of words, by the rule that asks for it, or by what the words are where many
        /// rules do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Class {
            $($class,)+
        }

        impl Class {
            /// Every class.
            const ALL: &[Self] = &[$(Self::$class,)+];

            /// Its name in the lexicon.
            const fn name(self) -> &'static str {
                match self {
                    $(Self::$class => stringify!($class),)+
                }
            }
        }
    };
}

classes! {
    Determiners Pronouns Subjects Prepositions Events Finite Parts Needing NounsAsWell BeforeNouns
    EnglishNouns IrregularPasts AccentedNouns Preterites
    BoundaryCalling BoundaryAsking BoundaryIs BoundaryRelatives
    DictatedBeforeAVerb DictatedCauses DictatedArticles
    CommandProclitics CommandVerbsWithFor CommandParticles
    DateDescribedLinks DateDescribedDeadlines DateRangeJoints DateOrdinalEndings DateAfterADay
    DateCues
    DraftGuesses
    FaultLooking FaultHeads FaultHeading FaultTellingVerbs
    HeaderReports
    NamedParties NamedSmallTalk
    RequestSending RequestRepairers RequestStates
    EffortDescribedFinishing EffortDescribedDenied EffortDescribedNounsOfWork
    EffortDurationWorking EffortNumberRangeJoints EffortApproximate EffortCues EffortWeak
    EffortLoose EffortSpanishUnits
    FaultEnglishOthers FaultEnglishMore FaultEnglishPassed FaultEnglishPeople FaultEnglishCopulas
    FaultEnglishBroken FaultEnglishEndsBroken FaultEnglishPowered FaultEnglishShows
    FaultEnglishWhat FaultEnglishBreaks FaultEnglishAppearing FaultEnglishNegated FaultEnglishDoes
    FaultEnglishOnce FaultEnglishDoingOtherwise FaultEnglishSaying
    FaultSpanishOthers FaultSpanishBroke FaultSpanishBreaks FaultSpanishCopulas FaultSpanishBroken
    FaultSpanishPassed FaultSpanishSpilt FaultSpanishActs FaultSpanishFailing FaultSpanishShows
    FaultSpanishWhat FaultSpanishBetween FaultSpanishDoes FaultSpanishEnters FaultSpanishDoing
    FaultSpanishRuined FaultSpanishWhere
    KindDelivering KindGeneral KindWorks
    LanguageEnglish LanguageSpanish LanguageBorrowed LanguageNominal LanguageEnglishDays
    LanguageEnglishFrames LanguageSpanishFrames
    EndAbbreviations
    LineLists
    LeadAskers LeadTaking LeadAfterThe LeadAddressed
    WantingVerbs WantingBetween WantingTheirOwn
    WishPraise WishAdverbs WishFirst WishNeeding WishAmong WishOrdinals WishPoints
    LiteralSaying LiteralUnitsOfAmount
    OrderAll OrderDone OrderManners OrderOurThings OrderOurFields OrderSecrets
    ReachingPrying
    PeopleOpenings PeopleAssigning
    PhraseAdverbs
    PriorityNegations PriorityBetween PriorityPressing PriorityAfterNow PriorityBeforeNow
    RoleAdverbs
    AttributeWords AttributeOfDeadlines AttributeOfEffort
    LedCopulas
    ObjectMeeting ObjectTreats
    PointingPacks PointingOneMore PointingOrdinals PointingAdverbials
    QuestionAbilities QuestionMedia QuestionQuestions
    UnknownSmallTalk
    WantedPeople WantedGeneral WantedLongedFor
    PointerArticles
    SeriesFillers
    TalkThanks TalkGreetings TalkFine TalkAroundFine TalkSpanishCommands TalkEnglishCommands
    TitleParticles TitleLooseEnds TitleLooseStarts
    VerbFinishing VerbSpanishArticles VerbNoInfinitives VerbEnglishArticles VerbNoVerbs VerbNouns
    VerbSpanishNoVerbs
    StemEToIe StemOToUe StemEToI
    OrderGoesOn DateReckoning ScopeAll FaultPutRight FaultSpanishSpoiling BoundaryAbout
    ReachingOthers PointerAlone ObjectMovingADay WantedStates WantedCounts LedAsked NecessityNeeds
    ClosingThankYou HadWishes HadAllOf HadFinished Hesitations
}

/// Bits for this many classes.
const WIDTH: usize = 3;

/// The classes of a word, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Classes([u64; WIDTH]);

impl Classes {
    /// Whether a class is among them.
    pub(crate) const fn has(self, class: Class) -> bool {
        let bit = class as usize;
        self.0[bit / 64] & 1 << (bit % 64) != 0
    }

    fn add(&mut self, class: Class) {
        let bit = class as usize;
        self.0[bit / 64] |= 1 << (bit % 64);
    }
}

const FILES: [&str; 2] = [
    include_str!("../lexicon/en.tsv"),
    include_str!("../lexicon/es.tsv"),
];

static LEXICON: LazyLock<WordMap<Classes>> = LazyLock::new(|| {
    let names: WordMap<Class> = Class::ALL
        .iter()
        .map(|&class| (class.name(), class))
        .collect();
    let mut lexicon: WordMap<Classes> = WordMap::default();
    for (word, classes) in FILES.into_iter().flat_map(rows) {
        let known = lexicon.entry(word).or_default();
        let classes = classes.split(' ').filter_map(|name| names.get(name));
        classes.for_each(|&class| known.add(class));
    }
    lexicon
});

/// The lines of a file of the lexicon: what stands before the first tab, and what after it.
pub(crate) fn rows(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    file.lines().filter_map(|line| line.split_once('\t'))
}

/// The classes of a folded word.
pub(crate) fn classes(word: &str) -> Classes {
    LEXICON.get(word).copied().unwrap_or_default()
}

impl Class {
    /// Whether a folded word is of this class. Of a token, ask `Token::is`.
    pub(crate) fn has(self, word: &str) -> bool {
        classes(word).has(self)
    }

    /// The words of this class.
    pub(crate) fn words(self) -> impl Iterator<Item = &'static str> {
        let words = LEXICON.iter().filter(move |(_, known)| known.has(self));
        words.map(|(word, _)| *word)
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, FILES, WIDTH};
    use crate::token::tokenize;

    #[test]
    fn lines_are_in_order_and_of_known_classes() {
        for file in FILES {
            let mut before = "";
            for line in file.lines() {
                let (word, classes) = line.split_once('\t').expect("has a tab");
                assert!(before < word, "{before} before {word}");
                before = word;
                for name in classes.split(' ') {
                    let known = Class::ALL.iter().any(|class| class.name() == name);
                    assert!(known, "{word} {name}");
                }
            }
        }
    }

    #[test]
    fn every_class_has_words_and_a_bit() {
        assert!(Class::ALL.len() <= 64 * WIDTH);
        for class in Class::ALL {
            assert!(class.words().next().is_some(), "{}", class.name());
        }
    }

    #[test]
    fn a_word_is_of_the_classes_of_both_files() {
        assert!(Class::Determiners.has("the") && Class::Determiners.has("los"));
        assert!(!Class::Determiners.has("paint"));
        let tokens = tokenize("The wall");
        assert!(tokens[0].is(Class::Determiners) && !tokens[1].is(Class::Determiners));
    }
}
