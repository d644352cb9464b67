//! Workflows written in code for tests, short enough to read beside the test that uses them.

use std::{str::FromStr, sync::Arc};

use indexmap::IndexMap;

use crate::{
    calendar::Calendar,
    case::GroupId,
    expression::{Expect, Expression, Scope, Type},
    machine::{Slot, Tree, TreeState},
    name::Name,
    template::Template,
    text::{Language, Text},
    time::Length,
    workflow::*,
};

pub fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

pub fn names(words: &[&str]) -> Vec<Name> {
    words.iter().map(|word| name(word)).collect()
}

pub fn length(text: &str) -> Length {
    Length::from_str(text).expect("a length of time")
}

/// All names that the tests' expressions use; what they are is not checked here.
fn scope() -> Scope {
    let free = [
        "evaluation",
        "score",
        "acceptance_report",
        "votes",
        "cast",
        "members",
        "remaining",
        "seats",
        "actor",
        "ceiling",
        "application",
        "timers",
        "state",
        "comments",
        "lists",
        "facts",
        "limits",
        "partner",
        "starter",
    ];
    let deal = [
        ("customer", Type::String),
        ("amount", Type::Money),
        ("email", Type::String),
        ("note?", Type::String),
        ("until?", Type::Date),
    ];
    let known = Scope::standard().with("deal", Type::record(deal));
    free.iter()
        .fold(known, |scope, name| scope.with(name, Type::Any))
}

pub fn cel(source: &str) -> Expression {
    Expression::compile(source, &scope(), &Expect::Any).expect("an expression")
}

pub fn template(source: &str) -> Localized<Template> {
    let en = Template::compile(source, &scope()).expect("a template");
    Localized { zh: en.clone(), en }
}

/// The paths of a workflow's states, outer before inner; what they name is found by position.
pub struct Paths(pub &'static [&'static str]);

impl Paths {
    pub fn id(&self, path: &str) -> StateId {
        let position = self
            .0
            .iter()
            .position(|known| *known == path)
            .expect("a state");
        Slot(u8::try_from(position).expect("few states"))
    }

    pub fn to(&self, path: &str) -> Target {
        Target::To(Choice::only(self.id(path)))
    }

    pub fn choice(&self, path: &str) -> Choice {
        Choice::only(self.id(path))
    }

    /// A state with nothing in it; the first state inside it is its start.
    pub fn state(&self, path: &str) -> State {
        let own = path.rsplit('.').next().expect("a name");
        let parent = path.rsplit_once('.').map(|(outer, _)| self.id(outer));
        let inside = self.0.iter().find(|other| {
            other
                .rsplit_once('.')
                .is_some_and(|(outer, _)| outer == path)
        });
        State {
            id: self.id(path),
            name: name(own),
            path: StatePath::new(path),
            parent,
            title: Text::same(own),
            edit: Vec::new(),
            show: Vec::new(),
            hide: Vec::new(),
            enter: Vec::new(),
            exit: Vec::new(),
            due: None,
            review: None,
            actions: IndexMap::new(),
            timers: IndexMap::new(),
            kind: inside.map_or(StateKind::Leaf, |start| StateKind::Outer {
                start: self.id(start),
            }),
            line: 0,
        }
    }
}

/// Chained changes of a state.
pub trait Shape: Sized {
    fn edit(self, role: &str, things: &[Thing]) -> Self;
    fn with(self, action: Action) -> Self;
    fn timer(self, timer: Timer) -> Self;
    fn review(self, review: Review) -> Self;
    fn enter(self, effect: Effect) -> Self;
    fn due(self, due: &str) -> Self;
    fn end(self, end: End) -> Self;
}

impl Shape for State {
    fn edit(mut self, role: &str, things: &[Thing]) -> Self {
        self.edit.push(Grant {
            role: Some(name(role)),
            system: false,
            things: things.to_vec(),
        });
        self
    }
    fn with(mut self, action: Action) -> Self {
        self.actions.insert(action.name.clone(), action);
        self
    }
    fn timer(mut self, timer: Timer) -> Self {
        self.timers.insert(timer.name.clone(), timer);
        self
    }
    fn review(mut self, review: Review) -> Self {
        self.review = Some(review);
        self
    }
    fn enter(mut self, effect: Effect) -> Self {
        self.enter.push(effect);
        self
    }
    fn due(mut self, due: &str) -> Self {
        self.due = Some(length(due));
        self
    }
    fn end(mut self, end: End) -> Self {
        self.kind = StateKind::End(end);
        self
    }
}

pub fn action(id: &str, who: &[&str], target: Target) -> Action {
    let system = who.contains(&"system");
    let roles = who
        .iter()
        .filter(|role| **role != "system")
        .map(|role| name(role))
        .collect();
    Action {
        name: name(id),
        title: Text::same(id),
        who: Who { roles, system },
        when: None,
        except: None,
        require: Vec::new(),
        confirm: None,
        effects: Vec::new(),
        target,
        covers: None,
        line: 0,
    }
}

pub fn requiring(mut action: Action, require: &[Requirement]) -> Action {
    action.require = require.to_vec();
    action
}

pub fn doing(mut action: Action, effects: Vec<Effect>) -> Action {
    action.effects = effects;
    action
}

pub fn decision(id: &str, votes: Votes, target: Target) -> Decision {
    Decision {
        action: action(id, &[], target),
        votes,
    }
}

pub fn review(by: &str, decisions: Vec<Decision>) -> Review {
    Review {
        by: names(&[by]),
        assign: None,
        except: None,
        self_review: SelfReview::Never,
        decisions: decisions
            .into_iter()
            .map(|decision| (decision.action.name.clone(), decision))
            .collect(),
        otherwise: None,
        covers: None,
        line: 0,
    }
}

pub fn timer(id: &str, when: TimerWhen, effects: Vec<Effect>, target: Option<Choice>) -> Timer {
    Timer {
        name: name(id),
        when,
        effects,
        target,
        line: 0,
    }
}

pub fn notify(message: &str) -> Effect {
    Effect::Notify(name(message))
}

pub fn form(id: &str) -> Requirement {
    Requirement::Form(name(id))
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
        checker: crate::form::Checker::default(),
    }
}

/// A workflow of these states with the roles, forms and messages that all tests share.
#[expect(clippy::too_many_lines, reason = "a workflow reads best in one piece")]
pub fn workflow(id: &str, open: Action, states: Vec<State>) -> Workflow {
    let tree: Vec<TreeState> = states
        .iter()
        .map(|state| TreeState {
            parent: state.parent,
            start: match state.kind {
                StateKind::Outer { start } => Some(start),
                StateKind::Leaf | StateKind::End(_) => None,
            },
        })
        .collect();
    let tree = Tree::build(&tree).expect("a sound tree");
    let by_name = |forms: Vec<Form>| {
        forms
            .into_iter()
            .map(|form| (form.name.clone(), form))
            .collect()
    };
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
        forms: by_name(vec![
            form_of(
                "deal",
                false,
                vec![
                    field(
                        "customer",
                        FieldKind::String,
                        serde_json::json!({ "type": "string", "minLength": 2 }),
                    ),
                    field(
                        "amount",
                        FieldKind::Money,
                        serde_json::json!({ "type": "string" }),
                    ),
                    field(
                        "email",
                        FieldKind::String,
                        serde_json::json!({ "type": "string" }),
                    ),
                    field(
                        "note",
                        FieldKind::LongText,
                        serde_json::json!({ "type": "string" }),
                    ),
                    field(
                        "until",
                        FieldKind::Date,
                        serde_json::json!({ "type": "string", "format": "date" }),
                    ),
                ],
            ),
            form_of(
                "evaluation",
                false,
                vec![field(
                    "grade",
                    FieldKind::Enum(vec!["A".into(), "B".into()]),
                    serde_json::json!({ "enum": ["A", "B"] }),
                )],
            ),
            form_of(
                "score",
                true,
                vec![field(
                    "points",
                    FieldKind::Integer,
                    serde_json::json!({ "type": "integer", "minimum": 0, "maximum": 100 }),
                )],
            ),
        ]),
        materials: IndexMap::from([(
            name("report"),
            Material {
                name: name("report"),
                title: Text::same("report"),
                accept: vec!["pdf".into()],
                max_bytes: 1_000,
                least: 1,
                most: 1,
                template: None,
            },
        )]),
        rules: IndexMap::new(),
        limits: IndexMap::new(),
        links: IndexMap::new(),
        messages: messages(),
        open,
        states: States::new(states, tree),
    }
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
