//! Bugs that are planted on purpose, so that whoever looks for lost, doubled and early things can be seen to find them.
//! They stand before the store and around what is served, whose own code knows nothing of them, and only in builds with
//! debug assertions: a release has none of this. `COUNTERSIGN_PLANTED_BUG` names one.

use std::{
    collections::BTreeSet,
    env, mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use countersign_core::{
    case::{Case, CaseId, DeliveryId, Doer, PersonId},
    context::{Inputs, Needs},
    name::Name,
    outcome::NewChild,
    time::Time,
};
use countersign_engine::{
    Authenticator, Registry,
    ports::{
        Reader, Store, StoreError, Transaction,
        moves::MoveProgress,
        store::{
            Batch, CaseAddress, CodePurpose, DeliveryWrite, Gather, RequestKey, StoredAnswer,
            StoredCode,
        },
    },
};
use uuid::Uuid;

/// The variable that names one.
const VARIABLE: &str = "COUNTERSIGN_PLANTED_BUG";
/// How long what is wrong lasts: long enough that a kill falls into it now and then.
const WHILE: Duration = Duration::from_millis(30);
/// How long a timer that was removed has not taken effect: timers are rarer than requests.
const UNTIL_FIRED: Duration = Duration::from_secs(1);

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    /// People are answered first, and their batch is committed later.
    AcknowledgedBeforeCommit,
    /// The answer under a request's key is written in a transaction after the request's own.
    KeyInAnotherTransaction,
    /// Nobody is kept from changing what somebody else is changing, and the last to write wins.
    NoFencing,
    /// A due timer's row is removed before it takes effect.
    TimerRemovedFirst,
    /// What people's acts send is written after the commit of the act, in the task of the request: it ends with its client.
    WriteInRequest,
}

impl Planted {
    /// The one that is named.
    fn named() -> Option<Self> {
        let name = env::var(VARIABLE).ok()?;
        match name.as_str() {
            "acknowledged_before_commit" => Some(Self::AcknowledgedBeforeCommit),
            "key_in_another_transaction" => Some(Self::KeyInAnotherTransaction),
            "no_fencing" => Some(Self::NoFencing),
            "timer_removed_first" => Some(Self::TimerRemovedFirst),
            "write_in_request" => Some(Self::WriteInRequest),
            _ => {
                tracing::error!(name, "there is no such bug to plant");
                None
            }
        }
    }
}

/// The store as it is; or, where a bug is named, with that bug before it.
pub fn over(store: Arc<dyn Store>) -> Arc<dyn Store> {
    let Some(planted) = Planted::named() else {
        return store;
    };
    tracing::error!(?planted, "a bug is planted: never serve anybody with this");
    Arc::new(Wrong { store, planted })
}

/// What is served as it is; or, where such a bug is named, with requests that write.
pub fn around(router: Router, store: Arc<dyn Store>) -> Router {
    if Planted::named() != Some(Planted::WriteInRequest) {
        return router;
    }
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        write_what_is_left(store.clone(), request, next)
    }))
}

/// What the commits of requests have left to be written by them.
static LEFT: Mutex<Vec<DeliveryWrite>> = Mutex::new(Vec::new());

async fn write_what_is_left(store: Arc<dyn Store>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let left = mem::take(&mut *LEFT.lock().unwrap_or_else(PoisonError::into_inner));
    if !left.is_empty() {
        // Whoever goes away now takes this future along, and what was taken with it.
        tokio::time::sleep(WHILE).await;
        if let Err(error) = write_deliveries(store, left).await {
            tracing::error!(%error, "what was left could not be written");
        }
    }
    response
}

async fn write_deliveries(
    store: Arc<dyn Store>,
    deliveries: Vec<DeliveryWrite>,
) -> Result<(), StoreError> {
    let mut open = store.begin().await?;
    let batch = Batch {
        deliveries,
        ..Batch::default()
    };
    open.write(&batch).await?;
    open.commit().await
}

/// Takes out what the acts of people and services send; timers have no request.
fn leave_deliveries(batch: &mut Batch) {
    let acted = batch.entries.iter().filter(|(_, sealed)| {
        matches!(
            sealed.entry.actor,
            Doer::Person(_) | Doer::Service(_) | Doer::Link(_)
        )
    });
    let acted: BTreeSet<_> = acted.map(|(case, _)| case.0).collect();
    let of_acts = |delivery: &DeliveryWrite| {
        let case = delivery.case.as_ref().map(|case| case.id);
        case.is_some_and(|case| acted.contains(&case))
    };
    let (left, now) = mem::take(&mut batch.deliveries)
        .into_iter()
        .partition(of_acts);
    batch.deliveries = now;
    let mut all = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    all.extend::<Vec<_>>(left);
}

struct Wrong {
    store: Arc<dyn Store>,
    planted: Planted,
}

#[async_trait]
impl Store for Wrong {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(WrongTransaction {
            open: self.store.begin().await?,
            store: self.store.clone(),
            planted: self.planted,
            answers: Batch::default(),
        }))
    }

    fn lanes(&self) -> usize {
        self.store.lanes()
    }

    fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    fn reader(&self) -> Arc<dyn Reader> {
        self.store.reader()
    }

    async fn claim_due(&self, by: Time, limit: u32) -> Result<Vec<CaseId>, StoreError> {
        let due = self.store.claim_due(by, limit).await?;
        if self.planted == Planted::TimerRemovedFirst && !due.is_empty() {
            let removed = Batch {
                rested: due.iter().map(|case| (*case, None)).collect(),
                at: Some(by),
                ..Batch::default()
            };
            let mut open = self.store.begin().await?;
            open.write(&removed).await?;
            open.commit().await?;
            tokio::time::sleep(UNTIL_FIRED).await;
        }
        Ok(due)
    }

    async fn clean(&self, now: Time) -> Result<u64, StoreError> {
        self.store.clean(now).await
    }

    async fn advance_webhook(
        &self,
        id: Uuid,
        from: &str,
        to: &str,
        deliveries: Vec<DeliveryWrite>,
    ) -> Result<bool, StoreError> {
        self.store.advance_webhook(id, from, to, deliveries).await
    }

    async fn begin_move(
        &self,
        workflow: &Name,
        run: Uuid,
        progress: &MoveProgress,
        forsaken: Time,
    ) -> Result<bool, StoreError> {
        let begun = self.store.begin_move(workflow, run, progress, forsaken);
        begun.await
    }

    async fn note_move(
        &self,
        workflow: &Name,
        run: Uuid,
        progress: &MoveProgress,
    ) -> Result<bool, StoreError> {
        self.store.note_move(workflow, run, progress).await
    }

    async fn gather_mails(&self, now: Time, gather: &Gather) -> Result<u64, StoreError> {
        self.store.gather_mails(now, gather).await
    }

    async fn now(&self) -> Result<Time, StoreError> {
        self.store.now().await
    }
}

struct WrongTransaction {
    open: Box<dyn Transaction>,
    store: Arc<dyn Store>,
    planted: Planted,
    /// What is written later.
    answers: Batch,
}

#[async_trait]
impl Transaction for WrongTransaction {
    async fn answers(
        &mut self,
        keys: &[RequestKey],
    ) -> Result<Vec<Option<StoredAnswer>>, StoreError> {
        self.open.answers(keys).await
    }

    async fn cases(&mut self, cases: &[CaseAddress]) -> Result<Vec<Option<Case>>, StoreError> {
        if self.planted != Planted::NoFencing {
            return self.open.cases(cases).await;
        }
        let mut found = Vec::with_capacity(cases.len());
        for address in cases {
            found.push(self.store.reader().case(address).await?);
        }
        tokio::time::sleep(WHILE).await;
        Ok(found)
    }

    async fn inputs(
        &mut self,
        needs: &Needs,
        registry: &Registry,
        inputs: &mut Inputs,
    ) -> Result<(), StoreError> {
        self.open.inputs(needs, registry, inputs).await
    }

    async fn children(&mut self, ids: &[CaseId]) -> Result<Vec<NewChild>, StoreError> {
        self.open.children(ids).await
    }

    async fn take_numbers(&mut self, series: &str, count: u64) -> Result<u64, StoreError> {
        self.open.take_numbers(series, count).await
    }

    async fn code(&mut self, purpose: &CodePurpose) -> Result<Option<StoredCode>, StoreError> {
        self.open.code(purpose).await
    }

    async fn authenticator(&mut self, id: &PersonId) -> Result<Option<Authenticator>, StoreError> {
        self.open.authenticator(id).await
    }

    async fn retry_delivery(&mut self, delivery: DeliveryId) -> Result<bool, StoreError> {
        self.open.retry_delivery(delivery).await
    }

    async fn write(&mut self, batch: &Batch) -> Result<bool, StoreError> {
        match self.planted {
            Planted::AcknowledgedBeforeCommit | Planted::TimerRemovedFirst => {
                self.open.write(batch).await
            }
            Planted::KeyInAnotherTransaction => {
                let mut batch = batch.clone();
                self.answers.answers = std::mem::take(&mut batch.answers);
                self.answers.at = batch.at;
                self.open.write(&batch).await
            }
            Planted::WriteInRequest => {
                let mut batch = batch.clone();
                leave_deliveries(&mut batch);
                self.open.write(&batch).await
            }
            Planted::NoFencing => {
                let mut batch = batch.clone();
                for write in &mut batch.cases {
                    let address = CaseAddress::Id(write.case.id);
                    if let Some(now) = self.store.reader().case(&address).await? {
                        write.etag_before = now.etag;
                    }
                }
                self.open.write(&batch).await
            }
        }
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self {
            open,
            store,
            planted,
            answers,
        } = *self;
        match planted {
            Planted::AcknowledgedBeforeCommit => {
                tokio::spawn(async move {
                    tokio::time::sleep(WHILE).await;
                    open.commit().await
                });
                Ok(())
            }
            Planted::KeyInAnotherTransaction if !answers.answers.is_empty() => {
                open.commit().await?;
                tokio::time::sleep(WHILE).await;
                let mut later = store.begin().await?;
                later.write(&answers).await?;
                later.commit().await
            }
            Planted::KeyInAnotherTransaction
            | Planted::NoFencing
            | Planted::TimerRemovedFirst
            | Planted::WriteInRequest => open.commit().await,
        }
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.open.rollback().await
    }
}
