//! The store on a PostgreSQL server: opening it. Any number of replicas serve one database, none leading; what keeps
//! them apart is `locks`' and the claims'.

mod clock;
mod connect;
mod probe;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::ports::{Clock, Reader};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr};
use sqlx::postgres::PgConnectOptions;

use crate::{
    Error, SqlStore,
    reader::SqlReader,
    statements::{Sql, locks},
    store::Upkeep,
    writer::Writer,
};
pub use clock::DatabaseClock;

/// Batches that run at once, each on a connection of its own.
const LANES: u32 = 4;
/// Connections that write: one a lane, one for the outbox, one for cleaning up, one for blocks of case numbers.
const WRITERS: u32 = LANES + 3;
/// Connections for reads. Small pools beat large ones.
const READERS: u32 = 4;

/// Opens the database at this URL, brings its tables up to this version (one replica does, the others wait) and serves
/// it. Leases are reckoned by `clock`: in service that must be the database's own, [`DatabaseClock`].
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<SqlStore, Error> {
    let options = options(url)?;
    let server = connect::told(&options);
    let connect = |source| Error::Connect {
        server: server.clone(),
        source,
    };
    let prober = connect::pool(&options, 2).await.map_err(connect)?;
    let probed = probe::refuse_unfit(&prober, &server).await;
    // It has nothing to keep.
    let _ = prober.close().await;
    probed?;
    let migrator = connect::pool(&options, 1).await.map_err(connect)?;
    let migrated = migrate(&migrator).await;
    let _ = migrator.close().await;
    migrated.map_err(|source| Error::Migrate {
        database: server.clone(),
        source,
    })?;
    let writer = connect::pool(&options, WRITERS).await.map_err(connect)?;
    let readers = connect::pool(&options, READERS).await.map_err(connect)?;
    Ok(SqlStore::new(
        Writer::new(writer),
        readers,
        clock,
        LANES as usize,
        Box::new(Nothing),
    ))
}

/// Reads the database at this URL as it is, on one connection. It changes nothing.
pub async fn look(url: &str) -> Result<Arc<dyn Reader>, Error> {
    let options = options(url)?;
    let connection = connect::pool(&options, 1).await;
    let connection = connection.map_err(|source| Error::Connect {
        server: connect::told(&options),
        source,
    })?;
    Ok(Arc::new(SqlReader::new(connection)))
}

/// The migrations that the database at this URL lacks, which the next start of a server applies. It changes nothing.
pub async fn pending(url: &str) -> Result<Vec<String>, Error> {
    let options = options(url)?;
    let connection = connect::pool(&options, 1).await;
    let connection = connection.map_err(|source| Error::Connect {
        server: connect::told(&options),
        source,
    })?;
    let pending = crate::migrating::pending(&connection).await;
    let _ = connection.close().await;
    pending.map_err(|error| Error::Unfit {
        server: connect::told(&options),
        why: error.to_string(),
    })
}

fn options(url: &str) -> Result<PgConnectOptions, Error> {
    connect::options(url).map_err(|source| Error::Connect {
        server: "the address in `database.url`".to_owned(),
        source,
    })
}

/// One replica brings the tables up to date; the others wait, and find it done. The lock belongs to the connection, so it
/// is gone when its holder is.
async fn migrate(on: &DatabaseConnection) -> Result<(), DbErr> {
    const TAKE: Sql = locks::TAKE_MIGRATING;
    const GIVE_BACK: Sql = locks::GIVE_BACK_MIGRATING;
    TAKE.one(on, []).await?;
    let migrated = crate::migrating::migrate(on).await;
    GIVE_BACK.one(on, []).await?;
    migrated
}

/// The server looks after itself.
#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Upkeep for Nothing {
    async fn stop(&self) -> Result<(), DbErr> {
        Ok(())
    }
}

/// Makes an empty database of this name on the server that the URL leads to; answers the URL of the new one.
pub async fn make_database(url: &str, name: &str) -> Result<String, Error> {
    let options = options(url)?;
    let failed = |source| Error::Connect {
        server: connect::told(&options),
        source,
    };
    let server = connect::pool(&options, 1).await.map_err(failed)?;
    // A name is no value; what it is made of is bounded instead.
    let is_plain = name
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let made = if is_plain {
        let text = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        server.execute_unprepared(&text).await
    } else {
        Err(DbErr::Custom(format!("`{name}` is no name of a database")))
    };
    let _ = server.close().await;
    made.map_err(|error| Error::Unfit {
        server: connect::told(&options),
        why: error.to_string(),
    })?;
    let (before, options) = url
        .split_once('?')
        .map_or((url, ""), |(before, options)| (before, options));
    let scheme = before.find("://").map_or(0, |at| at + 3);
    let server = before[scheme..]
        .find('/')
        .map_or(before, |at| &before[..scheme + at]);
    Ok(if options.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{options}")
    })
}
