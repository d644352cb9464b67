//! Mails kept in memory: the mailbox of `demo` and of tests. Bounded: the oldest is forgotten first.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::MailTransport;
use crate::{
    error::{SendError, Sent},
    mail::{OutgoingMail, RenderedMail},
};

const DEFAULT_CAPACITY: usize = 1_000;

/// A mailbox for everybody.
#[derive(Debug)]
pub struct Memory {
    capacity: usize,
    /// Newest first.
    mails: Mutex<VecDeque<RenderedMail>>,
}

impl Memory {
    /// Holds this many mails, and at least one.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            mails: Mutex::default(),
        }
    }

    /// The mails, newest first; only those to this address, where one is given.
    pub fn mails(&self, to: Option<&str>) -> Vec<RenderedMail> {
        let wanted =
            |mail: &&RenderedMail| to.is_none_or(|to| mail.to.eq_ignore_ascii_case(to.trim()));
        self.locked().iter().filter(wanted).cloned().collect()
    }

    fn locked(&self) -> MutexGuard<'_, VecDeque<RenderedMail>> {
        // A panic elsewhere cannot leave the list half changed.
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut mails = self.locked();
        // Sent again after a lost lease: a mail program would show one, by its Message-ID.
        if !mails.iter().any(|kept| kept.id == mail.rendered.id) {
            mails.push_front(mail.rendered.clone());
            mails.truncate(self.capacity);
        }
        Ok(Sent {
            answer: "kept in memory".to_owned(),
        })
    }
}
