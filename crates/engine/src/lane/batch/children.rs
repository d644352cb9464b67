//! Opening child cases: the step that wants one leaves a row beside it, due at once under the child's own id, and the
//! scheduler hands that id over like one whose timer is due. Opening it removes the row in the same commit, so it
//! happens once, whenever the service stopped in between.

use countersign_core::{
    case::CaseId,
    command::Command,
    outcome::{NewChild, Refusal},
    text::Text,
};

use super::{Batch, CaseInHand, Result1};
use crate::{
    Error,
    lane::{Request, Work},
    ports::{StoreError, store::CaseAddress},
};

impl Batch<'_> {
    /// Loads the children that wait to be opened under ids of which there is no case.
    pub(super) async fn load_children(
        &mut self,
        requests: &[Request],
        cases: &[Option<CaseId>],
    ) -> Result<(), StoreError> {
        let missing = requests
            .iter()
            .zip(cases)
            .filter(|(_, case)| case.is_none());
        let ids: Vec<CaseId> = missing.filter_map(|(request, _)| fired(request)).collect();
        if !ids.is_empty() {
            let waiting = self.tx.children(&ids).await?;
            self.children
                .extend(waiting.into_iter().map(|child| (child.id, child)));
        }
        Ok(())
    }

    /// Opens the child that waits under the id that a timer names. There may be nothing of that name.
    pub(super) async fn child_or_nothing(
        &mut self,
        request: &Request,
    ) -> Result<Result1, StoreError> {
        let child = fired(request).and_then(|id| self.children.remove(&id));
        let Some(child) = child else {
            return Ok(Result1::Failed(Error::refused(Refusal::NotFound)));
        };
        self.writes.opened(child.id);
        let Some(workflow) = self.bench.registry.newest(&child.workflow) else {
            let why = Text::new("there is no such workflow.", "没有这个流程。");
            return self.not_opened(request, &child, why).await;
        };
        let opening = child.opening();
        let result = self.open_as(request, &workflow, &opening, child.id).await?;
        match result {
            Some(Result1::Failed(error)) => {
                let why = match &error {
                    Error::Refused(refused) => refused.refusal.told(),
                    _ => {
                        tracing::error!(child = %child.id, %error, "a child case could not be opened");
                        Text::new("something went wrong.", "出现错误。")
                    }
                };
                self.not_opened(request, &child, why).await
            }
            Some(result) => Ok(result),
            // Its parent has ended since.
            None => self.changed(request).await,
        }
    }

    /// Tells the parent.
    async fn not_opened(
        &mut self,
        request: &Request,
        child: &NewChild,
        why: Text,
    ) -> Result<Result1, StoreError> {
        let parent = child.parent.case;
        if !self.cases.contains_key(&parent) {
            let found = self.tx.cases(&[CaseAddress::Id(parent)]).await?;
            let found = found.into_iter().flatten();
            self.cases
                .extend(found.map(|case| (case.id, CaseInHand::loaded(case))));
        }
        let told = Command::NotOpened {
            child: child.id,
            why,
        };
        self.command(request, parent, &told, None, None).await
    }
}

/// The case whose timers are to be fired.
fn fired(request: &Request) -> Option<CaseId> {
    match &request.work {
        Work::Case {
            address: CaseAddress::Id(id),
            command: Command::FireTimers,
            ..
        } => Some(*id),
        Work::Case { .. }
        | Work::Open { .. }
        | Work::Directory(_)
        | Work::Publish { .. }
        | Work::Tell { .. }
        | Work::RetryDelivery(_)
        | Work::Nothing
        | Work::Probe => None,
    }
}
