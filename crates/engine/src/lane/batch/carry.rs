//! Carrying requests out in memory, one after another: step, load what was missed, step again.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use chrono::Datelike as _;
use countersign_core::{
    case::{Case, CaseId},
    command::{Code, Command, Opening},
    context::Context,
    outcome::{Outcome, Receipt, Refusal, Step},
    step::{self, Handled},
    workflow::Workflow,
};
use uuid::Uuid;

use super::{Batch, CaseInHand, Done, LOADS_MOST, Result1, codes::Verdict, words};
use crate::{
    Error, Refused,
    lane::{Request, Work},
    ports::StoreError,
};

/// The series whose numbers probes take; those of workflows have a slash.
const PROBE: &str = "probe";

impl Batch<'_> {
    pub(super) async fn one(
        &mut self,
        request: &Request,
        case: Option<CaseId>,
    ) -> Result<Result1, StoreError> {
        if let Some((key, fingerprint)) = &request.key
            && let Some(answer) = self.kept.get(key)
        {
            return Ok(if answer.fingerprint == *fingerprint {
                Result1::Replayed(answer.clone())
            } else {
                Result1::Failed(Error::KeyReused)
            });
        }
        match &request.work {
            Work::Open { workflow, opening } => self.open(request, workflow, opening).await,
            Work::Case {
                command,
                if_match,
                code,
                ..
            } => match case {
                Some(case) => {
                    self.command(request, case, command, *if_match, code.as_deref())
                        .await
                }
                None => self.child_or_nothing(request).await,
            },
            Work::Directory(changes) => {
                self.writes.batch.directory.extend(changes.iter().cloned());
                self.changed(request).await
            }
            Work::Publish { workflows, lists } => {
                self.writes
                    .batch
                    .workflows
                    .extend(workflows.iter().cloned());
                self.writes.batch.lists.extend(lists.iter().cloned());
                self.changed(request).await
            }
            Work::Tell { told, settled } => {
                let told = told.iter().cloned();
                let told = told.map(|(case, incident)| (Some(case), incident, self.now));
                self.writes.batch.incidents.extend(told);
                self.writes.batch.settled.extend(settled.iter().cloned());
                self.changed(request).await
            }
            Work::RetryDelivery(delivery) => {
                if !self.tx.retry_delivery(*delivery).await? {
                    return Ok(Result1::Failed(Error::NotFound));
                }
                self.writes.deliveries_are_due = true;
                self.changed(request).await
            }
            Work::Nothing => Ok(Result1::Changed(None)),
            Work::Probe => {
                self.tx.take_numbers(PROBE, 1).await?;
                self.changed(request).await
            }
        }
    }

    pub(super) async fn changed(&mut self, request: &Request) -> Result<Result1, StoreError> {
        self.writes.something = true;
        let rendered = self.keep(request, None).await?;
        Ok(Result1::Changed(rendered))
    }

    pub(super) async fn open(
        &mut self,
        request: &Request,
        workflow: &Arc<Workflow>,
        opening: &Opening,
    ) -> Result<Result1, StoreError> {
        let id = CaseId(Uuid::now_v7());
        match self.open_as(request, workflow, opening, id).await? {
            Some(result) => Ok(result),
            None => Ok(Result1::Failed(Error::Defect(
                "an opening changed nothing".to_owned(),
            ))),
        }
    }

    /// Opens a case under this id. `None`: there was nothing to do.
    pub(super) async fn open_as(
        &mut self,
        request: &Request,
        workflow: &Arc<Workflow>,
        opening: &Opening,
        id: CaseId,
    ) -> Result<Option<Result1>, StoreError> {
        let seed = rand::random();
        // The number is taken last, so that a refusal leaves no gap.
        let mut number = String::new();
        for _ in 0..LOADS_MOST * 2 {
            let context = self.context(request, None, Code::Absent, seed);
            match guarded(|| step::open(workflow, opening, id, &number, &context)) {
                Err(panic) => return Ok(Some(Result1::Failed(panic))),
                Ok(Outcome::Missing(needs)) => self.load(&needs).await?,
                Ok(Outcome::Refused(refusal)) => return Ok(Some(failed(refusal, None, workflow))),
                Ok(Outcome::Unchanged) => return Ok(None),
                Ok(Outcome::Done(_)) if number.is_empty() => {
                    let year = self.now.with_timezone(&workflow.surroundings.zone).year();
                    let series = format!("{}/{}", workflow.id, workflow.number.series(year));
                    let sequence = self.tx.take_numbers(&series, 1).await?;
                    number = workflow.number.format(year, sequence);
                }
                Ok(Outcome::Done(step)) => {
                    self.cases.insert(id, CaseInHand::opened(&step.case));
                    self.apply(workflow, *step);
                    return self.answer(request, workflow, id).await.map(Some);
                }
            }
        }
        Ok(Some(Result1::Failed(Error::Defect(
            "opening a case kept asking for more".to_owned(),
        ))))
    }

    pub(super) async fn command(
        &mut self,
        request: &Request,
        id: CaseId,
        command: &Command,
        if_match: Option<u64>,
        code: Option<&str>,
    ) -> Result<Result1, StoreError> {
        let seed = rand::random();
        let mut verdict: Option<Verdict> = None;
        for _ in 0..LOADS_MOST {
            let Some(in_hand) = self.cases.get(&id) else {
                return Ok(Result1::Failed(Error::refused(Refusal::NotFound)));
            };
            let case = in_hand.case.clone();
            let Some(workflow) = self.bench.registry.get(&case.workflow, case.version) else {
                return Ok(unpublished(&case));
            };
            if verdict.is_none() {
                verdict = Some(self.judge_code(request, &case, command, code).await?);
            }
            let known = verdict
                .as_ref()
                .map_or(Code::Absent, |verdict| verdict.code);
            let context = self.context(request, if_match, known, seed);
            let handled = match guarded(|| step::handle(&workflow, &case, command, &context)) {
                Ok(handled) => handled,
                Err(panic) => return Ok(Result1::Failed(panic)),
            };
            let Handled { fired, outcome } = handled;
            if let Outcome::Missing(needs) = &outcome {
                self.load(needs).await?;
                continue;
            }
            if let Some(fired) = fired {
                self.apply(&workflow, *fired);
            }
            let verdict = verdict.take().unwrap_or_else(Verdict::absent);
            return match outcome {
                Outcome::Done(step) => {
                    self.writes.batch.codes.extend(verdict.used());
                    // A migration leaves the case on another version.
                    let known = self
                        .bench
                        .registry
                        .get(&step.case.workflow, step.case.version);
                    let workflow = known.unwrap_or(workflow);
                    self.apply(&workflow, *step);
                    self.answer(request, &workflow, id).await
                }
                Outcome::Unchanged => {
                    if matches!(command, Command::FireTimers) {
                        self.writes.rest(id, case.next_due());
                    }
                    self.answer(request, &workflow, id).await
                }
                Outcome::Refused(refusal) => {
                    self.refused(request, &case, &workflow, command, &refusal, &verdict)
                        .await?;
                    Ok(failed(refusal, Some(case.etag), &workflow))
                }
                Outcome::Missing(_) => continue,
            };
        }
        Ok(Result1::Failed(Error::Defect(
            "a step kept asking for more".to_owned(),
        )))
    }

    /// The result for a case as the batch has it now.
    async fn answer(
        &mut self,
        request: &Request,
        workflow: &Arc<Workflow>,
        id: CaseId,
    ) -> Result<Result1, StoreError> {
        let lost = || Result1::Failed(Error::Defect("a case in hand was lost".to_owned()));
        let Some(in_hand) = self.cases.get(&id) else {
            return Ok(lost());
        };
        let case = Arc::new(in_hand.case.clone());
        let Some(hash) = case.head else {
            return Ok(lost());
        };
        let receipt = Receipt {
            case: id,
            etag: case.etag,
            entry: case.entries,
            hash,
        };
        let about = Some((case.clone(), workflow.clone(), receipt.clone()));
        let rendered = self.keep(request, about).await?;
        Ok(Result1::Done(Box::new(Done {
            case,
            workflow: workflow.clone(),
            receipt,
            rendered,
        })))
    }

    /// Takes a step over: into the cases in hand, into what is counted, and into what is written.
    pub(super) fn apply(&mut self, workflow: &Workflow, step: Step) {
        let held = self
            .cases
            .get(&step.case.id)
            .map_or(Vec::new(), |in_hand| in_hand.case.held.clone());
        let forms = &self.bench.hook_forms;
        self.writes
            .take(workflow, &held, &step, &mut self.inputs, forms);
        if let Some(in_hand) = self.cases.get_mut(&step.case.id) {
            in_hand.take(step);
            in_hand.refresh(&mut self.inputs, &self.bench.registry);
        }
    }

    pub(super) fn context<'b>(
        &'b self,
        request: &'b Request,
        if_match: Option<u64>,
        code: Code,
        seed: [u8; 32],
    ) -> Context<'b> {
        Context {
            now: self.now,
            actor: &request.actor,
            channel: request.channel,
            if_match,
            code,
            inputs: &self.inputs,
            seed,
        }
    }
}

fn failed(refusal: Refusal, etag: Option<u64>, workflow: &Arc<Workflow>) -> Result1 {
    Result1::Failed(Error::Refused(Box::new(Refused {
        refusal,
        etag,
        workflow: Some(workflow.clone()),
    })))
}

/// Runs a step so that a defect in it hurts its own request only.
fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(step))
        .map_err(|panic| Error::Defect(format!("a step panicked: {}", words(&*panic))))
}

/// A case whose version of its workflow nobody has.
fn unpublished(case: &Case) -> Result1 {
    let (workflow, version) = (&case.workflow, case.version);
    let missing = format!("{workflow} version {version} is not published");
    Result1::Failed(Error::Defect(missing))
}
