//! People as the directory knows them, and who acts in a step.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{name::Name, text::Language, time::Time};

use super::{GroupId, LinkId, MailHabits, PartnerId, PersonId, ServiceId, Values};

/// A person of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id that the host system gives.
    pub id: PersonId,
    /// The name that people call them by.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The language that they read.
    pub language: Language,
    /// Their time zone (IANA name); `None`: the workflow's.
    pub timezone: Option<String>,
    /// Their organisation; `None`: they belong to the vendor.
    pub partner: Option<PartnerId>,
    /// The groups that they are in.
    pub groups: BTreeSet<GroupId>,
    /// More about them, by name: whom `manager_of` names stands here as `manager`.
    #[serde(default)]
    pub attributes: Values,
    /// When they are away.
    #[serde(default)]
    pub away: Option<Absence>,
    /// For whom they stand in while those are away.
    #[serde(default)]
    pub stands_in: Vec<StandIn>,
    /// How they want their mail.
    #[serde(default)]
    pub mail: MailHabits,
    /// Whether they have left.
    pub disabled: bool,
}

/// A time in which a person is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// From this moment.
    pub from: Time,
    /// Until just before this one.
    pub until: Time,
    /// Who acts for them meanwhile.
    pub substitute: Option<PersonId>,
}

/// Somebody's absence, as their substitute has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// Who is away.
    pub of: PersonId,
    /// From this moment.
    pub from: Time,
    /// Until just before this one.
    pub until: Time,
}

impl Absence {
    /// Whether it is now.
    pub fn is_at(&self, now: Time) -> bool {
        self.from <= now && now < self.until
    }
}

impl Person {
    /// Whether they are in this group.
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.contains(group)
    }

    /// The people that an attribute names: one id, or a list of them.
    pub fn related(&self, attribute: &str) -> Vec<PersonId> {
        let ids = |value: &serde_json::Value| value.as_str().map(PersonId::new);
        match self.attributes.get(attribute) {
            Some(serde_json::Value::Array(items)) => items.iter().filter_map(ids).collect(),
            Some(one) => ids(one).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Whether they have switched verification on: then `code_if_enabled` asks them for a code.
    pub fn verifies(&self) -> bool {
        self.attributes.get("verification") == Some(&serde_json::Value::Bool(true))
    }

    /// Those for whom they stand in now.
    pub fn stands_in_for(&self, now: Time) -> impl Iterator<Item = &PersonId> {
        let here = move |stand: &&StandIn| stand.from <= now && now < stand.until;
        self.stands_in.iter().filter(here).map(|stand| &stand.of)
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// The id that the host system gives.
    pub id: PartnerId,
    /// What people call it.
    pub name: String,
}

/// Who gives a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person of the directory, signed in or by token.
    Person(Person),
    /// A service.
    Service(ServiceId),
    /// Somebody who proved an address by a mail link.
    LinkHolder(LinkHolder),
    /// The engine itself: timers.
    Machine,
}

/// Somebody who came by a mail link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkHolder {
    /// The link.
    pub link: LinkId,
    /// The address that it was mailed to.
    pub email: String,
    /// The language of the mail.
    pub language: Language,
    /// The person of the directory who has this address, if there is one.
    pub person: Option<Person>,
}

/// Who did something, as the history and votes keep it: ids only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// A person.
    Person(PersonId),
    /// A service.
    Service(ServiceId),
    /// Whoever had this link.
    Link(LinkId),
    /// A timer of this name.
    Timer(Name),
    /// The engine, of itself.
    Machine,
}

impl Doer {
    /// The person, if it was one.
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Service(_) | Self::Link(_) | Self::Timer(_) | Self::Machine => None,
        }
    }
}

impl Actor {
    /// How history and votes name them.
    pub fn doer(&self) -> Doer {
        match self {
            Self::Person(person) => Doer::Person(person.id.clone()),
            Self::Service(id) => Doer::Service(id.clone()),
            Self::LinkHolder(holder) => match &holder.person {
                Some(person) => Doer::Person(person.id.clone()),
                None => Doer::Link(holder.link),
            },
            Self::Machine => Doer::Machine,
        }
    }

    /// The person of the directory, if it is one.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::LinkHolder(holder) => holder.person.as_ref(),
            Self::Service(_) | Self::Machine => None,
        }
    }
}

/// By which way a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// HTTP with a token.
    Api,
    /// A page.
    Page,
    /// A mail link.
    Link,
    /// The scheduler.
    Timer,
    /// A service's signal.
    Signal,
    /// A scenario test.
    Scenario,
}
