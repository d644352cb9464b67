//! Applying a JSON Merge Patch to the forms of a case: all of it or none. A draft may be half filled and
//! out of range. Whether the caller may touch these places is asked before, of `policy`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::{
    case::{Content, Copy, Doer, Values},
    command::Patch,
    history::Change,
    name::Name,
    outcome::Missing,
    reading::Reading,
    text::Text,
    workflow::{Field, FieldKind, Form, Place, StatePath, Workflow},
};

use super::read::{in_order, merged, quoted};

/// Whose copy of an `each: reviewer` form is written: one for each reviewer and visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOf {
    /// The reviewer.
    pub by: Doer,
    /// The state of the review.
    pub state: StatePath,
    /// The visit of that state.
    pub visit: u32,
}

/// How many problems are told at once; whoever sends more has more to learn first.
const MOST_PROBLEMS: usize = 100;

/// Merges a patch into the content, checked as a draft (rule 13). Returns what has changed, or everything
/// that cannot be stored; then nothing is written.
///
/// Money, dates and picks become canonical; null removes; lists are replaced whole. A list that is not
/// loaded is noted in `reading`, and the result means nothing then. Without `copy` a form that every
/// reviewer fills cannot be written.
pub fn apply(
    workflow: &Workflow,
    content: &mut Content,
    patch: &Patch,
    copy: Option<&CopyOf>,
    reading: &Reading<'_>,
) -> Result<Vec<Change>, Vec<Missing>> {
    let mut written = BTreeMap::new();
    let mut changes = Vec::new();
    let mut problems = Vec::new();
    for (name, members) in patch {
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
        let Some(form) = workflow.forms.get(name.as_str()) else {
            problems.push(unknown_form(workflow, name));
            continue;
        };
        if form.each_reviewer && copy.is_none() {
            problems.push(problem(
                form,
                None,
                Text::new(
                    "Reviewers fill this in with their vote.",
                    "由评审人随投票填写。",
                ),
            ));
            continue;
        }
        let before = current(content, form, copy);
        match merge_form(form, before, members, reading) {
            Ok(after) => {
                changes.extend(changed(form, before, &after));
                written.insert(&form.name, after);
            }
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for (form, values) in written {
        write(
            content,
            form,
            values,
            copy.filter(|_| workflow.forms[form].each_reviewer),
        );
    }
    Ok(changes)
}

/// The known places that a patch touches; names that the workflow lacks are left to [`apply`].
pub fn places(workflow: &Workflow, patch: &Patch) -> BTreeSet<Place> {
    touched(workflow, patch)
        .map(|(form, field)| Place::Field(form.name.clone(), field.name.clone()))
        .chain(
            // A form without a known field is still touched: by an unknown one, or by nothing at all.
            patch
                .keys()
                .filter_map(|name| workflow.forms.get(name.as_str()))
                .filter(|form| fields_of(form, &patch[form.name.as_str()]).next().is_none())
                .map(|form| Place::Whole(form.name.clone())),
        )
        .collect()
}

/// The lists that a patch picks from.
pub fn lists(workflow: &Workflow, patch: &Patch) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for (_, field) in touched(workflow, patch) {
        picked_from(&field.kind, &mut found);
    }
    found
}

fn picked_from(kind: &FieldKind, found: &mut BTreeSet<Name>) {
    match kind {
        FieldKind::Pick { list } => {
            found.insert(list.clone());
        }
        FieldKind::List { items, .. } => picked_from(items, found),
        FieldKind::Object(fields) => fields.values().for_each(|kind| picked_from(kind, found)),
        FieldKind::String
        | FieldKind::LongText
        | FieldKind::Integer
        | FieldKind::Number
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Money
        | FieldKind::Person { .. }
        | FieldKind::Enum(_) => {}
    }
}

fn touched<'a>(
    workflow: &'a Workflow,
    patch: &'a Patch,
) -> impl Iterator<Item = (&'a Form, &'a Field)> {
    patch
        .iter()
        .filter_map(|(name, members)| Some((workflow.forms.get(name.as_str())?, members)))
        .flat_map(|(form, members)| fields_of(form, members).map(move |field| (form, field)))
}

/// The fields that a form's member of a patch touches: null touches all.
fn fields_of<'a>(form: &'a Form, members: &'a Json) -> impl Iterator<Item = &'a Field> {
    form.fields.values().filter(|field| match members {
        Json::Null => true,
        Json::Object(members) => members.contains_key(field.name.as_str()),
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => false,
    })
}

fn current<'a>(content: &'a Content, form: &Form, copy: Option<&CopyOf>) -> Option<&'a Values> {
    match copy {
        Some(of) if form.each_reviewer => content
            .copies
            .get(&form.name)?
            .iter()
            .find(|copy| is_of(copy, of))
            .map(|copy| &copy.values),
        Some(_) | None => content.forms.get(&form.name),
    }
}

fn is_of(copy: &Copy, of: &CopyOf) -> bool {
    copy.by == of.by && copy.state == of.state && copy.visit == of.visit
}

fn write(content: &mut Content, form: &Name, values: Values, copy: Option<&CopyOf>) {
    match copy {
        None if values.is_empty() => {
            content.forms.remove(form);
        }
        None => {
            content.forms.insert(form.clone(), values);
        }
        Some(of) => {
            let copies = content.copies.entry(form.clone()).or_default();
            match copies.iter_mut().find(|copy| is_of(copy, of)) {
                Some(copy) => copy.values = values,
                None => copies.push(Copy {
                    by: of.by.clone(),
                    state: of.state.clone(),
                    visit: of.visit,
                    values,
                }),
            }
        }
    }
}

fn merge_form(
    form: &Form,
    before: Option<&Values>,
    members: &Json,
    reading: &Reading<'_>,
) -> Result<Values, Vec<Missing>> {
    let members = match members {
        Json::Object(members) => members,
        Json::Null => return Ok(Map::new()),
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            let why = Text::new(
                "A form is an object whose members are its fields.",
                "表单应为对象，其成员为各字段。",
            );
            return Err(vec![problem(form, None, why)]);
        }
    };
    let mut values = before.cloned().unwrap_or_default();
    let mut problems = Vec::new();
    for (name, value) in members {
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
        let Some(field) = form.fields.get(name.as_str()) else {
            problems.push(unknown_field(form, name));
            continue;
        };
        if value.is_null() {
            values.remove(name);
            continue;
        }
        let there = values.get(name);
        match merged(&field.kind, &field.schema, there, value, reading) {
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(why) => problems.push(problem(form, Some(field), titled(&field.title, &why))),
        }
    }
    if problems.is_empty() {
        Ok(in_order(values, form.fields.keys()))
    } else {
        Err(problems)
    }
}

fn changed(form: &Form, before: Option<&Values>, after: &Values) -> Vec<Change> {
    let nothing = Map::new();
    let before = before.unwrap_or(&nothing);
    form.fields
        .keys()
        .filter(|name| before.get(name.as_str()) != after.get(name.as_str()))
        .map(|name| Change {
            at: format!("{}.{name}", form.name),
            was: before.get(name.as_str()).cloned().unwrap_or_default(),
            now: after.get(name.as_str()).cloned().unwrap_or_default(),
        })
        .collect()
}

/// What is wrong, behind what it is wrong with.
pub(super) fn titled(title: &Text, why: &Text) -> Text {
    Text::new(
        format!("{}: {}", title.en, why.en),
        format!("{}：{}", title.zh, why.zh),
    )
}

/// A problem of a form or of a field of it.
pub(super) fn problem(form: &Form, field: Option<&Field>, message: Text) -> Missing {
    Missing {
        name: form.name.to_string(),
        message,
        at: Some(match field {
            Some(field) => Place::Field(form.name.clone(), field.name.clone()),
            None => Place::Whole(form.name.clone()),
        }),
    }
}

fn unknown_form(workflow: &Workflow, name: &str) -> Missing {
    let shown = quoted(name);
    let hint = nearest(name, workflow.forms.keys());
    Missing {
        name: name.chars().take(Name::LONGEST).collect(),
        message: Text::new(
            format!("There is no form {shown} here.{}", hint.en),
            format!("这里没有表单{shown}。{}", hint.zh),
        ),
        at: None,
    }
}

fn unknown_field(form: &Form, name: &str) -> Missing {
    let shown = quoted(name);
    let hint = nearest(name, form.fields.keys());
    let why = Text::new(
        format!("There is no field {shown} in it.{}", hint.en),
        format!("其中没有字段{shown}。{}", hint.zh),
    );
    Missing {
        at: Name::parse(name)
            .ok()
            .map(|field| Place::Field(form.name.clone(), field))
            .or_else(|| Some(Place::Whole(form.name.clone()))),
        ..problem(form, None, titled(&form.title, &why))
    }
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a Name>) -> Text {
    let known = known.filter(|_| name.len() <= Name::LONGEST);
    let best = known
        .map(|known| (strsim::osa_distance(name, known), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4);
    best.map_or_else(Text::default, |(_, known)| {
        Text::new(
            format!(" Did you mean “{known}”?"),
            format!("是否指“{known}”？"),
        )
    })
}
