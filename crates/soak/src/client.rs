//! A client with a ledger: it opens cases and lets two people act on them in the same moment, asks again under the same key
//! what it got no answer to, and writes down each step before it takes the next. Now and then it goes away unanswered.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use countersign_bench::{Asked, Connection, REVIEWERS};
use hyper::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::{
    error::Error,
    findings::{Findings, Promise},
    ledger::{Answer, Intent, Ledger, Receipt},
};

/// An answer that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(15);
/// One attempt in so many is left alone: the client goes away before it is answered.
const LEAVES: u32 = 6;
/// And this is the longest that it waits then, in milliseconds.
const STAYS: u64 = 60;
/// For how long one thing is asked for: longer than a crashed database takes to come back.
const PERSISTENCE: Duration = Duration::from_mins(2);

/// Somebody who may act.
#[derive(Debug, Clone)]
pub struct Person {
    /// The id.
    pub name: &'static str,
    /// The token.
    pub token: String,
}

/// Who acts: one applicant, several reviewers.
#[derive(Debug, Clone)]
pub struct People {
    /// Opens and withdraws.
    pub applicant: Person,
    /// Vote.
    pub reviewers: Vec<Person>,
}

impl People {
    /// Those of a site.
    pub fn of(site: &countersign_bench::Site) -> Self {
        let applicant = Person {
            name: "pat",
            token: site.applicant.clone(),
        };
        let reviewers = REVIEWERS.into_iter().zip(&site.reviewers);
        Self {
            applicant,
            reviewers: reviewers
                .map(|(name, token)| Person {
                    name,
                    token: token.clone(),
                })
                .collect(),
        }
    }
}

/// What clients have in common.
#[derive(Debug, Default)]
pub struct Told {
    /// They finish what they do, and stop.
    pub over: AtomicBool,
    /// How many answers they got.
    pub answers: AtomicUsize,
    /// How often they got none, or were told to come again.
    pub again: AtomicUsize,
}

/// A client.
pub struct Client {
    name: String,
    address: SocketAddr,
    people: People,
    ledger: Ledger,
    told: Arc<Told>,
}

/// What came of asking.
enum Came {
    /// It is known, well or refused.
    Known(u16, Json),
    /// Nobody knows.
    Unknown,
}

impl Client {
    /// One with a ledger in this folder.
    pub fn new(
        name: String,
        address: SocketAddr,
        people: People,
        ledgers: &Path,
        told: Arc<Told>,
    ) -> Result<Self, Error> {
        Ok(Self {
            ledger: Ledger::open(&ledgers.join(format!("{name}.ledger")))?,
            name,
            address,
            people,
            told,
        })
    }

    /// Works until it is told that it is over.
    pub async fn run(self) -> Result<(), Error> {
        let mut story = 0;
        while !self.told.over.load(Ordering::Relaxed) {
            self.story(story).await?;
            story += 1;
        }
        Ok(())
    }

    /// One case: opened and submitted, and then what two or three people do at once; or nothing, and its timer ends it.
    async fn story(&self, story: usize) -> Result<(), Error> {
        let name = format!("{}-{story}", self.name);
        let body = opening(&name);
        let opened = self
            .ask(&self.people.applicant, "open", None, name.clone(), &body)
            .await?;
        let Some(Receipt { case, .. }) = opened else {
            return Ok(());
        };
        let [rita, lena, ..] = &self.people.reviewers[..] else {
            return Err(Error::Unfit("two reviewers are needed".to_owned()));
        };
        let act = async |who: &Person, action: &'static str| {
            let key = format!("{name} {} {action}", who.name);
            self.ask(who, action, Some(&case), key, &json!({})).await
        };
        match story % 4 {
            0 => {
                let (first, second) = tokio::join!(act(rita, "approve"), act(lena, "approve"));
                first.and(second)?;
            }
            1 => {
                let (first, second) = tokio::join!(act(rita, "approve"), act(lena, "reject"));
                first.and(second)?;
            }
            2 => {
                let withdrawn = act(&self.people.applicant, "withdraw");
                let (first, second, third) =
                    tokio::join!(withdrawn, act(rita, "approve"), act(lena, "approve"));
                first.and(second).and(third)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Asks until it is known what came of it; the receipt if it went well.
    async fn ask(
        &self,
        who: &Person,
        deed: &str,
        case: Option<&str>,
        key: String,
        body: &Json,
    ) -> Result<Option<Receipt>, Error> {
        self.ledger.intend(Intent {
            key: key.clone(),
            who: who.name.to_owned(),
            deed: deed.to_owned(),
            case: case.map(str::to_owned),
        })?;
        let asked = request(&who.token, deed, case, &key, body);
        let begun = Instant::now();
        let mut tries = 0;
        while begun.elapsed() < PERSISTENCE {
            tries += 1;
            let leaves = tries == 1 && rand::random_ratio(1, LEAVES);
            let patience = if leaves {
                Duration::from_millis(rand::random_range(0..STAYS))
            } else {
                PATIENCE
            };
            if let Came::Known(status, answer) = once(self.address, &asked, patience).await {
                let receipt: Option<Receipt> =
                    serde_json::from_value(answer["receipt"].clone()).ok();
                self.ledger.answered(Answer {
                    key,
                    status,
                    receipt: receipt.clone(),
                    tries,
                })?;
                self.told.answers.fetch_add(1, Ordering::Relaxed);
                return Ok(receipt);
            }
            self.told.again.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(rand::random_range(20..120))).await;
        }
        Ok(None)
    }
}

/// A request under a key: an opening, or an action on a case.
pub fn request(token: &str, deed: &str, case: Option<&str>, key: &str, body: &Json) -> Asked {
    Asked {
        method: Method::POST,
        path: match case {
            None => "/v1/cases".to_owned(),
            Some(case) => format!("/v1/cases/{case}/actions/{deed}"),
        },
        token: token.to_owned(),
        cookies: None,
        key: Some(key.to_owned()),
        body: body.to_string().into(),
    }
}

fn opening(name: &str) -> Json {
    json!({ "workflow": "agreement", "action": "submit", "data": { "request": { "name": name } } })
}

/// Asks under a key that was answered long ago: the answer is the same, and nothing happens.
pub async fn ask_again(
    address: SocketAddr,
    people: &People,
    intent: &Intent,
    answer: Option<&Answer>,
    findings: &mut Findings,
) -> Result<(), Error> {
    let Some(receipt) = answer.and_then(|answer| answer.receipt.as_ref()) else {
        return Ok(());
    };
    let all = people.reviewers.iter().chain([&people.applicant]);
    let who = all.into_iter().find(|person| person.name == intent.who);
    let who = who.ok_or_else(|| Error::Unfit(format!("{} is nobody", intent.who)))?;
    let body = match intent.case {
        None => opening(&intent.key),
        Some(_) => json!({}),
    };
    let (key, case) = (&intent.key, intent.case.as_deref());
    let asked = request(&who.token, &intent.deed, case, key, &body);
    if let Came::Known(_, answered) = once(address, &asked, PATIENCE).await
        && serde_json::from_value(answered["receipt"].clone())
            .ok()
            .as_ref()
            == Some(receipt)
    {
        return Ok(());
    }
    let says = format!("{key}: asked again, and not answered with {receipt:?}");
    findings.add(Promise::NothingDoubled, says);
    Ok(())
}

/// Asks on a connection of its own, which is closed when it takes longer.
async fn once(address: SocketAddr, asked: &Asked, patience: Duration) -> Came {
    let answered = tokio::time::timeout(patience, async {
        Connection::open(address).await?.ask(asked).await
    });
    let Ok(Ok(answer)) = answered.await else {
        return Came::Unknown;
    };
    let again = answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS;
    match serde_json::from_slice(&answer.body) {
        Ok(body) if !again => Came::Known(answer.status.as_u16(), body),
        Ok(_) | Err(_) => Came::Unknown,
    }
}
