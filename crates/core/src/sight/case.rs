//! What `case`, `state` and `timers` bind: the case itself and where it stands. Not for what is filled in.

use super::{CASE_LINK, Sight, members};
use crate::{
    expression::{CaseCall, Value},
    text::Language,
    workflow::{End, State},
};

/// The members of `case`.
const CASE: [&str; 11] = [
    "id",
    "number",
    "title",
    "state",
    "round",
    "opened_at",
    "submitted_at",
    "end",
    "visits",
    "entered",
    "link",
];

impl Sight<'_> {
    pub(super) fn case_value(&self) -> Value {
        members(&CASE, &|member| self.case_member(member))
    }

    pub(super) fn case_member(&self, member: &str) -> Option<Value> {
        let case = self.case;
        Some(match member {
            "id" => Value::string(&case.id.to_string()),
            "number" => Value::string(&case.number),
            "title" => Value::string(&case.title),
            "state" => Value::string(case.state.as_str()),
            "round" => Value::Int(i64::from(case.round)),
            "opened_at" => Value::Time(case.opened_at),
            "submitted_at" => Value::Time(case.submitted_at?),
            "end" => Value::string(case.end().map_or("", End::as_str)),
            "visits" => Value::map(self.workflow.states.iter().map(|state| {
                let path = state.path.as_str();
                (path, Value::Int(i64::from(case.visits_of(path))))
            })),
            "entered" => Value::map(
                case.entered
                    .iter()
                    .map(|(path, at)| (path.as_str(), Value::Time(*at))),
            ),
            "link" => Value::string(CASE_LINK),
            _ => return None,
        })
    }

    /// What the case answers about its past.
    pub(super) fn called(&self, call: CaseCall, argument: &str) -> Option<Value> {
        let mut taken = self
            .case
            .taken
            .iter()
            .filter(|taken| taken.action == *argument);
        Some(match call {
            CaseCall::IsIn => Value::Bool(self.case.is_in(argument)),
            CaseCall::Took => Value::Bool(taken.any(|taken| taken.fallen.is_none())),
            CaseCall::Times => Value::Int(i64::try_from(taken.count()).unwrap_or(i64::MAX)),
            CaseCall::Last => {
                let last = taken.next_back()?;
                Value::map([("by", self.doer(&last.by)), ("at", Value::Time(last.at))])
            }
        })
    }

    pub(super) fn state_value(&self) -> Value {
        members(&["id", "title", "due", "waiting_for"], &|member| {
            self.state_member(member)
        })
    }

    pub(super) fn state_member(&self, member: &str) -> Option<Value> {
        let state = self.here()?;
        Some(match member {
            "id" => Value::string(state.path.as_str()),
            "title" => Value::from(state.title.clone()),
            "due" => Value::Time(self.case.due_at()?),
            "waiting_for" => Value::string(&self.waiting_for()),
            _ => return None,
        })
    }

    /// The leaf of the track that the expression stands in; else where the case is.
    fn here(&self) -> Option<&State> {
        let states = &self.workflow.states;
        let region = self.at.and_then(|at| states.tree().region(at));
        let rest = self.case.rest(states, region);
        rest.or_else(|| self.case.rest(states, None))
    }

    /// Whom the case waits for, in a sentence; the roles only, for names are not for everybody.
    fn waiting_for(&self) -> String {
        let rows = crate::policy::waiting(self.workflow, self.case, self.reading, &|_| true);
        let mut titles = Vec::new();
        for row in &rows {
            let title = self
                .workflow
                .roles
                .get(&row.role)
                .map_or(&*row.role, |role| role.title.get(self.language));
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        match (titles.is_empty(), self.language) {
            (true, _) => String::new(),
            (false, Language::En) => format!("Waiting for: {}.", titles.join(", ")),
            (false, Language::Zh) => format!("等待：{}。", titles.join("、")),
        }
    }

    /// When each armed timer is due.
    pub(super) fn timers(&self) -> Value {
        let armed = self.case.timers.iter();
        let names: Vec<&str> = armed.map(|armed| armed.timer.as_str()).collect();
        members(&names, &|timer| self.timer(timer))
    }

    pub(super) fn timer(&self, timer: &str) -> Option<Value> {
        let armed = self
            .case
            .timers
            .iter()
            .find(|armed| armed.timer == *timer)?;
        Some(Value::Time(armed.due?))
    }
}
