//! How connections to the server are set up. What a pool hands out after a pause has been asked whether it still lives.

use std::{str::FromStr as _, time::Duration};

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use sqlx::{
    ConnectOptions as _, Connection as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A connection that was not used for so long may have been cut meanwhile.
const IDLE: Duration = Duration::from_secs(1);
/// How long to wait for a free connection: whoever asked is told then that too much is going on.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Every statement finds its rows by a key, so a plan that walks a table is never right, not even while the server believes
/// that the table is small: it would keep that plan while the table grows. Joins are made in the order in which they are
/// written, as on SQLite: rows that travel with the statement come first, and what they name is looked up.
const PLANS: &str = "SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
                     SET enable_material = off; SET join_collapse_limit = 1";

/// Where the server is and how it is spoken to.
pub fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name("countersign")
        .statement_cache_capacity(200)
        .disable_statement_logging())
}

/// The server as people are told of it: without user and password.
pub fn told(options: &PgConnectOptions) -> String {
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

/// A pool of at most so many connections.
pub async fn pool(
    options: &PgConnectOptions,
    most: u32,
) -> Result<DatabaseConnection, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(most)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(PLANS).execute(connection).await?;
                Ok(())
            })
        })
        .idle_timeout(Duration::from_mins(10))
        .acquire_timeout(ACQUIRE);
    let pool = pool.connect_with(options.clone()).await?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
