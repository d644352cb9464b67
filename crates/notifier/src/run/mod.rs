//! The loop: claims due deliveries, sends them side by side, and records what became of each. Stateless
//! beside its claims: it may be killed at any moment, and whatever it held is claimed again.

mod gates;
mod sending;

#[cfg(test)]
mod outbox_in_memory;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc, time::Duration};

use countersign_engine::ports::{Clock, Deliveries, StoreError, deliveries::ClaimedDelivery};
use tokio::{
    sync::{Mutex, Notify, watch},
    time::{Instant, timeout},
};

use crate::{hook::HookTransport, mail::MailWriter, retry::Backoff, transport::MailTransport};
use gates::Gates;

/// Hints are only hints; this is how soon a delivery is found without one.
const POLL: Duration = Duration::from_secs(1);
/// How long a stop waits for what is being sent.
const FAREWELL: Duration = Duration::from_secs(20);

/// How mails and hook calls leave.
#[derive(Clone)]
pub struct Transports {
    /// Writes mails.
    pub writer: MailWriter,
    /// Sends them.
    pub mail: Arc<dyn MailTransport>,
    /// Calls hooks.
    pub hooks: Arc<dyn HookTransport>,
}

/// How much is done at once, and how long things may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Deliveries claimed at once.
    pub block: usize,
    /// Deliveries held at once.
    pub held: usize,
    /// Deliveries sent at once to one receiver: the mail relay, or one hook.
    pub per_receiver: usize,
    /// How long a claim holds. Longer than any transport takes to send.
    pub lease: Duration,
    /// When a failed delivery is tried again.
    pub backoff: Backoff,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            block: 128,
            held: 256,
            per_receiver: 4,
            lease: Duration::from_mins(1),
            backoff: Backoff::default(),
        }
    }
}

/// Sends what waits in the outbox. Cheap to clone; all clones share their claims.
#[derive(Clone)]
pub struct Notifier {
    shared: Arc<Shared>,
}

struct Shared {
    deliveries: Arc<dyn Deliveries>,
    transports: Transports,
    clock: Arc<dyn Clock>,
    limits: Limits,
    gates: Gates,
    hint: Arc<Notify>,
    /// Held while claiming, so that whoever waits for idleness sees what is being claimed.
    claiming: Mutex<()>,
    /// Deliveries claimed and not yet recorded.
    held: watch::Sender<usize>,
}

impl Notifier {
    /// Sends from this outbox. `hint` is woken by whoever commits a delivery; without it they are found
    /// within a second.
    pub fn new(
        deliveries: Arc<dyn Deliveries>,
        transports: Transports,
        clock: Arc<dyn Clock>,
        hint: Arc<Notify>,
        limits: Limits,
    ) -> Self {
        let gates = Gates::new(limits.per_receiver);
        let (claiming, held) = (Mutex::new(()), watch::Sender::new(0));
        Self {
            shared: Arc::new(Shared {
                deliveries,
                transports,
                clock,
                limits,
                gates,
                hint,
                claiming,
                held,
            }),
        }
    }

    /// Sends until `shutdown` is ready. What is being sent then is waited for, at most 20 seconds; what
    /// was claimed and not begun is handed back.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        let shared = &self.shared;
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            match shared.claim_block().await {
                // There may be more, and there may be room for it.
                Ok(Claimed { begun, .. }) if begun == shared.limits.block => {}
                claimed => {
                    if let Err(error) = claimed {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(error, "deliveries cannot be claimed");
                    }
                    tokio::select! {
                        () = &mut shutdown => break,
                        () = shared.hint.notified() => {}
                        () = shared.gates.room() => {}
                        () = tokio::time::sleep(POLL) => {}
                    }
                }
            }
        }
        shared.gates.close();
        if timeout(FAREWELL, self.nothing_held()).await.is_err() {
            tracing::warn!("stopped while deliveries were being sent; they will be sent again");
        }
    }

    /// Sends everything that is due now, and whatever becomes due by that, and returns when nothing is
    /// left; also waits for what [`run`](Self::run) is sending meanwhile. For `demo` and tests.
    pub async fn drain(&self) -> Result<(), StoreError> {
        loop {
            let claimed = self.shared.claim_block().await?;
            self.nothing_held().await;
            if claimed.begun == 0 && claimed.idle {
                return Ok(());
            }
        }
    }

    async fn nothing_held(&self) {
        let mut held = self.shared.held.subscribe();
        // The sender lives as long as we do.
        let _ = held.wait_for(|held| *held == 0).await;
    }
}

struct Claimed {
    begun: usize,
    /// Whether nothing was held when the claim was made.
    idle: bool,
}

impl Shared {
    /// Claims what there is room for, and begins to send it.
    async fn claim_block(self: &Arc<Self>) -> Result<Claimed, StoreError> {
        let _claiming = self.claiming.lock().await;
        let held = *self.held.borrow();
        let room = self.limits.held.saturating_sub(held).min(self.limits.block);
        let idle = held == 0;
        if room == 0 {
            return Ok(Claimed { begun: 0, idle });
        }
        let since = Instant::now();
        let claimed = self
            .deliveries
            .claim(room, self.limits.lease, &self.gates.full())
            .await?;
        let begun = claimed.len();
        self.held.send_modify(|held| *held += begun);
        for delivery in claimed {
            self.begin(delivery, since);
        }
        Ok(Claimed { begun, idle })
    }

    fn begin(self: &Arc<Self>, delivery: ClaimedDelivery, since: Instant) {
        let place = self.gates.enter(&delivery.content.receiver());
        let held = Held(Arc::clone(self));
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            sending::see_to(&shared, delivery, place, since).await;
            drop(held);
        });
    }
}

/// Counts a delivery as held until dropped, whatever happens meanwhile.
struct Held(Arc<Shared>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.held.send_modify(|held| *held -= 1);
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Notifier")
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}
