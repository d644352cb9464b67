//! What operators do to a case from outside of its workflow: hold it, let it go on, put it elsewhere. The machine
//! takes no part: no exits, no entries, no effects (rules 41, 50).

use serde_json::Value as Json;

use crate::{
    case::{Lifecycle, Outcome as Decided},
    history::What,
    outcome::Refusal,
    workflow::{State, StateId, StateKind},
};

use super::{run::Run, seal::Draft, supply::invalid};

impl<'a> Run<'a> {
    pub fn must_be_operated(&self, reason: &str) -> Result<(), Refusal> {
        self.must_be_seen()?;
        self.must_be_fresh()?;
        if !self.policy().is_operator() {
            return Err(Refusal::Who { at: None });
        }
        if reason.trim().is_empty() {
            return Err(invalid("reason", "Say why.", "请说明原因。"));
        }
        Ok(())
    }

    /// Freezes the case.
    pub fn hold(&mut self, reason: &str) -> Result<(), Refusal> {
        self.must_be_operated(reason)?;
        self.must_run()?;
        self.case.lifecycle = Lifecycle::OnHold { since: self.now };
        self.write(Draft::of(What::Hold).saying(reason));
        Ok(())
    }

    /// Lets it go on; what became due meanwhile fires in order.
    pub fn go_on(&mut self, reason: &str) -> Result<(), Refusal> {
        self.must_be_operated(reason)?;
        if !matches!(self.case.lifecycle, Lifecycle::OnHold { .. }) {
            return Err(self.not_here());
        }
        self.case.lifecycle = Lifecycle::Running;
        self.write(Draft::of(What::Resume).saying(reason));
        self.fire_due_timers();
        self.now = self.ctx.now;
        self.end_with_parent();
        Ok(())
    }

    /// Puts the case into another state. Into an end: the operator's cancel.
    pub fn put(&mut self, to: &str, reason: &str) -> Result<(), Refusal> {
        self.must_be_operated(reason)?;
        if matches!(self.case.lifecycle, Lifecycle::Ended { .. }) {
            return Err(self.not_here());
        }
        let states = &self.workflow.states;
        let Some(target) = states.find(to) else {
            return Err(invalid("to", "There is no such state.", "没有这样的状态。"));
        };
        self.place_in(target, reason, Json::Null);
        Ok(())
    }

    /// Puts the case into a state without exits, entries or effects.
    pub fn place_in(&mut self, target: &'a State, reason: &str, detail: Json) {
        let states = &self.workflow.states;
        let tree = states.tree();
        let way = self.way_to(target.id);
        let (from, leaf) = (self.rest(way.region), states.get(tree.leaf_of(way.to)));
        let in_region = |slot: StateId| way.region.is_none_or(|track| tree.contains(track, slot));
        let stays = |slot: StateId| {
            let around = from.id != leaf.id || way.again;
            !in_region(slot) || (around && tree.path(leaf.id).contains(&slot))
        };
        let before = self.states();
        let (kept, left): (Vec<_>, Vec<_>) = before.partition(|state| stays(state.id));
        for state in left {
            self.depart(state, Decided::Left);
            self.case.tracks.remove(&state.path);
        }
        self.put_at(way, false);
        let mut entered: Vec<_> = self.states().collect();
        entered.retain(|state| kept.iter().all(|kept| kept.id != state.id));
        entered.sort_by_key(|state| state.id);
        for state in entered {
            self.arrive(state, false, false);
        }
        self.arrived();
        let ends = matches!(leaf.kind, StateKind::End(_));
        if ends {
            self.end_in(leaf);
        }
        let mut draft = Draft::of(What::Move).saying(reason);
        draft.detail = detail;
        draft.from = Some(from.path.clone());
        draft.to = Some(leaf.path.clone());
        self.write(draft);
    }
}
