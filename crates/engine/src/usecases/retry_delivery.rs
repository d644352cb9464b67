//! Try a delivery again that was given up, or waits.

use countersign_core::case::DeliveryId;

use crate::{Engine, Error, ports::store::Caller};

/// The group that keeps the service running.
pub const OPERATORS: &str = "operators";

impl Engine {
    /// Makes a delivery due now. Operators only.
    pub async fn retry_delivery(&self, caller: &Caller, id: DeliveryId) -> Result<(), Error> {
        self.must_operate(caller)?;
        // A task of its own: the request's future may be dropped, the transaction may not.
        let deliveries = self.deliveries.clone();
        let retried = tokio::spawn(async move { deliveries.retry(id.0).await })
            .await
            .map_err(|error| Error::Defect(error.to_string()))??;
        self.hints().deliveries.notify_one();
        if retried {
            Ok(())
        } else {
            Err(Error::NotFound)
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
