//! JSON Schema as it stands: a form that is one, and the combining keywords at forms and fields. What they mean is
//! judged by the core; here only what would be lost in silence is refused.

use countersign_core::{
    name::Name,
    text::Text,
    workflow::{Field, FieldKind, FormSchema, Titles},
};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::{
    diagnostic::Code,
    file::{File, Section},
    source::{Around, MOST_BYTES, SCHEMA_FILE},
    vocabulary,
    yaml::{Data, Yaml},
};

use super::text;

/// What may be asked of a form beside its fields.
pub(super) const BESIDE: [&str; 9] = [
    "$defs",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
];
/// How far references within a schema may lead on.
const MOST_STEPS: usize = 16;
/// A plain text that may be longer than this has several lines.
const ONE_LINE: u64 = 255;

/// The fields of a form that is a plain JSON Schema. `None` if it cannot be used; that was reported.
pub(super) fn form(
    file: &File,
    yaml: &Yaml,
    around: Around<'_>,
) -> Option<(IndexMap<Name, Field>, FormSchema)> {
    let (path, found) = named(file, yaml, around)?;
    match read(found) {
        Ok(read) => Some(read),
        Err(why) => {
            let help = "a form takes a JSON Schema (2020-12) of an object, each of whose `properties` has one type";
            file.bad_value(yaml.span, format!("`{path}`: {why}"), help);
            None
        }
    }
}

/// What a field holds that a plain JSON Schema describes, with its keywords. `None` if it cannot be used; that was
/// reported.
pub(super) fn value(file: &File, yaml: &Yaml, around: Around<'_>) -> Option<(FieldKind, Json)> {
    let (path, found) = named(file, yaml, around)?;
    let read = parsed(found).and_then(|schema| kind(&schema, &schema, 0));
    match read {
        Ok(read) => Some(read),
        Err(why) => {
            let help = "a field takes a JSON Schema (2020-12) of one type";
            file.bad_value(yaml.span, format!("`{path}`: {why}"), help);
            None
        }
    }
}

/// The file with a JSON Schema that stands here.
fn named<'a>(file: &'a File, yaml: &'a Yaml, around: Around<'a>) -> Option<(&'a str, &'a str)> {
    let path = file.word(yaml, "`$ref`")?;
    if !path.ends_with(SCHEMA_FILE) {
        let message = format!("`{path}` is no file with a JSON Schema");
        let help = "give the path of one from the folder of this file: `$ref: order.schema.json`";
        file.bad_value(yaml.span, message, help);
        return None;
    }
    let found = around.text(path);
    if found.is_none() {
        let message = format!("there is no file `{path}`");
        let help = "give its path from the folder of this file, for example `order.schema.json`";
        file.report(Code::NoSuchFile, yaml.span, message, help);
    }
    Some((path, found?))
}

fn parsed(found: &str) -> Result<Json, String> {
    if found.len() > MOST_BYTES {
        return Err(format!("it has more than {MOST_BYTES} bytes"));
    }
    serde_json::from_str(found).map_err(|error| error.to_string())
}

fn read(found: &str) -> Result<(IndexMap<Name, Field>, FormSchema), String> {
    let schema = parsed(found)?;
    let whole = resolved(&schema, &schema)?;
    let Some(properties) = whole.get("properties").and_then(Json::as_object) else {
        return Err("it has no `properties`".to_owned());
    };
    let required = whole.get("required").and_then(Json::as_array);
    let required: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let mut fields = IndexMap::new();
    for (property, of) in properties {
        let at = |why: &str| format!("`{property}` {why}");
        let name = Name::parse(property).map_err(|why| at(&why.to_string()))?;
        let (kind, keywords) = kind(&schema, of, 0).map_err(|why| at(&why))?;
        let said = |word: &str| keywords.get(word).and_then(Json::as_str);
        let title = said("title").map_or_else(|| text::spaced(property), Text::same);
        let field = Field {
            title,
            description: said("description").map(Text::same),
            required: required.contains(&property.as_str()),
            kind,
            schema: keywords,
            private: None,
            derived: None,
            frozen_after: None,
            titles: Titles::default(),
            name: name.clone(),
        };
        fields.insert(name, field);
    }
    Ok((fields, FormSchema::Plain(schema)))
}

/// The schema that a reference leads to, within the same file.
fn resolved<'s>(root: &'s Json, schema: &'s Json) -> Result<&'s Json, String> {
    let mut at = schema;
    for _ in 0..MOST_STEPS {
        let Some(reference) = at.get("$ref").and_then(Json::as_str) else {
            return Ok(at);
        };
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(format!("refers to `{reference}`, outside of its file"));
        };
        at = root
            .pointer(pointer)
            .ok_or_else(|| format!("refers to `{reference}`, which is not there"))?;
    }
    Err("refers to itself".to_owned())
}

/// What kind of value a schema describes, with the keywords that a draft is read by.
fn kind(root: &Json, schema: &Json, depth: usize) -> Result<(FieldKind, Json), String> {
    if depth > MOST_STEPS {
        return Err("is nested too deeply".to_owned());
    }
    let schema = resolved(root, schema)?;
    let words = schema.as_object().ok_or("is no schema of a value")?;
    let mut keywords = words.clone();
    let number = |word: &str| words.get(word).and_then(Json::as_u64);
    let kind = match one_type(words)? {
        "string" => text_kind(words, number("maxLength")),
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "boolean" => FieldKind::Boolean,
        "array" => {
            let items = words.get("items").ok_or("is a list without `items`")?;
            let (items, inner) = kind(root, items, depth + 1)?;
            keywords.insert("items".to_owned(), inner);
            FieldKind::List {
                items: Box::new(items),
                most: number("maxItems").and_then(|most| u32::try_from(most).ok()),
            }
        }
        "object" => {
            let mut members = IndexMap::new();
            let mut inner = Map::new();
            for (property, of) in words
                .get("properties")
                .and_then(Json::as_object)
                .into_iter()
                .flatten()
            {
                let at = |why: String| format!("has `{property}`, which {why}");
                let name = Name::parse(property).map_err(|why| at(why.to_string()))?;
                let (member, words) = kind(root, of, depth + 1).map_err(at)?;
                members.insert(name, member);
                inner.insert(property.clone(), words);
            }
            keywords.insert("properties".to_owned(), inner.into());
            // What a plain schema does not forbid it allows.
            keywords
                .entry("additionalProperties")
                .or_insert(Json::Bool(true));
            FieldKind::Object(members)
        }
        other => return Err(format!("is of type `{other}`")),
    };
    Ok((kind, keywords.into()))
}

/// The type that a schema says. `null` does not count: what is not filled in is absent.
fn one_type(words: &Map<String, Json>) -> Result<&str, String> {
    let all_texts = |values: &[Json]| values.iter().all(Json::is_string);
    match words.get("type") {
        Some(Json::String(one)) => Ok(one),
        Some(Json::Array(types)) => {
            let mut types = types
                .iter()
                .filter_map(Json::as_str)
                .filter(|ty| *ty != "null");
            match (types.next(), types.next()) {
                (Some(one), None) => Ok(one),
                _ => Err("has several types".to_owned()),
            }
        }
        _ if words.get("const").is_some_and(Json::is_string) => Ok("string"),
        _ => match words.get("enum").and_then(Json::as_array) {
            Some(values) if all_texts(values) => Ok("string"),
            _ => Err("says no `type`".to_owned()),
        },
    }
}

fn text_kind(words: &Map<String, Json>, longest: Option<u64>) -> FieldKind {
    let texts = words.get("enum").and_then(Json::as_array);
    if let Some(texts) = texts {
        let texts = texts.iter().filter_map(Json::as_str);
        return FieldKind::Enum(texts.map(str::to_owned).collect());
    }
    match words.get("format").and_then(Json::as_str) {
        Some("date") => FieldKind::Date,
        Some("date-time") => FieldKind::DateTime,
        Some(_) => FieldKind::String,
        None if words.contains_key("pattern") => FieldKind::String,
        None if longest.is_some_and(|longest| longest <= ONE_LINE) => FieldKind::String,
        None => FieldKind::LongText,
    }
}

/// The keywords beside the fields of a form.
pub(super) fn beside(file: &File, section: Section<'_>) -> Json {
    let mut found = Map::new();
    for word in BESIDE {
        if let Some(yaml) = section.get(word) {
            check_schemas(file, word, yaml);
            found.insert(word.to_owned(), yaml.to_json());
        }
    }
    if found.is_empty() {
        Json::Null
    } else {
        Json::Object(found)
    }
}

/// Looks through the schemas in the value of a combining keyword: JSON Schema passes over keywords that it does not
/// know, and one that is misspelt would ask for nothing.
pub(super) fn check_schemas(file: &File, word: &str, yaml: &Yaml) {
    match word {
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            yaml.items()
                .iter()
                .for_each(|schema| check_schema(file, schema));
        }
        "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "items" => {
            check_schema(file, yaml);
        }
        "$defs" | "properties" | "patternProperties" => {
            let members = yaml.entries().iter();
            members.for_each(|member| check_schema(file, &member.value));
        }
        _ => {}
    }
}

fn check_schema(file: &File, yaml: &Yaml) {
    if let Data::Map(_) = yaml.data {
        let section = file.keywords(yaml, &vocabulary::JSON_SCHEMA);
        for entry in section.entries() {
            check_schemas(file, &entry.key.text, &entry.value);
        }
    }
}
