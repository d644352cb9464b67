//! What operators look at: deliveries with their attempts, and incidents.

use crate::{
    Engine, Error,
    ports::{
        reader::{DeliveryQuery, DeliveryRow, IncidentRow, Page},
        store::Caller,
    },
};

impl Engine {
    /// Mails and hook calls, the newest first. Operators only.
    pub async fn deliveries(
        &self,
        caller: &Caller,
        query: &DeliveryQuery,
    ) -> Result<Page<DeliveryRow>, Error> {
        self.must_operate(caller)?;
        Ok(self.reader.deliveries(query).await?)
    }

    /// What needs an operator, the oldest first. Operators only.
    pub async fn incidents(
        &self,
        caller: &Caller,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Page<IncidentRow>, Error> {
        self.must_operate(caller)?;
        Ok(self.reader.incidents(cursor, limit).await?)
    }
}
