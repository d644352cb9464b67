//! What `votes` and `cast` bind while a review runs, and whose review it is. Not for counting: `ballot` does.

use super::{Sight, members};
use std::collections::BTreeSet;

use crate::{
    ballot::{self, Count},
    case::{PersonId, Vote},
    expression::Value,
    name::Name,
    policy,
    workflow::State,
};

impl<'a> Sight<'a> {
    pub(super) fn votes(&self) -> Option<Value> {
        let review = self.count()?.review;
        let names: Vec<&str> = review.decisions.keys().map(Name::as_str).collect();
        Some(members(&names, &|decision| self.votes_for(decision)))
    }

    pub(super) fn votes_for(&self, decision: &str) -> Option<Value> {
        let count = self.count()?;
        Some(Value::list(
            count
                .standing()
                .filter(|vote| vote.decision == *decision)
                .map(|vote| self.vote(vote)),
        ))
    }

    pub(super) fn vote(&self, vote: &Vote) -> Value {
        let panel = vote.panel.as_ref().map_or("", Name::as_str);
        Value::map([
            ("by", self.person(&vote.by)),
            ("decision", Value::string(&vote.decision)),
            ("at", Value::Time(vote.at)),
            ("round", Value::Int(i64::from(vote.round))),
            ("panel", Value::string(panel)),
        ])
    }

    /// The state whose review is meant in this place.
    pub(crate) fn reviewing(&self) -> Option<&'a State> {
        ballot::reviewing(self)
    }

    /// The people of `by`: known even while it is reckoned who of them is a member.
    pub(super) fn seats(&self) -> Option<BTreeSet<PersonId>> {
        let state = self.reviewing()?;
        let review = state.review.as_ref()?;
        let ballot = ballot::running_ballot(self, state)?;
        let benches = policy::benches(review, Some(ballot)).into_iter();
        let counted = benches.filter(|bench| self.panel.is_none() || bench.name() == self.panel);
        let seats = counted.flat_map(|bench| bench.seats(self.workflow, self.case, self.reading));
        Some(seats.collect())
    }

    pub(super) fn count(&self) -> Option<Count<'a>> {
        if self.without_ballot {
            None
        } else {
            Count::running(self)
        }
    }
}
