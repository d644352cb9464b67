//! `soak planted`: each bug that a build with debug assertions can be told to have, and the checker that has to find it.

use std::time::Duration;

use crate::{
    Store, With,
    error::Error,
    findings::Promise,
    kill::{self, Troubles},
    say,
};

/// A bug, the store on which it shows, and the promise that it breaks.
const PLANTED: [(&str, Store, Promise); 5] = [
    (
        "acknowledged_before_commit",
        Store::Sqlite,
        Promise::NothingLost,
    ),
    (
        "key_in_another_transaction",
        Store::Sqlite,
        Promise::NothingDoubled,
    ),
    ("timer_removed_first", Store::Sqlite, Promise::Timers),
    ("no_fencing", Store::Postgres, Promise::NoGaps),
    (GOING_AWAY, Store::Sqlite, Promise::Deliveries),
];

/// The bug that clients bring out who go away, and nothing else: nobody is killed, so it is them whom the checker finds.
const GOING_AWAY: &str = "write_in_request";

/// How long the product is let be: the timers of what was opened last have come by then.
const CALM: Duration = Duration::from_secs(8);

/// Kills fall where they fall: a bug that was not hit gets another chance.
const ROUNDS: u32 = 3;

/// Plants each; whether all of them were found.
pub async fn run(with: &With, kills: u32) -> Result<bool, Error> {
    let mut all_found = true;
    for (bug, store, promise) in PLANTED {
        let with = With {
            store,
            ..with.clone()
        };
        let variables = [("COUNTERSIGN_PLANTED_BUG", bug)];
        let troubles = || {
            let troubles = Troubles::new(with.store, kills);
            if bug == GOING_AWAY {
                troubles.peaceful()
            } else {
                troubles
            }
        };
        let mut outcome = kill::trouble(&with, troubles(), &variables, CALM).await?;
        for _ in 1..ROUNDS {
            if outcome.findings.has(promise) {
                break;
            }
            outcome = kill::trouble(&with, troubles(), &variables, CALM).await?;
        }
        let found = outcome.findings.has(promise);
        say(&format!(
            "{bug}: {}, {} × {promise}",
            if found { "found" } else { "NOT FOUND" },
            outcome.findings.count(promise),
        ));
        say(&format!("{}", outcome.findings));
        all_found &= found;
    }
    Ok(all_found)
}
