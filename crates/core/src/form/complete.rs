//! Whether a form is complete: the full JSON Schema, judged by the crate `jsonschema`, with its findings
//! in words for the person who fills the form in.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use jsonschema::{PatternOptions, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value as Json};

use crate::{
    case::Values,
    outcome::Missing,
    text::Text,
    workflow::{Field, FieldKind, Form},
};

use super::{
    patch::{problem, titled},
    read::in_entry,
    schema::{judged, judging_schema},
    words::in_words,
};

/// The compiled schema of a form, built at its first use. A new form starts with the default.
#[derive(Debug, Clone, Default)]
pub struct Checker(OnceLock<Option<Arc<Validator>>>);

/// Why the keywords of a form make no schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotASchema {
    /// The field, if it is one's.
    pub field: Option<String>,
    /// What is wrong.
    pub why: String,
}

/// `require: [form]` (rule 13): one problem for each failing field, in document order. None: complete.
pub fn complete(form: &Form, values: &Values) -> Vec<Missing> {
    let Some(validator) = form
        .checker
        .0
        .get_or_init(|| build(form).ok().map(Arc::new))
    else {
        // The language refuses such a file, so nobody gets here; a form that cannot be judged is not complete.
        let why = Text::new("This form cannot be checked.", "此表单无法检查。");
        return vec![problem(form, None, why)];
    };
    let filled: Map<String, Json> = values
        .iter()
        .map(|(name, value)| {
            let kind = form.fields.get(name.as_str()).map(|field| &field.kind);
            let judged = kind.map_or_else(|| value.clone(), |kind| judged(kind, value));
            (name.clone(), judged)
        })
        .collect();
    let filled = Json::Object(filled);
    let mut found: BTreeMap<usize, Missing> = BTreeMap::new();
    for error in validator.iter_errors(&filled) {
        let path: Vec<&str> = error.instance_path().as_str().split('/').skip(1).collect();
        let name = match (path.first(), error.kind()) {
            (Some(name), _) => Some((*name).to_owned()),
            (None, ValidationErrorKind::Required { property }) => {
                property.as_str().map(str::to_owned)
            }
            (None, _) => None,
        };
        let field = name.and_then(|name| form.fields.get_full(name.as_str()));
        match field {
            Some((at, _, field)) => {
                found.entry(at).or_insert_with(|| {
                    let message = message(field, &path, error.kind());
                    problem(form, Some(field), message)
                });
            }
            // What the fields ask of each other is asked of the form.
            None => {
                found.entry(form.fields.len()).or_insert_with(|| {
                    let why = in_words(&FieldKind::String, error.kind());
                    problem(form, None, titled(&form.title, &why))
                });
            }
        }
    }
    found.into_values().collect()
}

/// Whether the keywords of a form make a schema at all; asked when a workflow is loaded.
pub fn check_schema(form: &Form) -> Result<(), NotASchema> {
    build(form).map(drop)
}

/// Patterns run in linear time, so that nobody can stall the service by a text.
fn build(form: &Form) -> Result<Validator, NotASchema> {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&judging_schema(form))
        .map_err(|error| NotASchema {
            field: error
                .instance_path()
                .as_str()
                .strip_prefix("/properties/")
                .and_then(|rest| rest.split('/').next())
                .map(str::to_owned),
            why: error.to_string(),
        })
}

fn message(field: &Field, path: &[&str], kind: &ValidationErrorKind) -> Text {
    let Text { en, zh } = &field.title;
    let fill_in = Text::new(format!("Fill in: {en}."), format!("请填写：{zh}。"));
    let is_empty = match kind {
        ValidationErrorKind::Required { .. } => path.is_empty(),
        ValidationErrorKind::MinLength { limit } | ValidationErrorKind::MinItems { limit } => {
            *limit == 1 && path.len() <= 1
        }
        _ => false,
    };
    if is_empty {
        return fill_in;
    }
    let entry = path.get(1).and_then(|at| at.parse::<usize>().ok());
    let why = in_words(&field.kind, kind);
    titled(
        &field.title,
        &entry.map_or_else(|| why.clone(), |at| in_entry(at, &why)),
    )
}
