//! What the connections of a load ask for, one after another.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;
use hyper::Method;
use serde_json::{Value as Json, json};

use crate::{Answer, Asked};

/// Where a connection gets its next request from.
pub trait Deeds: Send + Sync {
    /// The next of this connection, after what it was answered last; `None`: there is nothing left to do.
    fn next(&self, connection: usize, before: Option<Answer>) -> Option<Asked>;
}

/// Keys that no other request of this run has.
fn key() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let nanos = std::time::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default()
        .as_nanos();
    format!("{nanos:x}-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

fn post(path: String, token: &str, body: &Json) -> Asked {
    Asked {
        method: Method::POST,
        path,
        token: token.to_owned(),
        cookies: None,
        key: Some(key()),
        body: Bytes::from(body.to_string()),
    }
}

/// An application of the shipped deal registration, submitted at once.
fn opening(token: &str) -> Asked {
    let deal =
        json!({ "customer": "Northwind", "amount": "330000.00", "close_date": "2027-12-20" });
    let body =
        json!({ "workflow": "deal_registration", "action": "submit", "data": { "deal": deal } });
    post("/v1/cases".to_owned(), token, &body)
}

/// The one vote that decides it.
fn vote(case: &str, token: &str) -> Asked {
    let evaluation = json!({ "grade": "A", "summary": "Known customer, sound margin." });
    let body = json!({ "data": { "evaluation": evaluation } });
    post(format!("/v1/cases/{case}/actions/approve"), token, &body)
}

/// Decisions: each case of a list is approved once, by one reviewer after another.
pub struct Votes {
    cases: Vec<String>,
    next: AtomicUsize,
    reviewers: Vec<String>,
}

impl Votes {
    /// On these cases, in this order.
    pub fn new(cases: Vec<String>, reviewers: Vec<String>) -> Self {
        Self {
            cases,
            next: AtomicUsize::new(0),
            reviewers,
        }
    }
}

impl Deeds for Votes {
    fn next(&self, connection: usize, _before: Option<Answer>) -> Option<Asked> {
        let case = self.cases.get(self.next.fetch_add(1, Ordering::Relaxed))?;
        let reviewer = &self.reviewers[connection % self.reviewers.len()];
        Some(vote(case, reviewer))
    }
}

/// Applications, each opened and submitted at once.
pub struct Openings {
    /// Who applies.
    pub applicant: String,
}

impl Deeds for Openings {
    fn next(&self, _connection: usize, _before: Option<Answer>) -> Option<Asked> {
        Some(opening(&self.applicant))
    }
}

/// The whole story, against any server: a case is opened and submitted, and approved by a reviewer, over and over.
pub struct Story {
    /// Who applies.
    pub applicant: String,
    /// Who reviews.
    pub reviewers: Vec<String>,
}

impl Deeds for Story {
    fn next(&self, connection: usize, before: Option<Answer>) -> Option<Asked> {
        let opened = before.and_then(|answer| {
            let body: Json = serde_json::from_slice(&answer.body).ok()?;
            let case = &body["case"];
            (case["state"] == "review").then(|| case["id"].as_str().map(str::to_owned))?
        });
        let reviewer = &self.reviewers[connection % self.reviewers.len()];
        Some(match opened {
            Some(case) => vote(&case, reviewer),
            None => opening(&self.applicant),
        })
    }
}

/// Looks at a list: the inbox, or a search.
pub struct Inbox {
    path: String,
    tokens: Vec<String>,
}

impl Inbox {
    /// The first page of what waits for these people, or of another list.
    pub fn new(path: &str, tokens: Vec<String>) -> Self {
        Self {
            path: path.to_owned(),
            tokens,
        }
    }
}

impl Deeds for Inbox {
    fn next(&self, connection: usize, _before: Option<Answer>) -> Option<Asked> {
        Some(Asked {
            method: Method::GET,
            path: self.path.clone(),
            token: self
                .tokens
                .get(connection % self.tokens.len().max(1))?
                .clone(),
            cookies: None,
            key: None,
            body: Bytes::new(),
        })
    }
}

/// Looks at pages, as people do who are signed in: one after another.
pub struct Pages {
    paths: Vec<String>,
    next: AtomicUsize,
    sessions: Vec<String>,
}

impl Pages {
    /// These paths, looked at by the people of these sessions.
    pub fn new(paths: Vec<String>, sessions: Vec<String>) -> Self {
        Self {
            paths,
            next: AtomicUsize::new(0),
            sessions,
        }
    }
}

impl Deeds for Pages {
    fn next(&self, connection: usize, _before: Option<Answer>) -> Option<Asked> {
        let place = self.next.fetch_add(1, Ordering::Relaxed) % self.paths.len().max(1);
        let session = connection % self.sessions.len().max(1);
        Some(Asked {
            method: Method::GET,
            path: self.paths.get(place)?.clone(),
            token: String::new(),
            cookies: Some(self.sessions.get(session)?.clone()),
            key: None,
            body: Bytes::new(),
        })
    }
}
