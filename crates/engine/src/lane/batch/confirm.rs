//! Confirmation codes within a batch: judged before the step, mailed or counted after a refusal.

use countersign_core::{
    case::{Actor, Case, PersonId},
    command::{Act, Command},
    outcome::Refusal,
    workflow::Workflow,
};

use super::{
    Batch,
    codes::{self, Verdict},
};
use crate::{
    authenticator,
    lane::Request,
    ports::{StoreError, store::CodeChange},
};

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
        if let Some(verdict) = self.judge_by_app(&request.actor, code).await? {
            return Ok(verdict);
        }
        let Some(purpose) = codes::purpose(&request.actor, case, act) else {
            return Ok(Verdict::absent());
        };
        let stored = self.tx.code(&purpose).await?;
        Ok(self
            .bench
            .codes
            .judge(purpose, stored.as_ref(), code, case, act, self.now))
    }

    /// What the app of somebody who has one says of a code; `None`: the code is not an app's.
    async fn judge_by_app(
        &mut self,
        actor: &Actor,
        code: &str,
    ) -> Result<Option<Verdict>, StoreError> {
        let code = code.trim();
        let Some(person) = who(actor).filter(|_| code.len() == authenticator::DIGITS) else {
            return Ok(None);
        };
        let Some(mut app) = self.tx.authenticator(person).await? else {
            return Ok(None);
        };
        // What this batch has used already is not in the store yet.
        for change in &self.writes.batch.codes {
            match change {
                CodeChange::Stepped(of, step) if of == person => {
                    app.last_step = app.last_step.max(*step);
                }
                CodeChange::Missed(of) if of == person => {
                    app.missed += 1;
                    app.missed_at = self.now;
                }
                CodeChange::Stepped(..)
                | CodeChange::Missed(_)
                | CodeChange::Made(..)
                | CodeChange::Tried(_)
                | CodeChange::Gone(_) => {}
            }
        }
        let apps = &self.bench.authenticators;
        let judged = apps.judge(person, &app, code, self.now);
        Ok(Some(Verdict::by_app(person.clone(), judged)))
    }

    /// A refusal changes nothing, but for confirmation codes: one is mailed, or a wrong try counted.
    pub(super) async fn refused(
        &mut self,
        request: &Request,
        case: &Case,
        workflow: &Workflow,
        command: &Command,
        refusal: &Refusal,
        verdict: &Verdict,
    ) -> Result<(), StoreError> {
        if let Some(change) = verdict.tried() {
            self.writes.batch.codes.push(change);
            self.writes.something = true;
        }
        if let (Refusal::CodeNeeded, Command::Act(act)) = (refusal, command)
            && !self.has_app(&request.actor).await?
        {
            self.mail_code(request, case, workflow, act);
        }
        Ok(())
    }

    /// Whoever has an app is mailed no codes.
    async fn has_app(&mut self, actor: &Actor) -> Result<bool, StoreError> {
        match who(actor) {
            Some(person) => Ok(self.tx.authenticator(person).await?.is_some()),
            None => Ok(false),
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

/// Whose app is asked: also of whoever came by a link, for a code in the mailbox where the link was would prove nothing more.
fn who(actor: &Actor) -> Option<&PersonId> {
    match actor {
        Actor::Person(person) => Some(&person.id),
        Actor::LinkHolder(holder) => holder.person.as_ref().map(|person| &person.id),
        Actor::Service(_) | Actor::Machine => None,
    }
}
