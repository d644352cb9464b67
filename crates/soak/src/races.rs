//! `soak races`: two people act on one case in the same moment, over connections of their own and on PostgreSQL over
//! different replicas, very often. Whatever comes first, no transition is lost and none happens twice.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use clap::ValueEnum;
use countersign_bench::Connection;
use hyper::Method;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use crate::{
    With, check,
    client::{People, Person, request},
    error::Error,
    findings::{Findings, Promise},
    ledger::{Answer, Intent, Ledgers, Receipt},
    place::Place,
    say,
};

/// How many races run at once.
const AT_ONCE: usize = 32;
/// How many share a database, which is read whole afterwards.
const ROUND: u32 = 10_000;
/// Time is up so long after a case of `timed` was submitted.
const AFTER: Duration = Duration::from_secs(2);

/// Who races whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// The last two votes that are needed.
    LastTwoVotes,
    /// One approves, the other rejects.
    ApproveAgainstReject,
    /// A decision in the moment in which time is up.
    DecideAgainstTimeout,
    /// A decision while the applicant withdraws.
    DecideAgainstWithdraw,
    /// The same person, twice.
    DoubleClick,
}

/// Runs so many races of each of these kinds, or of all; whether every promise was kept.
pub async fn run(with: &With, races: u32, kinds: &[Kind]) -> Result<bool, Error> {
    let mut all_kept = true;
    let kinds = if kinds.is_empty() {
        Kind::value_variants()
    } else {
        kinds
    };
    for &kind in kinds {
        let begun = Instant::now();
        let (mut left, mut findings) = (races, Findings::default());
        while left > 0 {
            let now = left.min(ROUND);
            round(with, kind, now, &mut findings).await?;
            left -= now;
        }
        let seconds = begun.elapsed().as_secs_f64();
        let found = if findings.is_empty() {
            "no transition lost, none twice"
        } else {
            "BROKEN"
        };
        say(&format!(
            "{:?}: {races} races {kind:?} in {seconds:.0} s: {found}",
            with.store
        ));
        say(&findings.to_string());
        all_kept &= findings.is_empty();
    }
    Ok(all_kept)
}

async fn round(with: &With, kind: Kind, races: u32, findings: &mut Findings) -> Result<(), Error> {
    let mut place = Place::start(with, |_| Vec::new()).await?;
    let addresses: Vec<SocketAddr> = place.servers.iter().map(|(address, _)| *address).collect();
    let people = Arc::new(People::of(&place.site));
    let next = Arc::new(AtomicU32::new(0));
    let mut racers = JoinSet::new();
    // A timed race waits most of its time.
    let at_once = if kind == Kind::DecideAgainstTimeout {
        AT_ONCE * 8
    } else {
        AT_ONCE
    };
    for at in 0..at_once {
        let address = |n: usize| addresses[(at + n) % addresses.len()];
        let lanes = [address(0), address(1)];
        let (people, next) = (people.clone(), next.clone());
        racers.spawn(async move {
            let mut racer = Racer::open(lanes, people).await?;
            loop {
                let race = next.fetch_add(1, Ordering::Relaxed);
                if race >= races {
                    return Ok::<_, Error>((racer.ledger, racer.findings));
                }
                racer.race(kind, race).await?;
            }
        });
    }
    let mut ledger = BTreeMap::new();
    while let Some(ended) = racers.join_next().await {
        let (mine, found) = ended.map_err(|error| Error::Unfit(format!("a racer: {error}")))??;
        ledger.extend(mine);
        findings.join(found);
    }
    if kind == Kind::DecideAgainstTimeout {
        tokio::time::sleep(AFTER * 2).await;
    }
    let (_, found) = check::check(&place.database(), &ledger, &[]).await?;
    findings.join(found);
    for at in 0..place.servers.len() {
        place.stop(at)?;
    }
    Ok(())
}

/// Two lanes, and what came of them.
struct Racer {
    lanes: [Connection; 2],
    people: Arc<People>,
    ledger: Ledgers,
    findings: Findings,
}

/// One who races: who, what, and under which key.
struct Runner<'a> {
    who: &'a Person,
    deed: &'static str,
    key: String,
}

impl Racer {
    async fn open(lanes: [SocketAddr; 2], people: Arc<People>) -> Result<Self, Error> {
        let [first, second] = lanes;
        Ok(Self {
            lanes: [
                Connection::open(first).await?,
                Connection::open(second).await?,
            ],
            people,
            ledger: BTreeMap::new(),
            findings: Findings::default(),
        })
    }

    async fn race(&mut self, kind: Kind, race: u32) -> Result<(), Error> {
        let people = self.people.clone();
        let [rita, lena, ..] = &people.reviewers[..] else {
            return Err(Error::Unfit("two reviewers are needed".to_owned()));
        };
        let name = format!("{kind:?} {race}");
        let workflow = if kind == Kind::DecideAgainstTimeout {
            "timed"
        } else {
            "race"
        };
        let Some(case) = self.opened(workflow, &name).await? else {
            return Ok(());
        };
        let runner = |who, deed, lane: u32| Runner {
            who,
            deed,
            key: format!("{name} {deed} {lane}"),
        };
        let first_again = |first: &Runner<'_>| first.key.clone();
        let [first, second] = match kind {
            Kind::LastTwoVotes => [runner(rita, "approve", 0), runner(lena, "approve", 1)],
            Kind::ApproveAgainstReject => [runner(rita, "approve", 0), runner(lena, "reject", 1)],
            Kind::DecideAgainstWithdraw => [
                runner(rita, "reject", 0),
                runner(&people.applicant, "withdraw", 1),
            ],
            Kind::DecideAgainstTimeout => {
                // In the moment in which time is up, give or take.
                let give_or_take = Duration::from_millis(rand::random_range(0..40));
                tokio::time::sleep(AFTER.saturating_sub(give_or_take)).await;
                [runner(rita, "approve", 0), runner(lena, "reject", 1)]
            }
            Kind::DoubleClick => {
                let first = runner(rita, "approve", 0);
                let mut second = runner(rita, "approve", 1);
                // A page sends the form twice; a program sends its request twice.
                if race.is_multiple_of(2) {
                    second.key = first_again(&first);
                }
                [first, second]
            }
        };
        let answers = self.both(&case, [&first, &second]).await?;
        self.judge(kind, race, &answers);
        self.remember(&case, kind, [first, second], answers);
        Ok(())
    }

    async fn opened(&mut self, workflow: &str, name: &str) -> Result<Option<String>, Error> {
        let body = json!({ "workflow": workflow, "action": "submit", "data": { "request": { "name": name } } });
        let asked = request(&self.people.applicant.token, "open", None, name, &body);
        let answer = self.lanes[0].ask(&asked).await?;
        let body: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
        let receipt: Option<Receipt> = serde_json::from_value(body["receipt"].clone()).ok();
        let case = receipt.as_ref().map(|receipt| receipt.case.clone());
        let intent = Intent {
            key: name.to_owned(),
            who: self.people.applicant.name.to_owned(),
            deed: "open".to_owned(),
            case: None,
        };
        let answer = Answer {
            key: name.to_owned(),
            status: answer.status.as_u16(),
            receipt,
            tries: 1,
        };
        self.ledger.insert(name.to_owned(), (intent, Some(answer)));
        Ok(case)
    }

    async fn both(&mut self, case: &str, runners: [&Runner<'_>; 2]) -> Result<[Answer; 2], Error> {
        let asked = runners.map(|Runner { who, deed, key }| {
            let mut asked = request(&who.token, deed, Some(case), key, &json!({}));
            asked.method = Method::POST;
            asked
        });
        let [one, two] = &mut self.lanes;
        let (first, second) = tokio::join!(one.ask(&asked[0]), two.ask(&asked[1]));
        let [first_runner, second_runner] = runners;
        let told = |runner: &Runner<'_>, answer: countersign_bench::Answer| {
            let body: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
            Answer {
                key: runner.key.clone(),
                status: answer.status.as_u16(),
                receipt: serde_json::from_value(body["receipt"].clone()).ok(),
                tries: 1,
            }
        };
        Ok([told(first_runner, first?), told(second_runner, second?)])
    }

    /// What the two may have been told; what became of the case, the checker tells.
    fn judge(&mut self, kind: Kind, race: u32, answers: &[Answer; 2]) {
        let good = answers.each_ref().map(|answer| answer.receipt.is_some());
        let right = match kind {
            Kind::LastTwoVotes => good == [true, true],
            // Whoever rejects is heard, whether an approval came before or not.
            Kind::ApproveAgainstReject => good[1],
            Kind::DecideAgainstTimeout => true,
            Kind::DecideAgainstWithdraw => good[0] != good[1],
            Kind::DoubleClick if race.is_multiple_of(2) => {
                good == [true, true] && answers[0].receipt == answers[1].receipt
            }
            Kind::DoubleClick => good[0] != good[1],
        };
        let is_clear = answers.iter().all(|answer| answer.status < 500);
        if !right || !is_clear {
            let says = format!("{kind:?} {race}: {answers:?}");
            self.findings.add(Promise::NothingLost, says);
        }
    }

    fn remember(&mut self, case: &str, kind: Kind, runners: [Runner<'_>; 2], answers: [Answer; 2]) {
        for (runner, answer) in runners.into_iter().zip(answers) {
            // The second click is refused because the first has done it.
            if kind == Kind::DoubleClick && answer.receipt.is_none() {
                continue;
            }
            let intent = Intent {
                key: runner.key.clone(),
                who: runner.who.name.to_owned(),
                deed: runner.deed.to_owned(),
                case: Some(case.to_owned()),
            };
            self.ledger.insert(runner.key, (intent, Some(answer)));
        }
    }
}
