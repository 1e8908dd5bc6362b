//! Whether words of one account reached another: in what Twilio took for a number that was linked
//! to somebody else by then, and in work that was made of what was written before.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    evidence::{Evidence, LinkEvent, Said},
    load::Sent,
    report::Line,
    roster::{self, Account},
};

/// A post that began before its link ended may arrive so much later, beside the time for which a
/// worker was frozen.
const UNDER_WAY: TimeDelta = TimeDelta::seconds(6);

/// A while in which an account held its number.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// When its VERIFY was written.
    proven: DateTime<Utc>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// Which account held which number, and when.
#[derive(Debug, Default)]
struct Holders {
    spans: HashMap<Uuid, Vec<Span>>,
    frozen: Vec<[DateTime<Utc>; 2]>,
}

impl Holders {
    /// By the record of links, and the links that there were at first.
    fn of(evidence: &Evidence, sent: &[Sent]) -> Self {
        let written: HashMap<&str, DateTime<Utc>> =
            sent.iter().map(|sent| (&*sent.sid, sent.began)).collect();
        let ends = |link: Option<Uuid>| {
            let ends = evidence.links.iter().filter(|event| {
                event.event != "link" && event.link_id.is_some() && event.link_id == link
            });
            ends.map(|event| event.at).min()
        };
        let mut holders = Self {
            frozen: evidence.frozen.clone(),
            ..Self::default()
        };
        for made in evidence.links.iter().filter(|event| event.event == "link") {
            let proven = made.message_sid.as_deref().and_then(|sid| written.get(sid));
            let span = Span {
                proven: proven.copied().unwrap_or(made.at),
                from: made.at,
                until: ends(made.link_id).unwrap_or(DateTime::<Utc>::MAX_UTC),
            };
            if let Some(user) = made.user_id {
                holders.spans.entry(user).or_default().push(span);
            }
        }
        holders.add_first(evidence);
        holders
    }

    /// Those that nobody made in this run, and that end at the first end of a link that is not
    /// known to have been made.
    fn add_first(&mut self, evidence: &Evidence) {
        for sender in 0..evidence.senders {
            let user = roster::account(sender, Account::First);
            let ended = evidence.links.iter().find(|event| {
                let made =
                    |other: &LinkEvent| other.event == "link" && other.link_id == event.link_id;
                event.user_id == Some(user)
                    && matches!(&*event.event, "unlink" | "suspend")
                    && !evidence.links.iter().any(made)
            });
            let until = ended.map_or(DateTime::<Utc>::MAX_UTC, |event| event.at);
            let always = DateTime::<Utc>::MIN_UTC;
            self.spans.entry(user).or_default().push(Span {
                proven: always,
                from: always,
                until,
            });
        }
    }

    fn spans(&self, user: Uuid) -> impl Iterator<Item = &Span> {
        self.spans.get(&user).into_iter().flatten()
    }

    /// Whether a post that arrived at `at` surely began after that moment.
    fn began_after(&self, moment: DateTime<Utc>, at: DateTime<Utc>) -> bool {
        let since = |moment: DateTime<Utc>| at.signed_duration_since(moment) > UNDER_WAY;
        let thawed = |[from, until]: &[DateTime<Utc>; 2]| {
            from.signed_duration_since(moment) <= UNDER_WAY && !since(*until)
        };
        since(moment) && !self.frozen.iter().any(thawed)
    }

    /// Whether a post that arrived then may have begun while the account held its number.
    fn held(&self, user: Uuid, at: DateTime<Utc>) -> bool {
        self.spans(user)
            .any(|span| span.from <= at && !self.began_after(span.until, at))
    }

    /// Whether a post that arrived then surely began while the account held its number.
    fn surely_held(&self, user: Uuid, at: DateTime<Utc>) -> bool {
        self.spans(user)
            .any(|span| self.began_after(span.from, at) && at <= span.until)
    }

    /// Whether the account may have had the number proven when that was written, and held it since.
    fn may_carry_out(&self, user: Uuid, sent: &Sent) -> bool {
        self.spans(user)
            .any(|span| span.proven <= sent.ended && sent.began <= span.until)
    }
}

/// What was compared.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Posts that hold words of an account.
    posts: HashSet<String>,
    /// Of these, posts to a number after it has gone to another account.
    moved: HashSet<String>,
    wrong: Vec<String>,
}

impl Words {
    /// Compares.
    pub(super) fn compare(evidence: &Evidence, sent: &[Sent]) -> Self {
        let holders = Holders::of(evidence, sent);
        let by_number: HashMap<usize, &Sent> =
            sent.iter().map(|sent| (sent.number, sent)).collect();
        let mut words = Self::default();
        for said in &evidence.said {
            let Some(sender) = roster::sender(&said.to) else {
                continue;
            };
            let mine = Account::BOTH.map(|account| roster::account(sender, account));
            for (what, owner) in named(evidence, said) {
                let good = mine.contains(&owner) && holders.held(owner, said.at);
                words.note(&holders, said, good, || format!("told of {what}"));
            }
            for asked in numbers(&said.body).filter_map(|number| by_number.get(&number)) {
                let message = evidence.messages.get(&asked.sid);
                let Some(owner) = message.and_then(|message| message.user_id) else {
                    continue;
                };
                // Whoever holds the phone may be told what became of it until it is another's.
                let mut others = mine.iter().filter(|other| **other != owner);
                let is_taken = others.any(|other| holders.surely_held(*other, said.at));
                let good = mine.contains(&owner) && (!is_taken || holders.held(owner, said.at));
                words.note(&holders, said, good, || format!("quotes {}", asked.sid));
            }
        }
        words.wrong.extend(work(evidence, sent, &holders));
        words
    }

    fn note(&mut self, holders: &Holders, said: &Said, good: bool, what: impl FnOnce() -> String) {
        self.posts.insert(said.sid.clone());
        let sender = roster::sender(&said.to);
        let linked = sender
            .into_iter()
            .flat_map(|sender| Account::BOTH.map(|account| roster::account(sender, account)))
            .flat_map(|account| holders.spans(account))
            .filter(|span| span.from <= said.at);
        if linked.count() > 1 {
            self.moved.insert(said.sid.clone());
        }
        if !good {
            self.wrong.push(format!("{} {}", said.sid, what()));
        }
    }

    /// None was another's.
    pub(super) fn line(&self) -> Line {
        Line::none("words of another account", self.wrong.clone())
    }

    /// How much there was to compare.
    pub(super) fn told(&self) -> String {
        format!(
            "posts with words of an account: {}; of these to a number that had been linked anew: {}",
            self.posts.len(),
            self.moved.len()
        )
    }
}

/// Work of an account that did not hold the number when the message was written.
fn work(evidence: &Evidence, sent: &[Sent], holders: &Holders) -> Vec<String> {
    let sent: HashMap<&str, &Sent> = sent.iter().map(|sent| (&*sent.sid, sent)).collect();
    let made = evidence.owners.values();
    let wrong = made.filter_map(|(sid, owner)| {
        let sent = sent.get(sid.as_str())?;
        let mine = Account::BOTH.map(|account| roster::account(sent.sender, account));
        let good = mine.contains(owner) && holders.may_carry_out(*owner, sent);
        (!good).then(|| format!("{sid} became work of {owner}"))
    });
    wrong.collect()
}

/// The proposals and workspaces that a text names, and whose they are.
fn named(evidence: &Evidence, said: &Said) -> Vec<(String, Uuid)> {
    let links = said.body.split(LINK).skip(1);
    let ids = links.map(|rest| rest.chars().take(36).collect::<String>());
    let proposals = ids.filter_map(|id| {
        let (asked, owner) = evidence.owners.get(&id)?;
        Some((format!("proposal {id}, asked for by {asked}"), *owner))
    });
    let workspaces = workspaces(&said.body).into_iter();
    let workspaces = workspaces.map(|owner| (format!("a workspace of {owner}"), owner));
    proposals.chain(workspaces).collect()
}

/// What stands before a proposal's id.
const LINK: &str = "/proposals/";

/// The accounts whose workspaces a text names.
fn workspaces(body: &str) -> Vec<Uuid> {
    let mut found = Vec::new();
    for account in Account::BOTH {
        for rest in body.split(account.workspace()).skip(1) {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let owner = digits.parse().map(|n: u32| roster::account(n, account));
            found.extend(owner.ok());
        }
    }
    found
}

/// The numbers of messages that a text quotes; those of a proposal's id are none.
fn numbers(body: &str) -> impl Iterator<Item = usize> {
    let mut parts = body.split(LINK);
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.trim_start_matches(|c: char| c == '-' || c.is_alphanumeric()));
    let words = std::iter::once(first)
        .chain(rest)
        .flat_map(|part| part.split(|c: char| !c.is_ascii_digit()));
    words
        .filter(|word| word.len() >= 5)
        .filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::super::{evidence::Message, load::Kind};
    use super::*;

    /// Everything happens to this number.
    const SENDER: u32 = 2;
    const PROPOSAL: &str = "01a202ce-9001-7368-868d-170320017609";

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    fn user(account: Account) -> Uuid {
        roster::account(SENDER, account)
    }

    fn event(name: &str, second: i64, account: Account, link: u128) -> LinkEvent {
        LinkEvent {
            event: name.into(),
            at: at(second),
            user_id: Some(user(account)),
            link_id: Some(Uuid::from_u128(link)),
            message_sid: None,
        }
    }

    fn sent(second: i64) -> Sent {
        Sent {
            sid: "SM1".into(),
            sender: SENDER,
            turn: 0,
            kind: Kind::Request,
            text: "Fix the login 20017".into(),
            number: 20017,
            began: at(second),
            ended: at(second),
            accepted: true,
        }
    }

    /// A message of the first account, a proposal of it, and a number that goes to the second
    /// account after a hundred seconds, and comes back after two hundred.
    fn evidence(said: &[(i64, &str)]) -> Evidence {
        let message = Message {
            sid: "SM1".into(),
            state: "proposed".into(),
            identity: None,
            generation: 1,
            user_id: Some(user(Account::First)),
            stream_sequence: None,
            routed_at: None,
        };
        let said = said.iter().map(|(second, body)| Said {
            at: at(*second),
            sid: format!("SM{second}"),
            to: roster::address(SENDER),
            body: (*body).to_owned(),
        });
        let owner = ("SM1".to_owned(), user(Account::First));
        Evidence {
            messages: [("SM1".to_owned(), message)].into(),
            senders: SENDER + 1,
            links: vec![
                event("unlink", 100, Account::First, 1),
                event("link", 101, Account::Second, 2),
                event("unlink", 200, Account::Second, 2),
                event("link", 201, Account::First, 3),
            ],
            owners: [(PROPOSAL.to_owned(), owner)].into(),
            said: said.collect(),
            ..Evidence::default()
        }
    }

    fn wrong(evidence: &Evidence, sent: &Sent) -> Vec<String> {
        Words::compare(evidence, std::slice::from_ref(sent)).wrong
    }

    #[test]
    fn a_reply_is_wrong_while_another_account_holds_the_number() {
        let link = format!("View: https://foco.mx/proposals/{PROPOSAL} now");
        let texts = [&*link, "Fix the login 20017 is done", "Workspace: Taller 2"];
        for text in texts {
            let good = [(50, text), (105, text), (250, text)];
            assert_eq!(wrong(&evidence(&good), &sent(40)), Vec::<String>::new());
            for second in [120, 199] {
                let evidence = evidence(&[(second, text)]);
                let [wrong] = &wrong(&evidence, &sent(40))[..] else {
                    panic!("{text} at {second}");
                };
                assert!(wrong.starts_with(&format!("SM{second} ")), "{wrong}");
            }
        }
    }

    #[test]
    fn a_reply_of_another_sender_is_always_wrong() {
        let of_another = evidence(&[(50, "Workspace: Taller 7"), (60, "Estudio 7")]);
        assert_eq!(wrong(&of_another, &sent(40)).len(), 2);
    }

    #[test]
    fn a_post_of_a_frozen_worker_began_before() {
        let text = format!("https://foco.mx/proposals/{PROPOSAL}");
        let mut evidence = evidence(&[(112, &text)]);
        assert_eq!(wrong(&evidence, &sent(40)).len(), 1);
        evidence.frozen = vec![[at(150), at(155)]];
        assert_eq!(wrong(&evidence, &sent(40)).len(), 1);
        evidence.frozen = vec![[at(99), at(110)]];
        assert_eq!(wrong(&evidence, &sent(40)).len(), 0);
    }

    #[test]
    fn work_is_wrong_where_its_account_did_not_hold_the_number_then() {
        let nothing_said = evidence(&[]);
        for second in [40, 99, 201, 300] {
            assert_eq!(wrong(&nothing_said, &sent(second)), Vec::<String>::new());
        }
        let line = Words::compare(&nothing_said, &[sent(150)]).line();
        assert_eq!(line.wrong().len(), 1);
        assert!(line.wrong()[0].starts_with("SM1 became work of "));
    }

    #[test]
    fn what_a_text_holds_of_accounts_is_found() {
        let named = workspaces("🏢 *Workspace:* Taller 12\nEstudio 7, Taller x");
        let ids = [(12, Account::First), (7, Account::Second)];
        assert_eq!(named, ids.map(|(n, account)| roster::account(n, account)));
        let quoted =
            format!("1. Fix the login 20017 · 3 h (12 January) /proposals/{PROPOSAL} 30018");
        assert_eq!(numbers(&quoted).collect::<Vec<_>>(), [20017, 30018]);
    }
}
