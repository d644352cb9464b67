//! Moving all cases of a version: it goes on by itself once it was begun, page by page, and notes in the store how far it has
//! come, so that every replica tells the same and none begins a second one beside it. A move whose replica has ended is begun
//! again and finds those left.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{command::Patch, migration::Verdict, name::Name};
use countersign_engine::{
    Error, HowMoved, Move, OwnMove,
    ports::{moves::MoveProgress, store::Caller},
};

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
        match begin(&state, &caller, &wanted.from.id.clone(), wanted).await {
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

/// Begins in a task of its own, which nobody's leaving stops; `false` where one is under way, on whatever replica.
async fn begin(
    state: &WebState,
    caller: &Caller,
    workflow: &Name,
    wanted: Move,
) -> Result<bool, Error> {
    let running = state.engine.running_by_version(caller, workflow).await?;
    let from = wanted.from.version;
    let progress = MoveProgress {
        from,
        to: wanted.to.version,
        total: running.get(&from).copied().unwrap_or_default(),
        looked: 0,
        moved: 0,
        left: 0,
        refused: 0,
        ended: None,
        stopped: None,
    };
    let Some(own) = state.engine.begin_move(workflow, &progress).await? else {
        return Ok(false);
    };
    let (state, caller) = (state.clone(), caller.clone());
    tokio::spawn(async move {
        let mut progress = progress;
        let stopped = move_all(&state, &caller, &own, wanted, &mut progress).await;
        let stopped = stopped.err();
        if let Some(error) = &stopped {
            tracing::warn!(%error, "moving cases to another version has stopped");
        }
        progress.ended = Some(state.engine.now());
        progress.stopped = stopped.map(|error| error.to_string());
        if let Err(error) = state.engine.note_move(&own, &progress).await {
            tracing::warn!(%error, "that a move of cases is over could not be noted");
        }
    });
    Ok(true)
}

async fn move_all(
    state: &WebState,
    caller: &Caller,
    own: &OwnMove,
    mut wanted: Move,
    progress: &mut MoveProgress,
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
        progress.looked += looked;
        progress.moved += good;
        progress.refused += bad;
        progress.left += looked - good - bad;
        let is_ours = state.engine.note_move(own, progress).await?;
        if !is_ours || state.stopping.is_cancelled() {
            return Err(Error::Overloaded);
        }
        match next {
            Some(next) => wanted.cursor = Some(next),
            None => return Ok(()),
        }
    }
}
