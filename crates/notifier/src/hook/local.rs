//! Hooks answered by the product itself: in `demo` nothing outside is called.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use super::{HookCall, HookTransport};
use crate::error::{SendError, Sent};

const KEPT: usize = 1_000;

/// Plays the systems behind the hooks. It may act on the case that called: a step is long committed
/// when its hook is called.
#[async_trait]
pub trait AnswerHooks: Send + Sync {
    /// Takes the call; an error is treated as if a real hook had given it.
    async fn answer(&self, call: &HookCall) -> Result<Sent, SendError>;
}

/// Records every call, and has it answered by whoever plays the other side.
#[derive(Default)]
pub struct LocalHooks {
    /// Newest last.
    calls: Mutex<VecDeque<HookCall>>,
    answers: Option<Arc<dyn AnswerHooks>>,
}

impl LocalHooks {
    /// Calls are recorded, and taken by nobody.
    pub fn recording() -> Self {
        Self::default()
    }

    /// Calls are recorded, and then answered.
    pub fn answered_by(answers: Arc<dyn AnswerHooks>) -> Self {
        Self {
            calls: Mutex::default(),
            answers: Some(answers),
        }
    }

    /// The calls so far, oldest first, at most the last 1,000.
    pub fn calls(&self) -> Vec<HookCall> {
        self.locked().iter().cloned().collect()
    }

    fn locked(&self) -> MutexGuard<'_, VecDeque<HookCall>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl HookTransport for LocalHooks {
    async fn call(&self, call: &HookCall) -> Result<Sent, SendError> {
        {
            let mut calls = self.locked();
            if calls.len() == KEPT {
                calls.pop_front();
            }
            calls.push_back(call.clone());
        }
        match &self.answers {
            Some(answers) => answers.answer(call).await,
            None => Ok(Sent {
                answer: "recorded".to_owned(),
            }),
        }
    }
}
