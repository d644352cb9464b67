//! The outbox in memory, for the tests of the loop: the port's promises without a database.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chrono::TimeDelta;
use countersign_engine::ports::{
    Clock, Deliveries, StoreError, Time,
    deliveries::{CaseRef, ClaimedDelivery, DeliveryContent, Failure, Next},
};
use uuid::Uuid;

pub(super) struct OutboxInMemory {
    clock: Arc<dyn Clock>,
    rows: Mutex<BTreeMap<Uuid, Row>>,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub status: Status,
    pub attempt: u32,
    pub failures: Vec<Failure>,
    epoch: i64,
    held_until: Option<Time>,
    content: DeliveryContent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Due(Time),
    Sent,
    Dead,
}

impl OutboxInMemory {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            rows: Mutex::default(),
        }
    }

    /// A delivery that is due now.
    pub(super) fn add(&self, id: u128, content: DeliveryContent) -> Uuid {
        let id = Uuid::from_u128(id);
        let status = Status::Due(self.clock.now());
        let row = Row {
            status,
            attempt: 0,
            failures: Vec::new(),
            epoch: 0,
            held_until: None,
            content,
        };
        self.rows().insert(id, row);
        id
    }

    pub(super) fn row(&self, id: Uuid) -> Row {
        self.rows()[&id].clone()
    }

    pub(super) fn all(&self, wanted: Status) -> bool {
        self.rows().values().all(|row| row.status == wanted)
    }

    /// Somebody else claims it, because its holder's lease has run out.
    pub(super) fn steal(&self, id: Uuid) {
        if let Some(row) = self.rows().get_mut(&id) {
            row.epoch += 1;
        }
    }

    /// An operator wants it tried again; `false` where it has arrived.
    pub(super) fn retry(&self, id: Uuid) -> bool {
        let now = self.clock.now();
        let mut rows = self.rows();
        let unsent = rows.get_mut(&id).filter(|row| row.status != Status::Sent);
        unsent
            .map(|row| {
                row.attempt = 0;
                row.status = Status::Due(now);
            })
            .is_some()
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<Uuid, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn later(&self, by: Duration) -> Time {
        self.clock.now() + TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX)
    }

    /// Changes the row if this epoch still holds it.
    fn fenced(&self, id: Uuid, epoch: i64, change: impl FnOnce(&mut Row)) -> bool {
        let mut rows = self.rows();
        let held = rows
            .get_mut(&id)
            .filter(|row| row.epoch == epoch && row.held_until.is_some());
        held.map(change).is_some()
    }
}

#[async_trait]
impl Deliveries for OutboxInMemory {
    async fn claim(
        &self,
        limit: usize,
        lease: Duration,
        full: &[String],
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let now = self.clock.now();
        let until = self.later(lease);
        let mut rows = self.rows();
        let free = rows.iter_mut().filter(|(_, row)| {
            matches!(row.status, Status::Due(at) if at <= now)
                && row.held_until.is_none_or(|until| until <= now)
                && !full.contains(&row.content.receiver())
        });
        let claimed = free.take(limit).map(|(id, row)| {
            row.epoch += 1;
            row.attempt += 1;
            row.held_until = Some(until);
            let case: Option<CaseRef> = None;
            ClaimedDelivery {
                id: *id,
                epoch: row.epoch,
                attempt: row.attempt,
                case,
                content: row.content.clone(),
            }
        });
        Ok(claimed.collect())
    }

    async fn renew(&self, id: Uuid, epoch: i64, lease: Duration) -> Result<bool, StoreError> {
        let until = self.later(lease);
        Ok(self.fenced(id, epoch, |row| row.held_until = Some(until)))
    }

    async fn release(&self, id: Uuid, epoch: i64) -> Result<bool, StoreError> {
        Ok(self.fenced(id, epoch, |row| {
            row.held_until = None;
            row.attempt -= 1;
        }))
    }

    async fn succeeded(&self, id: Uuid, epoch: i64, _answer: &str) -> Result<bool, StoreError> {
        Ok(self.fenced(id, epoch, |row| {
            row.held_until = None;
            row.status = Status::Sent;
        }))
    }

    async fn failed(&self, id: Uuid, epoch: i64, failure: &Failure) -> Result<bool, StoreError> {
        let status = match failure.next {
            Next::RetryAfter(wait) => Status::Due(self.later(wait)),
            Next::Dead => Status::Dead,
        };
        Ok(self.fenced(id, epoch, |row| {
            row.held_until = None;
            row.status = status;
            row.failures.push(failure.clone());
        }))
    }
}
