//! Values as a story may show them: as people write them, and private ones replaced by others of the same shape.

use std::collections::BTreeMap;

use countersign_core::{
    case::{Case, Values},
    history::SealedEntry,
    name::Name,
    workflow::{Field, FieldKind, Workflow},
};
use serde_json::{Map, Value as Json, json};

/// A text of so many characters that stands in a private field is masked wherever else it stands.
const TELLING: usize = 4;

/// What stands for what.
pub(super) struct Mask<'a> {
    workflow: &'a Workflow,
    texts: BTreeMap<String, String>,
}

impl<'a> Mask<'a> {
    /// A mask for every private text that the case has or had.
    pub(super) fn of(workflow: &'a Workflow, case: &Case, history: &[SealedEntry]) -> Self {
        let mut mask = Self {
            workflow,
            texts: BTreeMap::new(),
        };
        for (form, values) in &case.content.forms {
            mask.form_of(workflow, form, values);
        }
        let changes = history.iter().flat_map(|sealed| &sealed.personal.changes);
        for change in changes {
            if let Some((form, field)) = change.at.split_once('.') {
                mask.field(form, field, &change.now);
                mask.field(form, field, &change.was);
            }
        }
        mask
    }

    /// A form of a workflow as somebody would fill it in; what is derived is left out.
    pub(super) fn form_of(&mut self, workflow: &Workflow, form: &Name, values: &Values) -> Json {
        let declared = workflow.forms.get(form);
        let mut members = Map::new();
        for (name, value) in values {
            let field = declared.and_then(|form| form.fields.get(name.as_str()));
            if let Some(field) = field.filter(|field| field.derived.is_none()) {
                members.insert(name.clone(), self.value(field, value));
            }
        }
        Json::Object(members)
    }

    /// The value of a field as somebody would write it; `None` if nobody can write it.
    pub(super) fn field(&mut self, form: &str, field: &str, value: &Json) -> Option<Json> {
        let field = self.workflow.forms.get(form)?.fields.get(field)?;
        (field.derived.is_none()).then(|| self.value(field, value))
    }

    /// A text that people wrote.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (private, masked) in &self.texts {
            if private.chars().count() >= TELLING {
                text = text.replace(private, masked);
            }
        }
        text
    }

    fn value(&mut self, field: &Field, value: &Json) -> Json {
        let written = written(&field.kind, value);
        if field.private.is_some() {
            self.private(&field.kind, &field.schema, &written)
        } else {
            self.open(&written)
        }
    }

    /// A value that everybody may see, but for what is private elsewhere.
    fn open(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => json!(self.text(text)),
            Json::Array(items) => items.iter().map(|item| self.open(item)).collect(),
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.open(value)))
                .collect(),
            Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
        }
    }

    fn private(&mut self, kind: &FieldKind, schema: &Json, value: &Json) -> Json {
        match (kind, value) {
            (_, Json::Null) => Json::Null,
            (FieldKind::String | FieldKind::LongText, Json::String(text)) => {
                let nth = self.texts.len();
                let masked = self.texts.entry(text.clone());
                json!(masked.or_insert_with(|| shape(text, nth)))
            }
            (FieldKind::Integer | FieldKind::Number | FieldKind::Money, _) => {
                json!(
                    schema
                        .get("minimum")
                        .and_then(Json::as_u64)
                        .map_or(1, |least| least.max(1))
                )
            }
            (FieldKind::Boolean, _) => json!(false),
            (FieldKind::Date, _) => json!("2000-01-01"),
            (FieldKind::DateTime, _) => json!("2000-01-01T00:00:00Z"),
            (FieldKind::Enum(words), _) => json!(words.first()),
            (FieldKind::List { items, .. }, Json::Array(values)) => {
                let inner = schema.get("items").unwrap_or(&Json::Null);
                let values = values.iter();
                values
                    .map(|value| self.private(items, inner, value))
                    .collect()
            }
            (FieldKind::Object(fields), Json::Object(members)) => {
                let fields = fields.iter().filter_map(|(name, kind)| {
                    let value = members.get(name.as_str())?;
                    let inner = &schema["properties"][name.as_str()];
                    Some((name.to_string(), self.private(kind, inner, value)))
                });
                Json::Object(fields.collect())
            }
            (
                FieldKind::String
                | FieldKind::LongText
                | FieldKind::Pick { .. }
                | FieldKind::Person { .. }
                | FieldKind::List { .. }
                | FieldKind::Object(_),
                _,
            ) => value.clone(),
        }
    }
}

/// A text of the same shape: letters stay letters and digits digits, so that what a pattern asks of it still holds. The
/// `nth` text has digits of its own, so that different texts stay different.
fn shape(text: &str, nth: usize) -> String {
    let digit = char::from_digit(u32::try_from(nth % 9 + 1).unwrap_or(1), 10).unwrap_or('1');
    let masked = text.chars().map(|c| match c {
        _ if c.is_numeric() => digit,
        _ if c.is_uppercase() => 'X',
        _ if c.is_alphabetic() => 'x',
        other => other,
    });
    masked.collect()
}

/// A stored value as it is written: of what was picked its id.
fn written(kind: &FieldKind, value: &Json) -> Json {
    match (kind, value) {
        (FieldKind::Pick { .. } | FieldKind::Person { .. }, Json::Object(entry)) => {
            entry.get("id").cloned().unwrap_or_default()
        }
        (FieldKind::List { items, .. }, Json::Array(values)) => {
            values.iter().map(|value| written(items, value)).collect()
        }
        (FieldKind::Object(fields), Json::Object(members)) => {
            let fields = fields.iter().filter_map(|(name, kind)| {
                let value = members.get(name.as_str())?;
                Some((name.to_string(), written(kind, value)))
            });
            Json::Object(fields.collect())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_masked_text_keeps_its_shape_and_differs_from_other_texts() {
        assert_eq!(shape("6222 0000-A", 0), "1111 1111-X");
        assert_eq!(shape("6222 0000-A", 1), "2222 2222-X");
        assert_eq!(shape("张 b@c.de", 0), "x x@x.xx");
    }
}
