//! What expressions see of a case when some names mean something of their own: the inputs of a table, the item of a
//! list. It decides nothing.

use super::Sight;
use crate::{
    calendar::Calendar,
    expression::{Bindings, CaseCall, Failure, Value},
    time::Zone,
};

/// A case, with names beside it that shadow its own.
pub(crate) struct Beside<'a> {
    /// The case.
    pub sight: &'a Sight<'a>,
    /// What a name means beside it; `None`: nothing of its own.
    pub own: &'a dyn Fn(&str) -> Option<Result<Value, Failure>>,
}

impl Bindings for Beside<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        match (self.own)(name) {
            Some(own) => own.ok(),
            None => self.sight.get(name),
        }
    }

    fn member(&self, name: &str, member: &str) -> Option<Value> {
        match (self.own)(name) {
            Some(own) => own.ok()?.member(member).cloned(),
            None => self.sight.member(name, member),
        }
    }

    fn entry(&self, name: &str, member: &str, key: &str) -> Option<Value> {
        self.sight.entry(name, member, key)
    }

    fn case_call(&self, call: CaseCall, argument: &str) -> Option<Value> {
        self.sight.case_call(call, argument)
    }

    fn zone(&self) -> Zone {
        self.sight.zone()
    }

    fn calendar(&self) -> &Calendar {
        self.sight.calendar()
    }
}
