//! One batch: read everything, step in memory, write everything, commit, and only then answer.
//! Several commands of one case run one after another on the case that the one before left.

use std::{
    collections::HashMap,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use countersign_core::{
    case::{Case, CaseId},
    command::{Act, Code, Command, Opening},
    context::{Context, Inputs, Needs},
    outcome::{Outcome, Receipt, Refusal, Step},
    step::{self, Handled},
    time::Time,
    workflow::Workflow,
};
use thiserror::Error;
use uuid::Uuid;

use super::{
    Answered, Bench, Committed, Rendered, Request, Scene, Work,
    codes::Verdict,
    writes::{CaseInHand, Writes},
};
use crate::{
    Error, Refused,
    ports::{
        StoreError, Transaction,
        store::{CaseAddress, RequestKey, StoredAnswer},
    },
};

/// How often a step is tried again after loading what it missed.
const LOADS_MOST: usize = 4;

/// Why a whole batch failed.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// Nothing of it was written.
    #[error("before the commit: {0}")]
    Before(#[source] StoreError),
    /// It may have been written.
    #[error("at the commit: {0}")]
    AtCommit(#[source] StoreError),
}

impl Failure {
    pub(super) fn is_before_commit(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Before(error) => Error::Unavailable(error),
            Self::AtCommit(error) => Error::OutcomeUnknown(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Before(error)
    }
}

/// What one request came to, before the commit.
enum Result1 {
    Done(Box<Done>),
    Changed(Option<Rendered>),
    Replayed(StoredAnswer),
    Failed(Error),
}

struct Done {
    case: Arc<Case>,
    workflow: Arc<Workflow>,
    receipt: Receipt,
    rendered: Option<Rendered>,
}

/// Carries the requests out in one transaction. The results are durable when it returns.
pub(super) async fn run(
    bench: &Bench,
    requests: &[Request],
) -> Result<Vec<Result<Answered, Error>>, Failure> {
    let mut work = Batch {
        bench,
        tx: bench.store.begin().await?,
        now: bench.clock.now(),
        inputs: Inputs::default(),
        cases: HashMap::new(),
        kept: HashMap::new(),
        writes: Writes::default(),
    };
    let results = match work.all(requests).await {
        Ok(results) => results,
        Err(error) => {
            if let Err(error) = work.tx.rollback().await {
                tracing::warn!(%error, "a failed batch could not be rolled back");
            }
            return Err(error.into());
        }
    };
    let Batch { tx, now, inputs, cases, writes, .. } = work;
    let (batch, woken) = writes.finish(cases, now);
    commit(bench, tx, &batch, woken).await?;
    Ok(answers(requests, results, &Arc::new(inputs), now))
}

async fn commit(
    bench: &Bench,
    mut tx: Box<dyn Transaction>,
    batch: &Option<crate::ports::store::Batch>,
    woken: Committed,
) -> Result<(), Failure> {
    let Some(batch) = batch else {
        return Ok(tx.rollback().await?);
    };
    if let Err(error) = tx.write(batch).await {
        if let Err(error) = tx.rollback().await {
            tracing::warn!(%error, "a failed batch could not be rolled back");
        }
        return Err(error.into());
    }
    tx.commit().await.map_err(Failure::AtCommit)?;
    (bench.committed)(woken);
    Ok(())
}

fn answers(
    requests: &[Request],
    results: Vec<Result1>,
    inputs: &Arc<Inputs>,
    now: Time,
) -> Vec<Result<Answered, Error>> {
    let scene = |request: &Request, done: Option<Done>, rendered: Option<Rendered>| {
        let (case, workflow, receipt, rendered) = match done {
            Some(done) => (Some(done.case), Some(done.workflow), Some(done.receipt), done.rendered),
            None => (None, None, None, rendered),
        };
        let (actor, inputs) = (request.actor.clone(), inputs.clone());
        Ok(Answered::Fresh(Box::new(Scene { case, workflow, receipt, actor, inputs, now, rendered })))
    };
    requests
        .iter()
        .zip(results)
        .map(|(request, result)| match result {
            Result1::Done(done) => scene(request, Some(*done), None),
            Result1::Changed(rendered) => scene(request, None, rendered),
            Result1::Replayed(answer) => Ok(Answered::Replayed(answer)),
            Result1::Failed(error) => Err(error),
        })
        .collect()
}

/// A batch under way.
struct Batch<'a> {
    bench: &'a Bench,
    tx: Box<dyn Transaction>,
    now: Time,
    inputs: Inputs,
    cases: HashMap<CaseId, CaseInHand>,
    /// Answers under keys, those of this batch too.
    kept: HashMap<RequestKey, StoredAnswer>,
    writes: Writes,
}

impl Batch<'_> {
    async fn all(&mut self, requests: &[Request]) -> Result<Vec<Result1>, StoreError> {
        self.load_answers(requests).await?;
        let addresses = self.load_cases(requests).await?;
        self.load_inputs(requests, &addresses).await?;
        let mut results = Vec::with_capacity(requests.len());
        for (request, case) in requests.iter().zip(addresses) {
            results.push(self.one(request, case).await?);
        }
        Ok(results)
    }

    async fn load_answers(&mut self, requests: &[Request]) -> Result<(), StoreError> {
        let keys: Vec<_> = requests.iter().filter_map(|r| Some(r.key.as_ref()?.0.clone())).collect();
        if !keys.is_empty() {
            let answers = self.tx.answers(&keys).await?;
            self.kept.extend(keys.into_iter().zip(answers).filter_map(|(key, answer)| Some((key, answer?))));
        }
        Ok(())
    }

    /// Loads and locks the cases that are named; answers each request's, if it is there.
    async fn load_cases(&mut self, requests: &[Request]) -> Result<Vec<Option<CaseId>>, StoreError> {
        let mut wanted: Vec<CaseAddress> = Vec::new();
        for request in requests {
            if let Work::Case { address, .. } = &request.work
                && !wanted.contains(address)
            {
                wanted.push(address.clone());
            }
        }
        let mut found = HashMap::new();
        if !wanted.is_empty() {
            for (address, case) in wanted.iter().zip(self.tx.cases(&wanted).await?) {
                if let Some(case) = case {
                    found.insert(address.clone(), case.id);
                    self.cases.entry(case.id).or_insert_with(|| CaseInHand::loaded(case));
                }
            }
        }
        Ok(requests
            .iter()
            .map(|request| match &request.work {
                Work::Case { address, .. } => found.get(address).copied(),
                Work::Open { .. } | Work::Directory(_) | Work::Publish { .. } => None,
            })
            .collect())
    }

    /// Loads the union of what the steps are expected to need.
    async fn load_inputs(&mut self, requests: &[Request], cases: &[Option<CaseId>]) -> Result<(), StoreError> {
        let mut needs = Needs::default();
        for (request, case) in requests.iter().zip(cases) {
            match &request.work {
                Work::Open { workflow, opening } => {
                    needs.add(step::needs_to_open(workflow, opening, &request.actor, self.now));
                }
                Work::Case { command, .. } => {
                    if let Some(in_hand) = case.and_then(|id| self.cases.get(&id))
                        && let Some(workflow) = self.bench.registry.get(&in_hand.case.workflow, in_hand.case.version)
                    {
                        needs.add(step::needs(&workflow, &in_hand.case, command, &request.actor, self.now));
                    }
                }
                Work::Directory(_) | Work::Publish { .. } => {}
            }
        }
        self.load(&needs).await
    }

    /// Loads what is not there yet. Cases of this batch are read as the batch has left them.
    async fn load(&mut self, needs: &Needs) -> Result<(), StoreError> {
        if needs.is_empty() {
            return Ok(());
        }
        self.tx.inputs(needs, &self.bench.registry, &mut self.inputs).await?;
        for in_hand in self.cases.values().filter(|in_hand| in_hand.is_changed()) {
            in_hand.refresh(&mut self.inputs, &self.bench.registry);
        }
        self.writes.count_into(&mut self.inputs, needs);
        Ok(())
    }

    async fn one(&mut self, request: &Request, case: Option<CaseId>) -> Result<Result1, StoreError> {
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
            Work::Case { command, if_match, code, .. } => match case {
                Some(case) => self.command(request, case, command, *if_match, code.as_deref()).await,
                None => Ok(Result1::Failed(Error::refused(Refusal::NotFound))),
            },
            Work::Directory(changes) => {
                self.writes.batch.directory.extend(changes.iter().cloned());
                self.changed(request).await
            }
            Work::Publish { workflows, lists } => {
                self.writes.batch.workflows.extend(workflows.iter().cloned());
                self.writes.batch.lists.extend(lists.iter().cloned());
                self.changed(request).await
            }
        }
    }

    async fn changed(&mut self, request: &Request) -> Result<Result1, StoreError> {
        self.writes.something = true;
        let rendered = self.keep(request, None).await?;
        Ok(Result1::Changed(rendered))
    }

    async fn open(&mut self, request: &Request, workflow: &Arc<Workflow>, opening: &Opening) -> Result<Result1, StoreError> {
        let id = CaseId(Uuid::now_v7());
        let seed = rand::random();
        // The number is taken last, so that a refusal leaves no gap.
        let mut number = String::new();
        for _ in 0..LOADS_MOST * 2 {
            let context = self.context(request, None, Code::Absent, seed);
            match guarded(|| step::open(workflow, opening, id, &number, &context)) {
                Err(panic) => return Ok(Result1::Failed(panic)),
                Ok(Outcome::Missing(needs)) => self.load(&needs).await?,
                Ok(Outcome::Refused(refusal)) => return Ok(failed(refusal, None, workflow)),
                Ok(Outcome::Done(_)) if number.is_empty() => {
                    let year = step::year_of(workflow, self.now);
                    let series = format!("{}/{}", workflow.id, workflow.number.series(year));
                    let sequence = self.tx.take_numbers(&series, 1).await?;
                    number = workflow.number.format(year, sequence);
                }
                Ok(Outcome::Done(step)) => {
                    self.cases.insert(id, CaseInHand::opened(&step.case));
                    return self.done(request, workflow, *step).await;
                }
            }
        }
        Ok(Result1::Failed(Error::Defect("opening a case kept asking for more".to_owned())))
    }

    async fn command(
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
                let missing = format!("{} version {} is not published", case.workflow, case.version);
                return Ok(Result1::Failed(Error::Defect(missing)));
            };
            if verdict.is_none() {
                verdict = Some(self.judge_code(request, &case, command, code).await?);
            }
            let known = verdict.as_ref().map_or(Code::Absent, |verdict| verdict.code);
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
            return match outcome {
                Outcome::Done(step) => {
                    if let Some(verdict) = verdict {
                        self.writes.batch.codes.extend(verdict.used());
                    }
                    self.done(request, &workflow, *step).await
                }
                Outcome::Refused(refusal) => {
                    self.refused(request, &case, &workflow, command, &refusal, verdict.as_ref());
                    Ok(failed(refusal, Some(case.etag), &workflow))
                }
                Outcome::Missing(_) => Ok(Result1::Failed(Error::Defect("unreachable: handled above".to_owned()))),
            };
        }
        Ok(Result1::Failed(Error::Defect("a step kept asking for more".to_owned())))
    }

    async fn judge_code(&mut self, request: &Request, case: &Case, command: &Command, code: Option<&str>) -> Result<Verdict, StoreError> {
        let (Command::Act(act), Some(code)) = (command, code) else {
            return Ok(Verdict::absent());
        };
        let Some(purpose) = super::codes::purpose(&request.actor, case, act) else {
            return Ok(Verdict::absent());
        };
        let stored = self.tx.code(&purpose).await?;
        Ok(self.bench.codes.judge(purpose, stored.as_ref(), code, case, act, self.now))
    }

    /// A refusal changes nothing, but for confirmation codes: one is mailed, or a wrong try counted.
    fn refused(
        &mut self,
        request: &Request,
        case: &Case,
        workflow: &Workflow,
        command: &Command,
        refusal: &Refusal,
        verdict: Option<&Verdict>,
    ) {
        if let Some(change) = verdict.and_then(Verdict::tried) {
            self.writes.batch.codes.push(change);
            self.writes.something = true;
        }
        if let (Refusal::CodeNeeded, Command::Act(act)) = (refusal, command) {
            self.mail_code(request, case, workflow, act);
        }
    }

    fn mail_code(&mut self, request: &Request, case: &Case, workflow: &Workflow, act: &Act) {
        if let Some((change, delivery)) = self.bench.codes.make(&request.actor, case, workflow, act, self.now) {
            self.writes.batch.codes.push(change);
            self.writes.batch.deliveries.push(delivery);
            self.writes.something = true;
        }
    }

    async fn done(&mut self, request: &Request, workflow: &Arc<Workflow>, step: Step) -> Result<Result1, StoreError> {
        let id = step.case.id;
        let last = step.entries.last().map(|entry| (entry.entry.entry, entry.hash));
        self.apply(workflow, step);
        let Some(in_hand) = self.cases.get(&id) else {
            return Ok(Result1::Failed(Error::Defect("a case in hand was lost".to_owned())));
        };
        let case = Arc::new(in_hand.case.clone());
        let Some((entry, hash)) = last.or(case.head.map(|head| (case.entries, head))) else {
            return Ok(Result1::Failed(Error::Defect("a case without history".to_owned())));
        };
        let receipt = Receipt { case: id, etag: case.etag, entry, hash };
        let about = Some((case.clone(), workflow.clone(), receipt.clone()));
        let rendered = self.keep(request, about).await?;
        Ok(Result1::Done(Box::new(Done { case, workflow: workflow.clone(), receipt, rendered })))
    }

    /// Takes a step over: into the cases in hand, into what is counted, and into what is written.
    fn apply(&mut self, workflow: &Workflow, step: Step) {
        let held = self.cases.get(&step.case.id).map_or(Vec::new(), |in_hand| in_hand.case.held.clone());
        self.writes.take(workflow, &held, &step, &mut self.inputs);
        if let Some(in_hand) = self.cases.get_mut(&step.case.id) {
            in_hand.take(step);
            in_hand.refresh(&mut self.inputs, &self.bench.registry);
        }
    }

    /// Makes the answer that is kept under the request's key, if it has one.
    async fn keep(
        &mut self,
        request: &Request,
        about: Option<(Arc<Case>, Arc<Workflow>, Receipt)>,
    ) -> Result<Option<Rendered>, StoreError> {
        let (Some((key, fingerprint)), Some(render)) = (&request.key, &request.render) else {
            return Ok(None);
        };
        let (case, workflow, receipt) = match about {
            Some((case, workflow, receipt)) => (Some(case), Some(workflow), Some(receipt)),
            None => (None, None, None),
        };
        let mut scene = Scene {
            case,
            workflow,
            receipt,
            actor: request.actor.clone(),
            inputs: Arc::default(),
            now: self.now,
            rendered: None,
        };
        for _ in 0..LOADS_MOST {
            scene.inputs = Arc::new(mem::take(&mut self.inputs));
            let rendered = (render.0)(&scene);
            self.inputs = Arc::unwrap_or_clone(mem::take(&mut scene.inputs));
            match rendered {
                Ok(rendered) => {
                    let answer = StoredAnswer {
                        fingerprint: *fingerprint,
                        status: rendered.status,
                        headers: rendered.headers.clone(),
                        body: rendered.body.clone(),
                        at: self.now,
                    };
                    self.kept.insert(key.clone(), answer.clone());
                    self.writes.batch.answers.push((key.clone(), answer));
                    return Ok(Some(rendered));
                }
                Err(needs) => self.load(&needs).await?,
            }
        }
        tracing::error!("an answer kept asking for more; it is not kept");
        Ok(None)
    }

    fn context<'b>(&'b self, request: &'b Request, if_match: Option<u64>, code: Code, seed: [u8; 32]) -> Context<'b> {
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
    Result1::Failed(Error::Refused(Box::new(Refused { refusal, etag, workflow: Some(workflow.clone()) })))
}

/// Runs a step so that a defect in it hurts its own request only.
fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|panic| {
        let what = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Error::Defect(format!("a step panicked: {what}"))
    })
}

