//! A JSON Schema of the document in words: a table of members, those of members within them.

use maud::{Markup, html};
use serde_json::Value as Json;

use super::{Reading, described, in_own};

/// How deep members of members are told.
const DEEPEST: u32 = 2;

/// The members of an object; nothing for what is none.
pub fn table(reading: &Reading, shape: &Json) -> Markup {
    members(reading, shape, 0)
}

fn members(reading: &Reading, shape: &Json, depth: u32) -> Markup {
    let shape = element(reading, shape);
    let required = shape["required"].as_array();
    let is_required = |name: &str| {
        let mut names = required.into_iter().flatten();
        names.any(|required| required.as_str() == Some(name))
    };
    let properties: Vec<_> = shape["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .collect();
    html! {
        @if !properties.is_empty() {
            div.scroll { table {
                @for (name, member) in properties {
                    tr {
                        th scope="row" {
                            code { (name) }
                            @if is_required(name) { span.required { " *" } }
                        }
                        td { code { (self::name(member)) } }
                        td {
                            @if let Some(text) = member["description"].as_str() { (in_own(reading, text, described::described(text))) }
                            @if depth < DEEPEST { (members(reading, member, depth + 1)) }
                        }
                    }
                }
            } }
        }
    }
}

/// What a list or something that may be null is of.
fn element<'a>(reading: &'a Reading, shape: &'a Json) -> &'a Json {
    let shape = reading.resolved(shape);
    if shape["items"].is_object() {
        return reading.resolved(&shape["items"]);
    }
    let mut choices = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|word| shape[word].as_array());
    let chosen = choices.next().and_then(|choices| {
        let mut real = choices.iter().filter(|choice| choice["type"] != "null");
        real.next().filter(|_| real.next().is_none())
    });
    chosen.map_or(shape, |chosen| element(reading, chosen))
}

/// The kind of a value in a word or two.
pub fn name(shape: &Json) -> String {
    if let Some(path) = shape["$ref"].as_str() {
        return path.rsplit('/').next().unwrap_or(path).to_owned();
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(choices) = shape[word].as_array() {
            let names: Vec<String> = choices.iter().map(name).collect();
            return names.join(" | ");
        }
    }
    if let Some(words) = shape["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
        return words.join(" | ");
    }
    match &shape["type"] {
        Json::String(kind) if kind == "array" => format!("{}[]", name(&shape["items"])),
        Json::String(kind) => match shape["format"].as_str() {
            Some(format) => format!("{kind} ({format})"),
            None => kind.clone(),
        },
        Json::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Json::as_str).collect();
            kinds.join(" | ")
        }
        _ => "JSON".to_owned(),
    }
}
