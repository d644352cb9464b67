//! Counts what batches write and how long that takes, before the store that does it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use countersign_core::{
    case::{Case, CaseId, DeliveryId, PersonId},
    context::{Inputs, Needs},
    history::What,
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

use super::Metrics;

/// A store that is counted.
pub struct CountingStore {
    store: Arc<dyn Store>,
    metrics: Metrics,
}

impl CountingStore {
    /// Counts what this store does.
    pub fn new(store: Arc<dyn Store>, metrics: Metrics) -> Self {
        Self { store, metrics }
    }
}

#[async_trait]
impl Store for CountingStore {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let begun = Instant::now();
        Ok(Box::new(Counting {
            open: self.store.begin().await?,
            metrics: self.metrics.clone(),
            begun,
            written: Written::default(),
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
        self.store.claim_due(by, limit).await
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

struct Counting {
    open: Box<dyn Transaction>,
    metrics: Metrics,
    begun: Instant,
    written: Written,
}

/// What counts once it is committed.
#[derive(Default)]
struct Written {
    entries: Vec<What>,
    late: Vec<Duration>,
    cases: usize,
    incidents: usize,
}

impl Written {
    fn of(batch: &Batch) -> Self {
        let timers = batch.entries.iter().map(|(_, sealed)| &sealed.entry);
        let timers = timers.filter(|entry| entry.what == What::Timer);
        let late = |due: Time| batch.at.and_then(|now| (now - due).to_std().ok());
        Self {
            late: timers
                .map(|entry| late(entry.recorded_at).unwrap_or_default())
                .collect(),
            entries: batch
                .entries
                .iter()
                .map(|(_, sealed)| sealed.entry.what)
                .collect(),
            cases: batch.cases.len(),
            incidents: batch.incidents.len(),
        }
    }

    fn count(self, metrics: &Metrics) {
        self.entries
            .into_iter()
            .for_each(|what| metrics.entry(what));
        self.late.into_iter().for_each(|late| metrics.timer(late));
        metrics.0.incidents.inc_by(self.incidents as u64);
        if let Ok(cases @ 1..) = u32::try_from(self.cases) {
            metrics.0.batch_cases.observe(f64::from(cases));
        }
    }
}

#[async_trait]
impl Transaction for Counting {
    async fn answers(
        &mut self,
        keys: &[RequestKey],
    ) -> Result<Vec<Option<StoredAnswer>>, StoreError> {
        self.open.answers(keys).await
    }

    async fn cases(&mut self, cases: &[CaseAddress]) -> Result<Vec<Option<Case>>, StoreError> {
        self.open.cases(cases).await
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
        self.written = Written::of(batch);
        let written = self.open.write(batch).await;
        if written.is_err() {
            self.metrics.0.failed.inc();
        }
        written
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self {
            open,
            metrics,
            begun,
            written,
        } = *self;
        let committing = Instant::now();
        let committed = open.commit().await;
        if committed.is_ok() {
            metrics.0.commit.observe(committing.elapsed().as_secs_f64());
            metrics.0.batch.observe(begun.elapsed().as_secs_f64());
            written.count(&metrics);
        } else {
            metrics.0.failed.inc();
        }
        committed
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.open.rollback().await
    }
}
