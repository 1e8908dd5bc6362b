//! The rules that every proposal keeps, whoever made it: bounds, real people, days to come,
//! dependencies without a circle. A broken rule comes back as a sentence for the model.

use crate::{Item, ParsedProposal, Request, effort, people};

/// Most items that one message may become.
pub(crate) const MAX_ITEMS: usize = 50;
/// Longest title of an item, in characters.
pub(crate) const MAX_TITLE: usize = 99;
/// Longest summary of a proposal, in characters.
pub(crate) const MAX_SUMMARY: usize = 100;
/// Most hours of one item or of a whole proposal: a year of work.
pub(crate) const MAX_HOURS: f64 = 2000.0;
/// Most characters of an item's description.
pub(crate) const MAX_DESCRIPTION: usize = 2000;
/// Most assumptions, and most characters of one.
pub(crate) const MAX_ASSUMPTIONS: usize = 20;
/// Most characters of an assumption.
pub(crate) const MAX_ASSUMPTION: usize = 300;
/// How many years ahead a due date may lie.
pub(crate) const MAX_YEARS: u32 = 10;

/// One broken rule: an English sentence that names the field and the rule, fit to be sent
/// back to a model. It quotes nothing of the message or of the answer but field names and
/// numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}.")]
pub struct Complaint {
    /// Where, as a path: `items[2].due`.
    pub field: String,
    /// What has to hold there.
    pub rule: String,
}

/// Checks a proposal against the rules that hold for everyone, and completes the total
/// where every item has hours. What may be meant for one of several people is given to nobody.
///
/// # Errors
/// Every broken rule, in the order of the fields.
pub fn validate(
    proposal: ParsedProposal,
    request: &Request<'_>,
) -> Result<ParsedProposal, Vec<Complaint>> {
    let mut proposal = proposal;
    let mut complaints = Complaints::default();
    check_whole(&proposal, &mut complaints);
    for (index, item) in proposal.items.iter().enumerate() {
        check_item(index, item, request, &mut complaints);
        check_dependencies(index, item, &mut complaints);
    }
    check_total(&mut proposal, request, &mut complaints);
    for item in &mut proposal.items {
        let meant = |name: &String| people::is_meant(request.text, name, request.members);
        item.assignee = item.assignee.take().filter(meant);
    }
    if complaints.0.is_empty() {
        Ok(proposal)
    } else {
        Err(complaints.0)
    }
}

#[derive(Default)]
struct Complaints(Vec<Complaint>);

impl Complaints {
    fn unless(&mut self, holds: bool, field: impl Into<String>, rule: impl Into<String>) {
        if !holds {
            self.0.push(Complaint {
                field: field.into(),
                rule: rule.into(),
            });
        }
    }
}

fn check_whole(proposal: &ParsedProposal, complaints: &mut Complaints) {
    let ParsedProposal {
        items, assumptions, ..
    } = proposal;
    complaints.unless(
        text_within(
            &proposal.summary,
            usize::from(proposal.actionable),
            MAX_SUMMARY,
        ),
        "summary",
        format!("must have 1 to {MAX_SUMMARY} characters on one line"),
    );
    complaints.unless(
        proposal.actionable != items.is_empty(),
        "items",
        "must be empty when actionable is false, and have at least one entry when it is true",
    );
    complaints.unless(
        items.len() <= MAX_ITEMS,
        "items",
        format!("must have at most {MAX_ITEMS} entries"),
    );
    complaints.unless(
        assumptions.len() <= MAX_ASSUMPTIONS
            && assumptions
                .iter()
                .all(|text| text_within(text, 1, MAX_ASSUMPTION)),
        "assumptions",
        format!("must be at most {MAX_ASSUMPTIONS} lines of 1 to {MAX_ASSUMPTION} characters"),
    );
    complaints.unless(
        (0.0..=1.0).contains(&proposal.confidence),
        "confidence",
        "must lie between 0 and 1",
    );
}

fn check_item(index: usize, item: &Item, request: &Request<'_>, complaints: &mut Complaints) {
    let field = |name: &str| format!("items[{index}].{name}");
    complaints.unless(
        text_within(&item.title, 1, MAX_TITLE),
        field("title"),
        format!("must have 1 to {MAX_TITLE} characters on one line"),
    );
    complaints.unless(
        item.description.chars().count() <= MAX_DESCRIPTION && !item.description.contains('\0'),
        field("description"),
        format!("must have at most {MAX_DESCRIPTION} characters"),
    );
    complaints.unless(
        item.hours.is_none_or(hours_within),
        field("hours"),
        format!("must be null or more than 0 and at most {MAX_HOURS}"),
    );
    let today = request.sent_at.date_naive();
    let horizon = today.checked_add_months(chrono::Months::new(12 * MAX_YEARS));
    complaints.unless(
        item.due.is_none_or(|due| due >= today),
        field("due"),
        format!("must be null or a day from {today} on, the sender's local day"),
    );
    complaints.unless(
        item.due
            .is_none_or(|due| horizon.is_none_or(|horizon| due <= horizon)),
        field("due"),
        format!("must lie within the next {MAX_YEARS} years"),
    );
    complaints.unless(
        item.assignee
            .as_ref()
            .is_none_or(|name| request.members.contains(name)),
        field("assignee"),
        "must be null or exactly one of the given members' names",
    );
}

/// An item depends on earlier ones only, so that no circle can close.
fn check_dependencies(index: usize, item: &Item, complaints: &mut Complaints) {
    let needed = &item.depends_on;
    let twice = needed
        .iter()
        .enumerate()
        .any(|(at, first)| needed[..at].contains(first));
    complaints.unless(
        needed.len() <= MAX_ITEMS && !twice && needed.iter().all(|&other| other < index),
        format!("items[{index}].depends_on"),
        "must name earlier items by their index, counted from 0, each at most once",
    );
}

fn check_total(proposal: &mut ParsedProposal, request: &Request<'_>, complaints: &mut Complaints) {
    let known: f64 = proposal.items.iter().filter_map(|item| item.hours).sum();
    let complete =
        !proposal.items.is_empty() && proposal.items.iter().all(|item| item.hours.is_some());
    let Some(total) = proposal.total_hours else {
        proposal.total_hours = Some(known).filter(|&hours| complete && hours_within(hours));
        return;
    };
    complaints.unless(
        proposal.actionable && hours_within(total),
        "total_hours",
        format!("must be null, or more than 0 and at most {MAX_HOURS} where there is work"),
    );
    complaints.unless(
        !complete || is_same(total, known) || effort::states(request.text, total),
        "total_hours",
        "must equal the sum of the items' hours, or a total that the message states",
    );
}

fn is_same(left: f64, right: f64) -> bool {
    (left - right).abs() < 0.005
}

fn hours_within(hours: f64) -> bool {
    hours > 0.0 && hours <= MAX_HOURS
}

fn text_within(text: &str, least: usize, most: usize) -> bool {
    let length = text.trim().chars().count();
    (least..=most).contains(&length)
        && text.chars().count() <= most
        && !text.chars().any(char::is_control)
}
