//! The one writer: transactions that begin at once or wait their turn, and a store that stops writing
//! when an fsync has failed, for nothing can be promised after that.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use countersign_engine::ports::StoreError;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};

use crate::error::{failed, failed_commit, is_sync_failure};

/// The connection that writes.
#[derive(Debug, Clone)]
pub struct Writer {
    connection: DatabaseConnection,
    broken: Arc<AtomicBool>,
}

/// An open transaction. Dropped without commit, it leaves no trace.
#[derive(Debug)]
pub struct Open {
    transaction: DatabaseTransaction,
    broken: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn new(connection: DatabaseConnection) -> Self {
        Self {
            connection,
            broken: Arc::default(),
        }
    }

    /// Begins a transaction that may write at once. Whoever drops the future half way leaves the
    /// connection to be replaced.
    pub async fn begin(&self) -> Result<Open, DbErr> {
        if self.broken.load(Ordering::Acquire) {
            let why = "an fsync of the database has failed; start again when the disk is sound";
            return Err(DbErr::Conn(RuntimeErr::Internal(why.to_owned())));
        }
        let immediate = SqliteTransactionMode::Immediate;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await?;
        Ok(Open {
            transaction,
            broken: self.broken.clone(),
        })
    }

    /// The connection outside any transaction, for checkpoints.
    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.connection.close_by_ref().await
    }
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
