//! Tell how far a move of all cases of a version has come: whichever replica moves them, it stands in the store.

use chrono::TimeDelta;
use countersign_core::name::Name;
use uuid::Uuid;

use crate::{Engine, Error, ports::moves::MoveProgress};

/// A replica that has noted nothing for so long moves no more cases.
const SILENCE: TimeDelta = TimeDelta::minutes(2);

/// A move, and whether somebody still carries it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMove {
    /// How far it has come.
    pub progress: MoveProgress,
    /// Nobody has noted anything for minutes, and it is not over: its replica has ended.
    pub is_forsaken: bool,
}

/// A move that this replica has begun.
#[derive(Debug, Clone)]
pub struct OwnMove {
    workflow: Name,
    run: Uuid,
}

impl Engine {
    /// Begins to note a move of this workflow's cases; `None`: one is under way, here or on another replica.
    pub async fn begin_move(
        &self,
        workflow: &Name,
        progress: &MoveProgress,
    ) -> Result<Option<OwnMove>, Error> {
        let run = Uuid::now_v7();
        let forsaken = self.store.now().await? - SILENCE;
        let begun = self.store.begin_move(workflow, run, progress, forsaken);
        let own = OwnMove {
            workflow: workflow.clone(),
            run,
        };
        Ok(begun.await?.then_some(own))
    }

    /// Notes how far it has come; `false`: another one has begun meanwhile, for nothing was noted for minutes.
    pub async fn note_move(&self, own: &OwnMove, progress: &MoveProgress) -> Result<bool, Error> {
        let noted = self.store.note_move(&own.workflow, own.run, progress);
        Ok(noted.await?)
    }

    /// The last move of this workflow's cases.
    pub async fn last_move(&self, workflow: &Name) -> Result<Option<LastMove>, Error> {
        let Some(kept) = self.reader.last_move(workflow).await? else {
            return Ok(None);
        };
        let is_silent = kept.noted_at < self.store.now().await? - SILENCE;
        Ok(Some(LastMove {
            is_forsaken: is_silent && kept.progress.ended.is_none(),
            progress: kept.progress,
        }))
    }
}
