//! Rules 14, 18-23 and 34, and the API's "Visibility", as tables.

#![expect(clippy::unwrap_used, reason = "a test may fail")]
#![expect(clippy::needless_pass_by_value, reason = "tests hand over literals")]

mod doing;
mod seeing;

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::{
    case::{PersonId, ServiceId},
    context::Inputs,
    outcome::Subject,
    sample::{self, actor, holder, name},
    workflow::{Except, SelfReview, Thing},
};

/// A case and all inputs, for one actor.
fn ask<T>(case: &Case, actor: &Actor, question: impl FnOnce(Policy<'_>) -> T) -> T {
    let (workflow, inputs) = (sample::workflow(), sample::inputs());
    let reading = Reading::new(&inputs, actor);
    question(Policy::new(&workflow, case, actor, &reading))
}

fn case(state: &str, visited: &[&str]) -> Case {
    sample::case(&sample::workflow(), state, visited)
}

/// A ballot of the review with these votes, decided.
fn with_votes(mut case: Case, votes: &[&str]) -> Case {
    let votes: Vec<_> = votes
        .iter()
        .map(|by| json!({ "by": by, "decision": "approve", "at": "2026-11-23T02:00:00Z", "round": 1, "fallen": null }))
        .collect();
    let decided = (case.state.as_str() != "review").then_some(json!({ "decision": "approve" }));
    let ballot = json!({
        "state": "review", "visit": 1, "opened_at": "2026-11-23T01:00:00Z", "assigned": null,
        "votes": votes, "decided": decided,
    });
    case.ballots.push(serde_json::from_value(ballot).unwrap());
    case
}

fn with_link(mut case: Case, action: &str, receiver: serde_json::Value) -> Case {
    let link = json!({
        "id": uuid::Uuid::from_u128(9), "state": case.state, "visit": 1, "action": action,
        "receiver": receiver, "mailed_at": "2026-11-23T02:00:00Z", "language": "en",
    });
    case.mail_links.push(serde_json::from_value(link).unwrap());
    case
}

fn machine_service() -> Actor {
    Actor::Service(ServiceId::new("erp"))
}

fn case_ready() -> Case {
    case("approved.ready", &["draft", "review"])
}
