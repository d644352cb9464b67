//! Reading what was loaded for a step: everything from outside passes here, so that what was read is
//! recorded with the history and what was not loaded is asked for. It fetches nothing and decides nothing.
//!
//! Whatever is not loaded reads as absent, and its key is noted. A caller goes on with that, so that one
//! pass notes as much as it can, and throws its result away as long as [`Reading::missing`] names anything.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Value as Json, json};

use crate::{
    case::{Actor, CaseId, GroupId, HeldPlace, Partner, PartnerId, Person, PersonId, Watch},
    context::{Fact, FactKey, Inputs, LimitKey, LinkedCase, List, Needs},
    found::CaseQuery,
    name::Name,
    time::Time,
};

/// The inputs of a step, with a note of what was read and of what was not there to read.
#[derive(Debug)]
pub struct Reading<'a> {
    inputs: &'a Inputs,
    /// The actor is known without being loaded.
    actor: Option<&'a Person>,
    /// What the case itself held in limits when the inputs were loaded.
    own: &'a [HeldPlace],
    /// The moment, by which people are away or not.
    now: Option<Time>,
    missing: RefCell<Needs>,
    read: RefCell<BTreeMap<String, Json>>,
    watched: RefCell<BTreeSet<Watch>>,
}

impl<'a> Reading<'a> {
    /// Reads these inputs for this actor.
    pub fn new(inputs: &'a Inputs, actor: &'a Actor) -> Self {
        Self {
            inputs,
            actor: actor.person(),
            own: &[],
            now: None,
            missing: RefCell::default(),
            read: RefCell::default(),
            watched: RefCell::default(),
        }
    }

    /// Reads at this moment; without one nobody is away.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        Self {
            now: Some(now),
            ..self
        }
    }

    /// The moment, if one was given.
    pub fn now(&self) -> Option<Time> {
        self.now
    }

    /// Reads for a case that holds these places in limits: they are among what was loaded as used, and never stand
    /// in the way of the case itself.
    #[must_use]
    pub fn holding(self, own: &'a [HeldPlace]) -> Self {
        Self { own, ..self }
    }

    /// Everything that was asked for and not loaded so far.
    pub fn missing(&self) -> Needs {
        self.missing.borrow().clone()
    }

    /// Whether everything that was asked for was loaded.
    pub fn is_complete(&self) -> bool {
        self.missing.borrow().is_empty()
    }

    /// Takes over what another reading of the same inputs asked for in vain; says which facts and cases it asked for.
    pub fn watch(&self, other: Reading<'_>) -> BTreeSet<Watch> {
        self.missing.borrow_mut().add(other.missing.into_inner());
        other.watched.into_inner()
    }

    /// What was read since the last call, as the history keeps it: small values whole, lists, groups and
    /// facts as version and digest.
    pub fn take_read(&self) -> Json {
        let read = std::mem::take(&mut *self.read.borrow_mut());
        if read.is_empty() {
            Json::Null
        } else {
            Json::Object(read.into_iter().collect())
        }
    }

    /// Notes something that the case has to be woken for, although it was not read through here.
    pub fn note_watch(&self, watch: Watch) {
        self.watched.borrow_mut().insert(watch);
    }

    /// A person of the directory, disabled ones too.
    pub fn person(&self, id: &PersonId) -> Option<Arc<Person>> {
        match self.inputs.people.get(id) {
            Some(person) => person.clone(),
            None => match self.actor.filter(|actor| actor.id == *id) {
                Some(actor) => Some(Arc::new(actor.clone())),
                None => {
                    self.missing.borrow_mut().people.insert(id.clone());
                    None
                }
            },
        }
    }

    /// Whether who acts may know of a person: whoever has a partner knows that partner's people and the vendor's.
    pub fn is_known_to_actor(&self, person: &Person) -> bool {
        let own = self.actor.and_then(|actor| actor.partner.as_ref());
        own.is_none() || person.partner.is_none() || person.partner.as_ref() == own
    }

    /// The person of the directory who has this address (in any case of letters).
    pub fn address(&self, email: &str) -> Option<Arc<Person>> {
        let email = email.to_lowercase();
        match self.inputs.addresses.get(&email) {
            Some(person) => person.clone(),
            None => {
                self.missing.borrow_mut().addresses.insert(email);
                None
            }
        }
    }

    /// The enabled members of a group, in order of id.
    pub fn group(&self, id: &GroupId) -> Arc<Vec<PersonId>> {
        match self.inputs.groups.get(id) {
            Some(members) => {
                self.note(&format!("group {id}"), || {
                    let digest = digest_of(members.iter().map(PersonId::as_str));
                    json!({ "members": members.len(), "digest": digest })
                });
                members.clone()
            }
            None => {
                self.missing.borrow_mut().groups.insert(id.clone());
                Arc::default()
            }
        }
    }

    /// The enabled people of a partner, in order of id.
    pub fn colleagues(&self, id: &PartnerId) -> Arc<Vec<PersonId>> {
        match self.inputs.colleagues.get(id) {
            Some(people) => {
                self.note(&format!("people of {id}"), || {
                    let digest = digest_of(people.iter().map(PersonId::as_str));
                    json!({ "people": people.len(), "digest": digest })
                });
                people.clone()
            }
            None => {
                self.missing.borrow_mut().colleagues.insert(id.clone());
                Arc::default()
            }
        }
    }

    /// An organisation.
    pub fn partner(&self, id: &PartnerId) -> Option<Arc<Partner>> {
        match self.inputs.partners.get(id) {
            Some(partner) => partner.clone(),
            None => {
                self.missing.borrow_mut().partners.insert(id.clone());
                None
            }
        }
    }

    /// Facts of the host system about one subject.
    pub fn fact(&self, kind: &Name, subject: &str) -> Option<Arc<Fact>> {
        let key = FactKey {
            kind: kind.clone(),
            subject: subject.to_owned(),
        };
        self.watched.borrow_mut().insert(Watch::fact(&key));
        match self.inputs.facts.get(&key) {
            Some(fact) => {
                let version = fact.as_ref().map_or(0, |fact| fact.version);
                self.note(
                    &format!("fact {kind} {subject}"),
                    || json!({ "version": version }),
                );
                fact.clone()
            }
            None => {
                self.missing.borrow_mut().facts.insert(key);
                None
            }
        }
    }

    /// A reference list, as it is now.
    pub fn list(&self, name: &str) -> Option<Arc<List>> {
        let Ok(key) = Name::parse(name) else {
            return None;
        };
        match self.inputs.lists.get(&key) {
            Some(list) => {
                self.note(
                    &format!("list {name}"),
                    || json!({ "version": list.version, "digest": list.digest }),
                );
                Some(list.clone())
            }
            None => {
                self.missing.borrow_mut().lists.insert(key);
                None
            }
        }
    }

    /// Another case.
    pub fn case(&self, id: CaseId) -> Option<Arc<LinkedCase>> {
        self.watched.borrow_mut().insert(Watch::case(id));
        match self.inputs.cases.get(&id) {
            Some(case) => {
                if let Some(case) = case {
                    self.note(
                        &format!("case {id}"),
                        || json!({ "etag": case.etag, "state": case.state }),
                    );
                }
                case.clone()
            }
            None => {
                self.missing.borrow_mut().cases.insert(id);
                None
            }
        }
    }

    /// The cases that a link finds, the newest first.
    pub fn found(&self, query: &CaseQuery) -> Vec<Arc<LinkedCase>> {
        let watch = Watch::cases_of(&query.workflow, &query.whose);
        self.watched.borrow_mut().insert(watch);
        let Some(found) = self.inputs.found.get(query) else {
            self.missing.borrow_mut().found.insert(query.clone());
            return Vec::new();
        };
        let most = usize::try_from(query.most).unwrap_or(usize::MAX);
        let cases = found.iter().take(most).filter_map(|id| self.case(*id));
        cases.collect()
    }

    /// How much of a limit other cases (`while`) or earlier steps (`within`) use.
    pub fn usage(&self, key: &LimitKey) -> i64 {
        if let Some(used) = self.inputs.usage.get(key) {
            let used = used.saturating_sub(self.own(key));
            self.note(&format!("limit {} {}", key.limit, key.key), || json!(used));
            used
        } else {
            self.missing.borrow_mut().usage.insert(key.clone());
            0
        }
    }

    /// For what other cases (`while`) or earlier steps (`within`) hold places under keys that begin so.
    pub fn holders(&self, key: &LimitKey) -> BTreeMap<String, i64> {
        let Some(holders) = self.inputs.holders.get(key) else {
            self.missing.borrow_mut().holders.insert(key.clone());
            return BTreeMap::new();
        };
        let mut holders = holders.clone();
        let own = self.own.iter().filter(|_| key.since.is_none());
        for held in own.filter(|held| held.limit == key.limit) {
            let value = held.key.strip_prefix(&key.key);
            if let Some(times) = value.and_then(|value| holders.get_mut(value)) {
                *times -= 1;
            }
        }
        holders.retain(|_, times| *times > 0);
        self.note(&format!("limit {} {}", key.limit, key.key), || {
            json!(holders.len())
        });
        holders
    }

    fn own(&self, key: &LimitKey) -> i64 {
        let here = |held: &&HeldPlace| held.limit == key.limit && held.key == key.key;
        let own = self.own.iter().filter(|_| key.since.is_none());
        own.filter(here).map(|held| held.amount).sum()
    }

    /// How many open ballots a person is assigned to.
    pub fn load(&self, person: &PersonId) -> u32 {
        if let Some(load) = self.inputs.load.get(person) {
            self.note(&format!("load {person}"), || json!(load));
            *load
        } else {
            self.missing.borrow_mut().load.insert(person.clone());
            0
        }
    }

    /// Records a value that came from outside without being loaded, for example a random draw.
    pub fn record(&self, what: &str, value: Json) {
        self.note(what, || value);
    }

    fn note(&self, what: &str, value: impl FnOnce() -> Json) {
        self.read
            .borrow_mut()
            .entry(what.to_owned())
            .or_insert_with(value);
    }
}

fn digest_of<'a>(words: impl Iterator<Item = &'a str>) -> crate::history::Hash {
    let mut bytes = Vec::new();
    for word in words {
        bytes.extend_from_slice(word.as_bytes());
        bytes.push(0);
    }
    crate::history::Hash::of(&bytes)
}
