//! Where cases are kept, and by which clock a service on it goes: on a file the machine's, on a server the server's, so
//! that all replicas have one.

use std::{path::PathBuf, sync::Arc};

use countersign_config::{Database, DatabaseKind};
use countersign_engine::ports::{Clock, Reader, SystemClock};
use countersign_store::{Error, SqlStore, postgres, sqlite};

use super::ServiceClock;

/// A file, or a server.
pub enum StoreAt {
    /// This SQLite file.
    File(PathBuf),
    /// The PostgreSQL server at this URL, which may hold a password.
    Server(String),
}

impl StoreAt {
    /// What the settings name.
    pub fn of(settings: &Database) -> Self {
        match &settings.kind {
            DatabaseKind::Sqlite { file } => Self::File(file.clone()),
            DatabaseKind::Postgres => Self::Server(settings.url.expose().to_owned()),
        }
    }

    /// Opens it to be read only, as it is, beside whatever serves it.
    pub async fn look(&self) -> Result<Arc<dyn Reader>, Error> {
        match self {
            Self::File(file) => sqlite::look(file).await,
            Self::Server(url) => postgres::look(url).await,
        }
    }

    /// Opens it, its tables brought up to date.
    pub async fn open(&self, clock: &ServiceClock) -> Result<(SqlStore, Arc<dyn Clock>), Error> {
        let clock: Arc<dyn Clock> = match (clock, self) {
            (ServiceClock::Movable(clock, _), _) => clock.clone(),
            (ServiceClock::System, Self::File(_)) => Arc::new(SystemClock),
            (ServiceClock::System, Self::Server(url)) => {
                Arc::new(postgres::DatabaseClock::start(url).await?)
            }
        };
        let store = match self {
            Self::File(file) => sqlite::open(file, clock.clone()).await?,
            Self::Server(url) => postgres::open(url, clock.clone()).await?,
        };
        Ok((store, clock))
    }
}
