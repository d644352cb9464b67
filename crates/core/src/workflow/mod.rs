//! The compiled workflow: what a checked workflow file means, with every name resolved and every
//! expression compiled. Built by the language crate, read by `step`, the pages and the drawings.
//! It is not the file: no spans but line numbers, no YAML, nothing unresolved.

mod action;
mod children;
mod form;
mod limit;
mod link;
mod message;
mod migration;
mod panel;
mod review;
mod role;
mod state;
mod table;
mod timer;
mod titles;

pub use action::{Action, Choice, Confirm, Effect, Except, Requirement, SetValue, Target, Who};
pub use children::{Children, Each, With};
pub use form::{Field, FieldKind, Form, FormSchema, Material, Place, Thing};
pub use limit::{Amount, Limit, Per, Rule, While, Window, Within};
pub use link::{Link, Match};
pub use message::{Localized, Message, Recipient};
pub use migration::{Migration, TimerFate};
pub use panel::{Agreement, Panel};
pub use review::{Decision, Members, Otherwise, Prefer, Review, SelfReview, Votes};
pub use role::{Relation, Role, RoleIs};
pub use state::{End, Grant, State, StateId, StateKind, StatePath, States};
pub use table::{Cell, Hit, Row, Table};
pub use timer::{Every, From, Timer, TimerWhen};
pub use titles::Titles;

use std::{collections::BTreeMap, sync::Arc};

use indexmap::IndexMap;

use crate::{
    calendar::Calendar,
    expression::{Expression, Type},
    name::Name,
    text::{Language, Text},
    time::Zone,
};

/// A checked workflow of one version. Immutable; shared between all its cases.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// The stable id that `workflow:` gives.
    pub id: Name,
    /// The whole number that `version:` gives.
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// What it is for, in a sentence or two.
    pub about: Option<Text>,
    /// How its cases are numbered.
    pub number: NumberPattern,
    /// What a case is called in lists; `None`: its number.
    pub case_title: Option<Expression>,
    /// Whose case it is; `None`: the starter's partner.
    pub partner: Option<Expression>,
    /// What it shares with the other workflows of its folder.
    pub surroundings: Arc<Surroundings>,
    /// Roles, the shared ones included.
    pub roles: IndexMap<Name, Role>,
    /// Forms in document order.
    pub forms: IndexMap<Name, Form>,
    /// Materials in document order.
    pub materials: IndexMap<Name, Material>,
    /// Rules in document order.
    pub rules: IndexMap<Name, Rule>,
    /// Limits in document order.
    pub limits: IndexMap<Name, Limit>,
    /// Links in document order.
    pub links: IndexMap<Name, Link>,
    /// Child cases in document order.
    pub children: IndexMap<Name, Children>,
    /// Decision tables in document order; each may read those before it.
    pub tables: IndexMap<Name, Table>,
    /// Messages, the shared ones included.
    pub messages: IndexMap<Name, Message>,
    /// The action that creates a case. Its target is always a `to`.
    pub open: Action,
    /// All states, inner ones included.
    pub states: States,
    /// How cases of older versions may be moved to this one, by version.
    pub migrate: BTreeMap<u32, Migration>,
}

/// What `shared.yaml` gives to all workflows of its folder.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The languages that texts must have.
    pub languages: Vec<Language>,
    /// The workflow's time zone.
    pub zone: Zone,
    /// The calendar that business days and hours are reckoned by.
    pub calendar: Calendar,
    /// Reference lists and the types of their fields.
    pub lists: IndexMap<Name, ListShape>,
    /// Facts of the host system by kind, and the types of their fields.
    pub facts: IndexMap<Name, FactShape>,
}

/// The declared shape of a reference list. Every entry has an `id` besides these fields.
#[derive(Debug, Clone)]
pub struct ListShape {
    /// The fields of an entry.
    pub fields: IndexMap<Name, Type>,
}

/// The declared shape of one kind of facts.
#[derive(Debug, Clone)]
pub struct FactShape {
    /// The fields that the host system may supply; each may be missing.
    pub fields: IndexMap<Name, Type>,
}

/// A pattern of case numbers, for example `DR-{year}-{seq:5}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPattern(Vec<NumberPart>);

/// One part of a [`NumberPattern`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberPart {
    /// Text as it stands.
    Literal(String),
    /// The year of opening, in the workflow's zone.
    Year,
    /// The sequence, padded with zeros to this width.
    Sequence(usize),
}

impl NumberPattern {
    /// A pattern of these parts. The language crate makes sure that exactly one is a sequence.
    pub fn new(parts: Vec<NumberPart>) -> Self {
        Self(parts)
    }

    /// The number of the `sequence`-th case of this `year`.
    pub fn format(&self, year: i32, sequence: u64) -> String {
        self.0
            .iter()
            .map(|part| match part {
                NumberPart::Literal(text) => text.clone(),
                NumberPart::Year => format!("{year:04}"),
                NumberPart::Sequence(width) => format!("{sequence:0width$}"),
            })
            .collect()
    }

    /// What one sequence is shared by: the pattern with the year filled in and the sequence left out.
    pub fn series(&self, year: i32) -> String {
        self.0
            .iter()
            .map(|part| match part {
                NumberPart::Literal(text) => text.clone(),
                NumberPart::Year => format!("{year:04}"),
                NumberPart::Sequence(_) => "#".to_owned(),
            })
            .collect()
    }
}

impl Workflow {
    /// The rule, form, material, limit or link of this name has this title or is called by its name.
    pub fn title_of(&self, name: &str) -> Option<&Text> {
        self.forms
            .get(name)
            .map(|form| &form.title)
            .or_else(|| self.materials.get(name).map(|material| &material.title))
            .or_else(|| self.links.get(name).map(|link| &link.title))
    }

    /// Every action or decision of this name anywhere in the file, for "did you mean".
    pub fn knows_action(&self, action: &str) -> bool {
        self.action_names().any(|name| &**name == action)
    }

    /// The names of all actions and decisions, `open` not among them. A name may occur several times.
    pub fn action_names(&self) -> impl Iterator<Item = &Name> {
        self.states.iter().flat_map(|state| {
            let decisions = state
                .review
                .iter()
                .flat_map(|review| review.decisions.keys());
            state.actions.keys().chain(decisions)
        })
    }

    /// The action or decision of this name that is offered in this state or around it.
    pub fn offered(&self, state: &str, action: &str) -> Option<&Action> {
        let here = self.states.find(state)?;
        let mut outward = self.states.outward(here.id);
        outward.find_map(|state| declared(state, action))
    }

    /// What the action or decision of this name is called that is offered in this state or around it; where none
    /// is, what the first of the file is called.
    pub fn action_title(&self, state: &str, action: &str, language: Language) -> Option<String> {
        self.states.find(state)?;
        let anywhere = || self.states.iter().find_map(|state| declared(state, action));
        let action = self.offered(state, action).or_else(anywhere)?;
        Some(action.title.get(language).to_owned())
    }

    /// Whether a field of a form picks from this list.
    pub fn picks_from(&self, list: &Name) -> bool {
        fn picks(kind: &FieldKind, from: &Name) -> bool {
            match kind {
                FieldKind::Pick { list } => list == from,
                FieldKind::List { items, .. } => picks(items, from),
                FieldKind::Object(fields) => fields.values().any(|kind| picks(kind, from)),
                _ => false,
            }
        }
        let mut fields = self.forms.values().flat_map(|form| form.fields.values());
        fields.any(|field| picks(&field.kind, list))
    }

    /// Whether this timer of a state leads on by itself; one that does not only reminds.
    pub fn leads_on(&self, state: &StatePath, timer: &Name) -> bool {
        let state = self.states.find(state.as_str());
        let declared = state.and_then(|state| state.timers.get(timer));
        declared.is_some_and(|timer| timer.target.is_some())
    }

    /// Whether some `edit` of the file names this form (or a field of it).
    pub fn some_edit_names(&self, form: &str) -> bool {
        self.states
            .iter()
            .flat_map(|state| &state.edit)
            .flat_map(|grant| &grant.things)
            .any(|thing| match thing {
                Thing::Form(name) | Thing::Field(name, _) => &**name == form,
                Thing::Material(_) | Thing::Link(_) | Thing::Case => false,
            })
    }
}

/// The action or decision that a state declares under this name.
fn declared<'s>(state: &'s State, action: &str) -> Option<&'s Action> {
    let decision = || Some(&state.review.as_ref()?.decisions.get(action)?.action);
    state.actions.get(action).or_else(decision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, name};

    #[test]
    fn a_reminder_does_not_lead_on() {
        let workflow = sample::with_timers(sample::workflow());
        let leads_on =
            |state: &str, timer: &str| workflow.leads_on(&StatePath::new(state), &name(timer));
        assert!(leads_on("review", "late"));
        for (state, timer) in [("review", "remind"), ("review", "gone"), ("draft", "late")] {
            assert!(!leads_on(state, timer), "{timer} of {state}");
        }
    }
}
