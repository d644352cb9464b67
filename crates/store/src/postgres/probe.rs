//! Looks whether a server can keep what the service promises, before anything is promised.

use sea_orm::{DatabaseConnection, DbErr, TransactionTrait as _};

use crate::{
    Error,
    error::is_mixed_up,
    readers::{begin, begin_pooled},
    rows::get,
    statements::{Sql, reads},
};

/// The oldest server whose behaviour this store is tested against, as PostgreSQL numbers it.
const OLDEST: i64 = 140_000;

/// What is told of a server.
struct Server {
    version: i64,
    fsync: String,
    full_page_writes: String,
    synchronous_commit: String,
    encoding: String,
    is_standby: bool,
    standbys: String,
}

/// Refuses a server that can lose what it has committed, that takes no writes, or that a pooler stands before which mixes
/// up whose statement is whose. Asks on two connections.
pub async fn refuse_unfit(
    on: &DatabaseConnection,
    server: &str,
    expects_pooler: bool,
) -> Result<(), Error> {
    let found = ask(on, expects_pooler)
        .await
        .map_err(|error| unfit(server, &error))?;
    if let Some(why) = found.fault() {
        let server = server.to_owned();
        return Err(Error::Unfit { server, why });
    }
    let mixes_up = if expects_pooler {
        mixes_up(on).await
    } else {
        is_pooled(on).await
    };
    if mixes_up.map_err(|error| unfit(server, &error))? {
        return Err(pooled(server));
    }
    if !found.standbys.is_empty() && !["on", "remote_apply"].contains(&&*found.synchronous_commit) {
        tracing::warn!(
            server,
            synchronous_commit = found.synchronous_commit,
            "standbys are named, and commits do not wait for their disks: what was answered may be lost with the primary"
        );
    }
    tracing::info!(
        server,
        synchronous_commit = found.synchronous_commit,
        synchronous_standbys = found.standbys,
        "PostgreSQL keeps what is committed"
    );
    Ok(())
}

/// The server said this while it was looked at.
pub fn unfit(server: &str, error: &DbErr) -> Error {
    if is_mixed_up(error) {
        return pooled(server);
    }
    Error::Unfit {
        server: server.to_owned(),
        why: error.to_string(),
    }
}

fn pooled(server: &str) -> Error {
    let why = "a pooler in transaction mode stands before it, which hands statements to connections that do not know them: \
               add `statement-cache-capacity=0` to `database.url`, lead it to the server itself, or pool by session";
    Error::Unfit {
        server: server.to_owned(),
        why: why.to_owned(),
    }
}

impl Server {
    fn fault(&self) -> Option<String> {
        let off = |setting: &str, advice: &str| {
            Some(format!(
                "its setting `{setting}` is off, so that what was answered can be lost: {advice}"
            ))
        };
        if self.version < OLDEST {
            return Some(format!(
                "it is version {}.{}, and 14 is the oldest that is supported",
                self.version / 10_000,
                self.version % 10_000
            ));
        }
        if self.encoding != "UTF8" {
            return Some(format!(
                "its database is encoded as {}: make one with `ENCODING 'UTF8'`",
                self.encoding
            ));
        }
        if self.is_standby {
            return Some("it is a standby, which takes no writes: lead to the primary".to_owned());
        }
        if self.fsync == "off" {
            return off("fsync", "set it on and restart the server");
        }
        if self.full_page_writes == "off" {
            return off("full_page_writes", "set it on and reload the server");
        }
        if self.synchronous_commit == "off" {
            return off(
                "synchronous_commit",
                "`ALTER DATABASE … SET synchronous_commit = on`",
            );
        }
        None
    }
}

async fn ask(on: &DatabaseConnection, pooled: bool) -> Result<Server, DbErr> {
    const SERVER: Sql = reads::SERVER;
    // In a transaction, behind which a pooler cannot change the connection.
    let transaction = begin(on, pooled).await?;
    let row = SERVER.one(&transaction, []).await?;
    transaction.commit().await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the server's settings".to_owned()))?;
    Ok(Server {
        version: get(&row, 0)?,
        fsync: get(&row, 1)?,
        full_page_writes: get(&row, 2)?,
        synchronous_commit: get(&row, 3)?,
        encoding: get(&row, 4)?,
        is_standby: get(&row, 5)?,
        standbys: get(&row, 6)?,
    })
}

/// Whether our connections wander over the server's: while one holds a server's connection in a transaction, the other is
/// moved to the next one.
async fn is_pooled(on: &DatabaseConnection) -> Result<bool, DbErr> {
    const BACKEND: Sql = reads::BACKEND;
    let mut seen = std::collections::BTreeSet::new();
    let (first, second) = (on.begin().await?, on.begin().await?);
    for transaction in [&first, &second] {
        seen.insert(backend(BACKEND.one(transaction, []).await?.as_ref())?);
    }
    first.rollback().await?;
    second.rollback().await?;
    for _ in 0..8 {
        let (first, second) = (on.begin().await?, on.begin().await?);
        let now = [
            backend(BACKEND.one(&second, []).await?.as_ref())?,
            backend(BACKEND.one(&first, []).await?.as_ref())?,
        ];
        second.rollback().await?;
        first.rollback().await?;
        if now.iter().any(|backend| !seen.contains(backend)) {
            return Ok(true);
        }
    }
    prepared_elsewhere(on).await
}

/// Whether a statement is answered with what another one asked, although each is in a transaction and nothing is prepared
/// for longer.
async fn mixes_up(on: &DatabaseConnection) -> Result<bool, DbErr> {
    const ECHO: Sql = reads::ECHO;
    for round in 0..50_i64 {
        let (first, second) = (begin_pooled(on).await?, begin_pooled(on).await?);
        for (transaction, number) in [(&first, round), (&second, -round - 1)] {
            let row = ECHO.one(transaction, [number.into()]).await?;
            if backend(row.as_ref())? != number {
                return Ok(true);
            }
        }
        second.commit().await?;
        first.commit().await?;
    }
    Ok(false)
}

/// Whether a statement that was prepared on a connection is unknown there a moment later.
async fn prepared_elsewhere(on: &DatabaseConnection) -> Result<bool, DbErr> {
    const BACKEND: Sql = reads::BACKEND;
    const PREPARED: Sql = reads::PREPARED;
    for _ in 0..8 {
        let (first, second) = (on.begin().await?, on.begin().await?);
        for transaction in [&first, &second] {
            let known = async {
                BACKEND.one(transaction, []).await?;
                PREPARED.one(transaction, []).await
            };
            match known.await {
                Ok(Some(row)) if get::<i64, _>(&row, 0)? > 0 => {}
                Ok(_) | Err(_) => return Ok(true),
            }
        }
        first.rollback().await?;
        second.rollback().await?;
    }
    Ok(false)
}

fn backend(row: Option<&sea_orm::QueryResult>) -> Result<i64, DbErr> {
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the server's process".to_owned()))?;
    get(row, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Server {
        Server {
            version: 150_020,
            fsync: "on".to_owned(),
            full_page_writes: "on".to_owned(),
            synchronous_commit: "on".to_owned(),
            encoding: "UTF8".to_owned(),
            is_standby: false,
            standbys: String::new(),
        }
    }

    #[test]
    fn a_server_that_can_lose_commits_is_refused_by_the_name_of_the_setting() {
        assert_eq!(sound().fault(), None);
        let off = || "off".to_owned();
        let servers = [
            (
                "13.9",
                Server {
                    version: 130_009,
                    ..sound()
                },
            ),
            (
                "fsync",
                Server {
                    fsync: off(),
                    ..sound()
                },
            ),
            (
                "full_page_writes",
                Server {
                    full_page_writes: off(),
                    ..sound()
                },
            ),
            (
                "synchronous_commit",
                Server {
                    synchronous_commit: off(),
                    ..sound()
                },
            ),
            (
                "SQL_ASCII",
                Server {
                    encoding: "SQL_ASCII".to_owned(),
                    ..sound()
                },
            ),
            (
                "standby",
                Server {
                    is_standby: true,
                    ..sound()
                },
            ),
        ];
        for (word, server) in servers {
            let fault = server.fault();
            assert!(
                fault.as_deref().is_some_and(|why| why.contains(word)),
                "{word}: {fault:?}"
            );
        }
    }
}
