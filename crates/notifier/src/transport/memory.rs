//! Mails kept in memory: the mailbox of `demo` and of tests. Bounded: the oldest is forgotten first.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use uuid::Uuid;

use super::MailTransport;
use crate::{
    error::{SendError, Sent},
    mail::{OutgoingMail, RenderedMail},
};

/// Some five megabytes.
const DEFAULT_CAPACITY: usize = 1_000;

/// A mailbox for everybody.
#[derive(Debug)]
pub struct Memory {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Newest first.
    mails: VecDeque<RenderedMail>,
    /// Their deliveries.
    ids: HashSet<Uuid>,
}

impl Memory {
    /// Holds this many mails, and at least one.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            kept: Mutex::default(),
        }
    }

    /// The mails, newest first; only those to this address, where one is given.
    pub fn mails(&self, to: Option<&str>) -> Vec<RenderedMail> {
        let wanted =
            |mail: &&RenderedMail| to.is_none_or(|to| mail.to.eq_ignore_ascii_case(to.trim()));
        self.locked().mails.iter().filter(wanted).cloned().collect()
    }

    fn locked(&self) -> MutexGuard<'_, Kept> {
        // Nothing that is done while it is locked can panic half way.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY)
    }
}

#[async_trait]
impl MailTransport for Memory {
    async fn send(&self, mail: &OutgoingMail) -> Result<Sent, SendError> {
        let mut kept = self.locked();
        // Sent again after a lost lease: a mail program would show one, by its Message-ID.
        if kept.ids.insert(mail.rendered.id) {
            kept.mails.push_front(mail.rendered.clone());
            if kept.mails.len() > self.capacity
                && let Some(oldest) = kept.mails.pop_back()
            {
                kept.ids.remove(&oldest.id);
            }
        }
        Ok(Sent {
            answer: "kept in memory".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::{super::sample::mail, *};

    #[tokio::test]
    async fn each_mail_is_kept_once_and_the_oldest_is_forgotten_first() {
        let memory = Memory::new(2);
        let kept = || -> Vec<u128> {
            let mails = memory.mails(Some("B@acme.example"));
            mails.iter().map(|mail| mail.id.as_u128()).collect()
        };
        for id in [1, 2, 1] {
            memory.send(&mail(Uuid::from_u128(id))).await.unwrap();
        }
        assert_eq!(kept(), [2, 1]);
        memory.send(&mail(Uuid::from_u128(3))).await.unwrap();
        assert_eq!(kept(), [3, 2]);
        // What was forgotten is new again.
        memory.send(&mail(Uuid::from_u128(1))).await.unwrap();
        assert_eq!(kept(), [1, 3]);
        assert!(memory.mails(Some("c@acme.example")).is_empty());
    }
}
