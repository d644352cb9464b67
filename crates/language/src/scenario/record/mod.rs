//! Records a case: tells as a test file what happened to it, in a form that the runner tells again. It reads what the
//! history kept and judges nothing; whether the story comes true again is the runner's to say.

mod absent;
mod mask;
mod people;
mod told;

use std::collections::BTreeMap;

use countersign_core::{
    case::{Case, Person, PersonId},
    context::{Fact, FactKey, LinkedCase},
    history::{SealedEntry, What},
    name::Name,
    workflow::Workflow,
};
use serde_json::{Map, Value as Json, json};

use super::write::{flow, steps};
use mask::Mask;

/// A case, and what its story needs to be told again.
#[derive(Debug)]
pub struct Recorded<'a> {
    /// Its workflow, in the case's version.
    pub workflow: &'a Workflow,
    /// As it is now.
    pub case: &'a Case,
    /// All that happened.
    pub history: &'a [SealedEntry],
    /// Whoever did something in it, and whoever could have, by id.
    pub people: &'a BTreeMap<PersonId, Person>,
    /// Facts that its steps have read, as they are now.
    pub facts: &'a [(FactKey, Fact)],
    /// The cases that were picked for its links, as they are now.
    pub linked: &'a [(Name, LinkedCase)],
}

/// Why a case cannot be told as a story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untellable {
    /// Something happened that stories have no words for.
    #[error(
        "entry {entry} of the history tells of something that scenarios have no words for ({what:?})"
    )]
    NoWords {
        /// The entry.
        entry: u64,
        /// What it tells of.
        what: What,
    },
    /// What people wrote was erased.
    #[error("entry {0} of the history was erased")]
    Erased(u64),
}

/// The case as a test file with one scenario, called by the case's number. Private fields are masked, and so are the
/// same words wherever they stand; names and addresses of people are left out.
pub fn record(recorded: &Recorded<'_>) -> Result<String, Untellable> {
    let mut mask = Mask::of(recorded.workflow, recorded.case, recorded.history);
    let lines = told::lines(recorded, &mut mask)?;
    let mut file = vec![
        format!("test: {}", recorded.workflow.id),
        format!(
            "clock: {}",
            told::local(recorded.case.opened_at, recorded.workflow)
        ),
    ];
    let people = people::people(recorded)?;
    section(&mut file, "people", people);
    section(&mut file, "facts", facts(recorded));
    section(&mut file, "cases", cases(recorded, &mut mask));
    file.push("scenarios:".to_owned());
    file.push(format!("  {}:", flow(&json!(recorded.case.number))));
    file.extend(steps(&lines, 4));
    file.push(String::new());
    Ok(file.join("\n"))
}

/// A section with one line an entry; nothing if there is none.
fn section(file: &mut Vec<String>, name: &str, entries: Map<String, Json>) {
    if !entries.is_empty() {
        file.push(format!("{name}:"));
    }
    let entries = entries.into_iter();
    file.extend(entries.map(|(key, value)| format!("  {}: {}", flow(&json!(key)), flow(&value))));
}

fn facts(recorded: &Recorded<'_>) -> Map<String, Json> {
    let mut kinds = Map::new();
    for (key, fact) in recorded.facts {
        let declared = recorded.workflow.surroundings.facts.get(&key.kind);
        let values = fact.values.iter().filter(|(name, _)| {
            declared.is_some_and(|shape| shape.fields.contains_key(name.as_str()))
        });
        let values: Map<String, Json> = values
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let kind = kinds
            .entry(key.kind.to_string())
            .or_insert_with(|| json!({}));
        kind[&key.subject] = Json::Object(values);
    }
    kinds
}

fn cases(recorded: &Recorded<'_>, mask: &mut Mask<'_>) -> Map<String, Json> {
    let linked = recorded.linked.iter();
    let cases = linked.map(|(link, case)| {
        let mut members = Map::new();
        members.insert("workflow".to_owned(), json!(case.workflow.id));
        members.extend(
            case.partner
                .iter()
                .map(|partner| ("partner".to_owned(), json!(partner))),
        );
        members.insert("state".to_owned(), json!(case.state));
        for (form, values) in &case.forms {
            let values = mask.form_of(&case.workflow, form, values);
            members.insert(form.to_string(), values);
        }
        (link.to_string(), Json::Object(members))
    });
    cases.collect()
}
