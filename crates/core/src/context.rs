//! The context of a step: the moment, the actor, and every outside input that it may read. Nothing
//! here is fetched: the caller loads what `Needs` names.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::Value as Json;

use crate::{
    case::{Actor, Case, CaseId, Channel, GroupId, Partner, PartnerId, Person, PersonId, Values},
    command::Code,
    found::CaseQuery,
    history::Hash,
    name::Name,
    time::Time,
    workflow::{End, StatePath, Workflow},
};

/// The moment, the actor, and everything from outside that a step may read.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The moment, in whole milliseconds.
    pub now: Time,
    /// Who gives the command.
    pub actor: &'a Actor,
    /// By which way it came.
    pub channel: Channel,
    /// The etag that the caller believes in (`If-Match`).
    pub if_match: Option<u64>,
    /// What is known of the code that came with it.
    pub code: Code,
    /// What was loaded.
    pub inputs: &'a Inputs,
    /// Unpredictable: salts, and ties of assignment.
    pub seed: [u8; 32],
}

/// What was loaded for a step. A key that is missing was not loaded; a `None` was, and is not there.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// People by id.
    pub people: BTreeMap<PersonId, Option<Arc<Person>>>,
    /// People by address in lower case (for links and messages to an address).
    pub addresses: BTreeMap<String, Option<Arc<Person>>>,
    /// Members of groups, in order of id, disabled people left out.
    pub groups: BTreeMap<GroupId, Arc<Vec<PersonId>>>,
    /// The people of partners, in order of id, disabled people left out.
    pub colleagues: BTreeMap<PartnerId, Arc<Vec<PersonId>>>,
    /// Partners by id.
    pub partners: BTreeMap<PartnerId, Option<Arc<Partner>>>,
    /// Facts by kind and subject; `None`: the host system has supplied none.
    pub facts: BTreeMap<FactKey, Option<Arc<Fact>>>,
    /// Reference lists, as they are now.
    pub lists: BTreeMap<Name, Arc<List>>,
    /// Other cases.
    pub cases: BTreeMap<CaseId, Option<Arc<LinkedCase>>>,
    /// Which cases were found, the newest first; at least as many as were asked for, if there are so many.
    pub found: BTreeMap<CaseQuery, Vec<CaseId>>,
    /// How much of each limit is used, by all cases together: for `while` the places that the case
    /// itself holds ([`crate::case::Case::held`]) are among them, and a step leaves them out itself.
    pub usage: BTreeMap<LimitKey, i64>,
    /// For what places under keys that begin so are held, and how often.
    pub holders: BTreeMap<LimitKey, BTreeMap<String, i64>>,
    /// How many open ballots each person is assigned to.
    pub load: BTreeMap<PersonId, u32>,
}

/// Which facts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactKey {
    /// The kind, for example `partner`.
    pub kind: Name,
    /// Whose.
    pub subject: String,
}

/// Facts of one kind about one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Counts up with each change.
    pub version: u64,
    /// As the host system supplied them.
    pub values: Values,
}

/// A reference list of one version.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Counts up with each change.
    pub version: u64,
    /// Of its entries.
    pub digest: Hash,
    /// Entries by id, in order.
    pub entries: indexmap::IndexMap<String, Json>,
}

/// Another case, as far as a step may read it.
#[derive(Debug, Clone)]
pub struct LinkedCase {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its workflow, by which its forms are typed.
    pub workflow: Arc<Workflow>,
    /// Where it is.
    pub state: StatePath,
    /// Where each of its running tracks is.
    pub tracks: Vec<StatePath>,
    /// How it ended.
    pub end: Option<End>,
    /// Whose it is.
    pub partner: Option<PartnerId>,
    /// Counts its commands.
    pub etag: u64,
    /// Its forms.
    pub forms: BTreeMap<Name, Values>,
}

impl LinkedCase {
    /// What other cases may read of a case that runs on this workflow.
    pub fn of(case: &Case, workflow: Arc<Workflow>) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            workflow,
            state: case.state.clone(),
            tracks: case.tracks.values().cloned().collect(),
            end: case.end(),
            partner: case.partner.clone(),
            etag: case.etag,
            forms: case.content.forms.clone(),
        }
    }
}

/// What is counted: a limit of a workflow, and the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LimitKey {
    /// The workflow (all its versions count together).
    pub workflow: Name,
    /// The limit.
    pub limit: Name,
    /// The key.
    pub key: String,
    /// For `within`: the start of the window, exclusive; `None` for `while`.
    pub since: Option<Time>,
}

/// What must be loaded before a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// People by id.
    pub people: BTreeSet<PersonId>,
    /// People by address, in lower case.
    pub addresses: BTreeSet<String>,
    /// Groups, with their members' people.
    pub groups: BTreeSet<GroupId>,
    /// Partners whose people are wanted.
    pub colleagues: BTreeSet<PartnerId>,
    /// Partners.
    pub partners: BTreeSet<PartnerId>,
    /// Facts.
    pub facts: BTreeSet<FactKey>,
    /// Lists.
    pub lists: BTreeSet<Name>,
    /// Other cases, locked with this one.
    pub cases: BTreeSet<CaseId>,
    /// Cases by what they hold; those that are found are loaded, and locked, too.
    pub found: BTreeSet<CaseQuery>,
    /// Limits.
    pub usage: BTreeSet<LimitKey>,
    /// Limits whose places are held together, by the beginning of their keys.
    pub holders: BTreeSet<LimitKey>,
    /// Whose load.
    pub load: BTreeSet<PersonId>,
}

impl Needs {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what the other needs.
    pub fn add(&mut self, other: Self) {
        self.people.extend(other.people);
        self.addresses.extend(other.addresses);
        self.groups.extend(other.groups);
        self.colleagues.extend(other.colleagues);
        self.partners.extend(other.partners);
        self.facts.extend(other.facts);
        self.lists.extend(other.lists);
        self.cases.extend(other.cases);
        self.found.extend(other.found);
        self.usage.extend(other.usage);
        self.holders.extend(other.holders);
        self.load.extend(other.load);
    }
}
