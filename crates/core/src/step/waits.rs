//! Which rules wait: nobody is told three things about a field that is empty. What a rule says of a field counts once
//! the field is there; until then the form says that it is missing. It lets nothing pass that was refused.

use crate::{
    case::Content,
    expression::Expression,
    outcome::Missing,
    text::Text,
    workflow::{Place, Requirement, Workflow},
};

/// For which of the fields that are told to be missing this rule waits: those that it reads and that have no value.
pub(super) fn waits_for<'m>(
    content: &Content,
    check: &Expression,
    told: &'m [Missing],
) -> Option<&'m Place> {
    let places = told.iter().filter_map(|missing| missing.at.as_ref());
    let mut empty = places.filter(|place| is_empty(content, place));
    empty.find(|place| {
        let place = place.to_string();
        let within = format!("{place}.");
        let mut reads = check.reads().iter();
        reads.any(|read| *read == place || read.starts_with(&within))
    })
}

/// What all words of a `require` lack, without the rules that wait: each word with its own, in the order written.
pub(super) fn without_waiting(
    workflow: &Workflow,
    content: &Content,
    words: Vec<(&Requirement, Vec<Missing>)>,
) -> Vec<Missing> {
    let told = of_forms(&words);
    let mut kept = Vec::new();
    for (word, missing) in words {
        let check = match word {
            Requirement::Rule(name) => workflow.rules.get(name).map(|rule| &rule.check),
            _ => None,
        };
        if check.is_none_or(|check| waits_for(content, check, &told).is_none()) {
            kept.extend(missing);
        }
    }
    kept
}

/// What forms lack.
pub(super) fn of_forms(words: &[(&Requirement, Vec<Missing>)]) -> Vec<Missing> {
    let of_forms = words
        .iter()
        .filter(|(word, _)| matches!(word, Requirement::Form(_)));
    of_forms.flat_map(|(_, missing)| missing).cloned().collect()
}

/// What is told of a rule that waits for this place.
pub(super) fn told(workflow: &Workflow, place: &Place) -> Text {
    let title = match place {
        Place::Field(form, field) => workflow
            .forms
            .get(form)
            .and_then(|form| form.fields.get(field))
            .map(|field| field.title.clone()),
        Place::Whole(_) => None,
    };
    let Text { en, zh } = title.unwrap_or_else(|| Text::same(&place.to_string()));
    Text::new(
        format!("Judged once this is filled in: {en}."),
        format!("填写“{zh}”后再判断。"),
    )
}

fn is_empty(content: &Content, place: &Place) -> bool {
    let Place::Field(form, field) = place else {
        return false;
    };
    let values = content.forms.get(form);
    let value = values.and_then(|values| values.get(field.as_str()));
    value.is_none_or(serde_json::Value::is_null)
}
