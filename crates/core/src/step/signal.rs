//! What a service reports: judged like an action, but nobody is there who could do something else when the step that it
//! brings about would exceed a limit (rule 44).

use crate::{case::Actor, command::Act, outcome::Refusal};

use super::run::Run;

impl Run<'_> {
    /// Whether a service acts.
    pub fn is_signal(&self) -> bool {
        matches!(self.actor(), Actor::Service(_))
    }

    /// A service takes an action. A limit that it `require`s refuses it as it refuses a person; a limit that the case
    /// would come to exceed by it is an incident, and the case stays as it was.
    pub fn signal(&mut self, act: &Act) -> Result<(), Refusal> {
        if self.is_early(act) {
            return self.keep(act);
        }
        let (case, marks) = (self.case.clone(), self.marks());
        self.act(act)?;
        self.conclude()?;
        self.rearm_moments();
        if let Err(refusal) = self.hold_places() {
            self.undo(&act.action, &refusal, case, marks);
        }
        self.soon();
        Ok(())
    }
}
