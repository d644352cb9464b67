//! Keywords of JSON Schema that say nothing of a field's kind: `maxLength` of a truth, `minItems` of a text. JSON Schema
//! passes over them, and so their author would believe that something is checked.

use countersign_core::workflow::FieldKind;

use crate::{diagnostic::Code, file::File, file::Section, nearest::listed};

const OF_TEXTS: [&str; 3] = ["minLength", "maxLength", "pattern"];
const OF_NUMBERS: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];
const OF_LISTS: [&str; 6] = [
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "prefixItems",
];
const OF_OBJECTS: [&str; 8] = [
    "properties",
    "required",
    "minProperties",
    "maxProperties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependentRequired",
];

/// Finds keywords that say nothing of this kind.
pub(super) fn check(file: &File, section: Section<'_>, kind: &FieldKind) {
    let (what, own) = of_kind(kind);
    for entry in section.entries() {
        let word = entry.key.text.as_str();
        let bound = word == "format"
            || [&OF_TEXTS[..], &OF_NUMBERS, &OF_LISTS, &OF_OBJECTS]
                .iter()
                .any(|words| words.contains(&word));
        let formatted = word == "format" && matches!(kind, FieldKind::String);
        if !bound || formatted || own.contains(&word) {
            continue;
        }
        let message = format!("`{word}` says nothing of {what}");
        let help = if word == "required" {
            "delete it: every field is required, unless a `?` ends its name".to_owned()
        } else if own.is_empty() {
            format!("delete `{word}`")
        } else {
            format!("delete it, or use one of these: {}", listed(own))
        };
        file.report(Code::ExclusiveKeywords, entry.key.span, message, help);
    }
}

/// What a field of this kind is, and the keywords that say something of it.
fn of_kind(kind: &FieldKind) -> (&'static str, &'static [&'static str]) {
    match kind {
        FieldKind::String => ("a text", &OF_TEXTS),
        FieldKind::LongText => ("a long text", &OF_TEXTS),
        FieldKind::Integer | FieldKind::Number => ("a number", &OF_NUMBERS),
        FieldKind::Money => ("money", &OF_NUMBERS),
        FieldKind::Boolean => ("a truth", &[]),
        FieldKind::Date => ("a date", &[]),
        FieldKind::DateTime => ("a moment", &[]),
        FieldKind::Enum(_) => ("one of some words", &[]),
        FieldKind::Pick { .. } => ("an entry of a list", &[]),
        FieldKind::Person { .. } => ("a person", &[]),
        FieldKind::List { .. } => ("a list", &OF_LISTS),
        FieldKind::Object(_) => ("an object", &OF_OBJECTS),
    }
}
