//! `soak kill`: servers are killed under load again and again, on PostgreSQL also put to sleep, and the database with them;
//! then everything is read and judged.

mod troubles;

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use crate::{
    With,
    check::{self, Checked},
    client::{self, Client, People, Told},
    error::Error,
    findings::{Findings, Promise},
    ledger,
    place::Place,
    say,
};
pub use troubles::Troubles;

/// How many clients there are.
const CLIENTS: usize = 8;
/// How long the product may take to do what is left, once nobody troubles it: leases of deliveries last a minute.
const CALM: Duration = Duration::from_mins(3);
/// Of so many answers one is asked for again at the end.
const SAMPLE: usize = 25;

/// What came of it.
pub struct Outcome {
    /// What was checked.
    pub checked: Checked,
    /// What was found.
    pub findings: Findings,
}

/// Kills so often, and says what came of it; whether every promise was kept.
pub async fn run(with: &With, kills: u32) -> Result<bool, Error> {
    let begun = Instant::now();
    let troubles = Troubles::new(with.store, kills);
    let outcome = trouble(with, troubles, &[], CALM).await?;
    let Checked {
        answered,
        cases,
        entries,
        fired,
        calls,
        ..
    } = outcome.checked;
    say(&format!(
        "{:?}: {kills} kills in {:.0} s, {answered} requests answered well, {cases} cases, {entries} entries, {fired} timers, {calls} hook calls",
        with.store,
        begun.elapsed().as_secs_f64()
    ));
    say(&format!("{}", outcome.findings));
    say(if outcome.findings.is_empty() {
        "0 lost, 0 doubled, no gaps, histories come to the stored states, timers once and never early, deliveries all there"
    } else {
        "promises were broken"
    });
    Ok(outcome.findings.is_empty())
}

/// Troubles it so with these variables in the servers' environment, and then lets the product be for so long at most; what
/// was found.
pub async fn trouble(
    with: &With,
    troubles: Troubles,
    variables: &[(&'static str, &str)],
    calm: Duration,
) -> Result<Outcome, Error> {
    let mut place = Place::start(with, |_| own(variables)).await?;
    let ledgers = tempfile::tempdir_in(&with.under).map_err(Error::io("the ledgers' folder"))?;
    let told = Arc::new(Told::default());
    let clients = clients(&place, ledgers.path(), &told)?;
    let troubled = troubles.run(&mut place, &told).await;
    told.over.store(true, Ordering::Relaxed);
    troubled?;
    for client in clients {
        client
            .await
            .map_err(|error| Error::Unfit(format!("a client: {error}")))??;
    }
    wait(&place, calm).await?;
    let database = place.database();
    let ledger = ledger::read(ledgers.path())?;
    let (checked, mut findings) = check::check(&database, &ledger, &place.sink.calls()).await?;
    let people = People::of(&place.site);
    for (intent, answer) in ledger.values().step_by(SAMPLE) {
        client::ask_again(
            place.address,
            &people,
            intent,
            answer.as_ref(),
            &mut findings,
        )
        .await?;
    }
    for at in 0..place.servers.len() {
        place.stop(at)?;
    }
    if let Err(error) = place.site.command(&["audit"]) {
        findings.add(Promise::NoGaps, error.to_string());
    }
    for fault in database.faults().await? {
        findings.add(Promise::NothingLost, format!("the file: {fault}"));
    }
    Ok(Outcome { checked, findings })
}

fn own(variables: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let variables = variables.iter();
    variables
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect()
}

/// Clients that work, until they are told that it is over.
pub type Running = Vec<tokio::task::JoinHandle<Result<(), Error>>>;

/// Clients at work, each with a ledger in this folder.
pub fn clients(place: &Place, ledgers: &Path, told: &Arc<Told>) -> Result<Running, Error> {
    let people = People::of(&place.site);
    (0..CLIENTS)
        .map(|at| {
            let client = Client::new(
                format!("client{at}"),
                place.address,
                people.clone(),
                ledgers,
                told.clone(),
            )?;
            Ok(tokio::spawn(client.run()))
        })
        .collect()
}

/// Waits until nothing is left to send or to fire; what then is still undone, the checker tells.
async fn wait(place: &Place, calm: Duration) -> Result<(), Error> {
    let begun = Instant::now();
    while begun.elapsed() < calm && !place.database().is_quiet(&place.sink.calls()).await? {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(())
}
