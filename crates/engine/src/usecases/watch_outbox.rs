//! What operators look at: deliveries with their attempts, and incidents; and try an incident again.

use countersign_core::{
    case::{Actor, CaseId, Channel},
    command::Command,
};
use uuid::Uuid;

use crate::{
    Engine, Error, Manner,
    ports::{
        reader::{DeliveryQuery, DeliveryRow, IncidentRow, Page},
        store::{Caller, CaseAddress},
    },
};

/// Incidents read by one statement.
const BLOCK: u32 = 200;

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

    /// Tries again what an incident is about: its delivery, or the ballot of its case. Operators only.
    pub async fn retry_incident(&self, caller: &Caller, id: Uuid) -> Result<IncidentRow, Error> {
        self.must_operate(caller)?;
        let incident = self.incident(id).await?;
        match (&incident.delivery, &incident.case) {
            (Some(delivery), _) => self.retry_delivery(caller, *delivery).await?,
            (None, Some(case)) => {
                let address = CaseAddress::Id(CaseId(case.id));
                let manner = Manner::plain(Channel::Api);
                self.command(
                    Actor::Machine,
                    manner,
                    address,
                    Command::Recount,
                    None,
                    None,
                )
                .await?;
            }
            (None, None) => {}
        }
        Ok(incident)
    }

    async fn incident(&self, id: Uuid) -> Result<IncidentRow, Error> {
        let mut cursor = None;
        loop {
            let page = self.reader.incidents(cursor, BLOCK).await?;
            if let Some(found) = page.items.into_iter().find(|incident| incident.id == id) {
                return Ok(found);
            }
            cursor = Some(page.next_cursor.ok_or(Error::NotFound)?);
        }
    }
}
