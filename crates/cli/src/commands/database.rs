//! `database migrate`: bring the tables up to date without serving.

use crate::{
    args::{Database, DatabaseCommand},
    output,
    run::{Ended, Stopped},
    service::{ServiceClock, StoreAt},
};

/// Runs a command on the database.
pub async fn run(arguments: Database) -> Result<Ended, Stopped> {
    let DatabaseCommand::Migrate(serve) = arguments.command;
    let settings = super::serve::settings(&serve)?;
    let at = StoreAt::of(&settings.database);
    // Opening brings the tables up to date.
    let (store, _) = at
        .open(&ServiceClock::System)
        .await
        .map_err(|error| super::serve::not_opened(&error))?;
    store.close().await.map_err(|error| Stopped::by(&error))?;
    match at {
        StoreAt::File(file) => output::line(format_args!("{} is up to date", file.display())),
        StoreAt::Server(_) => output::line("the database is up to date"),
    }
    Ok(Ended::Well)
}
