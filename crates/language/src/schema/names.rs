//! The names of a schema's parts, which editors show to authors ("expected a `review_decision`"): told in words of the
//! language, not of our types. Not for keywords.

use serde_json::Value;

const DEFINITIONS: &str = "$defs";
const POINTER: &str = "#/$defs/";

/// Calls every part of a schema plainly.
pub(super) fn plainly(schema: &mut Value) {
    if let Some(title) = schema.get_mut("title") {
        rename(title, "");
    }
    if let Some(Value::Object(parts)) = schema.get_mut(DEFINITIONS) {
        let named = std::mem::take(parts).into_iter();
        for (name, part) in named {
            let other = parts.insert(plain(&name), part);
            assert!(other.is_none(), "two parts would be called as {name}");
        }
    }
    refer_plainly(schema);
}

fn refer_plainly(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == "$ref" {
                    rename(member, POINTER);
                } else {
                    refer_plainly(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(refer_plainly),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn rename(value: &mut Value, prefix: &str) {
    if let Value::String(text) = value
        && let Some(name) = text.strip_prefix(prefix)
    {
        *text = format!("{prefix}{}", plain(name));
    }
}

/// `NamedOfStateFile` is `named_state`.
fn plain(name: &str) -> String {
    let name = name.replace("NamedOf", "Named");
    let name = name.strip_suffix("File").unwrap_or(&name);
    let mut plain = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 && !plain.ends_with('_') {
            plain.push('_');
        }
        plain.extend(c.to_lowercase());
    }
    plain
}

#[test]
fn parts_are_called_in_words_of_the_language() {
    assert_eq!(plain("NamedOfStateFile"), "named_state");
    assert_eq!(plain("SelfReviewKind"), "self_review_kind");
    assert_eq!(plain("NamedOfMap_of_AnyValue"), "named_map_of_any_value");
}
