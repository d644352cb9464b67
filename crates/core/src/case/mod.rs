//! A case: one application moving through a workflow. Plain data that serialises; how it changes is
//! `step`'s, who sees what of it is `policy`'s.

mod children;
mod content;
mod habits;
mod ids;
mod own_mail;
mod person;
mod place;
mod turns;
mod votes;
mod watch;

pub use children::{Child, Parent};
pub use content::{Comment, Content, Copy, EarlySignal, File, Reply, Values};
pub use habits::{MailHabits, Purpose, Sending, clock_of, minutes_of};
pub use ids::{
    CaseId, CommentId, DeliveryId, FileId, GroupId, LinkId, PartnerId, PersonId, ServiceId,
};
pub use own_mail::OwnMail;
pub use person::{Absence, Actor, Channel, Doer, LinkHolder, Partner, Person, StandIn};
pub use turns::{Claim, Mandate};
pub use votes::{Ballot, Fallen, OpenPanel, Outcome, Taken, Vote};
pub use watch::Watch;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    history::Hash,
    name::Name,
    time::Time,
    workflow::{End, StatePath},
};

/// A case as it stands after a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id, for ever.
    pub id: CaseId,
    /// Its number, unique for ever.
    pub number: String,
    /// The workflow that it began with.
    pub workflow: Name,
    /// And its version.
    pub version: u32,
    /// Whose case it is.
    pub partner: Option<PartnerId>,
    /// Who opened it (or on whose behalf a service did).
    pub starter: Option<PersonId>,
    /// When it was opened.
    pub opened_at: Time,
    /// What it is called in lists.
    pub title: String,
    /// Running, on hold or ended.
    pub lifecycle: Lifecycle,
    /// The leaf where it is, or the state with tracks.
    pub state: StatePath,
    /// Of each running track, by its path, the leaf where that is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tracks: BTreeMap<StatePath, StatePath>,
    /// How often each state was entered.
    pub visits: BTreeMap<StatePath, u32>,
    /// When each state was last entered.
    pub entered: BTreeMap<StatePath, Time>,
    /// Which states it has left at least once (`frozen_after`).
    pub left: BTreeSet<StatePath>,
    /// For each outer state and track the leaf in it that was last active (`resume`).
    pub last_inner: BTreeMap<StatePath, StatePath>,
    /// When each state on the way to the leaf is due, for those that have `due`.
    pub due: BTreeMap<StatePath, Time>,
    /// Clocks of `due` that stand still while the case is where that says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub paused: BTreeMap<StatePath, PausedDue>,
    /// Starts at 1; one more with each resubmission.
    pub round: u32,
    /// How many contents have been saved.
    pub revision: u32,
    /// Moments of the applicant's submissions, the last last.
    pub submitted_at: Option<Time>,
    /// Counts the commands that changed the case, from 1.
    pub etag: u64,
    /// How many history entries it has.
    pub entries: u64,
    /// The hash of the last of them.
    pub head: Option<Hash>,
    /// Armed timers of the states that it is in.
    pub timers: Vec<ArmedTimer>,
    /// Ballots, the last opened last.
    pub ballots: Vec<Ballot>,
    /// Actions that were taken, the last last.
    pub taken: Vec<Taken>,
    /// Turns of running visits that were handed over, the last last.
    #[serde(default)]
    pub mandates: Vec<Mandate>,
    /// The turn that somebody took for himself alone.
    #[serde(default)]
    pub claim: Option<Claim>,
    /// Mail links of running visits.
    pub mail_links: Vec<MailLink>,
    /// Hook calls of running visits whose answer may still come.
    pub awaited: Vec<AwaitedAnswer>,
    /// The places that it holds in limits of the `while` kind.
    pub held: Vec<HeldPlace>,
    /// The etag of the last change of each place of its content, by which a late edit of other places is told
    /// from a stale one.
    #[serde(default)]
    pub touched: BTreeMap<String, u64>,
    /// Run-time failures that were written to the history already, each once: where it stands.
    pub failures: BTreeSet<String>,
    /// What its running ballots, `at` timers and `as_soon_as` have read outside of it: a change of that wakes it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub watches: BTreeSet<Watch>,
    /// Its child cases, the last opened last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// The case that it is a child of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The case before its migration, until something follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrated: Option<Box<Migrated>>,
    /// Of each place that was changed since the last review ended what was there before; `None`: too much to keep.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub since_review: BTreeMap<String, Option<serde_json::Value>>,
    /// Who was asked by mail in running visits, without a ballot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// Reminders that wait for the end of a night or holiday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_mails: Vec<HeldMail>,
    /// What people put into it. Stored apart from the rest.
    #[serde(skip)]
    pub content: Content,
}

/// People who were asked by mail to act in a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The state.
    pub state: StatePath,
    /// Them.
    pub people: BTreeSet<PersonId>,
}

/// A reminder that was written and has not gone yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldMail {
    /// It.
    pub delivery: DeliveryId,
    /// The state that it reminds of.
    pub state: StatePath,
    /// When it goes.
    pub at: Time,
}

/// A due time that does not come nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PausedDue {
    /// When the state was due as the clock stopped.
    pub due: Time,
    /// When it stopped.
    pub since: Time,
}

/// What is kept of a case that was moved to another version, for taking that back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Migrated {
    /// The etag that the migration gave it: nothing has followed while it still has that.
    pub etag: u64,
    /// As it was before.
    pub before: Case,
    /// Its content before, if the migration changed it.
    pub content: Option<Content>,
}

/// The life of a case around its workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// It moves.
    Running,
    /// An operator froze it: no timer fires, nobody acts.
    OnHold {
        /// Since when.
        since: Time,
    },
    /// It is over.
    Ended {
        /// How.
        end: End,
        /// When.
        at: Time,
    },
}

/// A timer that has been started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmedTimer {
    /// The state that declares it.
    pub state: StatePath,
    /// Its name.
    pub timer: Name,
    /// When it fires next; `None`: it rests while its data are missing, or has fired.
    pub due: Option<Time>,
    /// How often it has fired in this visit.
    pub fired: u32,
    /// For `at`: the moment for which it has fired in this visit.
    pub fired_for: Option<Time>,
    /// Since when it is reckoned, if not since its state was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
}

/// A link that was mailed. It is for one receiver, one action, one visit of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLink {
    /// The link.
    pub id: LinkId,
    /// The state that declares the action.
    pub state: StatePath,
    /// The visit of that state.
    pub visit: u32,
    /// The action.
    pub action: Name,
    /// Whom it was mailed to.
    pub receiver: Receiver,
    /// The language of the mail.
    pub language: crate::text::Language,
    /// When it was first mailed.
    pub mailed_at: Time,
}

/// Who got a mail.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A person of the directory.
    Person(PersonId),
    /// A bare address.
    Address(String),
}

impl Receiver {
    /// The person, if it is one.
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Address(_) => None,
        }
    }
}

/// A hook call whose answer counts in the visit that made it, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedAnswer {
    /// The hook call.
    pub delivery: DeliveryId,
    /// The state in which it was made.
    pub state: StatePath,
    /// Its visit.
    pub visit: u32,
}

/// A place held in a limit of the `while` kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPlace {
    /// The limit.
    pub limit: Name,
    /// The key.
    pub key: String,
    /// How much it holds.
    pub amount: i64,
}

impl Receiver {
    /// Whether it is this person of the directory.
    pub fn is_person(&self, person: &PersonId) -> bool {
        match self {
            Self::Person(id) => id == person,
            Self::Address(_) => false,
        }
    }
}

impl Case {
    /// Whether it is in this state or in an inner one of it.
    pub fn is_in(&self, path: &str) -> bool {
        self.state.is_in(path) || self.tracks.values().any(|leaf| leaf.is_in(path))
    }

    /// When the next timer fires or the claim lapses; `None` while nothing does, or the case does not run.
    pub fn next_due(&self) -> Option<Time> {
        match self.lifecycle {
            Lifecycle::Running => {
                let timers = self.timers.iter().filter_map(|timer| timer.due);
                timers
                    .chain(self.claim.iter().map(|claim| claim.until))
                    .min()
            }
            Lifecycle::OnHold { .. } | Lifecycle::Ended { .. } => None,
        }
    }

    /// When the case is due: the earliest `due` of the states that it is in.
    pub fn due_at(&self) -> Option<Time> {
        match self.lifecycle {
            Lifecycle::Running | Lifecycle::OnHold { .. } => self.due.values().min().copied(),
            Lifecycle::Ended { .. } => None,
        }
    }

    /// Its children of this name, the newest of each key, in the order of the keys' first.
    pub fn children_of<'a>(&'a self, name: &str) -> Vec<&'a Child> {
        let mut newest: Vec<&Child> = Vec::new();
        for child in self.children.iter().filter(|child| *child.of == *name) {
            match newest.iter_mut().find(|known| known.key == child.key) {
                Some(known) => *known = child,
                None => newest.push(child),
            }
        }
        newest
    }

    /// How it ended, if it has.
    pub fn end(&self) -> Option<End> {
        match self.lifecycle {
            Lifecycle::Ended { end, .. } => Some(end),
            Lifecycle::Running | Lifecycle::OnHold { .. } => None,
        }
    }

    /// How often this state was entered.
    pub fn visits_of(&self, path: &str) -> u32 {
        self.visits.get(path).copied().unwrap_or(0)
    }
}
