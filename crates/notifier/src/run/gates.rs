//! One gate for each receiver, so that a slow one holds up nobody else: few go through at a time, and
//! while many wait before one gate, no more are claimed for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

pub(super) struct Gates {
    inside: Arc<Inside>,
}

struct Inside {
    width: usize,
    gates: Mutex<HashMap<String, Gate>>,
    room: Notify,
}

struct Gate {
    passage: Arc<Semaphore>,
    /// Waiting before it or going through.
    crowd: usize,
}

/// A place before a gate; leaving it (by being dropped) makes room.
pub(super) struct Place {
    receiver: String,
    passage: Arc<Semaphore>,
    inside: Arc<Inside>,
}

impl Gates {
    /// `width` go through each gate at a time.
    pub(super) fn new(width: usize) -> Self {
        let inside = Inside {
            width: width.max(1),
            gates: Mutex::default(),
            room: Notify::new(),
        };
        Self {
            inside: Arc::new(inside),
        }
    }

    /// The receivers before whose gate a delivery would only wait.
    pub(super) fn full(&self) -> Vec<String> {
        let gates = self.inside.locked();
        let full = gates
            .iter()
            .filter(|(_, gate)| gate.crowd >= self.inside.crowded());
        full.map(|(receiver, _)| receiver.clone()).collect()
    }

    /// Returns when a gate that was full is so no more, or has ceased to be since the last call.
    pub(super) async fn room(&self) {
        self.inside.room.notified().await;
    }

    /// A place before the gate of this receiver.
    pub(super) fn enter(&self, receiver: &str) -> Place {
        let mut gates = self.inside.locked();
        let gate = gates.entry(receiver.to_owned()).or_insert_with(|| Gate {
            passage: Arc::new(Semaphore::new(self.inside.width)),
            crowd: 0,
        });
        gate.crowd += 1;
        Place {
            receiver: receiver.to_owned(),
            passage: Arc::clone(&gate.passage),
            inside: Arc::clone(&self.inside),
        }
    }

    /// Lets nobody through any more who has not yet gone.
    pub(super) fn close(&self) {
        for gate in self.inside.locked().values() {
            gate.passage.close();
        }
    }
}

impl Place {
    /// Waits for one's turn; `None` when the gate has been closed.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.passage).acquire_owned().await.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut gates = self.inside.locked();
        if let Some(gate) = gates.get_mut(&self.receiver) {
            gate.crowd -= 1;
            if gate.crowd + 1 == self.inside.crowded() {
                self.inside.room.notify_one();
            }
            // Whoever is last takes the gate away: receivers come and go.
            if gate.crowd == 0 {
                gates.remove(&self.receiver);
            }
        }
    }
}

impl Inside {
    /// Twice as many as go through: while one is sent, the next stands ready.
    fn crowded(&self) -> usize {
        2 * self.width
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Gate>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn few_go_through_at_once_and_a_crowd_is_full() {
        let gates = Gates::new(2);
        let places: Vec<Place> = (0..4).map(|_| gates.enter("hook:slow")).collect();
        let other = gates.enter("mail");
        let first = places[0].turn().await;
        let second = places[1].turn().await;
        assert!(first.is_some() && second.is_some());
        assert_eq!(places[2].passage.available_permits(), 0);
        assert!(
            other.turn().await.is_some(),
            "another receiver goes through"
        );
        assert_eq!(gates.full(), ["hook:slow"]);
        drop(second);
        assert!(places[2].turn().await.is_some());
        drop(places);
        gates.room().await;
        assert!(gates.full().is_empty());
        gates.close();
        assert!(other.turn().await.is_none());
    }
}
