//! The people of the sample, what is loaded for a step, and a case of theirs.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use crate::{
    case::{Actor, Case, GroupId, LinkHolder, LinkId, PartnerId, Person, PersonId},
    context::{Inputs, List},
    history::Hash,
    text::Language,
    workflow::{State, StatePath, Workflow},
};

use super::name;

pub(crate) fn person(id: &str, partner: Option<&str>, groups: &[&str]) -> Person {
    Person {
        id: PersonId::new(id),
        name: id.to_owned(),
        email: format!("{id}@example.com"),
        language: Language::En,
        timezone: None,
        partner: partner.map(PartnerId::new),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        attributes: serde_json::Map::new(),
        away: None,
        stands_in: Vec::new(),
        mail: crate::case::MailHabits::default(),
        disabled: false,
    }
}

/// Everybody of the demo who matters here.
pub(crate) fn people() -> Vec<Person> {
    vec![
        person("pat", Some("acme"), &["partner_users"]),
        person("paul", Some("acme"), &["partner_users"]),
        person(
            "nina",
            Some("nordwind"),
            &["partner_users", "deal_reviewers"],
        ),
        person("rita", None, &["deal_reviewers"]),
        person("omar", None, &["deal_reviewers", "acceptance_reviewers"]),
        person("amy", None, &["acceptance_reviewers"]),
        person("wei", None, &["psa"]),
        person("otto", None, &["operators"]),
        person("fin", None, &["finance"]),
    ]
}

pub(crate) fn actor(id: &str) -> Actor {
    Actor::Person(
        people()
            .into_iter()
            .find(|person| person.id.as_str() == id)
            .unwrap(),
    )
}

/// Whoever came by the link that the sample case has.
pub(crate) fn holder(email: &str, link: u128) -> Actor {
    Actor::LinkHolder(LinkHolder {
        link: LinkId(uuid::Uuid::from_u128(link)),
        email: email.to_owned(),
        language: Language::En,
        person: None,
    })
}

/// All people, their groups, and one list.
pub(crate) fn inputs() -> Inputs {
    let mut inputs = Inputs::default();
    let mut groups: BTreeMap<GroupId, Vec<PersonId>> = BTreeMap::new();
    for person in people() {
        for group in &person.groups {
            groups
                .entry(group.clone())
                .or_default()
                .push(person.id.clone());
        }
        inputs
            .people
            .insert(person.id.clone(), Some(Arc::new(person)));
    }
    inputs.groups = groups
        .into_iter()
        .map(|(group, mut members)| {
            members.sort();
            (group, Arc::new(members))
        })
        .collect();
    let entries = [
        (
            "ecs",
            json!({ "id": "ecs", "name": { "en": "Servers", "zh": "服务器" }, "advanced": false }),
        ),
        (
            "dws",
            json!({ "id": "dws", "name": { "en": "Warehouse", "zh": "数据仓库" }, "advanced": true }),
        ),
    ];
    let list = List {
        version: 3,
        digest: Hash::of(b"services"),
        entries: entries
            .into_iter()
            .map(|(id, entry)| (id.to_owned(), entry))
            .collect(),
    };
    inputs.lists.insert(name("services"), Arc::new(list));
    inputs
}

/// A case of pat's at acme in this state, all states on the way visited once.
pub(crate) fn case(workflow: &Workflow, state: &str, visited: &[&str]) -> Case {
    let mut visits = BTreeMap::new();
    let mut entered = BTreeMap::new();
    for (hour, path) in visited.iter().chain([&state]).enumerate() {
        for known in workflow
            .states
            .iter()
            .filter(|known| path_is_in(path, known))
        {
            visits.insert(known.path.to_string(), 1);
            entered.insert(
                known.path.to_string(),
                format!("2026-11-23T{hour:02}:00:00Z"),
            );
        }
    }
    serde_json::from_value(json!({
        "id": uuid::Uuid::from_u128(7), "number": "DR-2026-00042", "workflow": "deal_registration",
        "version": 1, "partner": "acme", "starter": "pat", "opened_at": "2026-11-23T00:00:00Z",
        "title": "Northwind", "lifecycle": "running", "state": state, "visits": visits,
        "entered": entered, "left": [], "last_inner": {}, "due": {}, "round": 1, "revision": 2,
        "submitted_at": null, "etag": 3, "entries": 0, "head": null, "timers": [], "ballots": [],
        "taken": [], "mail_links": [], "awaited": [], "held": [], "failures": []
    }))
    .unwrap()
}

fn path_is_in(path: &str, state: &State) -> bool {
    StatePath::new(path).is_in(state.path.as_str())
}
