//! What the world is told from outside: workflows, people, partners, facts, lists. Cases that may read what changes are
//! woken.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value as Json;

use crate::{
    case::{Partner, PartnerId, Person, PersonId, StandIn, Watch},
    context::{Fact, FactKey, List},
    history::Hash,
    name::Name,
    workflow::Workflow,
};

use super::World;

impl World {
    /// Publishes a version of a workflow.
    pub fn publish(&mut self, workflow: Arc<Workflow>) {
        let workflows = Arc::make_mut(&mut self.workflows);
        let versions = workflows.entry(workflow.id.clone()).or_default();
        versions.insert(workflow.version, workflow);
    }

    /// Adds a person or changes what is known of them.
    pub fn put_person(&mut self, person: Person) {
        Arc::make_mut(&mut self.people).insert(person.id.clone(), Arc::new(person));
        self.know_substitutes();
        self.wake_reviews();
    }

    /// Every person knows for whom they stand in.
    fn know_substitutes(&mut self) {
        let mut stands: BTreeMap<PersonId, Vec<StandIn>> = BTreeMap::new();
        for person in self.people.values() {
            let Some(away) = &person.away else { continue };
            let Some(substitute) = &away.substitute else {
                continue;
            };
            stands.entry(substitute.clone()).or_default().push(StandIn {
                of: person.id.clone(),
                from: away.from,
                until: away.until,
            });
        }
        for person in Arc::make_mut(&mut self.people).values_mut() {
            let stands_in = stands.remove(&person.id).unwrap_or_default();
            if person.stands_in != stands_in {
                Arc::make_mut(person).stands_in = stands_in;
            }
        }
    }

    /// A person.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id).map(|person| &**person)
    }

    /// All people.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values().map(|person| &**person)
    }

    /// Removes a person from the directory.
    pub fn remove_person(&mut self, id: &PersonId) {
        Arc::make_mut(&mut self.people).remove(id);
        self.wake_reviews();
    }

    /// Adds a partner or changes its name.
    pub fn put_partner(&mut self, partner: Partner) {
        Arc::make_mut(&mut self.partners).insert(partner.id.clone(), Arc::new(partner));
    }

    /// A partner.
    pub fn partner(&self, id: &PartnerId) -> Option<&Partner> {
        self.partners.get(id).map(|partner| &**partner)
    }

    /// Sets one fact of the host system; `null` takes it away.
    pub fn set_fact(&mut self, kind: &Name, subject: &str, fact: &str, value: Json) {
        let key = FactKey {
            kind: kind.clone(),
            subject: subject.to_owned(),
        };
        let (version, mut values) = match self.facts.get(&key) {
            Some(before) => (before.version + 1, before.values.clone()),
            None => (1, serde_json::Map::new()),
        };
        if value.is_null() {
            values.shift_remove(fact);
        } else {
            values.insert(fact.to_owned(), value);
        }
        let changed = Watch::fact(&key);
        Arc::make_mut(&mut self.facts).insert(key, Arc::new(Fact { version, values }));
        self.wake(|case| case.watches.contains(&changed));
    }

    /// Puts a reference list in place of the one before. Each entry is an object with an `id`.
    pub fn put_list(&mut self, name: &Name, entries: impl IntoIterator<Item = Json>) {
        let entries = entries.into_iter().filter_map(|entry| {
            let id = match entry.get("id")? {
                Json::String(id) => id.clone(),
                other => other.to_string(),
            };
            Some((id, entry))
        });
        let entries: indexmap::IndexMap<String, Json> = entries.collect();
        let version = self.lists.get(name).map_or(1, |before| before.version + 1);
        let bytes = serde_json::to_vec(&entries).unwrap_or_default();
        Arc::make_mut(&mut self.lists).insert(
            name.clone(),
            Arc::new(List {
                version,
                digest: Hash::of(&bytes),
                entries,
            }),
        );
    }

    /// A reference list.
    pub fn list(&self, name: &Name) -> Option<&List> {
        self.lists.get(name).map(|list| &**list)
    }

    /// People count in ballots.
    fn wake_reviews(&mut self) {
        self.wake(|case| case.ballots.iter().any(|ballot| ballot.decided.is_none()));
    }
}
