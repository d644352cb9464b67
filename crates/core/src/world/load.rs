//! Loading what a step needs from the world, as a store would from its tables.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    case::{Case, GroupId, Person, PersonId},
    context::{Inputs, LimitKey, LinkedCase, List, Needs},
    history::Hash,
};

use super::World;

impl World {
    /// Everything that is needed.
    pub(super) fn load(&self, needs: &Needs) -> Inputs {
        let mut inputs = Inputs::default();
        self.load_people(needs, &mut inputs);
        for key in &needs.facts {
            inputs
                .facts
                .insert(key.clone(), self.facts.get(key).cloned());
        }
        for name in &needs.lists {
            let empty = || {
                Arc::new(List {
                    version: 0,
                    digest: Hash::of(&[]),
                    entries: indexmap::IndexMap::new(),
                })
            };
            inputs.lists.insert(
                name.clone(),
                self.lists.get(name).cloned().unwrap_or_else(empty),
            );
        }
        self.load_cases(needs, &mut inputs);
        for key in &needs.usage {
            inputs.usage.insert(key.clone(), self.usage(key));
        }
        for key in &needs.holders {
            inputs.holders.insert(key.clone(), self.holders(key));
        }
        if !needs.load.is_empty() {
            let load = self.assigned();
            inputs.load = needs
                .load
                .iter()
                .map(|id| (id.clone(), load.get(id).copied().unwrap_or(0)))
                .collect();
        }
        inputs
    }

    fn load_people(&self, needs: &Needs, inputs: &mut Inputs) {
        for id in &needs.groups {
            let members = self.members(id);
            let people = members
                .iter()
                .map(|member| (member.clone(), self.people.get(member).cloned()));
            inputs.people.extend(people);
            inputs.groups.insert(id.clone(), Arc::new(members));
        }
        for id in &needs.colleagues {
            let of =
                |person: &&Arc<Person>| !person.disabled && person.partner.as_ref() == Some(id);
            let people: Vec<Arc<Person>> = self.people.values().filter(of).cloned().collect();
            let ids = people.iter().map(|person| person.id.clone()).collect();
            inputs.colleagues.insert(id.clone(), Arc::new(ids));
            let people = people.into_iter();
            inputs
                .people
                .extend(people.map(|person| (person.id.clone(), Some(person))));
        }
        for id in &needs.people {
            inputs
                .people
                .insert(id.clone(), self.people.get(id).cloned());
        }
        for email in &needs.addresses {
            let mut people = self.people.values();
            let person = people
                .find(|person| person.email.to_lowercase() == *email)
                .cloned();
            inputs.addresses.insert(email.clone(), person);
        }
        for id in &needs.partners {
            inputs
                .partners
                .insert(id.clone(), self.partners.get(id).cloned());
        }
    }

    fn load_cases(&self, needs: &Needs, inputs: &mut Inputs) {
        for id in &needs.cases {
            let linked = self.case(*id).map(|case| Arc::new(self.linked(case)));
            inputs.cases.insert(*id, linked);
        }
        for query in &needs.found {
            let mut newest: Vec<&Case> = self.cases.values().map(|kept| &kept.case).collect();
            newest.sort_by_key(|case| std::cmp::Reverse((case.opened_at, case.id)));
            let found = newest
                .into_iter()
                .map(|case| Arc::new(self.linked(case)))
                .filter(|case| query.takes(case));
            let found: Vec<_> = found.take(query.most as usize).collect();
            let ids = found.iter().map(|case| case.id).collect();
            inputs.found.insert(query.clone(), ids);
            let found = found.into_iter().map(|case| (case.id, Some(case)));
            inputs.cases.extend(found);
        }
    }

    fn members(&self, group: &GroupId) -> Vec<PersonId> {
        let members = self
            .people
            .values()
            .filter(|person| !person.disabled && person.is_in(group.as_str()));
        members.map(|person| person.id.clone()).collect()
    }

    fn linked(&self, case: &Case) -> LinkedCase {
        LinkedCase::of(case, self.workflow_of(case))
    }

    fn holders(&self, key: &LimitKey) -> BTreeMap<String, i64> {
        let counted = self.counted.iter().filter(|counted| {
            let of = (&counted.key.workflow, &counted.key.limit) == (&key.workflow, &key.limit);
            of && key.since.is_some_and(|since| counted.at > since)
        });
        let cases = self.cases().filter(|case| case.workflow == key.workflow);
        let held = cases.flat_map(|case| &case.held);
        let held = held.filter(|held| held.limit == key.limit && key.since.is_none());
        let keys = counted.map(|counted| &counted.key.key);
        let mut holders = BTreeMap::new();
        for value in keys
            .chain(held.map(|held| &held.key))
            .filter_map(|held| held.strip_prefix(&key.key))
        {
            *holders.entry(value.to_owned()).or_insert(0) += 1;
        }
        holders
    }

    fn usage(&self, key: &LimitKey) -> i64 {
        if let Some(since) = key.since {
            let counted = self.counted.iter().filter(|counted| {
                (&counted.key.workflow, &counted.key.limit, &counted.key.key)
                    == (&key.workflow, &key.limit, &key.key)
                    && counted.at > since
            });
            return counted.map(|counted| counted.amount).sum();
        }
        let cases = self.cases().filter(|case| case.workflow == key.workflow);
        let held = cases.flat_map(|case| &case.held);
        held.filter(|held| held.limit == key.limit && held.key == key.key)
            .map(|held| held.amount)
            .sum()
    }

    /// How many open ballots each person is assigned to.
    fn assigned(&self) -> BTreeMap<PersonId, u32> {
        let mut load = BTreeMap::new();
        let running = self.cases().filter(|case| case.end().is_none());
        let ballots = running
            .flat_map(|case| &case.ballots)
            .filter(|ballot| ballot.decided.is_none());
        for person in ballots.flat_map(|ballot| ballot.assigned.iter().flatten()) {
            *load.entry(person.clone()).or_insert(0) += 1;
        }
        load
    }
}
