//! JSON Schemas of forms: the pure one that is published, and the one that completeness is judged by.

use serde_json::{Map, Value as Json, json};

use crate::{
    expression::Type,
    money::Money,
    text::Language,
    workflow::{Field, FieldKind, Form, FormSchema, Surroundings},
};

use super::{
    combine::{COMBINING, Of, TELLING, combining},
    read::MOST_ENTRIES,
};

/// The pure JSON Schema (2020-12) of a form's values as stored and answered, with texts in one language.
///
/// Money is a string of digits; its `minimum` and `maximum` are given too, although a schema does not
/// apply them to strings. A required text must not be empty.
pub fn json_schema(form: &Form, surroundings: &Surroundings, language: Language) -> Json {
    let published = |field: &Field| {
        let mut schema = of_field(field, Purpose::Publish(surroundings));
        if let Some(members) = schema.as_object_mut() {
            members.insert("title".to_owned(), field.title.get(language).into());
            if let Some(text) = &field.description {
                members.insert("description".to_owned(), text.get(language).into());
            }
            if field.derived.is_some() {
                members.insert("readOnly".to_owned(), true.into());
            }
        }
        schema
    };
    let mut schema = Map::from_iter([
        (
            "$schema".to_owned(),
            "https://json-schema.org/draft/2020-12/schema".into(),
        ),
        ("title".to_owned(), form.title.get(language).into()),
    ]);
    match &form.schema {
        FormSchema::Plain(Json::Object(plain)) => schema.extend(plain.clone()),
        FormSchema::Plain(_) | FormSchema::Beside(_) => schema.extend(object(form, published)),
    }
    if let FormSchema::Beside(Json::Object(beside)) = &form.schema {
        let words = beside.iter().filter(|(word, _)| *word != "$defs");
        schema.extend(words.map(|(word, value)| (word.clone(), value.clone())));
    }
    Json::Object(schema)
}

/// The schema by which completeness is judged: of values as [`judged`] gives them.
pub(super) fn judging_schema(form: &Form) -> Json {
    let beside = match &form.schema {
        FormSchema::Plain(plain) => return plain.clone(),
        FormSchema::Beside(beside) => beside,
    };
    let mut schema = object(form, |field| of_field(field, Purpose::Judge));
    schema.extend(combining(Of::Form(form), beside));
    Json::Object(schema)
}

/// A value in the shape that [`judging_schema`] describes: money as whole hundredths, so that bounds are
/// exact; a pick as its id, so that `uniqueItems` compares what was picked.
pub(super) fn judged(kind: &FieldKind, value: &Json) -> Json {
    match (kind, value) {
        (FieldKind::Money, value) => Money::from_json(value)
            .map_or_else(|_| value.clone(), |money| money.hundredths().into()),
        (FieldKind::Pick { .. }, Json::Object(entry)) => {
            entry.get("id").cloned().unwrap_or_default()
        }
        (FieldKind::List { items, .. }, Json::Array(entries)) => {
            entries.iter().map(|entry| judged(items, entry)).collect()
        }
        (FieldKind::Object(fields), Json::Object(members)) => Json::Object(
            members
                .iter()
                .map(|(name, value)| {
                    let judged = fields
                        .get(name.as_str())
                        .map_or_else(|| value.clone(), |kind| judged(kind, value));
                    (name.clone(), judged)
                })
                .collect(),
        ),
        (_, value) => value.clone(),
    }
}

#[derive(Clone, Copy)]
enum Purpose<'a> {
    Publish(&'a Surroundings),
    Judge,
}

fn object(form: &Form, of: impl Fn(&Field) -> Json) -> Map<String, Json> {
    let fields = form.fields.values();
    let properties: Map<String, Json> = fields
        .clone()
        .map(|field| (field.name.to_string(), of(field)))
        .collect();
    // `#/$defs/…` is looked for at the top.
    let mut defs = Map::new();
    let beside = match &form.schema {
        FormSchema::Beside(beside) => Some(beside),
        FormSchema::Plain(_) => None,
    };
    let schemas = fields.clone().map(|field| &field.schema).chain(beside);
    for own in schemas.filter_map(|schema| schema.get("$defs")?.as_object()) {
        defs.extend(own.clone());
    }
    let required: Vec<Json> = fields
        .filter(|field| field.required && field.derived.is_none())
        .map(|field| field.name.as_str().into())
        .collect();
    let mut object = Map::from_iter([
        ("type".to_owned(), "object".into()),
        ("properties".to_owned(), properties.into()),
        ("required".to_owned(), required.into()),
        ("additionalProperties".to_owned(), false.into()),
    ]);
    if !defs.is_empty() {
        object.insert("$defs".to_owned(), defs.into());
    }
    object
}

fn of_field(field: &Field, purpose: Purpose<'_>) -> Json {
    let mut schema = of_kind(&field.kind, &field.schema, purpose);
    let is_text = matches!(field.kind, FieldKind::String | FieldKind::LongText);
    if field.required && is_text && schema["minLength"].as_u64().unwrap_or(0) == 0 {
        schema["minLength"] = 1.into();
    }
    schema
}

/// The schema of a kind, with the keywords written for it that mean something for it.
fn of_kind(kind: &FieldKind, keywords: &Json, purpose: Purpose<'_>) -> Json {
    let mut schema = of_kind_alone(kind, keywords, purpose);
    let Some(words) = schema.as_object_mut() else {
        return schema;
    };
    match purpose {
        Purpose::Judge => words.extend(combining(Of::Kind(kind), keywords)),
        Purpose::Publish(_) => {
            for word in COMBINING.iter().chain(&TELLING) {
                if let Some(value) = keywords.get(*word) {
                    words.insert((*word).to_owned(), value.clone());
                }
            }
        }
    }
    schema
}

fn of_kind_alone(kind: &FieldKind, keywords: &Json, purpose: Purpose<'_>) -> Json {
    let (base, kept): (Json, &[&str]) = match kind {
        FieldKind::String | FieldKind::LongText => (
            json!({ "type": "string" }),
            &["minLength", "maxLength", "pattern", "format", "const"],
        ),
        FieldKind::Integer => (json!({ "type": "integer" }), &NUMERIC),
        FieldKind::Number => (json!({ "type": "number" }), &NUMERIC),
        FieldKind::Boolean => (json!({ "type": "boolean" }), &["const"]),
        FieldKind::Person { .. } => (json!({ "type": "string", "minLength": 1 }), &[]),
        FieldKind::Date => (json!({ "type": "string", "format": "date" }), &[]),
        FieldKind::DateTime => (json!({ "type": "string", "format": "date-time" }), &[]),
        FieldKind::Money => return money(keywords, purpose),
        FieldKind::Enum(words) => (json!({ "enum": words }), &[]),
        FieldKind::Pick { list } => match purpose {
            Purpose::Judge => (json!({ "type": "string" }), &[]),
            Purpose::Publish(surroundings) => (entry(list, surroundings), &[]),
        },
        FieldKind::List { items, most } => {
            let items = of_kind(items, &keywords["items"], purpose);
            let most = most.unwrap_or(MOST_ENTRIES);
            let base = json!({ "type": "array", "items": items, "maxItems": most });
            (base, &["minItems", "uniqueItems"])
        }
        FieldKind::Object(fields) => {
            let properties: Map<String, Json> = fields
                .iter()
                .map(|(name, kind)| {
                    let words = &keywords["properties"][name.as_str()];
                    (name.to_string(), of_kind(kind, words, purpose))
                })
                .collect();
            (
                json!({ "type": "object", "properties": properties, "additionalProperties": false }),
                &["required", "minProperties", "maxProperties"],
            )
        }
    };
    with(base, keywords, kept, Json::clone)
}

const NUMERIC: [&str; 6] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "const",
];

fn with(mut base: Json, keywords: &Json, kept: &[&str], turn: impl Fn(&Json) -> Json) -> Json {
    for word in kept {
        if let Some(value) = keywords.get(word) {
            base[*word] = turn(value);
        }
    }
    base
}

fn money(keywords: &Json, purpose: Purpose<'_>) -> Json {
    match purpose {
        Purpose::Judge => with(json!({ "type": "integer" }), keywords, &NUMERIC, |bound| {
            hundredths(bound).map_or_else(|| bound.clone(), Json::from)
        }),
        Purpose::Publish(_) => with(
            json!({ "type": "string", "pattern": r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$" }),
            keywords,
            &NUMERIC,
            Json::clone,
        ),
    }
}

/// A bound of money as it stands in a file, in hundredths: a number such as `0.01`, or a text.
pub(super) fn hundredths(bound: &Json) -> Option<i64> {
    let text = match bound {
        Json::String(text) => text.clone(),
        // The shortest decimal that reads as this double is what was written.
        Json::Number(number) => number.as_i64().map_or_else(
            || number.as_f64().map(|n| n.to_string()),
            |n| Some(n.to_string()),
        )?,
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    Money::parse(&text).ok().map(Money::hundredths)
}

/// An entry of a list as it is copied.
fn entry(list: &str, surroundings: &Surroundings) -> Json {
    let declared = surroundings.lists.get(list).map(|shape| &shape.fields);
    let mut properties = Map::from_iter([("id".to_owned(), json!({ "type": "string" }))]);
    for (name, ty) in declared.into_iter().flatten() {
        properties.insert(name.to_string(), of_type(ty));
    }
    json!({ "type": "object", "properties": properties, "required": ["id"], "x-list": list })
}

fn of_type(ty: &Type) -> Json {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": "integer" }),
        Type::Double => json!({ "type": "number" }),
        // A text in two languages is answered in the reader's.
        Type::String | Type::Text => json!({ "type": "string" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Time => json!({ "type": "string", "format": "date-time" }),
        Type::Money => json!({ "type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$" }),
        Type::List { item, .. } => json!({ "type": "array", "items": of_type(item) }),
        Type::MapOf(entry) => json!({ "type": "object", "additionalProperties": of_type(entry) }),
        Type::Record(members) => {
            let properties: Map<String, Json> = members
                .iter()
                .map(|(name, member)| (name.clone(), of_type(&member.ty)))
                .collect();
            json!({ "type": "object", "properties": properties })
        }
        Type::Person => json!({ "type": "object", "properties": { "id": { "type": "string" } } }),
        Type::Any => json!({}),
    }
}
