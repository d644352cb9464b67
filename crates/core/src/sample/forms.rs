//! The forms of the sample.

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::{
    form::Checker,
    name::Name,
    text::Text,
    workflow::{Field, FieldKind, Form},
};

use super::{expression, name, states::DRAFT};

pub(crate) fn field(name: &str, kind: FieldKind, schema: Json) -> Field {
    let (bare, required) = match name.strip_suffix('?') {
        Some(bare) => (bare, false),
        None => (name, true),
    };
    let capital = bare[..1].to_uppercase() + &bare[1..];
    Field {
        name: Name::parse(bare).unwrap(),
        title: Text::new(capital, format!("<{bare}>")),
        description: None,
        required,
        kind,
        schema,
        private: None,
        derived: None,
        frozen_after: None,
        titles: crate::workflow::Titles::default(),
    }
}

pub(crate) fn form(form: &str, each_reviewer: bool, fields: Vec<Field>) -> Form {
    Form {
        name: name(form),
        title: Text::new(form, format!("<{form}>")),
        each_reviewer,
        fields: fields
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect(),
        schema: crate::workflow::FormSchema::default(),
        checker: Checker::default(),
    }
}

/// The form `deal` has a field of every kind.
pub(crate) fn deal() -> Form {
    let pick = FieldKind::Pick {
        list: name("services"),
    };
    let services = FieldKind::List {
        items: Box::new(pick.clone()),
        most: Some(3),
    };
    let contact = FieldKind::Object(IndexMap::from([
        (name("phone"), FieldKind::String),
        (name("floor"), FieldKind::Integer),
    ]));
    let mut account = field(
        "account?",
        FieldKind::String,
        json!({ "pattern": "^[0-9 ]{10,30}$" }),
    );
    account.private = Some(vec![name("applicant"), name("finance")]);
    let mut note = field("note?", FieldKind::LongText, json!({ "maxLength": 20 }));
    note.frozen_after = Some(DRAFT);
    let mut total = field("total?", FieldKind::Money, json!({}));
    total.derived = Some(expression("deal.amount"));
    form(
        "deal",
        false,
        vec![
            field(
                "customer",
                FieldKind::String,
                json!({ "minLength": 2, "maxLength": 8 }),
            ),
            field(
                "amount",
                FieldKind::Money,
                json!({ "minimum": 0.5, "maximum": 1000 }),
            ),
            field("close_date", FieldKind::Date, json!({})),
            note,
            field("meeting?", FieldKind::DateTime, json!({})),
            field(
                "seats?",
                FieldKind::Integer,
                json!({ "minimum": 1, "maximum": 9 }),
            ),
            field(
                "share?",
                FieldKind::Number,
                json!({ "exclusiveMinimum": 0 }),
            ),
            field("new?", FieldKind::Boolean, json!({})),
            field("email?", FieldKind::String, json!({ "format": "email" })),
            field(
                "grade?",
                FieldKind::Enum(vec!["A".into(), "B".into()]),
                json!({ "enum": ["A", "B"] }),
            ),
            field("service?", pick, json!({})),
            field(
                "services?",
                services,
                json!({ "minItems": 1, "uniqueItems": true }),
            ),
            field("contact?", contact, json!({ "required": ["phone"] })),
            account,
            total,
        ],
    )
}
