//! How connections to the file are set up. Every one is durable (WAL, `synchronous=FULL`) and trusts no
//! schema; checkpoints are nobody's side effect.

use std::{path::Path, time::Duration};

use sea_orm::{DatabaseConnection, SqlxSqliteConnector};
use sqlx::{
    ConnectOptions as _, Connection as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Error,
    rows::get,
    statements::{Sql, reads},
};

/// The oldest SQLite whose WAL keeps what it has committed.
const OLDEST: [u32; 3] = [3, 51, 3];
/// How long a connection waits for another one's lock.
const BUSY: Duration = Duration::from_secs(5);
/// Bytes of a page in a file that is made new. A decision changes a dozen rows in as many places of a large file, and each
/// place costs a page in the log and one in the file: half as large pages take a third off what a commit writes.
const PAGE: u32 = 2048;
/// Bytes that the log is cut back to when it begins anew.
const LOG_KEPT: &str = "67108864";

/// The one connection that writes.
pub async fn writer(file: &Path) -> Result<DatabaseConnection, sqlx::Error> {
    let options = options(file).pragma("cache_size", "-49152");
    // A commit that failed may leave the driver's count of open transactions wrong; a fresh connection is right.
    let pool = pool(1)
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }));
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(
        pool.connect_with(options).await?,
    ))
}

/// Connections that only read.
pub async fn readers(file: &Path, most: u32) -> Result<DatabaseConnection, sqlx::Error> {
    let options = options(file)
        .create_if_missing(false)
        .pragma("query_only", "ON")
        .pragma("cache_size", "-2048");
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(
        pool(most).connect_with(options).await?,
    ))
}

/// A connection that only moves the log into the file.
pub async fn checkpointer(file: &Path) -> Result<DatabaseConnection, sqlx::Error> {
    let options = options(file)
        .create_if_missing(false)
        .pragma("cache_size", "-1024");
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(
        pool(1).connect_with(options).await?,
    ))
}

/// One connection that changes nothing, not even how the file is set up: to look at it, also while a
/// server runs.
pub async fn onlooker(file: &Path) -> Result<DatabaseConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(BUSY)
        .disable_statement_logging();
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(
        pool(1).connect_with(options).await?,
    ))
}

/// Refuses a SQLite that can lose commits.
pub async fn refuse_old_sqlite(connection: &DatabaseConnection) -> Result<(), Error> {
    let found = version(connection)
        .await
        .unwrap_or_else(|| "of unknown version".to_owned());
    if is_new_enough(&found) {
        Ok(())
    } else {
        Err(Error::TooOld { found })
    }
}

async fn version(connection: &DatabaseConnection) -> Option<String> {
    const VERSION: Sql = reads::SQLITE_VERSION;
    get(&VERSION.one(connection, []).await.ok()??, 0).ok()
}

fn is_new_enough(version: &str) -> bool {
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts.as_slice() >= OLDEST.as_slice())
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .page_size(PAGE)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .statement_cache_capacity(200)
        .pragma("trusted_schema", "OFF")
        .pragma("mmap_size", "0")
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", LOG_KEPT)
        .disable_statement_logging()
}

fn pool(most: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(most)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_the_repair_of_the_log_are_refused() {
        for old in [
            "3.51.2",
            "3.40.1",
            "2.99.99",
            "3.51",
            "",
            "of unknown version",
        ] {
            assert!(!is_new_enough(old), "{old}");
        }
        for new in ["3.51.3", "3.51.10", "3.53.0", "4.0.0"] {
            assert!(is_new_enough(new), "{new}");
        }
    }
}
