//! The store on a PostgreSQL server: opening it. Any number of replicas serve one database, none leading; what keeps
//! them apart is `locks`' and the claims'.

mod clock;
mod connect;
mod feed;
mod probe;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use countersign_engine::ports::{Clock, Reader};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr};

use crate::{
    Error, SqlStore,
    reader::SqlReader,
    readers::begin,
    statements::{Sql, locks},
    store::Upkeep,
    writer::Writer,
};
pub use clock::DatabaseClock;
use connect::Way;

/// Batches that run at once, each on a connection of its own.
const LANES: u32 = 4;
/// Connections that write: one a lane, one for the outbox, one for cleaning up, one for blocks of case numbers.
const WRITERS: u32 = LANES + 3;
/// Connections for reads. Small pools beat large ones.
const READERS: u32 = 4;

/// Opens the database at this URL, brings its tables up to this version (one replica does, the others wait) and serves
/// it. Leases are reckoned by `clock`: in service that must be the database's own, [`DatabaseClock`].
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<SqlStore, Error> {
    let way = way(url)?;
    let server = way.told();
    let connect = |source| Error::Connect {
        server: server.clone(),
        source,
    };
    let prober = way.pool(2).await.map_err(connect)?;
    let probed = probe::refuse_unfit(&prober, &server, way.pooled).await;
    // It has nothing to keep.
    let _ = prober.close().await;
    probed?;
    let migrator = way.pool(1).await.map_err(connect)?;
    let migrated = migrate(&migrator, way.pooled).await;
    let _ = migrator.close().await;
    migrated.map_err(|source| Error::Migrate {
        database: server.clone(),
        source,
    })?;
    let writer = way.pool(WRITERS).await.map_err(connect)?;
    let readers = way.readers(READERS).await.map_err(connect)?;
    Ok(SqlStore::new(
        Writer::new(writer).pooled(way.pooled),
        readers,
        clock,
        LANES as usize,
        Box::new(Nothing),
    ))
}

/// Reads the database at this URL as it is, on one connection. It changes nothing.
pub async fn look(url: &str) -> Result<Arc<dyn Reader>, Error> {
    let way = way(url)?;
    let readers = way.readers(1).await;
    let readers = readers.map_err(|source| Error::Connect {
        server: way.told(),
        source,
    })?;
    Ok(Arc::new(SqlReader::new(readers)))
}

/// Refuses the server at this URL for the same reasons as [`open`]. It changes nothing.
pub async fn examine(url: &str) -> Result<(), Error> {
    let way = way(url)?;
    let server = way.told();
    let prober = way.pool(2).await.map_err(|source| Error::Connect {
        server: server.clone(),
        source,
    })?;
    let probed = probe::refuse_unfit(&prober, &server, way.pooled).await;
    let _ = prober.close().await;
    probed
}

/// The migrations that the database at this URL lacks, which the next start of a server applies. It changes nothing.
pub async fn pending(url: &str) -> Result<Vec<String>, Error> {
    let way = way(url)?;
    let connection = way.pool(1).await;
    let connection = connection.map_err(|source| Error::Connect {
        server: way.told(),
        source,
    })?;
    let pending = missing(&connection, way.pooled).await;
    let _ = connection.close().await;
    pending.map_err(|error| Error::Unfit {
        server: way.told(),
        why: error.to_string(),
    })
}

async fn missing(on: &DatabaseConnection, pooled: bool) -> Result<Vec<String>, DbErr> {
    let transaction = begin(on, pooled).await?;
    transaction
        .execute_unprepared("SET TRANSACTION READ ONLY")
        .await?;
    let missing = crate::migrating::pending(&transaction).await?;
    transaction.rollback().await?;
    Ok(missing)
}

fn way(url: &str) -> Result<Way, Error> {
    Way::of(url).map_err(|source| Error::Connect {
        server: "the address in `database.url`".to_owned(),
        source,
    })
}

/// One replica brings the tables up to date, all of it or nothing; the others wait, and find it done. The lock belongs to
/// the transaction, so it is gone when that is.
async fn migrate(on: &DatabaseConnection, pooled: bool) -> Result<(), DbErr> {
    const MIGRATING: Sql = locks::MIGRATING;
    let transaction = begin(on, pooled).await?;
    MIGRATING.one(&transaction, []).await?;
    // Running replicas wait behind whoever waits for a table of theirs: better to give up, and to be started again. And
    // that something is there already is no news.
    transaction
        .execute_unprepared(
            "SET LOCAL lock_timeout = '5s'; SET LOCAL client_min_messages = warning",
        )
        .await?;
    crate::migrating::migrate(&transaction).await?;
    feed::keep_order(&transaction).await?;
    transaction.commit().await
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
    let way = way(url)?;
    let failed = |source| Error::Connect {
        server: way.told(),
        source,
    };
    let server = way.pool(1).await.map_err(failed)?;
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
        server: way.told(),
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
