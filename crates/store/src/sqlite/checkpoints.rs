//! Moves the log into the file in the background, so that no commit waits for it, and bounds the log:
//! when it has grown too long all the same, the writer stops for the little that is left.

use std::{sync::Mutex, time::Duration};

use sea_orm::{DatabaseConnection, DbErr};
use tokio::task::JoinHandle;

use crate::{
    rows::get,
    statements::{Sql, reads},
    writer::Writer,
};

/// How long to wait between two looks. What is moved at once is synced at once, and a commit that comes meanwhile waits for
/// the same disk: so little and often.
const PAUSE: Duration = Duration::from_millis(100);
/// Pages in the log from which it is made to begin anew: 64 MiB of the pages that new files have.
const LONG: i64 = 32_000;
/// How often the rest is moved while commits go on, before the writer stops for what is left.
const TRIES: u32 = 4;
/// So few pages left that the writer may stop for them.
const LITTLE: i64 = 500;

/// The background work; ends with the store.
#[derive(Debug)]
pub struct Checkpoints {
    connection: DatabaseConnection,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// How a checkpoint went.
struct Log {
    busy: bool,
    pages: i64,
    moved: i64,
}

impl Checkpoints {
    /// Starts it on a connection of its own.
    pub fn start(connection: DatabaseConnection, writer: Writer) -> Self {
        let looked_at = connection.clone();
        let running = tokio::spawn(async move {
            loop {
                tokio::time::sleep(PAUSE).await;
                if let Err(error) = once(&looked_at, &writer).await {
                    tracing::warn!(%error, "the log could not be moved into the database");
                }
            }
        });
        Self {
            connection,
            running: Mutex::new(Some(running)),
        }
    }

    /// Ends it, and closes its connection: the last one to be closed folds the log in, and that is the
    /// writer's to do.
    pub async fn stop(&self) -> Result<(), DbErr> {
        let running = self
            .running
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(running) = running {
            running.abort();
            // Aborted or done: either way it is over.
            let _ = running.await;
        }
        self.connection.close_by_ref().await
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(running) = self
            .running
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
        {
            running.abort();
        }
    }
}

async fn once(connection: &DatabaseConnection, writer: &Writer) -> Result<(), DbErr> {
    let mut log = checkpoint(connection, reads::CHECKPOINT_PASSIVE).await?;
    if log.pages > LONG {
        for _ in 0..TRIES {
            if log.pages - log.moved <= LITTLE {
                break;
            }
            log = checkpoint(connection, reads::CHECKPOINT_PASSIVE).await?;
        }
        let log = checkpoint(writer.connection(), reads::CHECKPOINT_RESTART).await?;
        if log.busy {
            tracing::warn!(
                pages = log.pages,
                "a reader keeps the database's log from beginning anew"
            );
        }
    }
    Ok(())
}

async fn checkpoint(on: &DatabaseConnection, how: Sql) -> Result<Log, DbErr> {
    let row = how
        .one(on, [])
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("a checkpoint says nothing".to_owned()))?;
    Ok(Log {
        busy: get::<i64, _>(&row, 0)? != 0,
        pages: get(&row, 1)?,
        moved: get(&row, 2)?,
    })
}
