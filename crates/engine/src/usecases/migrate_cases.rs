//! Move the cases of a version to a newer one, page by page: each with a verdict beforehand and an outcome of its own, and
//! back again those that nothing has followed on.

use std::sync::Arc;

use countersign_core::{
    case::Actor,
    command::{Command, Patch},
    migration::{Assessment, Verdict},
    workflow::Workflow,
};
use futures::future::join_all;

use crate::{
    Answered, Engine, Error, Manner,
    ports::{
        reader::{CaseOrder, CaseQuery, CaseRow},
        store::{Caller, CaseAddress},
    },
};

/// Which cases go where, and why.
#[derive(Debug, Clone)]
pub struct Move {
    /// The version that they are of, or are to be of again.
    pub from: Arc<Workflow>,
    /// The newer one.
    pub to: Arc<Workflow>,
    /// Values that the newer version asks for, for each of them.
    pub data: Patch,
    /// Goes into each history.
    pub reason: String,
    /// What is done.
    pub how: HowMoved,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many are looked at, at most (1 to 200).
    pub limit: u32,
}

/// What is done with the cases of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMoved {
    /// Nothing: it is only said what would come of it.
    Dry,
    /// Those are moved whose verdict is no worse than this.
    UpTo(Verdict),
    /// Those go back that nothing has followed on.
    Back,
}

/// What became of one case.
#[derive(Debug)]
pub struct Moved {
    /// The case as it was in the list.
    pub case: CaseRow,
    /// The verdict; none for those that go back.
    pub assessment: Option<Result<Assessment, Error>>,
    /// What was committed or refused; none for those that were left alone.
    pub outcome: Option<Result<Answered, Error>>,
}

impl Engine {
    /// The workflow of this name in this version, or the newest.
    pub fn workflow_version(
        &self,
        name: &str,
        version: Option<u32>,
    ) -> Result<Arc<Workflow>, Error> {
        let newest = self.workflow(name)?;
        let Some(version) = version else {
            return Ok(newest);
        };
        let found = self.registry.get(&newest.id, version);
        found.ok_or(Error::NotFound)
    }

    /// Looks at a page of cases, the oldest first, and moves them. `manner` says how a case's request came. Gives where
    /// the next page begins.
    pub async fn move_cases(
        &self,
        caller: &Caller,
        actor: &Actor,
        wanted: &Move,
        manner: &(dyn Fn(&CaseRow) -> Manner + Send + Sync),
    ) -> Result<(Vec<Moved>, Option<String>), Error> {
        let of = match wanted.how {
            HowMoved::Dry | HowMoved::UpTo(_) => &wanted.from,
            HowMoved::Back => &wanted.to,
        };
        let query = CaseQuery {
            workflow: Some(of.id.clone()),
            running_version: Some(of.version),
            sort: CaseOrder::Oldest,
            cursor: wanted.cursor.clone(),
            limit: wanted.limit,
            ..CaseQuery::default()
        };
        let page = self.cases(caller, &query).await?;
        let rows = page.items.into_iter();
        let moved = rows.map(|case| self.move_one(actor, wanted, case, manner));
        let moved = join_all(moved).await.into_iter().flatten().collect();
        Ok((moved, page.next_cursor))
    }

    /// `None` for a case that there is nothing to take back of.
    async fn move_one(
        &self,
        actor: &Actor,
        wanted: &Move,
        case: CaseRow,
        manner: &(dyn Fn(&CaseRow) -> Manner + Send + Sync),
    ) -> Option<Moved> {
        let address = CaseAddress::Id(case.id);
        let Move { to, data, .. } = wanted;
        let mut assessment = None;
        let command = match wanted.how {
            HowMoved::Back => match self.reader.case(&address).await {
                Ok(Some(now)) => {
                    let before = now
                        .migrated
                        .as_ref()
                        .map(|migrated| migrated.before.version);
                    (before == Some(wanted.from.version)).then(|| Command::UndoMigration {
                        to: wanted.from.clone(),
                        reason: wanted.reason.clone(),
                    })?
                }
                Ok(None) => return None,
                Err(error) => {
                    return Some(Moved {
                        case,
                        assessment: None,
                        outcome: Some(Err(error.into())),
                    });
                }
            },
            HowMoved::Dry | HowMoved::UpTo(_) => {
                let assessed = self.assess_migration(actor, &address, Some(to.version), data);
                let assessed = assessed.await.map(|(_, assessment)| assessment);
                let goes = match (&assessed, wanted.how) {
                    (Ok(assessed), HowMoved::UpTo(worst)) => assessed.verdict() <= worst,
                    _ => false,
                };
                assessment = Some(assessed);
                if !goes {
                    return Some(Moved {
                        case,
                        assessment,
                        outcome: None,
                    });
                }
                Command::Migrate {
                    to: to.clone(),
                    data: data.clone(),
                    reason: wanted.reason.clone(),
                }
            }
        };
        let manner = manner(&case);
        let outcome = self.command(actor.clone(), manner, address, command, None, None);
        let outcome = Some(outcome.await);
        Some(Moved {
            case,
            assessment,
            outcome,
        })
    }
}
