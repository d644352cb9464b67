//! The store on one SQLite file: opening it, its one writer and its readers. One program serves a file
//! at a time.

mod checkpoints;
mod cleaning;
mod connect;
mod integrity;
mod lock;
#[cfg(test)]
mod tests;
mod writer;

use std::{fs::File, io, os::unix::fs::OpenOptionsExt as _, path::Path, sync::Arc};

use async_trait::async_trait;
use countersign_engine::ports::{Clock, Reader, Store, StoreError, Time, Transaction};
use countersign_migrations::Migrator;
use sea_orm::DatabaseConnection;
use sea_orm_migration::MigratorTrait as _;

use crate::{
    Error, deliveries::Clerk, error::failed, reader::SqlReader, transaction::SqlTransaction,
};
use checkpoints::Checkpoints;
pub use integrity::integrity;
use lock::FileLock;
pub(crate) use writer::{Open, Writer};

/// Connections for reads. Small pools beat large ones.
const READERS: u32 = 4;

/// A store on one SQLite file. Cheap to clone; the file is let go with the last clone.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) writer: Writer,
    pub(crate) readers: DatabaseConnection,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clerk: Clerk,
    checkpoints: Checkpoints,
    _lock: FileLock,
}

/// Opens the file, made if it is missing, brings its tables up to this version, and serves it until the
/// last clone is dropped. Leases are reckoned by `clock`.
pub async fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<SqliteStore, Error> {
    let lock = FileLock::take(file)?;
    let opened = |source| Error::Open {
        file: file.to_owned(),
        source,
    };
    make(file).map_err(|error| opened(error.into()))?;
    let writer = connect::writer(file).await.map_err(opened)?;
    connect::refuse_old_sqlite(&writer).await?;
    Migrator::up(&writer, None)
        .await
        .map_err(|source| Error::Migrate {
            file: file.to_owned(),
            source,
        })?;
    let readers = connect::readers(file, READERS).await.map_err(opened)?;
    let checkpointer = connect::checkpointer(file).await.map_err(opened)?;
    let writer = Writer::new(writer);
    let checkpoints = Checkpoints::start(checkpointer, writer.clone());
    let clerk = Clerk::start(writer.clone(), clock.clone());
    let inner = Inner {
        writer,
        readers,
        clock,
        clerk,
        checkpoints,
        _lock: lock,
    };
    Ok(SqliteStore {
        inner: Arc::new(inner),
    })
}

/// Makes the file if it is missing, for its owner only; its log gets the same rights from SQLite.
fn make(file: &Path) -> io::Result<()> {
    let made = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

impl SqliteStore {
    /// Finishes what is under way, folds the log into the file and closes it. Whatever is asked afterwards
    /// fails. Dropping the store without it is safe; opening the file again then takes a little longer.
    pub async fn close(&self) -> Result<(), StoreError> {
        let closed = failed("close the file");
        self.inner.checkpoints.stop().await.map_err(&closed)?;
        self.inner.readers.close_by_ref().await.map_err(&closed)?;
        self.inner.writer.close().await.map_err(&closed)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let open = self
            .inner
            .writer
            .begin()
            .await
            .map_err(failed("begin a batch"))?;
        Ok(Box::new(SqlTransaction::new(open, self.inner.clock.now())))
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(SqlReader::new(self.inner.readers.clone()))
    }

    async fn clean(&self, now: Time) -> Result<u64, StoreError> {
        cleaning::clean(&self.inner.writer, now).await
    }

    async fn now(&self) -> Result<Time, StoreError> {
        Ok(self.inner.clock.now())
    }
}
