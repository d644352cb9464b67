//! What operators do to a case from outside of its workflow: hold it, let it go on, put it elsewhere. The machine
//! takes no part: no exits, no entries, no effects (rules 41, 50).

use crate::{
    case::{Lifecycle, Outcome as Decided},
    history::What,
    machine::Slot,
    outcome::Refusal,
    workflow::StateKind,
};

use super::{run::Run, seal::Draft, supply::invalid};

impl Run<'_> {
    fn must_be_operated(&self, reason: &str) -> Result<(), Refusal> {
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
        let (tree, from) = (states.tree(), self.leaf());
        let leaf = states.get(tree.leaf_of(target.id));
        let stays = |slot: &Slot| {
            tree.path(leaf.id).contains(slot)
                && tree.path(from.id).contains(slot)
                && from.id != leaf.id
        };
        for slot in tree.path(from.id).iter().rev().filter(|slot| !stays(slot)) {
            self.depart(states.get(*slot), Decided::Left);
        }
        self.case.state = leaf.path.clone();
        for slot in tree.path(leaf.id).iter().filter(|slot| !stays(slot)) {
            self.arrive(states.get(*slot), false, false);
        }
        self.arrived(leaf.id);
        let ends = matches!(leaf.kind, StateKind::End(_));
        if ends {
            self.end_in(leaf);
        }
        let mut draft = Draft::of(What::Move).saying(reason);
        draft.from = Some(from.path.clone());
        draft.to = Some(leaf.path.clone());
        self.write(draft);
        Ok(())
    }
}
