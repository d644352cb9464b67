//! Fire the timers that are due. The step fires them, so that a late scheduler changes nothing.

use countersign_core::{
    case::{Actor, CaseId, Channel},
    command::Command,
    time::Time,
};
use futures::future::join_all;

use crate::{
    Engine, Error, Manner,
    ports::{StoreErrorKind, store::CaseAddress},
};

/// How many cases are handed over at once: two batches, so that a lane finds the second one queued when it has committed the
/// first.
const BLOCK: u32 = 512;

/// What one round of firing came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fired {
    /// How many cases had a timer due.
    pub cases: usize,
    /// Those of them whose timers could not be fired.
    pub failed: Vec<CaseId>,
    /// Whether more may be due.
    pub more: bool,
}

impl Engine {
    /// Fires what is due by now, for one block of cases, the longest due first. A case that fails
    /// does not hold up the others. Rounds of one engine come one after another: when this says that
    /// nothing was due, nothing is still being fired either.
    pub async fn fire_due_timers(&self) -> Result<Fired, Error> {
        let _firing = self.firing.lock().await;
        // What cannot be gathered now is at the next look: timers do not wait for it.
        if let Err(error) = self.gather_mails().await {
            tracing::error!(%error, "daily mails could not be made");
        }
        if let Err(error) = self.hand_over_events().await {
            tracing::error!(%error, "events could not be handed over to subscriptions");
        }
        let due = self.store.claim_due(self.now(), BLOCK).await?;
        let fire = due.iter().map(|case| {
            let manner = Manner::plain(Channel::Timer);
            self.command(
                Actor::Machine,
                manner,
                CaseAddress::Id(*case),
                Command::FireTimers,
                None,
                None,
            )
        });
        let (mut failed, mut stuck) = (Vec::new(), Vec::new());
        for (case, result) in due.iter().zip(join_all(fire).await) {
            if let Err(error) = result {
                tracing::error!(%case, %error, "timers could not be fired");
                failed.push(*case);
                if is_of_case(&error) {
                    stuck.push(*case);
                }
            }
        }
        if let Err(error) = self.tell_stuck(&stuck).await {
            tracing::error!(%error, "operators could not be told of timers that fail");
        }
        Ok(Fired {
            cases: due.len(),
            failed,
            more: due.len() == BLOCK as usize,
        })
    }

    /// When the next timer is due.
    pub async fn next_timer(&self) -> Result<Option<Time>, Error> {
        Ok(self.reader.next_due().await?)
    }
}

/// Whether it is the case that cannot be carried on, rather than everything.
fn is_of_case(error: &Error) -> bool {
    match error {
        Error::Unavailable(error) => {
            matches!(error.kind, StoreErrorKind::Conflict | StoreErrorKind::Other)
        }
        Error::Overloaded | Error::LatelyFailed | Error::OutcomeUnknown(_) => false,
        _ => true,
    }
}
