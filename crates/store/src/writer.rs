//! Where transactions come from: each in a task of the engine or the store, never in that of a request. A store stops
//! writing when an fsync has failed, for nothing can be promised after that.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use countersign_engine::ports::StoreError;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
};

use crate::{
    error::{failed, failed_commit, is_sync_failure},
    readers::begin,
    rows::get,
    statements::locks,
};

/// The connections that write: one on SQLite, a few on PostgreSQL.
#[derive(Debug, Clone)]
pub struct Writer {
    connection: DatabaseConnection,
    /// Whether a pooler by transaction stands before the server.
    pooled: bool,
    broken: Arc<AtomicBool>,
}

/// An open transaction. Dropped without commit, it leaves no trace.
#[derive(Debug)]
pub struct Open {
    transaction: DatabaseTransaction,
    broken: Arc<AtomicBool>,
}

impl Writer {
    pub(crate) fn new(connection: DatabaseConnection) -> Self {
        Self {
            connection,
            pooled: false,
            broken: Arc::default(),
        }
    }

    /// The same behind a pooler that hands out the server's connections by transaction.
    pub(crate) fn pooled(self, pooled: bool) -> Self {
        Self { pooled, ..self }
    }

    /// Begins a transaction that may write at once. Whoever drops the future half way leaves the
    /// connection to be replaced.
    pub async fn begin(&self) -> Result<Open, DbErr> {
        if self.broken.load(Ordering::Acquire) {
            let why = "an fsync of the database has failed; start again when the disk is sound";
            return Err(internal(why));
        }
        let transaction = if self.is_shared() {
            self.guarded().await?
        } else {
            let immediate = SqliteTransactionMode::Immediate;
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(immediate),
                ..TransactionOptions::default()
            };
            self.connection.begin_with_options(options).await?
        };
        Ok(Open {
            transaction,
            broken: self.broken.clone(),
        })
    }

    /// Whether others write to the database too.
    pub(crate) fn is_shared(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    /// A transaction that is known to be a new one, with its bounds of time.
    async fn guarded(&self) -> Result<DatabaseTransaction, DbErr> {
        for _ in 0..2 {
            let transaction = begin(&self.connection, self.pooled).await?;
            let row = locks::GUARD.one(&transaction, []).await?;
            let [is_new, takes_no_writes] = match &row {
                Some(row) => [get(row, 0)?, get(row, 1)?],
                None => [false, false],
            };
            if takes_no_writes {
                // The next one may lead to the primary that there is now.
                let _ = transaction.execute_unprepared(locks::HANG_UP).await;
                return Err(led_astray());
            }
            if is_new {
                return Ok(transaction);
            }
            // Ends whatever was open there; the connection is clean then.
            transaction.rollback().await?;
        }
        Err(internal("a connection came back inside a transaction"))
    }

    /// The connection outside any transaction, for checkpoints.
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        self.connection.close_by_ref().await
    }
}

/// Nothing was written, and the same again may succeed: as with a connection that was cut.
fn led_astray() -> DbErr {
    let why = "the connection led to a server that takes no writes; it is closed".to_owned();
    DbErr::Conn(RuntimeErr::SqlxError(sqlx::Error::Protocol(why).into()))
}

fn internal(why: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(why.to_owned()))
}

impl Open {
    /// What statements run on.
    pub fn on(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Self {
            transaction,
            broken,
        } = self;
        transaction.commit().await.map_err(|error| {
            if is_sync_failure(&error) {
                broken.store(true, Ordering::Release);
            }
            failed_commit(error)
        })
    }

    /// Gives it up.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.transaction
            .rollback()
            .await
            .map_err(failed("roll back"))
    }
}
