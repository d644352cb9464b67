//! A small workflow and its people, for tests of `form`, `policy` and `view`: a partner's deal is reviewed,
//! then its evaluation is shown. Built by hand, for the core does not read files.

#![expect(clippy::unwrap_used, reason = "a sample is right or the test fails")]

mod forms;
mod people;
mod states;

pub(crate) use forms::{deal, field, form};
pub(crate) use people::{actor, case, holder, inputs, person};
pub(crate) use states::{APPROVED, DRAFT, READY, REVIEW, with_timers};

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::json;

use crate::{
    calendar::Calendar,
    case::GroupId,
    expression::{Expect, Expression, Scope, Type},
    machine::{Tree, TreeState},
    name::Name,
    text::{Language, Text},
    time::{self, Time},
    workflow::{
        FieldKind, ListShape, Material, NumberPart, NumberPattern, Role, RoleIs, StateKind, States,
        Surroundings, Workflow,
    },
};

fn roles() -> IndexMap<Name, Role> {
    let group = |group: &str| RoleIs::Group(GroupId::new(group));
    let all = [
        ("applicant", RoleIs::Starter),
        ("partner_user", group("partner_users")),
        ("reviewer", group("deal_reviewers")),
        ("acceptor", group("acceptance_reviewers")),
        ("psa", group("psa")),
        ("finance", group("finance")),
        (
            "invitee",
            RoleIs::LinkHolder {
                email: expression("deal.email"),
            },
        ),
    ];
    all.into_iter()
        .map(|(role, is)| {
            let title = Text::new(role, format!("<{role}>"));
            (
                name(role),
                Role {
                    name: name(role),
                    title,
                    is,
                },
            )
        })
        .collect()
}

pub(crate) fn surroundings() -> Surroundings {
    let service = ListShape {
        fields: IndexMap::from([(name("name"), Type::Text), (name("advanced"), Type::Bool)]),
    };
    Surroundings {
        languages: vec![Language::En, Language::Zh],
        zone: chrono_tz::Asia::Shanghai,
        calendar: Calendar::default(),
        lists: IndexMap::from([(name("services"), service)]),
        facts: IndexMap::new(),
    }
}

/// The workflow.
pub(crate) fn workflow() -> Workflow {
    let states = states::states();
    let tree: Vec<_> = states
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
    let tree = Tree::build(&tree).unwrap();
    let grade = FieldKind::Enum(vec!["A".into(), "B".into()]);
    let forms = [
        deal(),
        form(
            "workload",
            false,
            vec![field("days", FieldKind::Integer, json!({}))],
        ),
        form("evaluation", false, vec![field("grade", grade, json!({}))]),
        form(
            "score",
            true,
            vec![field(
                "points",
                FieldKind::Integer,
                json!({ "maximum": 100 }),
            )],
        ),
    ];
    let report = Material {
        name: name("report"),
        title: Text::new("Report", "报告"),
        accept: vec!["pdf".into()],
        max_bytes: 20 << 20,
        least: 1,
        most: 1,
        template: None,
    };
    Workflow {
        id: name("deal_registration"),
        version: 1,
        title: Text::same("Deal"),
        about: None,
        number: NumberPattern::new(vec![NumberPart::Sequence(5)]),
        case_title: None,
        partner: None,
        surroundings: Arc::new(surroundings()),
        roles: roles(),
        forms: forms
            .into_iter()
            .map(|form| (form.name.clone(), form))
            .collect(),
        materials: IndexMap::from([(name("report"), report)]),
        rules: IndexMap::new(),
        limits: IndexMap::new(),
        links: IndexMap::new(),
        tables: IndexMap::new(),
        children: IndexMap::new(),
        messages: IndexMap::new(),
        open: states::action("open", &["partner_user"], vec![], states::to(DRAFT)),
        states: States::new(states, tree),
        migrate: std::collections::BTreeMap::new(),
    }
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(crate) fn at(text: &str) -> Time {
    time::from_text(text).unwrap()
}

pub(crate) fn expression(source: &str) -> Expression {
    let anything = Scope::new().with("deal", Type::Any);
    Expression::compile(source, &anything, &Expect::Any).unwrap()
}
