//! Calls of subscriptions to events: their address is looked up at each attempt and judged anew, and it is told how they
//! fare. Calls of a workflow's hooks go on as they are.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::{Attempted, Engine, WebhookRecord};

use super::{Endpoint, HookCall, HookTransport, HttpHooks};
use crate::error::{SendError, Sent};

/// Posts to subscriptions, and hands every other call on.
pub struct Subscribed {
    engine: Arc<Engine>,
    http: HttpHooks,
    others: Arc<dyn HookTransport>,
    allow_private_addresses: bool,
}

impl Subscribed {
    /// `others` calls the hooks of workflows.
    pub fn new(
        engine: Arc<Engine>,
        others: Arc<dyn HookTransport>,
        allow_private_addresses: bool,
    ) -> Result<Self, crate::Error> {
        let http = HttpHooks::new(std::collections::BTreeMap::new(), allow_private_addresses)?;
        Ok(Self {
            engine,
            http,
            others,
            allow_private_addresses,
        })
    }

    async fn post(&self, id: uuid::Uuid, call: &HookCall) -> Result<Sent, SendError> {
        let target = self.engine.webhook_target(id).await;
        let target = target.map_err(|error| SendError::temporary(error.to_string()))?;
        let Some(target) = target else {
            return Err(SendError::permanent("the subscription is disabled"));
        };
        let record = &target.record;
        let allow = self.allow_private_addresses;
        let endpoint = Endpoint::new(&call.hook, &record.url, &target.secrets, allow);
        let (posted, outcome) = match endpoint {
            Ok(endpoint) => {
                let posted = self.http.post(&endpoint, call).await;
                let outcome = match &posted {
                    Ok(_) => Attempted::Arrived,
                    Err(SendError::Permanent { .. }) => Attempted::Unwanted,
                    Err(SendError::Temporary { .. }) => Attempted::Failed,
                };
                (posted, outcome)
            }
            Err(error) => {
                let refused = SendError::permanent(error.to_string());
                (Err(refused), Attempted::NotAllowed)
            }
        };
        if let Err(error) = self.engine.webhook_attempted(record, outcome).await {
            tracing::warn!(%error, webhook = %record.id, "it cannot be kept how a subscription fares");
        }
        posted
    }
}

#[async_trait]
impl HookTransport for Subscribed {
    async fn call(&self, call: &HookCall) -> Result<Sent, SendError> {
        match WebhookRecord::of_hook(&call.hook) {
            Some(id) => self.post(id, call).await,
            None => self.others.call(call).await,
        }
    }
}
