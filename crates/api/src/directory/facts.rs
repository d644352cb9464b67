//! `GET` and `PUT /v1/facts/{kind}/{subject}`: typed data of the host system, read by workflows.

use std::collections::BTreeSet;

use axum::{Json, extract::State, response::Response};
use countersign_core::{
    context::FactKey, expression::Type, money::Money, name::Name, text::Text, time,
    workflow::FactShape,
};
use countersign_engine::ports::{directory::DirectoryChange, store::Right};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{change, must_be_id};
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path, StrictBody, Write, nearest},
};

/// Facts by name, all of them: what is left out is no longer known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct FactsBody(Map<String, Value>);

impl StrictBody for FactsBody {}

/// Facts of one kind about one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Facts)]
pub struct FactsDocument {
    /// The kind, for example `partner`.
    pub kind: String,
    /// Whose, for example the partner's id.
    pub subject: String,
    /// The facts by name.
    #[schema(value_type = Object)]
    pub values: Map<String, Value>,
    /// Counts up with each change; absent in the answer to a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<u64>,
}

/// Facts of one kind about one subject.
#[utoipa::path(get, path = "/v1/facts/{kind}/{subject}", tag = "facts", operation_id = "read_facts",
    params(("kind" = String, Path, description = "The kind"), ("subject" = String, Path, description = "Whose")),
    responses((status = 200, body = FactsDocument, description = "The facts"), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    asker: Asker,
    Path((kind, subject)): Path<(String, String)>,
) -> Result<Json<FactsDocument>, Problem> {
    state.engine.must_keep(&asker.caller, Right::Facts)?;
    let key = FactKey {
        kind: Name::parse(&kind).map_err(|_| Problem::not_found())?,
        subject: subject.clone(),
    };
    let fact = state.engine.fact(&asker.caller, &key).await?;
    Ok(Json(FactsDocument {
        kind,
        subject,
        values: fact.values,
        version: Some(fact.version),
    }))
}

/// Supply facts: they take the place of those of the same kind and subject.
#[utoipa::path(put, path = "/v1/facts/{kind}/{subject}", tag = "facts", operation_id = "put_facts", request_body = FactsBody,
    params(("kind" = String, Path, description = "The kind"), ("subject" = String, Path, description = "Whose")),
    responses((status = 200, body = FactsDocument, description = "The facts"), Problems))]
pub async fn put(
    State(state): State<ApiState>,
    Path((kind, subject)): Path<(String, String)>,
    write: Write<FactsBody>,
) -> Result<Response, Problem> {
    let Write {
        head,
        body: FactsBody(values),
    } = write;
    state.engine.must_keep(&head.asker.caller, Right::Facts)?;
    must_be_id("subject", &subject)?;
    let name = known_kind(&state, &kind, &values)?;
    let key = FactKey {
        kind: name,
        subject: subject.clone(),
    };
    let document = FactsDocument {
        kind,
        subject,
        values: values.clone(),
        version: None,
    };
    change(
        &state,
        head,
        DirectoryChange::PutFact(key, values),
        &document,
    )
    .await
}

/// The kind, if some workflow declares it so that all values fit.
fn known_kind(state: &ApiState, kind: &str, values: &Map<String, Value>) -> Result<Name, Problem> {
    let workflows = state.engine.registry().all_newest();
    let declared: Vec<(&Name, &FactShape)> = workflows
        .iter()
        .flat_map(|workflow| &workflow.surroundings.facts)
        .collect();
    let Some((name, _)) = declared.iter().find(|(name, _)| name.as_str() == kind) else {
        let known: BTreeSet<&str> = declared.iter().map(|(name, _)| name.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        return Err(unknown("kind", kind, &known));
    };
    let shapes = declared.iter().filter(|(name, _)| name.as_str() == kind);
    let first_misfit = |(_, shape): &(&Name, &FactShape)| misfit(shape, values);
    // Each folder of workflows has its own shapes: the facts have to fit one of them.
    let misfits: Option<Vec<Problem>> = shapes.map(first_misfit).collect();
    match misfits.and_then(|misfits| misfits.into_iter().next()) {
        Some(problem) => Err(problem),
        None => Ok((*name).clone()),
    }
}

/// What of the values does not fit the shape.
fn misfit(shape: &FactShape, values: &Map<String, Value>) -> Option<Problem> {
    values
        .iter()
        .find_map(|(name, value)| match shape.fields.get(name.as_str()) {
            Some(ty) if fits(ty, value) => None,
            Some(ty) => {
                let en = format!("`{name}` has to be {}.", wanted(ty));
                let zh = format!("{name} 的类型须为 {}。", wanted(ty));
                Some(Problem::invalid(name, Text::new(en, zh)))
            }
            None => {
                let known: Vec<&str> = shape.fields.keys().map(Name::as_str).collect();
                Some(unknown(name, name, &known))
            }
        })
}

fn unknown(member: &str, word: &str, known: &[&str]) -> Problem {
    let list = known.join(", ");
    let en = format!("No workflow knows `{word}`. Known: {list}.");
    let zh = format!("没有流程使用 {word}。已知：{list}。");
    let problem = Problem::invalid(member, Text::new(en, zh));
    match nearest(word, known) {
        Some(nearest) => problem.member("nearest", nearest),
        None => problem,
    }
}

/// Whether a workflow can read the value as this type.
fn fits(ty: &Type, value: &Value) -> bool {
    match ty {
        Type::Bool => value.is_boolean(),
        Type::Int => value.as_i64().is_some(),
        Type::Double => value.is_number(),
        Type::String => value.is_string(),
        Type::Text => serde_json::from_value::<Text>(value.clone()).is_ok(),
        Type::Date => value.as_str().and_then(time::date_from_text).is_some(),
        Type::Time => value.as_str().and_then(time::from_text).is_some(),
        Type::Money => Money::from_json(value).is_ok(),
        Type::List { item, .. } => value
            .as_array()
            .is_some_and(|items| items.iter().all(|value| fits(item, value))),
        Type::MapOf(entry) => value
            .as_object()
            .is_some_and(|map| map.values().all(|value| fits(entry, value))),
        Type::Record(_) => value.is_object(),
        Type::Person => value.is_string() || value.is_object(),
        Type::Any => true,
    }
}

fn wanted(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "boolean",
        Type::Int => "integer",
        Type::Double => "number",
        Type::String | Type::Text => "string",
        Type::Date => "date (2026-12-20)",
        Type::Time => "date-time (2026-12-20T08:00:00Z)",
        Type::Money => "money (\"330000.00\")",
        Type::List { .. } => "array",
        Type::MapOf(_) | Type::Record(_) => "object",
        Type::Person => "person",
        Type::Any => "JSON",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn facts_fit_their_declared_types_or_are_refused() {
        let fields = [
            ("certified", Type::Bool),
            ("level", Type::Int),
            ("since", Type::Date),
            ("spent", Type::Money),
        ];
        let fields = fields
            .into_iter()
            .map(|(name, ty)| (Name::parse(name).expect("a name"), ty));
        let shape = FactShape {
            fields: fields.collect(),
        };
        for (values, fit) in [
            (
                json!({ "certified": true, "level": 3, "since": "2026-01-31", "spent": "10.50" }),
                true,
            ),
            (json!({}), true),
            (json!({ "certified": "true" }), false),
            (json!({ "level": 1.5 }), false),
            (json!({ "since": "31.1.2026" }), false),
            (json!({ "spent": 10.5 }), false),
            (json!({ "certifeid": true }), false),
        ] {
            let values = values.as_object().expect("an object");
            assert_eq!(misfit(&shape, values).is_none(), fit, "{values:?}");
        }
    }
}
