//! Commands that nobody means: "take care", "talk soon", "échenle ganas".

use crate::{lexicon::Class, token::Token};

phrase_list!(
    CLOSINGS = "\
    talk soon|talk later|talk then|talk tomorrow|get well|feel better|rest up|sleep well|\
    safe travels|talk to you|have a|keep up|keep me posted|keep it up|speak soon|\
    catch you|thank|thanks|get back to you|get back to me|good job|great job|great work|good work|\
    check this out|\
    look forward|send help|make my day|call me|text me|call us|tell me|ping me|\
    email me|write me|guess what|forget it|print that again|mandame saludos|cuidate|\
    cuidense|echale ganas|echenle ganas|saludame|descansa|descansen|pasenla bien|pasala bien|pasenla|diviertanse|diviertete|disfruta|disfruten|enjoy|have fun|relajate|save the date|appreciate the|appreciate your|appreciate it|appreciate you|appreciate all|suerte|hablamos|work hard|well done"
);

/// "talk soon", "take care", "see you".
pub(super) fn is_closing(tokens: &[Token], at: usize) -> bool {
    let for_somebody = tokens[at].norm == "ask"
        && tokens.get(at + 1).is_some_and(|next| next.norm == "for")
        && tokens.get(at + 2).is_some_and(|name| name.capital);
    let greets = tokens[at + 1..].iter().take(2).any(|token| {
        matches!(
            token.norm.as_str(),
            "saludos" | "abrazos" | "abrazo" | "besos" | "regards" | "hugs"
        )
    });
    // "thank-you email to customers"
    let named =
        tokens[at].norm == "thank" && tokens.get(at + 1).is_some_and(|next| next.is_mark('-'));
    let named = named
        || tokens[at].norm == "thank"
            && tokens
                .iter()
                .skip(at + 2)
                .take(1)
                .any(|next| next.is(Class::ClosingThankYou));
    if named {
        return false;
    }
    let cares = tokens[at].norm == "take"
        && tokens.get(at + 1).is_some_and(|next| next.norm == "care")
        && tokens.get(at + 2).is_none_or(|next| next.norm != "of");
    for_somebody
        || cares
        || greets
        || CLOSINGS.at(&tokens[at..]).is_some()
        || tokens.len() == at + 1 && tokens[at].norm == "help"
}
