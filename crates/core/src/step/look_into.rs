//! Looking into what an incident tells of: it is settled once its cause is gone, and stays open otherwise.

use crate::{
    case::Lifecycle,
    history::What,
    outcome::{Incident, Refusal},
};

use super::{run::Run, seal::Draft};

impl Run<'_> {
    /// Forgets the cause, and lets everything follow that follows by now: if that goes wrong in the same way, the
    /// incident stays. What went wrong while the case moved is not tried again: it is gone once its state is left.
    pub fn look_into(&mut self, incident: &Incident) -> Result<(), Refusal> {
        self.must_be_seen()?;
        if !self.policy().is_operator() {
            return Err(Refusal::Who { at: None });
        }
        if matches!(self.case.lifecycle, Lifecycle::OnHold { .. }) {
            return Err(Refusal::OnHold);
        }
        let cause = &incident.cause;
        let was_known = self.case.failures.remove(cause);
        self.looked_into = Some(cause.clone());
        let operator = self.cause.clone();
        self.by_itself();
        if self.is_running() && self.reading.is_complete() {
            self.attempt("recount", Self::settle);
        }
        // What inboxes are told may fail too.
        drop(self.waiting_rows());
        self.tell_failures();
        self.cause = operator;
        if self.case.failures.contains(cause) {
            return Ok(());
        }
        if is_past(incident) && self.stands_at(incident) {
            if was_known {
                self.case.failures.insert(cause.clone());
            }
            return Ok(());
        }
        if was_known {
            self.settled.push(cause.clone());
            self.write(Draft::of(What::Settled).saying(&incident.message.en));
        }
        Ok(())
    }

    /// Whether the case still is where the incident began.
    fn stands_at(&self, incident: &Incident) -> bool {
        self.is_running() && incident.state.as_ref() == Some(&self.case.state)
    }
}

/// Whether it tells of something that cannot be tried again by looking.
fn is_past(incident: &Incident) -> bool {
    matches!(&*incident.code, "step_failed" | "set_failed")
}
