//! The outbox: claims under a lease, and outcomes fenced by the claim's epoch. What is asked is carried
//! out by a clerk of its own, many at a time, and to its end even if whoever asked has gone.

mod clerk;
mod work;

use std::time::Duration;

use async_trait::async_trait;
use countersign_engine::ports::{
    Deliveries, StoreError,
    deliveries::{ClaimedDelivery, Failure},
};
use uuid::Uuid;

use crate::{SqlStore, error::failed, rows::millis, statements::deliveries as sql};
pub(crate) use clerk::Clerk;
use work::{Answer, Outcome, Work};

#[async_trait]
impl Deliveries for SqlStore {
    async fn claim(
        &self,
        limit: usize,
        lease: Duration,
        full: &[String],
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let full = serde_json::Value::from(full).to_string();
        // Mostly nothing is due, and then nobody is kept from writing.
        let due = [
            millis(self.inner.clock.now()).into(),
            full.clone().into(),
            1.into(),
        ];
        let due = sql::DUE.one(&self.inner.readers, due).await;
        if due.map_err(failed("look for due deliveries"))?.is_none() {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        match self
            .inner
            .clerk
            .ask(Work::Claim { limit, lease, full })
            .await?
        {
            Answer::Claimed(claimed) => Ok(claimed),
            Answer::Changed(_) => Ok(Vec::new()),
        }
    }

    async fn renew(&self, id: Uuid, epoch: i64, lease: Duration) -> Result<bool, StoreError> {
        self.record(id, epoch, Outcome::Renewed(lease)).await
    }

    async fn release(&self, id: Uuid, epoch: i64) -> Result<bool, StoreError> {
        self.record(id, epoch, Outcome::Released).await
    }

    async fn succeeded(&self, id: Uuid, epoch: i64, answer: &str) -> Result<bool, StoreError> {
        let answer = answer.to_owned();
        let asked = self.inner.clerk.ask(Work::Arrived { id, epoch, answer });
        asked.await.map(changed)
    }

    async fn failed(&self, id: Uuid, epoch: i64, failure: &Failure) -> Result<bool, StoreError> {
        self.record(id, epoch, Outcome::Failed(failure.clone()))
            .await
    }
}

impl SqlStore {
    async fn record(&self, id: Uuid, epoch: i64, outcome: Outcome) -> Result<bool, StoreError> {
        self.inner
            .clerk
            .ask(Work::Record { id, epoch, outcome })
            .await
            .map(changed)
    }
}

fn changed(answer: Answer) -> bool {
    match answer {
        Answer::Changed(changed) => changed,
        Answer::Claimed(claimed) => !claimed.is_empty(),
    }
}
