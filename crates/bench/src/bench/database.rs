//! The database beside the product: the same file or server, spoken to by hand, with the drivers that the product has.

use std::{path::PathBuf, str::FromStr as _};

use countersign_bench::Error;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Database {
    /// The file.
    Sqlite(PathBuf),
    /// The address.
    Postgres(String),
}

/// A connection to it.
pub enum Open {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Database {
    /// As people call it, with what makes a commit durable.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite FULL",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Its file, or its address.
    pub fn address(&self) -> String {
        match self {
            Self::Sqlite(file) => file.display().to_string(),
            Self::Postgres(url) => url.clone(),
        }
    }

    /// A new one on the server of this address.
    pub async fn on_server(server: &str) -> Result<Self, Error> {
        let name = format!("countersign_bench_{}", std::process::id());
        let mut on = PgConnection::connect(server).await?;
        for statement in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut on)
                .await?;
        }
        on.close().await?;
        Ok(Self::Postgres(at(server, &name)))
    }

    /// Takes it away, where it is not a file that goes with its folder.
    pub async fn drop(self, server: &str) -> Result<(), Error> {
        let Self::Postgres(url) = self else {
            return Ok(());
        };
        let options = PgConnectOptions::from_str(&url)?;
        let mut on = PgConnection::connect(server).await?;
        let name = options.get_database().unwrap_or_default();
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut on).await?;
        Ok(on.close().await?)
    }

    /// A connection as the product's writer has it, but for SQLite's checkpoints, which it does here by itself.
    pub async fn writer(&self) -> Result<Open, Error> {
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .statement_cache_capacity(200)
                    .pragma("cache_size", "-49152")
                    .pragma("temp_store", "MEMORY")
                    .pragma("wal_autocheckpoint", "4000");
                Ok(Open::Sqlite(
                    SqliteConnection::connect_with(&options).await?,
                ))
            }
            Self::Postgres(url) => Ok(Open::Postgres(PgConnection::connect(url).await?)),
        }
    }

    /// A connection that looks on and writes nothing.
    pub async fn onlooker(&self) -> Result<Open, Error> {
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file).read_only(true);
                Ok(Open::Sqlite(
                    SqliteConnection::connect_with(&options).await?,
                ))
            }
            Self::Postgres(url) => Ok(Open::Postgres(PgConnection::connect(url).await?)),
        }
    }

    /// What answers each case that has a timer, and when that is due: as one text.
    pub fn timers(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SELECT hex(case_id) || ' ' || due_at FROM timers",
            Self::Postgres(_) => "SELECT case_id || ' ' || due_at FROM timers",
        }
    }

    /// A connection to a database that no server has open, fast and careless: what is half loaded is thrown away.
    pub async fn careless(&self) -> Result<Open, Error> {
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .journal_mode(SqliteJournalMode::Off)
                    .synchronous(SqliteSynchronous::Off)
                    .foreign_keys(false)
                    .pragma("cache_size", "-400000")
                    .pragma("temp_store", "MEMORY");
                Ok(Open::Sqlite(
                    SqliteConnection::connect_with(&options).await?,
                ))
            }
            Self::Postgres(url) => {
                let options =
                    PgConnectOptions::from_str(url)?.options([("synchronous_commit", "off")]);
                Ok(Open::Postgres(PgConnection::connect_with(&options).await?))
            }
        }
    }
}

impl Open {
    /// The first column, as text, of what a statement answers.
    pub async fn texts(&mut self, sql: String) -> Result<Vec<String>, Error> {
        let sql = AssertSqlSafe(sql);
        let texts: Result<_, sqlx::Error> = match self {
            Self::Sqlite(on) => {
                let rows = sqlx::query(sql).fetch_all(on).await?;
                rows.iter().map(|row| row.try_get(0)).collect()
            }
            Self::Postgres(on) => {
                let rows = sqlx::query(sql).fetch_all(on).await?;
                rows.iter().map(|row| row.try_get(0)).collect()
            }
        };
        Ok(texts?)
    }

    /// Runs statements that are written out, in one transaction.
    pub async fn run(&mut self, statements: Vec<String>) -> Result<(), Error> {
        match self {
            Self::Sqlite(on) => {
                let mut tx = on.begin().await?;
                for statement in statements {
                    let statement = sqlx::query(AssertSqlSafe(statement)).persistent(false);
                    statement.execute(&mut *tx).await?;
                }
                Ok(tx.commit().await?)
            }
            Self::Postgres(on) => {
                let mut tx = on.begin().await?;
                for statement in statements {
                    let statement = sqlx::query(AssertSqlSafe(statement)).persistent(false);
                    statement.execute(&mut *tx).await?;
                }
                Ok(tx.commit().await?)
            }
        }
    }

    /// Runs prepared statements, each with its one value, in one transaction of a writer.
    pub async fn write(&mut self, statements: &[(&'static str, String)]) -> Result<(), Error> {
        match self {
            Self::Sqlite(on) => {
                let mut tx = on.begin_with("BEGIN IMMEDIATE").await?;
                for (statement, rows) in statements {
                    sqlx::query(*statement).bind(rows).execute(&mut *tx).await?;
                }
                Ok(tx.commit().await?)
            }
            Self::Postgres(on) => {
                let mut tx = on.begin().await?;
                for (statement, rows) in statements {
                    sqlx::query(*statement).bind(rows).execute(&mut *tx).await?;
                }
                Ok(tx.commit().await?)
            }
        }
    }

    /// After rows were added with positions of their own: puts all of it where a server finds it.
    pub async fn settle(&mut self) -> Result<(), Error> {
        match self {
            Self::Sqlite(on) => {
                let journal = sqlx::raw_sql("PRAGMA journal_mode = WAL");
                journal.execute(on).await?;
            }
            Self::Postgres(on) => {
                for table in ["cases", "history", "contents"] {
                    let raise = format!(
                        "SELECT setval('{table}_position_seq', max(position)) FROM {table}"
                    );
                    sqlx::raw_sql(AssertSqlSafe(raise))
                        .execute(&mut *on)
                        .await?;
                }
                sqlx::raw_sql("VACUUM ANALYZE").execute(on).await?;
            }
        }
        Ok(())
    }

    /// Ends the conversation.
    pub async fn close(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(on) => on.close().await?,
            Self::Postgres(on) => on.close().await?,
        }
        Ok(())
    }
}

/// The address of this database on that server.
fn at(server: &str, database: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let from = address.find("://").map_or(0, |at| at + 3);
    let host = address[from..]
        .find('/')
        .map_or(address, |at| &address[..from + at]);
    format!("{host}/{database}?{options}")
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn a_database_stands_behind_its_server() {
        let socket = "postgres://me@localhost/postgres?host=/run/pg";
        assert_eq!(at(socket, "b"), "postgres://me@localhost/b?host=/run/pg");
        assert_eq!(at("postgres://me@there", "b"), "postgres://me@there/b?");
    }
}
