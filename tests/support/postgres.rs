//! Databases of suites that run on PostgreSQL. The server is `cargo xtask test`'s, or one that somebody names.

use std::env;

use countersign_store::postgres::make_database;
use uuid::Uuid;

use crate::left_out;

/// The server on which suites make their databases.
///
/// `None` where there is none: the suite is then left out, and says so on stderr.
///
/// # Panics
/// Under `CI=true`, where leaving a suite out is a failure.
pub fn server() -> Option<String> {
    let named = env::var("COUNTERSIGN_POSTGRES").ok();
    if named.is_none() {
        left_out(
            "the product on PostgreSQL",
            "run `cargo xtask test`, or name a server in COUNTERSIGN_POSTGRES",
        );
    }
    named
}

/// The server on which the suites run that know no database of their own; none where they run on SQLite.
pub fn of_all_suites() -> Option<String> {
    env::var("COUNTERSIGN_SUITES_ON").ok()
}

/// A new database on this server.
///
/// # Panics
/// Where it cannot be made.
pub async fn database(server: &str) -> String {
    let name = format!("suite_{}", Uuid::now_v7().simple());
    let made = make_database(server, &name).await;
    made.expect("a database is made")
}
