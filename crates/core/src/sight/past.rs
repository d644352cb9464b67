//! What properties see: everything that expressions see, and the votes of the last ballot that asked for them, also when
//! it is decided. Not for workflows: there, votes are seen only while their review runs (rule 7).

use crate::{
    calendar::Calendar,
    case::Vote,
    expression::{Bindings, CaseCall, Expression, Failure, Value},
    time::Zone,
    workflow::Review,
};

use super::{Sight, members};

/// A case as somebody looks back on it.
pub struct Past<'a>(pub Sight<'a>);

impl Past<'_> {
    /// Whether it is true.
    pub fn truth(&self, expression: &Expression) -> Result<bool, Failure> {
        let value = expression.evaluate(self)?;
        value
            .as_bool()
            .ok_or_else(|| Failure::new("it is neither true nor false"))
    }

    /// The votes that count in the last ballot of a review of which this is true.
    fn counted(&self, asks: impl Fn(&Review) -> bool) -> impl Iterator<Item = &Vote> {
        let states = &self.0.workflow.states;
        let last = self.0.case.ballots.iter().rev().find(|ballot| {
            let state = states.find(ballot.state.as_str());
            state
                .and_then(|state| state.review.as_ref())
                .is_some_and(&asks)
        });
        last.into_iter()
            .flat_map(|ballot| ballot.votes.iter().filter(|vote| ballot.counts(vote)))
    }

    fn votes_for(&self, decision: &str) -> Value {
        let votes = self.counted(|review| review.decisions.contains_key(decision));
        let votes = votes.filter(|vote| vote.decision == *decision);
        Value::list(votes.map(|vote| self.0.vote(vote)))
    }
}

impl Bindings for Past<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        match name {
            "cast" => {
                let votes = self.counted(|_| true);
                Some(Value::list(votes.map(|vote| self.0.vote(vote))))
            }
            "votes" => {
                let states = self.0.workflow.states.iter();
                let reviews = states.filter_map(|state| state.review.as_ref());
                let decisions = reviews.flat_map(|review| review.decisions.keys());
                let names: Vec<&str> = decisions.map(super::super::name::Name::as_str).collect();
                Some(members(&names, &|decision| Some(self.votes_for(decision))))
            }
            name => self.0.get(name),
        }
    }

    fn member(&self, name: &str, member: &str) -> Option<Value> {
        match name {
            "votes" => Some(self.votes_for(member)),
            name => self.0.member(name, member),
        }
    }

    fn entry(&self, name: &str, member: &str, key: &str) -> Option<Value> {
        self.0.entry(name, member, key)
    }

    fn case_call(&self, call: CaseCall, argument: &str) -> Option<Value> {
        self.0.case_call(call, argument)
    }

    fn zone(&self) -> Zone {
        self.0.zone()
    }

    fn calendar(&self) -> &Calendar {
        self.0.calendar()
    }
}
