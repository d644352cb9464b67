//! `database migrate`: bring the tables up to date without serving.

use std::sync::Arc;

use countersign_config::DatabaseKind;
use countersign_engine::ports::SystemClock;

use crate::{
    args::{Database, DatabaseCommand},
    output,
    run::{Ended, Stopped},
};

/// Runs a command on the database.
pub async fn run(arguments: Database) -> Result<Ended, Stopped> {
    let DatabaseCommand::Migrate(serve) = arguments.command;
    let settings = super::serve::settings(&serve)?;
    let DatabaseKind::Sqlite { file } = &settings.database.kind else {
        return Err(Stopped::new("there is no PostgreSQL store in this release"));
    };
    // Opening brings the tables up to date.
    let store = countersign_store::sqlite::open(file, Arc::new(SystemClock))
        .await
        .map_err(|error| super::serve::not_opened(&error))?;
    store.close().await.map_err(|error| Stopped::by(&error))?;
    output::line(format_args!("{} is up to date", file.display()));
    Ok(Ended::Well)
}
