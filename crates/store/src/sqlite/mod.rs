//! The store on one SQLite file: opening it, its checkpoints and its lock. One program serves a file at a time.

mod backup;
mod checkpoints;
mod connect;
mod integrity;
mod lock;
#[cfg(test)]
mod tests;

use std::{fs::File, io, os::unix::fs::OpenOptionsExt as _, path::Path, sync::Arc};

use async_trait::async_trait;
use countersign_engine::ports::{Clock, Reader};
use sea_orm::DbErr;

use crate::{
    Error, SqlStore, migrating::migrate, reader::SqlReader, readers::Readers, store::Upkeep,
    writer::Writer,
};
pub use backup::backup;
use checkpoints::Checkpoints;
pub use integrity::integrity;
use lock::FileLock;

/// Connections for reads. Small pools beat large ones.
const READERS: u32 = 4;

/// What is done for a file as long as it is served.
#[derive(Debug)]
struct Served {
    checkpoints: Checkpoints,
    _lock: FileLock,
}

#[async_trait]
impl Upkeep for Served {
    async fn stop(&self) -> Result<(), DbErr> {
        self.checkpoints.stop().await
    }
}

/// Opens the file, made if it is missing, brings its tables up to this version, and serves it until the
/// last clone is dropped. Leases are reckoned by `clock`.
pub async fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<SqlStore, Error> {
    let lock = FileLock::take(file)?;
    let opened = |source| Error::Open {
        file: file.to_owned(),
        source,
    };
    make(file).map_err(|error| opened(error.into()))?;
    let writer = connect::writer(file).await.map_err(opened)?;
    connect::refuse_old_sqlite(&writer).await?;
    migrate(&writer).await.map_err(|source| Error::Migrate {
        database: file.display().to_string(),
        source,
    })?;
    let readers = connect::readers(file, READERS).await.map_err(opened)?;
    let checkpointer = connect::checkpointer(file).await.map_err(opened)?;
    let writer = Writer::new(writer);
    let served = Served {
        checkpoints: Checkpoints::start(checkpointer, writer.clone()),
        _lock: lock,
    };
    Ok(SqlStore::new(
        writer,
        Readers::new(readers, false),
        clock,
        1,
        Box::new(served),
    ))
}

/// Reads a file as it is, also while a server runs on it. It takes no lock and changes nothing.
pub async fn look(file: &Path) -> Result<Arc<dyn Reader>, Error> {
    let connection = connect::onlooker(file).await;
    let connection = connection.map_err(|source| Error::Open {
        file: file.to_owned(),
        source,
    })?;
    Ok(Arc::new(SqlReader::new(Readers::new(connection, false))))
}

/// The migrations that a file lacks, which the next start of a server applies. It changes nothing.
pub async fn pending(file: &Path) -> Result<Vec<String>, Error> {
    let opened = |source| Error::Open {
        file: file.to_owned(),
        source,
    };
    let connection = connect::onlooker(file).await.map_err(opened)?;
    let pending = crate::migrating::pending(&connection).await;
    let _ = connection.close().await;
    pending.map_err(|source| Error::Unreadable {
        file: file.to_owned(),
        source,
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
