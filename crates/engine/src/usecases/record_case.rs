//! Record a case: gather what its story needs, and tell it as a test file. How it is told is the language's.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::{
    case::{Case, GroupId, Person, PersonId},
    context::{FactKey, Inputs, Needs},
    history::SealedEntry,
    name::Name,
    workflow::{RoleIs, Workflow},
};
use countersign_language::scenario::{Recorded, Untellable, record};
use serde_json::Value as Json;
use thiserror::Error;

use super::read_history::all_entries;
use crate::{
    Registry,
    ports::{StoreError, reader::Reader, store::CaseAddress},
};

/// Why a case was not recorded.
#[derive(Debug, Error)]
pub enum RecordError {
    /// There is none of this name.
    #[error("there is no such case")]
    NotFound,
    /// Its workflow was not loaded.
    #[error("workflow `{0}` of version {1} is not there")]
    UnknownWorkflow(Name, u32),
    /// Its story cannot be told.
    #[error(transparent)]
    Untellable(#[from] Untellable),
    /// The store did not answer.
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
}

/// The story of a case as a test file, for whoever may read the whole store.
pub async fn record_case(
    reader: &dyn Reader,
    registry: &Registry,
    address: &CaseAddress,
) -> Result<String, RecordError> {
    let case = reader.case(address).await?;
    let case = case.ok_or(RecordError::NotFound)?;
    let workflow = registry
        .get(&case.workflow, case.version)
        .ok_or_else(|| RecordError::UnknownWorkflow(case.workflow.clone(), case.version))?;
    let history = all_entries(reader, case.id).await?;
    let mut needs = needs(&workflow, &case, &history);
    let mut inputs = Inputs::default();
    reader.inputs(&needs, registry, &mut inputs).await?;
    // Members of groups are people, too.
    needs.people.extend(
        inputs
            .groups
            .values()
            .flat_map(|members| members.iter().cloned()),
    );
    reader.inputs(&needs, registry, &mut inputs).await?;
    let people: BTreeMap<PersonId, Person> = inputs
        .people
        .iter()
        .filter_map(|(id, person)| Some((id.clone(), person.as_deref()?.clone())))
        .collect();
    let facts: Vec<_> = inputs
        .facts
        .iter()
        .filter_map(|(key, fact)| Some((key.clone(), fact.as_deref()?.clone())))
        .collect();
    let links = case.content.links.iter();
    let linked: Vec<_> = links
        .filter_map(|(link, id)| {
            let found = inputs.cases.get(id)?.as_deref()?;
            Some((link.clone(), found.clone()))
        })
        .collect();
    let recorded = Recorded {
        workflow: &workflow,
        case: &case,
        history: &history,
        people: &people,
        facts: &facts,
        linked: &linked,
    };
    Ok(record(&recorded)?)
}

/// Whoever did something and whoever is asked by reviews, facts that were read, and the cases that were picked.
fn needs(workflow: &Workflow, case: &Case, history: &[SealedEntry]) -> Needs {
    let mut needs = Needs::default();
    needs.people.extend(case.starter.clone());
    for sealed in history {
        needs.people.extend(sealed.entry.actor.person().cloned());
        let detail = &sealed.personal.detail;
        let named = ["from", "to"]
            .into_iter()
            .filter_map(|word| detail.get(word)?.as_str());
        needs.people.extend(named.map(PersonId::new));
        let owners = detail.get("instead_of").and_then(Json::as_array);
        let owners = owners.into_iter().flatten().filter_map(Json::as_str);
        needs.people.extend(owners.map(PersonId::new));
        let read = sealed.personal.inputs.as_object();
        needs.facts.extend(
            read.into_iter()
                .flat_map(|read| read.keys())
                .filter_map(|key| fact(key)),
        );
    }
    needs.groups = asked(workflow);
    needs.cases.extend(case.content.links.values().copied());
    needs
}

/// The fact that a step noted that it read.
fn fact(noted: &str) -> Option<FactKey> {
    let (kind, subject) = noted.strip_prefix("fact ")?.split_once(' ')?;
    Some(FactKey {
        kind: Name::parse(kind).ok()?,
        subject: subject.to_owned(),
    })
}

/// The groups that reviews ask.
fn asked(workflow: &Workflow) -> BTreeSet<GroupId> {
    let reviews = workflow.states.iter();
    let reviews = reviews.filter_map(|state| state.review.as_ref());
    let roles = reviews.flat_map(|review| &review.by);
    let roles = roles.filter_map(|role| workflow.roles.get(role));
    roles
        .filter_map(|role| match &role.is {
            RoleIs::Group(group) | RoleIs::Partner { group: Some(group) } => Some(group.clone()),
            RoleIs::Partner { group: None }
            | RoleIs::Starter
            | RoleIs::LinkHolder { .. }
            | RoleIs::Groups(_)
            | RoleIs::Person(_)
            | RoleIs::Relation(_) => None,
        })
        .collect()
}
