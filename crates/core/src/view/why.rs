//! `GET /v1/cases/{case}/why`: each condition of an action, how it stands, what it rests on and who can, as one viewer
//! may read it. It judges nothing: `step` does.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    case::{Case, PersonId},
    expression::{Bindings as _, Expression, Value},
    name::Name,
    sight::Sight,
    text::Text,
    time::Time,
    workflow::{Place, StatePath, Workflow},
};

use super::{OfferKind, Viewer, case::state_title, glass::Glass};

#[cfg(test)]
mod tests;

/// What `step` says of an action: every condition, in the order of judging.
#[derive(Debug, Clone)]
pub struct Why {
    /// The action or decision.
    pub action: Name,
    /// On the button.
    pub title: Text,
    /// Which of both it is.
    pub kind: OfferKind,
    /// The state that offers it; of several the one that is meant now.
    pub state: StatePath,
    /// Every condition.
    pub conditions: Vec<Condition>,
    /// Who could do it now, as far as roles and separation of duties say.
    pub who_can: BTreeSet<PersonId>,
}

/// One condition of an action.
#[derive(Debug, Clone)]
pub struct Condition {
    /// `state`, `who`, `turn`, `when`, `except`, `vote`, or the word of `require`, `confirm`, `code`.
    pub word: String,
    /// How it stands.
    pub status: ConditionStatus,
    /// In words.
    pub message: Text,
    /// What was evaluated.
    pub expression: Option<Expression>,
    /// The line of the file that says so.
    pub line: u32,
    /// The paths whose values the words show: who may not see one of these is not told them.
    pub tells: Vec<String>,
    /// The place to point to.
    pub at: Option<Place>,
}

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionStatus {
    /// Nothing more is needed.
    Met,
    /// It stands in the way.
    Unmet,
    /// It is given with the click: a comment, a form, a tick, a code.
    Asked,
}

/// The explanation for a viewer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhyView {
    /// The action or decision.
    pub action: Name,
    /// On the button.
    pub title: String,
    /// `action` or `decision`.
    pub kind: &'static str,
    /// The state that offers it.
    pub state: StatePath,
    /// What that is called.
    pub state_title: String,
    /// Whether nothing stands in the way.
    pub allowed: bool,
    /// Every condition, in the order of judging.
    pub conditions: Vec<ConditionView>,
    /// Who could do it now; absent if the viewer may not know all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who_can: Option<BTreeSet<PersonId>>,
    /// When the next timer that leads on may change that; null if none runs. Reminders change nothing.
    pub changes_at: Option<Time>,
}

/// One condition for a viewer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConditionView {
    /// `state`, `who`, `turn`, `when`, `except`, `vote`, or the word of `require`, `confirm`, `code`.
    pub word: String,
    /// How it stands.
    pub status: ConditionStatus,
    /// In words.
    pub message: String,
    /// What was evaluated, as the workflow says it; absent if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// What it read; absent if nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ReadValue>,
    /// The line of the workflow's file that says so.
    pub line: u32,
    /// The place to point to.
    pub at: Option<String>,
}

/// A value that an expression reads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReadValue {
    /// For example `deal.amount`.
    pub at: String,
    /// Its value, null for none; absent for a field that the viewer may not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
}

/// More entries of a list or map than this are not told.
const ENTRIES_TOLD: usize = 20;

/// The explanation as the viewer may read it. `why` is what `step` says for whom it is asked about.
pub fn why_view(viewer: &Viewer<'_>, workflow: &Workflow, case: &Case, why: &Why) -> WhyView {
    let glass = Glass::new(viewer, workflow, case);
    let nameable = why.who_can.iter().all(|id| glass.may_name(id));
    let conditions = why.conditions.iter();
    WhyView {
        action: why.action.clone(),
        title: why.title.get(viewer.language).to_owned(),
        kind: why.kind.as_str(),
        state: why.state.clone(),
        state_title: state_title(workflow, why.state.as_str(), viewer.language),
        allowed: conditions
            .clone()
            .all(|condition| condition.status != ConditionStatus::Unmet),
        conditions: conditions
            .map(|condition| glass.condition(condition))
            .collect(),
        who_can: (nameable && glass.visible.proceedings()).then(|| why.who_can.clone()),
        changes_at: changes_at(workflow, &glass),
    }
}

/// When the first timer is due that leads on: a reminder changes nothing.
fn changes_at(workflow: &Workflow, glass: &Glass<'_>) -> Option<Time> {
    let timers = glass.timers();
    let mut timers = timers.iter();
    let leads_on = timers.find(|timer| workflow.leads_on(&timer.state, &timer.timer));
    leads_on.map(|timer| timer.due)
}

impl Glass<'_> {
    fn condition(&self, condition: &Condition) -> ConditionView {
        let reads = condition.expression.iter().flat_map(Expression::reads);
        let mut values: Vec<ReadValue> = Vec::new();
        for value in reads.filter_map(|path| self.read(path)) {
            // A rule may read several things within one value, or one thing twice.
            if values.iter().all(|told| told.at != value.at) {
                values.push(value);
            }
        }
        let message = if condition.tells.iter().any(|path| self.hides(path)) {
            hidden()
        } else {
            condition.message.clone()
        };
        ConditionView {
            word: condition.word.clone(),
            status: condition.status,
            message: message.get(self.viewer.language).to_owned(),
            expression: condition
                .expression
                .as_ref()
                .map(|expression| expression.source().to_owned()),
            values,
            line: condition.line,
            at: condition.at.as_ref().map(ToString::to_string),
        }
    }

    /// Whether the viewer may not see what stands at a path: the field that it names, or one of the whole form.
    fn hides(&self, path: &str) -> bool {
        let mut words = path.split('.').filter(|word| *word != "*");
        let Some(form) = words.next().and_then(|root| self.workflow.forms.get(root)) else {
            return false;
        };
        let field = words.next().and_then(|field| form.fields.get(field));
        match field {
            Some(field) => !self.visible.field(&form.name, &field.name),
            None => form
                .fields
                .keys()
                .any(|field| !self.visible.field(&form.name, field)),
        }
    }

    /// What an expression finds at a path, told up to the first list. `None` where it is nothing that can be told in
    /// a few words.
    fn read(&self, path: &str) -> Option<ReadValue> {
        let mut words = path.split('.');
        let root = words.next()?;
        let at = |told: &[&str]| told.join(".");
        if let Some(form) = self.workflow.forms.get(root) {
            let field = words.next()?;
            let at = at(&[root, field]);
            if !self.visible.place(self.workflow, &at) {
                return Some(ReadValue { at, value: None });
            }
            let data = self.data();
            let value = data
                .get(form.name.as_str())
                .and_then(|form| form.get(field));
            let value = value.cloned().unwrap_or_default();
            return is_short(&value).then_some(ReadValue {
                at,
                value: Some(value),
            });
        }
        if self.workflow.materials.contains_key(root) || self.workflow.links.contains_key(root) {
            return None;
        }
        if let Some(table) = self.workflow.tables.get(root) {
            let mut parts = table.parts();
            if parts.any(|part| {
                self.workflow
                    .reads_of(part)
                    .iter()
                    .any(|path| self.hides(path))
            }) {
                let at = root.to_owned();
                return Some(ReadValue { at, value: None });
            }
        }
        let sight = Sight::new(
            self.workflow,
            self.case,
            self.viewer.reading,
            self.viewer.now,
            self.viewer.actor,
        );
        let mut told = vec![root];
        let mut value = sight.get(root)?;
        for word in words.take_while(|word| *word != "*") {
            let inner = value.member(word).cloned();
            let Some(inner) = inner else { break };
            value = inner;
            told.push(word);
        }
        let is_plain = !matches!(value, Value::Map(_) | Value::Person(_) | Value::List(_));
        is_plain.then(|| ReadValue {
            at: at(&told),
            value: Some(value.to_json()),
        })
    }
}

fn is_short(value: &Json) -> bool {
    match value {
        Json::Array(entries) => entries.len() <= ENTRIES_TOLD,
        Json::Object(members) => members.len() <= ENTRIES_TOLD,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
    }
}

fn hidden() -> Text {
    Text::new(
        "It depends on a field that you may not see.",
        "该条件取决于您无权查看的字段。",
    )
}
