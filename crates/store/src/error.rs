//! Failures: why a store cannot be opened, and what a driver's failure means for whoever asked.

use std::path::PathBuf;

use countersign_engine::ports::{StoreError, StoreErrorKind};
use sea_orm::{DbErr, RuntimeErr};
use sqlx::postgres::PgDatabaseError;
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
    #[error("the tables of {database} could not be brought up to this version")]
    Migrate {
        /// The file, or where the server is.
        database: String,
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
    /// The server cannot be reached, or does not let us in.
    #[error("PostgreSQL ({server}) could not be reached")]
    Connect {
        /// Where it is, without user and password.
        server: String,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The server cannot keep what is promised.
    #[error("PostgreSQL ({server}) is not fit for this service: {why}")]
    Unfit {
        /// Where it is.
        server: String,
        /// Why not, and what to do.
        why: String,
    },
    /// The bucket for materials cannot be used.
    #[error("the bucket {bucket} cannot hold materials")]
    Bucket {
        /// The bucket, as it is written in the settings.
        bucket: String,
        /// What the server said.
        #[source]
        source: Box<object_store::Error>,
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
    matches!(code(error), Some(Code::Sqlite(code)) if SYNC_FAILED.contains(&code))
}

/// What the failure of a commit means.
pub fn failed_commit(error: DbErr) -> StoreError {
    let kind = match code(&error) {
        Some(Code::Sqlite(code)) if LOG_NOT_WRITTEN.contains(&code) || is_busy(code) => {
            kind(&error)
        }
        // The server has looked at the commit and refused it; only one that is going down may have made it.
        Some(Code::Postgres(state)) if !is_lost(&state) => postgres_kind(&state),
        Some(Code::Sqlite(_) | Code::Postgres(_)) | None => StoreErrorKind::OutcomeUnknown,
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
    match code(error) {
        Some(Code::Postgres(state)) => postgres_kind(&state),
        Some(Code::Sqlite(code)) if NO_ROOM.contains(&code) => StoreErrorKind::Full,
        Some(Code::Sqlite(code)) if SYNC_FAILED.contains(&code) => StoreErrorKind::OutcomeUnknown,
        Some(Code::Sqlite(code)) if is_busy(code) => StoreErrorKind::Busy,
        // SQLITE_CONSTRAINT.
        Some(Code::Sqlite(code)) if code & 0xff == 19 => StoreErrorKind::Conflict,
        Some(Code::Sqlite(_)) => StoreErrorKind::Other,
        None if is_cut(error) => StoreErrorKind::Contended,
        None => StoreErrorKind::Other,
    }
}

/// What the five letters of PostgreSQL mean: serialization failure, deadlock, a stale primary and a pause that was too long;
/// locks and statements that took too long; too many connections; broken constraints; no room.
fn postgres_kind(state: &str) -> StoreErrorKind {
    match state {
        "40001" | "40P01" | "25006" | "25P03" => StoreErrorKind::Contended,
        "55P03" | "57014" | "53300" | "53200" => StoreErrorKind::Busy,
        "53100" => StoreErrorKind::Full,
        _ if state.starts_with("23") => StoreErrorKind::Conflict,
        _ if is_lost(state) => StoreErrorKind::Contended,
        _ => StoreErrorKind::Other,
    }
}

/// Whether the server was going down, or the connection with it.
fn is_lost(state: &str) -> bool {
    state.starts_with("08") || matches!(state, "57P01" | "57P02" | "57P03" | "58030")
}

/// Whether a prepared statement was there that nobody had prepared, or was not there that somebody had: what a pooler makes
/// that hands each transaction to another connection.
pub fn is_mixed_up(error: &DbErr) -> bool {
    matches!(code(error), Some(Code::Postgres(state)) if matches!(&*state, "42P05" | "26000"))
}

/// A database's own name of a failure.
enum Code {
    Sqlite(i32),
    Postgres(String),
}

fn code(error: &DbErr) -> Option<Code> {
    let error = driver_error(error)?.as_database_error()?;
    let code = error.code()?;
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        Some(Code::Postgres(code.into_owned()))
    } else {
        code.parse().ok().map(Code::Sqlite)
    }
}

/// Whether the connection was cut.
fn is_cut(error: &DbErr) -> bool {
    driver_error(error).is_some_and(|error| {
        matches!(
            error,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)
        )
    })
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    let (DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else {
        return None;
    };
    match runtime {
        RuntimeErr::SqlxError(error) => Some(error),
        RuntimeErr::Internal(_) => None,
    }
}
