//! Reference lists: the shape that `shared.yaml` declares, and the entries in a file of their own.

use countersign_core::{expression::Value, name::Name, workflow::ListShape};
use indexmap::{IndexMap, IndexSet};
use serde_json::Value as Json;

use crate::{
    diagnostic::Code,
    file::File,
    source::{Files, Source, folder_of},
    vocabulary,
    yaml::{self, Entry, Yaml},
};

use super::types;

/// The most entries that a list may have.
const MOST_ENTRIES: usize = 1000;

/// A reference list with its entries, as they stand in its file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceList {
    /// The list's name.
    pub name: Name,
    /// The file of its entries, relative to the folder of workflows.
    pub path: String,
    /// The entries by id, each with its `id`.
    pub entries: IndexMap<String, Json>,
}

pub(super) fn read(
    file: &File,
    name: &Name,
    entry: &Entry,
    files: &Files,
) -> (ListShape, Option<ReferenceList>) {
    let section = file.keywords(&entry.value, &vocabulary::LIST);
    let fields = section.get("fields").map_or_else(IndexMap::new, |yaml| {
        types::fields(file, yaml, &format!("the fields of `{name}`"))
    });
    let shape = ListShape { fields };
    let Some(named) = section.get("file") else {
        let example = format!("file: lists/{name}.yaml");
        file.missing(entry.key.span, "file", &format!("list `{name}`"), &example);
        return (shape, None);
    };
    let list = file
        .word(named, "`file`")
        .and_then(|path| entries(file, name, named, path, &shape, files));
    (shape, list)
}

fn entries(
    file: &File,
    name: &Name,
    named: &Yaml,
    path: &str,
    shape: &ListShape,
    files: &Files,
) -> Option<ReferenceList> {
    let whole = format!("{}{path}", folder_of(file.source.path()));
    let Some(text) = files.text(&whole) else {
        let message = format!("there is no file `{path}`");
        let help = "give its path from the folder of this file; it holds a list of entries";
        file.report(Code::NoSuchFile, named.span, message, help);
        return None;
    };
    let source = Source::new(&whole, text.clone());
    let mut findings = Vec::new();
    let Some(root) = yaml::parse(&source, &mut findings) else {
        file.add_all(findings);
        return None;
    };
    let list = File::new(source, root);
    let mut entries = IndexMap::new();
    let mut seen = IndexSet::new();
    for item in list.root.items() {
        if entries.len() == MOST_ENTRIES {
            let message = format!("a list has at most {MOST_ENTRIES} entries");
            list.report(
                Code::TooLarge,
                item.span.first(list.text()),
                message,
                "split the list",
            );
            break;
        }
        if let Some((id, entry)) = one(&list, item, shape) {
            if !seen.insert(id.clone()) {
                let span = item.get("id").map_or(item.span, |id| id.span);
                let message = format!("`{id}` occurs twice");
                list.report(
                    Code::DuplicateKey,
                    span,
                    message,
                    "each entry has an `id` of its own",
                );
            }
            entries.insert(id, entry);
        }
    }
    file.add_all(list.take_findings());
    Some(ReferenceList {
        name: name.clone(),
        path: whole,
        entries,
    })
}

fn one(list: &File, item: &Yaml, shape: &ListShape) -> Option<(String, Json)> {
    let written = list.mapping(item, "an entry");
    let Some(id) = item.get("id").filter(|id| !id.is_null()) else {
        let span = item.span.first(list.text());
        list.missing(span, "id", "the entry", "id: ecs");
        return None;
    };
    let id = list.word(id, "`id`")?.to_owned();
    let mut entry = serde_json::Map::from_iter([("id".to_owned(), Json::String(id.clone()))]);
    for found in written.iter().filter(|found| found.key.text != "id") {
        let Some(ty) = shape.fields.get(found.key.text.as_str()) else {
            let text = found.key.text.as_str();
            let known = shape.fields.keys().map(Name::as_str);
            let message = format!("the list has no field `{text}`");
            list.unknown(Code::BadEntry, found.key.span, message, text, known);
            continue;
        };
        let json = json_of(&found.value, ty);
        if let Err(error) = Value::from_json(&json, ty) {
            let message = format!("`{}` of `{id}` must be {ty}", found.key.text);
            list.report(Code::BadEntry, found.value.span, message, error.to_string());
        }
        entry.insert(found.key.text.clone(), json);
    }
    for (name, ty) in &shape.fields {
        if !entry.contains_key(name.as_str()) {
            let span = item.span.first(list.text());
            let help = format!("add `{name}`, which is {ty}");
            list.report(
                Code::BadEntry,
                span,
                format!("`{id}` has no `{name}`"),
                help,
            );
        }
    }
    Some((id, Json::Object(entry)))
}

/// The value as JSON. Where a text is meant, a plain `2026` or `0.5` is one too.
fn json_of(yaml: &Yaml, ty: &countersign_core::expression::Type) -> Json {
    use countersign_core::expression::Type;
    match (ty, yaml.scalar()) {
        (Type::String | Type::Text | Type::Money | Type::Date | Type::Time, Some(scalar))
            if !yaml.is_null() =>
        {
            Json::String(scalar.text.clone())
        }
        _ => yaml.to_json(),
    }
}
