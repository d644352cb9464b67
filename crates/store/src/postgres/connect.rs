//! How connections to the server are set up. What a pool hands out after a pause has been asked whether it still lives.

use std::{str::FromStr as _, time::Duration};

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use sqlx::{
    ConnectOptions as _, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{readers::Readers, statements::locks};

/// A connection that was not used for so long may have been cut meanwhile.
const IDLE: Duration = Duration::from_secs(1);
/// How long to wait for a free connection: whoever asked is told then that too much is going on.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Where the server is and how it is spoken to.
#[derive(Debug, Clone)]
pub struct Way {
    options: PgConnectOptions,
    /// Whether the address says that a pooler by transaction stands before it: nothing is prepared then that outlives a
    /// transaction.
    pub pooled: bool,
}

/// How an address says so.
pub const POOLED: &str = "statement-cache-capacity=0";

impl Way {
    /// What an address says.
    pub fn of(url: &str) -> Result<Self, sqlx::Error> {
        let pooled = url
            .split_once('?')
            .is_some_and(|(_, more)| more.split('&').any(|one| one == POOLED));
        let options = PgConnectOptions::from_str(url)?
            .application_name("countersign")
            .statement_cache_capacity(if pooled { 0 } else { 200 })
            .disable_statement_logging();
        Ok(Self { options, pooled })
    }

    /// The server as people are told of it: without user and password.
    pub fn told(&self) -> String {
        let options = &self.options;
        let database = options.get_database().unwrap_or("postgres");
        match options.get_socket() {
            Some(folder) => format!("{database} at {}", folder.display()),
            None => format!(
                "{database} at {}:{}",
                options.get_host(),
                options.get_port()
            ),
        }
    }

    /// A pool of at most so many connections that read.
    pub async fn readers(&self, most: u32) -> Result<Readers, sqlx::Error> {
        Ok(Readers::new(self.pool(most).await?, self.pooled))
    }

    /// A pool of at most so many connections.
    pub async fn pool(&self, most: u32) -> Result<DatabaseConnection, sqlx::Error> {
        let pooled = self.pooled;
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for <= IDLE {
                        return Ok(true);
                    }
                    // Asked in place of a ping: a primary that became a standby meanwhile is left, and found anew.
                    let row = sqlx::raw_sql(locks::IS_STANDBY).fetch_one(connection);
                    let row = row.await?;
                    Ok(!row.try_get::<bool, _>(0)?)
                })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    // What is set behind a pooler is set for whoever comes next.
                    if !pooled {
                        sqlx::raw_sql(locks::PLANS_OF_CONNECTION)
                            .execute(connection)
                            .await?;
                    }
                    Ok(())
                })
            })
            .idle_timeout(Duration::from_mins(10))
            .acquire_timeout(ACQUIRE);
        let pool = pool.connect_with(self.options.clone()).await?;
        Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
    }
}
