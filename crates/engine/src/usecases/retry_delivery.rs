//! Try a delivery again that was given up, or waits; and look again at what an incident tells of.

use countersign_core::{
    case::{CaseId, DeliveryId},
    command::Command,
};
use uuid::Uuid;

use crate::{
    Answered, Engine, Error, Manner, WebhookRecord,
    lane::Work,
    ports::{
        reader::IncidentRow,
        store::{Caller, CaseAddress},
    },
};

/// The group that keeps the service running.
pub const OPERATORS: &str = "operators";

impl Engine {
    /// Makes a delivery due now. Operators only.
    pub async fn retry_delivery(
        &self,
        caller: &Caller,
        manner: Manner,
        id: DeliveryId,
    ) -> Result<Answered, Error> {
        self.must_operate(caller)?;
        self.submit(caller.actor(), manner, Work::RetryDelivery(id))
            .await
    }

    /// Tries again what an incident is about: its delivery, its subscription, or what went wrong in its case. It is settled in the same
    /// commit if its cause is gone, and stays open otherwise. Operators only.
    pub async fn retry_incident(
        &self,
        caller: &Caller,
        manner: Manner,
        id: Uuid,
    ) -> Result<Answered, Error> {
        self.must_operate(caller)?;
        let known = self.reader.incident(id).await?.ok_or(Error::NotFound)?;
        let IncidentRow {
            case,
            incident,
            delivery,
            ..
        } = known;
        match (delivery, case) {
            (Some(delivery), _) => self.retry_delivery(caller, manner, delivery).await,
            (None, Some(case)) => {
                let address = CaseAddress::Id(CaseId(case.id));
                let command = Command::LookInto { incident };
                self.command(caller.actor(), manner, address, command, None, None)
                    .await
            }
            (None, None) => match WebhookRecord::of_hook(&incident.cause) {
                Some(webhook) => self.revive_webhook(caller, manner, webhook).await,
                None => Err(Error::NotFound),
            },
        }
    }

    /// Whether the caller is an operator; else not allowed.
    pub fn must_operate(&self, caller: &Caller) -> Result<(), Error> {
        match caller {
            Caller::Person(person) if person.is_in(OPERATORS) => Ok(()),
            Caller::Person(_) | Caller::Service { .. } => Err(Error::NotAllowed),
        }
    }
}
