//! Moving all cases of a version: it goes on by itself once it was begun, page by page, and tells how far it has come. How
//! far is kept in memory by the replica that does it; a move that was cut short is begun again and finds those left.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{command::Patch, migration::Verdict, time::Time};
use countersign_engine::{Error, HowMoved, Move, ports::store::Caller};

use super::{
    frame::{Operator, manner, sender},
    versions,
};
use crate::{
    WebState,
    door::{Posted, SignedIn},
    page::{say, trouble},
};

/// Cases that are looked at in one go.
const AT_ONCE: u32 = 200;

/// How far a move has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The version that cases leave.
    pub from: u32,
    /// The one that they go to.
    pub to: u32,
    /// How many there were at the beginning.
    pub total: u64,
    /// How many were looked at.
    pub looked: u64,
    /// How many were moved.
    pub moved: u64,
    /// How many were left for their verdict.
    pub left: u64,
    /// How many were refused all the same.
    pub refused: u64,
    /// Since when it is over.
    pub ended: Option<Time>,
    /// Why it did not come to its end.
    pub stopped: Option<String>,
}

/// The last move of each workflow.
#[derive(Debug, Clone, Default)]
pub struct Batches(Arc<Mutex<BTreeMap<String, Progress>>>);

impl Batches {
    /// Of this workflow.
    pub fn of(&self, workflow: &str) -> Option<Progress> {
        self.all().get(workflow).cloned()
    }

    /// `false` where one is under way.
    fn begin(&self, workflow: &str, progress: Progress) -> bool {
        let mut all = self.all();
        if all.get(workflow).is_some_and(|last| last.ended.is_none()) {
            return false;
        }
        all.insert(workflow.to_owned(), progress);
        true
    }

    fn note(&self, workflow: &str, change: impl FnOnce(&mut Progress)) {
        if let Some(progress) = self.all().get_mut(workflow) {
            change(progress);
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `POST /operate/versions/{workflow}/move`.
pub async fn start(
    State(state): State<WebState>,
    Path(workflow): Path<String>,
    posted: Posted,
) -> Response {
    let caller = match sender(&state, &posted) {
        Ok(caller) => caller,
        Err(error) => return trouble(&posted.visitor, &error),
    };
    let number = |name| posted.fields.text(name)?.parse::<u32>().ok();
    let Some((from, to)) = number("from").zip(number("to")) else {
        return trouble(&posted.visitor, &Error::NotFound);
    };
    let wanted = match wanted(&state, &workflow, (from, to), &posted) {
        Ok(wanted) => wanted,
        Err(error) => return trouble(&posted.visitor, &error),
    };
    let language = posted.visitor.language;
    let why = if wanted.reason.is_empty() {
        Some(say(language, "Say why.", "请说明原因。"))
    } else {
        match begin(&state, &caller, &workflow, wanted).await {
            Ok(true) => None,
            Ok(false) => Some(say(
                language,
                "Cases of this workflow are being moved already.",
                "该流程已有迁移正在进行。",
            )),
            Err(error) => return trouble(&posted.visitor, &error),
        }
    };
    match (why, posted.visitor.person.clone()) {
        (Some(why), Some(person)) => {
            let operator = Operator {
                language,
                reader: SignedIn {
                    visitor: posted.visitor,
                    person,
                },
            };
            versions::not_begun(&state, &operator, &workflow, (from, to), why).await
        }
        (None, _) | (_, None) => {
            Redirect::to(&format!("/operate/versions/{workflow}")).into_response()
        }
    }
}

fn wanted(
    state: &WebState,
    workflow: &str,
    (from, to): (u32, u32),
    posted: &Posted,
) -> Result<Move, Error> {
    if from >= to {
        return Err(Error::NotFound);
    }
    let version = |version| state.engine.workflow_version(workflow, Some(version));
    let worst = match posted.fields.text("only_safe") {
        Some(_) => Verdict::Safe,
        None => Verdict::SafeWithDefault,
    };
    Ok(Move {
        from: version(from)?,
        to: version(to)?,
        data: Patch::default(),
        reason: posted.fields.text("reason").unwrap_or_default().to_owned(),
        how: HowMoved::UpTo(worst),
        cursor: None,
        limit: AT_ONCE,
    })
}

/// Begins in a task of its own, which nobody's leaving stops; `false` where one is under way.
async fn begin(
    state: &WebState,
    caller: &Caller,
    workflow: &str,
    wanted: Move,
) -> Result<bool, Error> {
    let running = state.engine.running_by_version(caller, workflow).await?;
    let progress = Progress {
        from: wanted.from.version,
        to: wanted.to.version,
        total: running
            .get(&wanted.from.version)
            .copied()
            .unwrap_or_default(),
        looked: 0,
        moved: 0,
        left: 0,
        refused: 0,
        ended: None,
        stopped: None,
    };
    if !state.batches.begin(workflow, progress) {
        return Ok(false);
    }
    let (state, caller, workflow) = (state.clone(), caller.clone(), workflow.to_owned());
    tokio::spawn(async move {
        let stopped = move_all(&state, &caller, &workflow, wanted).await.err();
        if let Some(error) = &stopped {
            tracing::warn!(%error, workflow, "moving cases to another version has stopped");
        }
        let now = state.engine.now();
        state.batches.note(&workflow, |progress| {
            progress.ended = Some(now);
            progress.stopped = stopped.map(|error| error.to_string());
        });
    });
    Ok(true)
}

async fn move_all(
    state: &WebState,
    caller: &Caller,
    workflow: &str,
    mut wanted: Move,
) -> Result<(), Error> {
    let actor = caller.actor();
    loop {
        let moving = state
            .engine
            .move_cases(caller, &actor, &wanted, &|_| manner());
        let (moved, next) = moving.await?;
        let count = |which: fn(&countersign_engine::Moved) -> bool| {
            moved.iter().filter(|moved| which(moved)).count() as u64
        };
        let looked = moved.len() as u64;
        let good = count(|moved| matches!(moved.outcome, Some(Ok(_))));
        let bad = count(|moved| matches!(moved.outcome, Some(Err(_))));
        state.batches.note(workflow, |progress| {
            progress.looked += looked;
            progress.moved += good;
            progress.refused += bad;
            progress.left += looked - good - bad;
        });
        if state.stopping.is_cancelled() {
            return Err(Error::Overloaded);
        }
        match next {
            Some(next) => wanted.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_move_of_a_workflow_at_a_time() {
        let batches = Batches::default();
        let progress = Progress {
            from: 1,
            to: 2,
            total: 3,
            looked: 0,
            moved: 0,
            left: 0,
            refused: 0,
            ended: None,
            stopped: None,
        };
        assert!(batches.begin("deal", progress.clone()));
        assert!(!batches.begin("deal", progress.clone()));
        assert!(batches.begin("payment", progress.clone()));
        batches.note("deal", |progress| progress.ended = Some(Time::default()));
        assert!(batches.begin("deal", progress));
    }
}
