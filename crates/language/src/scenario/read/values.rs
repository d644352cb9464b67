//! Values of forms and facts as JSON. What YAML reads as a number is a text where a text is meant.

use countersign_core::{
    expression::Type,
    name::Name,
    workflow::{FieldKind, Workflow},
};
use serde_json::{Map, Value as Json};

use crate::{
    diagnostic::Code,
    yaml::{Data, Kind, Yaml},
};

use super::Reader;

impl Reader<'_> {
    /// The values of a form as a merge patch: `null` removes.
    pub(super) fn form(&self, workflow: &Workflow, form: &str, yaml: &Yaml) -> Option<Json> {
        let declared = workflow.forms.get(form)?;
        let mut values = Map::new();
        for entry in self.file.mapping(yaml, &format!("form `{form}`")) {
            let text = entry.key.text.as_str();
            let Some(field) = declared.fields.get(text) else {
                let message = format!("form `{form}` has no field `{text}`");
                let known = declared.fields.keys().map(Name::as_str);
                let span = entry.key.span;
                self.file
                    .unknown(Code::NoSuchThing, span, message, text, known);
                continue;
            };
            values.insert(text.to_owned(), of_kind(&entry.value, &field.kind));
        }
        Some(Json::Object(values))
    }
}

fn of_kind(yaml: &Yaml, kind: &FieldKind) -> Json {
    match (kind, &yaml.data) {
        (
            FieldKind::String
            | FieldKind::LongText
            | FieldKind::Date
            | FieldKind::DateTime
            | FieldKind::Money
            | FieldKind::Enum(_)
            | FieldKind::Pick { .. },
            Data::Scalar(_),
        ) => as_text(yaml),
        (FieldKind::List { items, .. }, Data::List(entries)) => {
            entries.iter().map(|entry| of_kind(entry, items)).collect()
        }
        (FieldKind::Object(fields), Data::Map(entries)) => {
            let entries = entries.iter().map(|entry| {
                let field = fields.get(entry.key.text.as_str());
                let value = match field {
                    Some(kind) => of_kind(&entry.value, kind),
                    None => entry.value.to_json(),
                };
                (entry.key.text.clone(), value)
            });
            Json::Object(entries.collect())
        }
        _ => yaml.to_json(),
    }
}

/// A value of this type.
pub(super) fn of_type(yaml: &Yaml, ty: &Type) -> Json {
    match (ty, &yaml.data) {
        (Type::String | Type::Text | Type::Money | Type::Date | Type::Time, Data::Scalar(_)) => {
            as_text(yaml)
        }
        _ => yaml.to_json(),
    }
}

/// Numbers as they are written; truths stay what they are, so that a test can be wrong.
fn as_text(yaml: &Yaml) -> Json {
    match yaml.scalar().map(|scalar| (scalar.kind(), &scalar.text)) {
        Some((Kind::Int(_) | Kind::Float(_), text)) => Json::String(text.clone()),
        _ => yaml.to_json(),
    }
}
