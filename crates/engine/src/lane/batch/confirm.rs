//! Confirmation codes within a batch: judged before the step, mailed or counted after a refusal.

use countersign_core::{
    case::Case,
    command::{Act, Command},
    outcome::Refusal,
    workflow::Workflow,
};

use super::{
    Batch,
    codes::{self, Verdict},
};
use crate::{lane::Request, ports::StoreError};

impl Batch<'_> {
    pub(super) async fn judge_code(
        &mut self,
        request: &Request,
        case: &Case,
        command: &Command,
        code: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let (Command::Act(act), Some(code)) = (command, code) else {
            return Ok(Verdict::absent());
        };
        let Some(purpose) = codes::purpose(&request.actor, case, act) else {
            return Ok(Verdict::absent());
        };
        let stored = self.tx.code(&purpose).await?;
        Ok(self
            .bench
            .codes
            .judge(purpose, stored.as_ref(), code, case, act, self.now))
    }

    /// A refusal changes nothing, but for confirmation codes: one is mailed, or a wrong try counted.
    pub(super) fn refused(
        &mut self,
        request: &Request,
        case: &Case,
        workflow: &Workflow,
        command: &Command,
        refusal: &Refusal,
        verdict: &Verdict,
    ) {
        if let Some(change) = verdict.tried() {
            self.writes.batch.codes.push(change);
            self.writes.something = true;
        }
        if let (Refusal::CodeNeeded, Command::Act(act)) = (refusal, command) {
            self.mail_code(request, case, workflow, act);
        }
    }

    pub(super) fn mail_code(
        &mut self,
        request: &Request,
        case: &Case,
        workflow: &Workflow,
        act: &Act,
    ) {
        if let Some((change, delivery)) =
            self.bench
                .codes
                .make(&request.actor, case, workflow, act, self.now)
        {
            self.writes.batch.codes.push(change);
            self.writes.batch.deliveries.push(delivery);
            self.writes.something = true;
        }
    }
}
