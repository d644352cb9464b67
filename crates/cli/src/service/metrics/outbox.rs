//! Counts what becomes of deliveries, before the outbox that records it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use countersign_engine::ports::{
    Deliveries, StoreError,
    deliveries::{ClaimedDelivery, Failure, Next},
};
use uuid::Uuid;

use super::Metrics;

/// An outbox that is counted.
pub struct CountingOutbox {
    outbox: Arc<dyn Deliveries>,
    metrics: Metrics,
}

impl CountingOutbox {
    /// Counts what becomes of these deliveries.
    pub fn new(outbox: Arc<dyn Deliveries>, metrics: Metrics) -> Self {
        Self { outbox, metrics }
    }

    fn counted(&self, recorded: bool, outcome: &'static str) -> bool {
        if recorded {
            self.metrics.delivered(outcome);
        }
        recorded
    }
}

#[async_trait]
impl Deliveries for CountingOutbox {
    async fn claim(
        &self,
        limit: usize,
        lease: Duration,
        full: &[String],
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        self.outbox.claim(limit, lease, full).await
    }

    async fn renew(&self, id: Uuid, epoch: i64, lease: Duration) -> Result<bool, StoreError> {
        self.outbox.renew(id, epoch, lease).await
    }

    async fn release(&self, id: Uuid, epoch: i64) -> Result<bool, StoreError> {
        self.outbox.release(id, epoch).await
    }

    async fn succeeded(&self, id: Uuid, epoch: i64, answer: &str) -> Result<bool, StoreError> {
        let recorded = self.outbox.succeeded(id, epoch, answer).await?;
        Ok(self.counted(recorded, "sent"))
    }

    async fn failed(&self, id: Uuid, epoch: i64, failure: &Failure) -> Result<bool, StoreError> {
        let recorded = self.outbox.failed(id, epoch, failure).await?;
        let outcome = match failure.next {
            Next::RetryAfter(_) => "failed",
            Next::Dead => "dead",
        };
        Ok(self.counted(recorded, outcome))
    }
}
