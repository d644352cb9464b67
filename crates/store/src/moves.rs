//! How far a move of all cases of a version has come: begun where none is under way, noted, and read by any replica.

use countersign_core::name::Name;
use countersign_engine::ports::{
    StoreError, Time,
    moves::{KeptMove, MoveProgress},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    error::failed,
    rows::{get, get_json, json, millis, time},
    statements::moves as sql,
    writer::{Open, Writer},
};

const ATTEMPTED: &str = "note how far a move of cases has come";

/// The last move of this workflow.
pub async fn last(on: &impl ConnectionTrait, workflow: &Name) -> Result<Option<KeptMove>, DbErr> {
    let row = sql::LAST.one(on, [workflow.as_str().into()]).await?;
    row.map(|row| {
        Ok(KeptMove {
            progress: get_json(&row, 0)?,
            noted_at: time(get(&row, 1)?),
        })
    })
    .transpose()
}

/// Begins one, where none is under way or that one was not noted since `forsaken`.
pub async fn begin(
    writer: &Writer,
    now: Time,
    workflow: &Name,
    run: Uuid,
    progress: &MoveProgress,
    forsaken: Time,
) -> Result<bool, StoreError> {
    let open = writer.begin().await.map_err(failed(ATTEMPTED))?;
    let begun = async {
        let values = [
            workflow.as_str().into(),
            run.into(),
            json(progress)?.into(),
            millis(now).into(),
            millis(forsaken).into(),
        ];
        sql::BEGIN.run(open.on(), values).await
    };
    let begun = begun.await;
    finish(open, begun).await
}

/// Notes how far it has come; `false`: another one has begun since.
pub async fn note(
    writer: &Writer,
    now: Time,
    workflow: &Name,
    run: Uuid,
    progress: &MoveProgress,
) -> Result<bool, StoreError> {
    let open = writer.begin().await.map_err(failed(ATTEMPTED))?;
    let noted = async {
        let values = [
            workflow.as_str().into(),
            run.into(),
            json(progress)?.into(),
            progress.ended.is_some().into(),
            millis(now).into(),
        ];
        sql::NOTE.run(open.on(), values).await
    };
    let noted = noted.await;
    finish(open, noted).await
}

async fn finish(open: Open, written: Result<u64, DbErr>) -> Result<bool, StoreError> {
    match written {
        Ok(rows) => {
            open.commit().await?;
            Ok(rows > 0)
        }
        Err(error) => {
            open.rollback().await?;
            Err(failed(ATTEMPTED)(error))
        }
    }
}
