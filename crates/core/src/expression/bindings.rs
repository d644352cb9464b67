//! Where the values of names come from while an expression is evaluated.

use super::value::Value;
use crate::calendar::Calendar;
use crate::time::Zone;

/// What an expression reads. Only what is read is asked for; names and members
/// at most once an evaluation.
pub trait Bindings {
    /// The value of a name, or `None` when it stands for nothing here.
    fn get(&self, name: &str) -> Option<Value>;

    /// One member of a name: what `name.member` reads. To be overridden where a member is cheaper than the whole.
    fn member(&self, name: &str, member: &str) -> Option<Value> {
        self.get(name)?.member(member).cloned()
    }

    /// One entry of a map that is a member of a name: what `facts.person[key]` reads. To be overridden where entries
    /// are loaded one by one.
    fn entry(&self, name: &str, member: &str, key: &str) -> Option<Value> {
        self.member(name, member)?.member(key).cloned()
    }

    /// What `case.is_in("state")`, `case.took("action")`, `case.times("action")` and `case.last("action")` give.
    /// `None` when there is nothing to give, as for `last` of an action that was never taken.
    fn case_call(&self, call: CaseCall, argument: &str) -> Option<Value>;

    /// The workflow's time zone.
    fn zone(&self) -> Zone;

    /// The workflow's calendar.
    fn calendar(&self) -> &Calendar;
}

/// The questions about the history of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseCall {
    /// Is the case in this state, or in a state inside it? Gives a truth value.
    IsIn,
    /// Was this action taken, and does it stand? Gives a truth value.
    Took,
    /// How often was this action ever taken? Gives a whole number.
    Times,
    /// Who took this action last, and when? Gives `{ by, at }`.
    Last,
}

/// Why an expression gave nothing. The message says what happened where, but holds no value of the case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What happened, in words.
    pub message: String,
}

impl Failure {
    /// A failure with this message, which must not hold values.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}
