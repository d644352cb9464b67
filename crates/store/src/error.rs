//! Failures: why a store cannot be opened, and what a driver's failure means for whoever asked.

use std::path::PathBuf;

use countersign_engine::ports::{StoreError, StoreErrorKind};
use sea_orm::{DbErr, RuntimeErr};
use thiserror::Error;

/// Why a store cannot be opened.
#[derive(Debug, Error)]
pub enum Error {
    /// Another program serves this file.
    #[error("{} is served by another program{holder}: stop that one first, or name another file", file.display())]
    Locked {
        /// The database's file.
        file: PathBuf,
        /// Who, as far as known: empty, or ` (process 4711)`.
        holder: String,
    },
    /// The file's lock could not be asked for.
    #[error("the lock {} could not be taken", file.display())]
    Lock {
        /// The lock's file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The SQLite that was built in loses commits.
    #[error("SQLite {found} is too old: versions before 3.51.3 can lose commits in WAL mode")]
    TooOld {
        /// The version.
        found: String,
    },
    /// The file cannot be opened as a database.
    #[error("the database {} could not be opened", file.display())]
    Open {
        /// The database's file.
        file: PathBuf,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The tables could not be brought up to this version.
    #[error("the tables of {} could not be brought up to this version", file.display())]
    Migrate {
        /// The database's file.
        file: PathBuf,
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// The file cannot be looked through.
    #[error("the database {} could not be read", file.display())]
    Unreadable {
        /// The database's file.
        file: PathBuf,
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// The folder for materials cannot be used.
    #[error("the folder {} cannot hold materials", folder.display())]
    Materials {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// SQLite's extended results for a failed fsync of a file or folder: what was written may be lost, or
/// may come back, whatever is tried.
const SYNC_FAILED: [i32; 2] = [1034, 1290];
/// Writing or growing a file failed: `SQLITE_FULL`, `IOERR_WRITE`, `IOERR_SHMSIZE`, `IOERR_SHMOPEN`,
/// `IOERR_TRUNCATE`.
const NO_ROOM: [i32; 5] = [13, 778, 4874, 4618, 1546];

/// Of these, the ones that come before the last frame of a commit is in the log: `SQLITE_FULL`, `IOERR_WRITE`.
/// The others may come after it, and a crash right then would bring the commit back.
const LOG_NOT_WRITTEN: [i32; 2] = [13, 778];

/// The failure of a driver while this was attempted.
pub fn failed(attempted: &'static str) -> impl Fn(DbErr) -> StoreError {
    move |error| StoreError::new(attempted, kind(&error), error)
}

/// A row that this version cannot read, or a value that it cannot write.
pub fn unreadable<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
    attempted: &'static str,
) -> impl Fn(E) -> StoreError {
    move |error| StoreError::new(attempted, StoreErrorKind::Other, error)
}

/// Something else was there first.
pub fn conflict(attempted: &'static str, what: &'static str) -> StoreError {
    StoreError::new(attempted, StoreErrorKind::Conflict, what)
}

/// Whether an fsync failed: nothing that this connection says can be trusted from then on.
pub fn is_sync_failure(error: &DbErr) -> bool {
    sqlite_code(error).is_some_and(|code| SYNC_FAILED.contains(&code))
}

/// What the failure of a commit means.
pub fn failed_commit(error: DbErr) -> StoreError {
    let nothing_written =
        sqlite_code(&error).is_some_and(|code| LOG_NOT_WRITTEN.contains(&code) || is_busy(code));
    let kind = if nothing_written {
        kind(&error)
    } else {
        StoreErrorKind::OutcomeUnknown
    };
    StoreError::new("commit", kind, error)
}

fn is_busy(code: i32) -> bool {
    // SQLITE_BUSY and SQLITE_LOCKED, whatever their extension.
    matches!(code & 0xff, 5 | 6)
}

fn kind(error: &DbErr) -> StoreErrorKind {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return StoreErrorKind::Busy;
    }
    match sqlite_code(error) {
        Some(code) if NO_ROOM.contains(&code) => StoreErrorKind::Full,
        Some(code) if SYNC_FAILED.contains(&code) => StoreErrorKind::OutcomeUnknown,
        Some(code) if is_busy(code) => StoreErrorKind::Busy,
        // SQLITE_CONSTRAINT.
        Some(code) if code & 0xff == 19 => StoreErrorKind::Conflict,
        Some(_) | None => StoreErrorKind::Other,
    }
}

fn sqlite_code(error: &DbErr) -> Option<i32> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(error) = runtime else {
        return None;
    };
    error.as_database_error()?.code()?.parse().ok()
}
