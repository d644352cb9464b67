//! The people of a recorded story: by id, with their groups and partner; no names and no addresses but of strangers.

use std::collections::BTreeSet;

use countersign_core::{
    case::{Doer, GroupId, Person, PersonId},
    history::What,
    workflow::{RoleIs, Workflow},
};
use serde_json::{Map, Value as Json, json};

use super::{Recorded, Untellable, absent};

/// How somebody is called who is nobody of the directory.
pub(super) const STRANGER: &str = "stranger";

/// The people by the names of the story.
pub(super) fn people(recorded: &Recorded<'_>) -> Result<Map<String, Json>, Untellable> {
    let away = absent::away(recorded)?;
    let asked = asked_by_name(recorded);
    let doers = doers(recorded);
    let people = recorded.people.values();
    let mut people: Map<String, Json> = people
        .map(|person| {
            let mut described = described(person, recorded, &asked);
            if let Some(away) = away.get(&person.id) {
                away.tell(&mut described, recorded);
            }
            (person, Json::Object(described))
        })
        .filter(|(person, described)| doers.contains(&person.id) || described.get("in").is_some())
        .map(|(person, described)| (person.id.to_string(), described))
        .collect();
    let strangers = recorded.history.iter();
    if strangers.map(|sealed| &sealed.entry.actor).any(is_stranger) {
        people.insert(STRANGER.to_owned(), json!({ "email": address(recorded) }));
    }
    Ok(people)
}

pub(super) fn is_stranger(actor: &Doer) -> bool {
    matches!(actor, Doer::Link(_))
}

fn described(
    person: &Person,
    recorded: &Recorded<'_>,
    asked: &BTreeSet<PersonId>,
) -> Map<String, Json> {
    let mut members = Map::new();
    let picking = picking(recorded.workflow);
    let groups: Vec<&str> = person
        .groups
        .iter()
        .map(GroupId::as_str)
        // Whom a review has picked is chance: in the story only those who were picked can be.
        .filter(|group| !picking.contains(group) || asked.contains(&person.id))
        .collect();
    if !groups.is_empty() {
        members.insert("in".to_owned(), json!(groups));
    }
    if let Some(partner) = &person.partner {
        members.insert("partner".to_owned(), json!(partner));
    }
    let told = relations(recorded.workflow);
    let attributes: Map<String, Json> = person
        .attributes
        .iter()
        .filter(|(name, _)| told.contains(name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !attributes.is_empty() {
        members.insert("attributes".to_owned(), Json::Object(attributes));
    }
    if person.attributes.get("verification") == Some(&json!(true)) {
        members.insert("verification".to_owned(), json!(true));
    }
    members
}

/// Whoever did something, and whoever was named with it.
fn doers(recorded: &Recorded<'_>) -> BTreeSet<PersonId> {
    let mut doers: BTreeSet<PersonId> = recorded.case.starter.iter().cloned().collect();
    for sealed in recorded.history {
        doers.extend(sealed.entry.actor.person().cloned());
        let detail = &sealed.personal.detail;
        let named = ["from", "to", "on_behalf_of"].into_iter();
        let named = named.filter_map(|word| detail.get(word)?.as_str());
        doers.extend(named.map(PersonId::new));
        doers.extend(absent::owners(sealed));
    }
    doers
}

/// Whoever a review has picked, or who acted by himself.
fn asked_by_name(recorded: &Recorded<'_>) -> BTreeSet<PersonId> {
    let mut asked = doers(recorded);
    let picked = recorded.history.iter();
    for sealed in picked.filter(|sealed| sealed.entry.what == What::Assigned) {
        let people = sealed.personal.detail["people"].as_array();
        let people = people.into_iter().flatten().filter_map(Json::as_str);
        asked.extend(people.map(PersonId::new));
    }
    asked
}

/// The groups of which reviews pick people.
fn picking(workflow: &Workflow) -> BTreeSet<&str> {
    let reviews = workflow.states.iter();
    let reviews = reviews.filter_map(|state| state.review.as_ref());
    let reviews = reviews.filter(|review| review.assign.is_some());
    let roles = reviews.flat_map(|review| &review.by);
    let roles = roles.filter_map(|role| workflow.roles.get(role));
    roles
        .filter_map(|role| match &role.is {
            RoleIs::Group(group) | RoleIs::Partner { group: Some(group) } => Some(group.as_str()),
            RoleIs::Partner { group: None }
            | RoleIs::Starter
            | RoleIs::LinkHolder { .. }
            | RoleIs::Groups(_)
            | RoleIs::Person(_)
            | RoleIs::Relation(_) => None,
        })
        .collect()
}

/// The attributes by which roles are told.
fn relations(workflow: &Workflow) -> BTreeSet<&str> {
    let roles = workflow.roles.values();
    let relations = roles.filter_map(|role| match &role.is {
        RoleIs::Relation(relation) => Some(&relation.attributes),
        RoleIs::Group(_)
        | RoleIs::Partner { .. }
        | RoleIs::Starter
        | RoleIs::LinkHolder { .. }
        | RoleIs::Groups(_)
        | RoleIs::Person(_) => None,
    });
    relations
        .flatten()
        .map(countersign_core::name::Name::as_str)
        .collect()
}

/// The address of the stranger: what the role of link holders reads, where that is a field.
fn address(recorded: &Recorded<'_>) -> Json {
    let roles = recorded.workflow.roles.values();
    let mut sources = roles.filter_map(|role| match &role.is {
        RoleIs::LinkHolder { email } => email.source().split_once('.'),
        RoleIs::Group(_)
        | RoleIs::Partner { .. }
        | RoleIs::Starter
        | RoleIs::Groups(_)
        | RoleIs::Person(_)
        | RoleIs::Relation(_) => None,
    });
    let forms = &recorded.case.content.forms;
    let found = sources.find_map(|(form, field)| forms.get(form)?.get(field));
    found
        .cloned()
        .unwrap_or_else(|| json!("stranger@example.com"))
}
