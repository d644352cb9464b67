//! What happens to one claimed delivery: its turn, its sending, and the record of the outcome.

use std::time::Duration;

use countersign_engine::ports::{
    StoreError,
    deliveries::{ClaimedDelivery, DeliveryContent, Failure, Next},
};
use tokio::time::Instant;

use super::{Shared, gates::Place};
use crate::{
    error::{SendError, Sent},
    hook::HookCall,
};

/// A transport takes no longer (45 s for mail, 20 s for hooks), and the outcome must be written besides.
const LONGEST_SENDING: Duration = Duration::from_secs(50);

/// Waits for the delivery's turn, sends it and records the outcome. Never fails: what cannot be recorded
/// is claimed again when the lease has run out.
pub(super) async fn see_to(
    shared: &Shared,
    delivery: ClaimedDelivery,
    place: Place,
    since: Instant,
) {
    let (id, epoch) = (delivery.id, delivery.epoch);
    let Some(turn) = place.turn().await else {
        record(
            &delivery,
            "handed back",
            shared.deliveries.release(id, epoch).await,
        );
        return;
    };
    // Whoever has waited long before the gate may hold the delivery no more.
    if since.elapsed() + LONGEST_SENDING > shared.limits.lease {
        let renewed = shared
            .deliveries
            .renew(id, epoch, shared.limits.lease)
            .await;
        if !record(&delivery, "held on to", renewed) {
            return;
        }
    }
    // Claimed more often than it may be tried: each time its sender died before it could say why.
    if delivery.attempt > shared.limits.backoff.attempts() {
        let error = "whoever sent it has died each time".to_owned();
        let failure = Failure {
            next: Next::Dead,
            error,
            transcript: String::new(),
        };
        record(
            &delivery,
            "given up",
            shared.deliveries.failed(id, epoch, &failure).await,
        );
        return;
    }
    let sent = sent(shared, &delivery).await;
    // The next may go while this one is recorded: many are then recorded in one commit.
    drop(turn);
    match sent {
        Ok(Sent { answer }) => {
            tracing::debug!(delivery = %id, attempt = delivery.attempt, "delivered");
            record(
                &delivery,
                "sent",
                shared.deliveries.succeeded(id, epoch, &answer).await,
            );
        }
        Err(error) => {
            let failure = what_follows(shared, delivery.attempt, error);
            tell(&delivery, &failure);
            record(
                &delivery,
                "failed",
                shared.deliveries.failed(id, epoch, &failure).await,
            );
        }
    }
}

/// Sends it; a panic on the way is a failure of this delivery alone.
async fn sent(shared: &Shared, delivery: &ClaimedDelivery) -> Result<Sent, SendError> {
    let now = shared.clock.now();
    let transports = shared.transports.clone();
    let ClaimedDelivery {
        id, case, content, ..
    } = delivery.clone();
    let sending = tokio::spawn(async move {
        match content {
            DeliveryContent::Mail(content) => {
                let mail = transports.writer.write(id, case.as_ref(), &content, now)?;
                transports.mail.send(&mail).await
            }
            DeliveryContent::Hook(content) => {
                let call = HookCall {
                    delivery: id,
                    hook: content.hook,
                    case,
                    body: content.body,
                    at: now,
                };
                transports.hooks.call(&call).await
            }
        }
    });
    match sending.await {
        Ok(outcome) => outcome,
        Err(_) => Err(SendError::temporary("the sender broke down")),
    }
}

fn what_follows(shared: &Shared, attempt: u32, error: SendError) -> Failure {
    match error {
        SendError::Temporary {
            error,
            transcript,
            retry_after,
        } => {
            let next = shared
                .limits
                .backoff
                .after(attempt, retry_after, rand::random());
            Failure {
                next,
                error,
                transcript,
            }
        }
        SendError::Permanent { error, transcript } => Failure {
            next: Next::Dead,
            error,
            transcript,
        },
    }
}

fn tell(delivery: &ClaimedDelivery, failure: &Failure) {
    let ClaimedDelivery { id, attempt, .. } = delivery;
    let error = &failure.error;
    match failure.next {
        Next::RetryAfter(wait) => {
            tracing::warn!(delivery = %id, attempt, error, ?wait, "a delivery failed");
        }
        Next::Dead => tracing::error!(delivery = %id, attempt, error, "a delivery is dead"),
    }
}

/// Whether the outcome was written, which it is not when somebody else holds the delivery by now.
fn record(delivery: &ClaimedDelivery, outcome: &str, written: Result<bool, StoreError>) -> bool {
    let id = delivery.id;
    match written {
        Ok(true) => true,
        Ok(false) => {
            tracing::warn!(delivery = %id, outcome, "the lease had run out; somebody else sees to it");
            false
        }
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(delivery = %id, outcome, error, "the outcome cannot be written; it will be sent again");
            false
        }
    }
}
