//! Hook calls: signed requests to addresses that operators give, or calls answered by the product itself.

mod addresses;
mod http;
mod local;
mod signing;
mod subscribed;

pub use addresses::is_public_address;
pub use http::{Endpoint, HttpHooks};
pub use local::{AnswerHooks, LocalHooks};
pub use signing::SigningKeys;
pub use subscribed::Subscribed;

use async_trait::async_trait;
use countersign_engine::ports::{Time, deliveries::CaseRef};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{SendError, Sent};

/// One call of a hook.
#[derive(Debug, Clone, PartialEq)]
pub struct HookCall {
    /// Becomes the `webhook-id`; an answer names it as its `delivery`.
    pub delivery: Uuid,
    /// The hook's name.
    pub hook: String,
    /// The case that calls.
    pub case: Option<CaseRef>,
    /// `{ type, timestamp, data }`, the same at each attempt.
    pub body: Value,
    /// When this attempt is made.
    pub at: Time,
}

impl HookCall {
    /// The partner whose case calls, as the body tells.
    pub fn partner(&self) -> Option<&str> {
        self.body.pointer("/data/case/partner")?.as_str()
    }
}

/// A way that hooks are called.
#[async_trait]
pub trait HookTransport: Send + Sync {
    /// Calls the hook, or says why not and whether trying again may help. Takes at most 20 seconds, so
    /// that it ends within the lease.
    async fn call(&self, call: &HookCall) -> Result<Sent, SendError>;
}
