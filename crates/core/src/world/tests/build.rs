//! Workflows written in code for tests, short enough to read beside the test that uses them.

use std::str::FromStr;

use indexmap::IndexMap;

use crate::{
    expression::{Expect, Expression, Scope, Type},
    machine::Slot,
    name::Name,
    template::Template,
    text::Text,
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
        "comment",
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
            pauses_in: Vec::new(),
            claim: None,
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
        keep: false,
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
    Decision::new(action(id, &[], target), votes)
}

pub fn review(by: &str, decisions: Vec<Decision>) -> Review {
    Review {
        by: names(&[by]),
        panels: IndexMap::new(),
        assign: None,
        except: None,
        self_review: SelfReview::Never,
        decisions: decisions
            .into_iter()
            .map(|decision| (decision.action.name.clone(), decision))
            .collect(),
        members: Members::Live,
        prefer: None,
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
