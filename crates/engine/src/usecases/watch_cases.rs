//! What operators look at: how many cases stand where, and what will fire next.

use std::collections::BTreeMap;

use countersign_core::case::{Case, CaseId};

use crate::{
    Engine, Error,
    ports::{
        reader::{Page, StandingRow, TimerRow},
        store::{Caller, CaseAddress},
    },
};

/// The next timer of a case, and the case that it belongs to.
#[derive(Debug)]
pub struct DueCase {
    /// What the list has of it.
    pub row: TimerRow,
    /// The case as it is; `None` if it is gone since.
    pub case: Option<Case>,
}

impl Engine {
    /// How many cases that have not ended stand in each state of each version. Operators only.
    pub async fn standing(&self, caller: &Caller) -> Result<Vec<StandingRow>, Error> {
        self.must_operate(caller)?;
        Ok(self.reader.standing(self.now()).await?)
    }

    /// How many cases run on each version of the workflow of this name. Operators only.
    pub async fn running_by_version(
        &self,
        caller: &Caller,
        workflow: &str,
    ) -> Result<BTreeMap<u32, u64>, Error> {
        let mut running = BTreeMap::new();
        for row in self.standing(caller).await? {
            if row.workflow == *workflow {
                *running.entry(row.version).or_default() += row.cases;
            }
        }
        Ok(running)
    }

    /// Cases that have a timer, the next to fire first. Operators only.
    pub async fn timers(
        &self,
        caller: &Caller,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Page<DueCase>, Error> {
        self.must_operate(caller)?;
        let page = self.reader.timers(cursor, limit).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let case = self.case_of(row.case.id).await?;
            items.push(DueCase { row, case });
        }
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
        })
    }

    async fn case_of(&self, id: CaseId) -> Result<Option<Case>, Error> {
        Ok(self.reader.case(&CaseAddress::Id(id)).await?)
    }
}
