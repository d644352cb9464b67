//! What the tests' workflows share: roles, forms, materials, messages and surroundings. Not for states: `build` has
//! their parts, `processes` puts them together.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::json;

use super::build::{cel, name, template};
use crate::{
    calendar::Calendar,
    case::GroupId,
    expression::Type,
    machine::{Tree, TreeState},
    name::Name,
    text::{Language, Text},
    workflow::*,
};

/// A workflow of these states with the roles, forms and messages that all tests share.
pub fn workflow(id: &str, open: Action, states: Vec<State>) -> Workflow {
    let tree = tree(&states);
    Workflow {
        id: name(id),
        version: 1,
        title: Text::same(id),
        about: None,
        number: NumberPattern::new(vec![
            NumberPart::Literal(format!("{}-", id.to_uppercase())),
            NumberPart::Year,
            NumberPart::Literal("-".into()),
            NumberPart::Sequence(5),
        ]),
        case_title: Some(cel("deal.customer")),
        partner: None,
        surroundings: surroundings(),
        roles: roles(),
        forms: forms(),
        materials: materials(),
        rules: IndexMap::new(),
        limits: IndexMap::new(),
        links: IndexMap::new(),
        tables: IndexMap::new(),
        children: IndexMap::new(),
        messages: messages(),
        open,
        states: States::new(states, tree),
        migrate: std::collections::BTreeMap::new(),
    }
}

fn tree(states: &[State]) -> Tree {
    let tree: Vec<TreeState> = states
        .iter()
        .map(|state| TreeState {
            parent: state.parent,
            start: match state.kind {
                StateKind::Outer { start } => Some(start),
                StateKind::Leaf | StateKind::Tracks | StateKind::End(_) => None,
            },
            tracks: state.kind == StateKind::Tracks,
        })
        .collect();
    Tree::build(&tree).expect("a sound tree")
}

fn forms() -> IndexMap<Name, Form> {
    let grades = FieldKind::Enum(vec!["A".into(), "B".into()]);
    let grade = field("grade", grades, json!({ "enum": ["A", "B"] }));
    let bounds = json!({ "type": "integer", "minimum": 0, "maximum": 100 });
    let points = field("points", FieldKind::Integer, bounds);
    [
        form_of("deal", false, deal_fields()),
        form_of("evaluation", false, vec![grade]),
        form_of("score", true, vec![points]),
    ]
    .into_iter()
    .map(|form| (form.name.clone(), form))
    .collect()
}

fn deal_fields() -> Vec<Field> {
    let string = || json!({ "type": "string" });
    let customer = json!({ "type": "string", "minLength": 2 });
    let date = json!({ "type": "string", "format": "date" });
    vec![
        field("customer", FieldKind::String, customer),
        field("amount", FieldKind::Money, string()),
        field("email", FieldKind::String, string()),
        field("note", FieldKind::LongText, string()),
        field("until", FieldKind::Date, date),
    ]
}

fn field(id: &str, kind: FieldKind, schema: serde_json::Value) -> Field {
    Field {
        name: name(id),
        title: Text::same(id),
        description: None,
        required: !id.starts_with("note"),
        kind,
        schema,
        private: None,
        derived: None,
        frozen_after: None,
        titles: crate::workflow::Titles::default(),
    }
}

pub fn form_of(id: &str, each_reviewer: bool, fields: Vec<Field>) -> Form {
    Form {
        name: name(id),
        title: Text::same(id),
        each_reviewer,
        fields: fields
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect(),
        schema: crate::workflow::FormSchema::default(),
        checker: crate::form::Checker::default(),
    }
}

fn materials() -> IndexMap<Name, Material> {
    let report = Material {
        name: name("report"),
        title: Text::same("report"),
        accept: vec!["pdf".into()],
        max_bytes: 1_000,
        least: 1,
        most: 1,
        template: None,
    };
    IndexMap::from([(report.name.clone(), report)])
}

fn surroundings() -> Arc<Surroundings> {
    Arc::new(Surroundings {
        languages: vec![Language::En, Language::Zh],
        zone: chrono_tz::Asia::Shanghai,
        calendar: Calendar::new("mon-fri", "09:00-18:00", [], []).expect("a calendar"),
        lists: IndexMap::new(),
        facts: IndexMap::from([(
            name("partner"),
            FactShape {
                fields: IndexMap::from([(name("certified"), Type::Bool)]),
            },
        )]),
    })
}

fn roles() -> IndexMap<Name, Role> {
    let group = |group: &str| RoleIs::Group(GroupId::new(group));
    [
        ("applicant", RoleIs::Starter),
        ("partner_user", group("partner_users")),
        ("reviewer", group("reviewers")),
        ("expert", group("experts")),
        ("manager", group("managers")),
        ("administrator", group("administrators")),
        (
            "invitee",
            RoleIs::LinkHolder {
                email: cel("deal.email"),
            },
        ),
    ]
    .into_iter()
    .map(|(id, is)| {
        (
            name(id),
            Role {
                name: name(id),
                title: Text::same(id),
                is,
            },
        )
    })
    .collect()
}

fn messages() -> IndexMap<Name, Message> {
    let message = |id: &str, to: Recipient, body: &str| Message {
        name: name(id),
        own: true,
        to,
        subject: template("{{case.number}}"),
        body: template(body),
    };
    let role = |role: &str| Recipient::Role(name(role));
    [
        message(
            "review_wanted",
            Recipient::Reviewers,
            "Round {{case.round}}.",
        ),
        message("to_fix", role("applicant"), "{{comments.open}}"),
        message("invite", role("invitee"), "{{button.accept}}"),
        message("late", role("manager"), "Late."),
    ]
    .into_iter()
    .map(|message| (message.name.clone(), message))
    .collect()
}
