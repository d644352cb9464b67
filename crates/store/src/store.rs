//! The store, the same over either database: transactions for batches, a pool of readers, the outbox. What a database
//! needs besides, such as SQLite's checkpoints, is its own `Upkeep`.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::{case::CaseId, name::Name};
use countersign_engine::ports::{
    Clock, Reader, Store, StoreError, Time, Transaction,
    moves::MoveProgress,
    store::{DeliveryWrite, Gather},
};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    cleaning, deliveries::Clerk, error::failed, gathering, moves, numbers::Blocks,
    reader::SqlReader, readers::Readers, timers, transaction::SqlTransaction, webhooks,
    writer::Writer,
};

/// A store. Cheap to clone; the database is let go with the last clone.
#[derive(Debug, Clone)]
pub struct SqlStore {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clerk: Clerk,
    blocks: Blocks,
    lanes: usize,
    upkeep: Box<dyn Upkeep>,
}

/// What goes on beside the connections as long as a database is served, and ends when it is dropped.
#[async_trait]
pub(crate) trait Upkeep: Send + Sync + std::fmt::Debug {
    /// Ends it, before the connections are closed.
    async fn stop(&self) -> Result<(), DbErr>;
}

impl SqlStore {
    /// A store over these connections, whose leases are reckoned by `clock`.
    pub(crate) fn new(
        writer: Writer,
        readers: Readers,
        clock: Arc<dyn Clock>,
        lanes: usize,
        upkeep: Box<dyn Upkeep>,
    ) -> Self {
        let clerk = Clerk::start(writer.clone(), clock.clone());
        Self {
            inner: Arc::new(Inner {
                writer,
                readers,
                clock,
                clerk,
                blocks: Blocks::default(),
                lanes,
                upkeep,
            }),
        }
    }

    /// Finishes what is under way and closes the database. Whatever is asked afterwards fails. Dropping the store
    /// without it is safe; opening a file again then takes a little longer.
    pub async fn close(&self) -> Result<(), StoreError> {
        let closed = failed("close the database");
        self.inner.upkeep.stop().await.map_err(&closed)?;
        self.inner.readers.close().await.map_err(&closed)?;
        self.inner.writer.close().await.map_err(&closed)
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let open = self
            .inner
            .writer
            .begin()
            .await
            .map_err(failed("begin a batch"))?;
        let blocks = self.is_shared().then(|| {
            let Inner { writer, blocks, .. } = &*self.inner;
            (writer.clone(), blocks.clone())
        });
        let now = self.inner.clock.now();
        Ok(Box::new(SqlTransaction::new(open, now, blocks)))
    }

    fn lanes(&self) -> usize {
        self.inner.lanes
    }

    fn is_shared(&self) -> bool {
        self.inner.writer.is_shared()
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(SqlReader::new(self.inner.readers.clone()))
    }

    async fn claim_due(&self, by: Time, limit: u32) -> Result<Vec<CaseId>, StoreError> {
        let due = self.reader().due_cases(by, limit).await?;
        // Mostly nothing is due, and then there is nothing to claim.
        if self.is_shared() && !due.is_empty() {
            return timers::claim(&self.inner.writer, by, limit).await;
        }
        Ok(due.into_iter().map(|(case, _)| case).collect())
    }

    async fn clean(&self, now: Time) -> Result<u64, StoreError> {
        cleaning::clean(&self.inner.writer, now).await
    }

    async fn advance_webhook(
        &self,
        id: Uuid,
        from: &str,
        to: &str,
        deliveries: Vec<DeliveryWrite>,
    ) -> Result<bool, StoreError> {
        let now = self.inner.clock.now();
        webhooks::advance(&self.inner.writer, now, id, (from, to), &deliveries).await
    }

    async fn begin_move(
        &self,
        workflow: &Name,
        run: Uuid,
        progress: &MoveProgress,
        forsaken: Time,
    ) -> Result<bool, StoreError> {
        let Inner { writer, clock, .. } = &*self.inner;
        moves::begin(writer, clock.now(), workflow, run, progress, forsaken).await
    }

    async fn note_move(
        &self,
        workflow: &Name,
        run: Uuid,
        progress: &MoveProgress,
    ) -> Result<bool, StoreError> {
        let Inner { writer, clock, .. } = &*self.inner;
        moves::note(writer, clock.now(), workflow, run, progress).await
    }

    async fn gather_mails(&self, now: Time, gather: &Gather) -> Result<u64, StoreError> {
        gathering::gather(&self.inner.readers, &self.inner.writer, now, gather).await
    }

    async fn now(&self) -> Result<Time, StoreError> {
        Ok(self.inner.clock.now())
    }
}
