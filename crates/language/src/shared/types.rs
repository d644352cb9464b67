//! The types of facts' and lists' fields, as words.

use countersign_core::{expression::Type, name::Name};
use indexmap::IndexMap;

use crate::{diagnostic::Code, file::File, yaml::Yaml};

/// The words for types that facts and lists may have.
const WORDS: [&str; 8] = [
    "text",
    "string",
    "boolean",
    "integer",
    "number",
    "money",
    "date",
    "date-time",
];

/// The fields of a mapping from names to types.
pub(super) fn fields(file: &File, yaml: &Yaml, what: &str) -> IndexMap<Name, Type> {
    file.named(yaml, what)
        .into_iter()
        .filter_map(|(name, entry)| Some((name, field_type(file, &entry.value)?)))
        .collect()
}

fn field_type(file: &File, yaml: &Yaml) -> Option<Type> {
    if yaml.is_map() {
        return list_type(file, yaml);
    }
    Some(match file.word(yaml, "a type")? {
        "text" => Type::Text,
        "string" => Type::String,
        "boolean" => Type::Bool,
        "integer" => Type::Int,
        "number" => Type::Double,
        "money" => Type::Money,
        "date" => Type::Date,
        "date-time" => Type::Time,
        other => {
            let message = format!("there is no type `{other}`");
            file.unknown(Code::BadValue, yaml.span, message, other, WORDS.into_iter());
            return None;
        }
    })
}

/// `{ type: array, items: string, maxItems: 20 }`
fn list_type(file: &File, yaml: &Yaml) -> Option<Type> {
    let is_array = yaml
        .get("type")
        .and_then(Yaml::scalar)
        .is_some_and(|scalar| scalar.text == "array");
    let Some(items) = yaml.get("items").filter(|_| is_array) else {
        let message = "a type is a word, or a list of one".to_owned();
        file.shape(
            yaml,
            message,
            "write `boolean`, or `{ type: array, items: string, maxItems: 20 }`",
        );
        return None;
    };
    let item = field_type(file, items)?;
    Some(match yaml.get("maxItems") {
        Some(most) => Type::list(item, file.number(most, "`maxItems`", 1)?),
        None => Type::unbounded_list(item),
    })
}
