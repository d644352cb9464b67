//! What comes of a command: a step to commit, a refusal with its reasons, or a list of what must be
//! loaded first. Data only; the engine and `World` carry it out.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    case::{
        Case, CaseId, DeliveryId, Doer, GroupId, LinkId, Parent, PartnerId, PersonId, Purpose,
        Receiver, Sending,
    },
    context::{LimitKey, Needs},
    history::SealedEntry,
    markdown::Markdown,
    name::Name,
    text::{Language, Text},
    time::Time,
    workflow::{Place, StatePath},
};

/// What comes of a command.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time is looked at and taken apart, none is kept"
)]
pub enum Outcome {
    /// It is carried out: commit this.
    Done(Box<Step>),
    /// It is not, and nothing changes.
    Refused(Refusal),
    /// There was nothing to do (no timer due, no ballot decided): nothing to commit.
    Unchanged,
    /// Load this, and step again.
    Missing(Needs),
}

/// Everything that one command changes. Commits together or not at all.
#[derive(Debug, Clone)]
pub struct Step {
    /// The case as it is then.
    pub case: Case,
    /// Whether its content has changed.
    pub content_changed: bool,
    /// New history, in order.
    pub entries: Vec<SealedEntry>,
    /// Mails and hook calls.
    pub deliveries: Vec<NewDelivery>,
    /// Child cases to open, each in a commit of its own. Whoever carries a step out sees to it that each is opened,
    /// once, and that the case is told of one that cannot be.
    pub children: Vec<NewChild>,
    /// Changed places in limits.
    pub limits: Vec<LimitChange>,
    /// Who may act now; replaces the case's earlier rows.
    pub waiting: Vec<Waiting>,
    /// Who may see the case from now on, besides those who could already.
    pub access: BTreeSet<Subject>,
    /// Who may not see it any more.
    pub hidden: BTreeSet<Subject>,
    /// What needs an operator.
    pub incidents: Vec<Incident>,
    /// The causes of incidents that need none any more.
    pub settled: Vec<String>,
    /// Reminders that have not gone and need not any more.
    pub unsent: Vec<DeliveryId>,
}

/// Somebody or a number of people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One person.
    Person(PersonId),
    /// The members of a group.
    Group(GroupId),
    /// Everybody of a partner.
    Partner(PartnerId),
}

/// Who may act on a case now, and since when: a row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who may act.
    pub who: Subject,
    /// But not these of them: they voted already, or are excluded.
    pub but: BTreeSet<PersonId>,
    /// The role in which.
    pub role: Name,
    /// Since when.
    pub since: Time,
    /// Until when, if the state is due.
    pub due: Option<Time>,
}

/// A changed place in a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitChange {
    /// Which limit and key.
    pub key: LimitKey,
    /// What happens to it.
    pub change: PlaceChange,
}

/// What happens to a case's place in a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceChange {
    /// `within`: a step was counted at this moment; never given back.
    Counted {
        /// How much.
        amount: i64,
        /// When.
        at: Time,
    },
    /// `while`: the case now holds this much (replaces what it held under the key).
    Held {
        /// How much.
        amount: i64,
    },
    /// `while`: the case no longer holds anything under the key.
    Released,
}

/// A mail or hook call to be made after commit.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDelivery {
    /// Its id, the same at each attempt.
    pub id: crate::case::DeliveryId,
    /// What is sent.
    pub content: Content,
}

/// A child case to open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewChild {
    /// The id that it will have, the same at each attempt.
    pub id: CaseId,
    /// Its workflow, of which the newest version is taken.
    pub workflow: Name,
    /// What it begins with.
    pub data: crate::command::Patch,
    /// Its parent.
    pub parent: Parent,
}

impl NewChild {
    /// What opens it.
    pub fn opening(&self) -> crate::command::Opening {
        crate::command::Opening {
            data: self.data.clone(),
            parent: Some(self.parent.clone()),
            ..crate::command::Opening::default()
        }
    }
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Content {
    /// A mail.
    Mail(Mail),
    /// A hook call.
    Hook(Hook),
}

/// A mail to one receiver, in their language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// The message that it was made from.
    pub message: Name,
    /// Whether the workflow's own file declares that message.
    pub own: bool,
    /// Who gets it.
    pub receiver: Receiver,
    /// Their name, empty if unknown.
    pub name: String,
    /// Where it goes.
    pub email: String,
    /// The language that it is written in.
    pub language: crate::text::Language,
    /// One line.
    pub subject: String,
    /// Text and buttons, in order.
    pub body: Vec<MailPart>,
    /// Facts of the case in short: what and how much.
    pub facts: Vec<(String, String)>,
    /// What it is for.
    pub purpose: Purpose,
    /// Whose turn it is, in a sentence; empty for people of no directory.
    pub lead: Markdown,
    /// What has changed since the last review, a line each.
    pub since: Vec<String>,
    /// Until when an answer is wanted.
    pub answer_by: Option<Time>,
    /// What happens if nobody answers.
    pub otherwise: String,
    /// Why they get it.
    pub reason: String,
    /// When it goes.
    pub sending: Sending,
}

/// A part of a mail's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailPart {
    /// Words of the workflow or of ours.
    Text(Markdown),
    /// A button. The link's token is made when the mail is sent.
    Button {
        /// The action that it leads to.
        action: Name,
        /// What stands on it.
        title: String,
        /// The link.
        link: LinkId,
    },
    /// The address of the case's page; the notifier knows where it is served.
    CaseLink,
}

/// A hook call. The body's envelope is the notifier's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    /// The hook's name.
    pub hook: Name,
    /// When it was called.
    pub called_at: Time,
    /// Where the case was.
    pub state: StatePath,
    /// The visit of that state.
    pub visit: u32,
    /// All forms as they were; the notifier sends those that the hook is set up to get.
    pub forms: Json,
}

/// Something that needs an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// What kind, for example `no_reviewer`.
    pub code: String,
    /// What happened, in both languages; no values of the case.
    pub message: Text,
    /// What a case calls its cause; empty for one that is no case's.
    #[serde(default)]
    pub cause: String,
    /// Where the case was.
    #[serde(default)]
    pub state: Option<StatePath>,
}

/// A business "no", with its reasons. Not an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The caller may not see the case, or it is not there: the same answer.
    NotFound,
    /// The workflow has no such action.
    UnknownAction {
        /// The nearest name that it has.
        nearest: Option<Name>,
    },
    /// The case has changed since the caller looked.
    Stale {
        /// Its etag now.
        etag: u64,
    },
    /// The mail link is dead: its state was left, it was used, replaced or has expired.
    DeadLink,
    /// The caller has none of the roles.
    Who {
        /// The place that they may not touch, if it was about one.
        at: Option<Place>,
    },
    /// The state does not offer it (any more).
    NotHere {
        /// Where the case is.
        state: StatePath,
        /// What happened last.
        last: Option<Last>,
    },
    /// A move to another version cannot be taken back: there was none, or something has followed it.
    NotUndone,
    /// `when` is false.
    When,
    /// Separation of duties.
    Except,
    /// The same decision voted again.
    Voted,
    /// Values that cannot be stored.
    Invalid(Vec<Missing>),
    /// What is missing, all of it at once.
    Missing(Vec<Missing>),
    /// Everything is in order but the code.
    CodeNeeded,
    /// The case is on hold: only operators act.
    OnHold,
}

impl Refusal {
    /// What it comes to in words, for somebody who has not asked and only looks on.
    pub fn told(&self) -> Text {
        match self {
            Self::Invalid(missing) | Self::Missing(missing) => {
                let all = |language| {
                    let texts = missing.iter().map(|one| one.message.get(language));
                    texts.collect::<Vec<_>>().join(" ")
                };
                Text::new(all(Language::En), all(Language::Zh))
            }
            Self::NotFound
            | Self::UnknownAction { .. }
            | Self::Stale { .. }
            | Self::DeadLink
            | Self::Who { .. }
            | Self::NotHere { .. }
            | Self::NotUndone
            | Self::When
            | Self::Except
            | Self::Voted
            | Self::CodeNeeded
            | Self::OnHold => Text::new("it is not possible now.", "目前无法进行。"),
        }
    }
}

/// What happened last to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Last {
    /// The action, decision or timer.
    pub what: Name,
    /// Who; `None` if the caller may not know.
    pub by: Option<Doer>,
    /// When.
    pub when: Time,
}

/// One thing that is missing or wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// The word of `require`, or the form for values that cannot be stored.
    pub name: String,
    /// What to tell the person.
    pub message: Text,
    /// The place to point to.
    pub at: Option<Place>,
}

impl Refusal {
    /// The code of API answers, and the reason in scenario tests where there is just one.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::UnknownAction { .. } => "unknown_action",
            Self::Stale { .. } => "stale",
            Self::DeadLink => "link",
            Self::Who { .. } => "who",
            Self::NotHere { .. } | Self::NotUndone => "not_here",
            Self::When => "when",
            Self::Except => "except",
            Self::Voted => "voted",
            Self::Invalid(_) => "invalid",
            Self::Missing(_) => "refused",
            Self::CodeNeeded => "code_needed",
            Self::OnHold => "on_hold",
        }
    }
}

/// The receipt of a committed step. It can be checked for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The case.
    pub case: CaseId,
    /// Its etag then.
    pub etag: u64,
    /// Its last entry then.
    pub entry: u64,
    /// The hash of that entry.
    pub hash: crate::history::Hash,
}
