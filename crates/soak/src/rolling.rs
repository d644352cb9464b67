//! `soak rolling`: replicas are replaced one after another while people work; whoever asks once more is always served.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crate::{
    Store, With,
    client::Told,
    error::Error,
    findings::{Findings, Promise},
    kill, ledger,
    place::Place,
    say,
};

/// How long the proxy may take to see that a replica is back.
const SEEN: Duration = Duration::from_secs(2);

/// Replaces replicas so often; whether every promise was kept.
pub async fn run(with: &With, restarts: u32) -> Result<bool, Error> {
    let with = With {
        store: Store::Postgres,
        ..with.clone()
    };
    let mut place = Place::start(&with, |_| Vec::new()).await?;
    let ledgers = tempfile::tempdir_in(&with.under).map_err(Error::io("the ledgers' folder"))?;
    let told = Arc::new(Told::default());
    let clients = kill::clients(&place, ledgers.path(), &told)?;
    for (_, at) in (0..restarts).zip((0..place.servers.len()).cycle()) {
        tokio::time::sleep(SEEN).await;
        place.stop(at)?;
        place.serve(at)?;
    }
    told.over.store(true, Ordering::Relaxed);
    for client in clients {
        client
            .await
            .map_err(|error| Error::Unfit(format!("a client: {error}")))??;
    }
    let mut findings = Findings::default();
    let mut tries: BTreeMap<u32, u32> = BTreeMap::new();
    for (intent, answer) in ledger::read(ledgers.path())?.values() {
        let needed = answer.as_ref().map_or(u32::MAX, |answer| answer.tries);
        *tries.entry(needed).or_default() += 1;
        if needed > 2 {
            findings.add(
                Promise::Served,
                format!("{} was asked {needed} times", intent.key),
            );
        }
    }
    say(&format!(
        "{restarts} restarts, requests by how often they were asked: {tries:?}"
    ));
    say(&findings.to_string());
    Ok(findings.is_empty())
}
