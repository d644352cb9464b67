//! Opening the child cases of a step, each as a step of its own, as the engine does it after the commit.

use crate::{
    case::{Actor, Channel},
    command::Command,
    outcome::NewChild,
    text::Text,
};

use super::{Request, World};

impl World {
    /// Opens it; the parent is told if it cannot be.
    pub(super) fn open_child(&mut self, child: &NewChild) {
        let machine = Request {
            channel: Channel::Timer,
            ..Request::of(Actor::Machine)
        };
        let why = match self.workflow(&child.workflow) {
            None => Text::new("there is no such workflow.", "没有这个流程。"),
            Some(workflow) => match self.open_as(&machine, &workflow, &child.opening(), child.id) {
                Ok(()) => return,
                Err(refusal) => refusal.told(),
            },
        };
        let told = Command::NotOpened {
            child: child.id,
            why,
        };
        // Never refused.
        let _ = self.command(&machine, child.parent.case, &told);
    }
}
