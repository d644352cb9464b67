//! What all writes on a case have in common: hand the command over, answer with the case, and tell a caller
//! who was late what has changed meanwhile.

use axum::response::Response;
use countersign_core::{
    case::Channel,
    command::Command,
    outcome::Refusal,
    text::Language,
    view::{EntryView, history_view},
};
use countersign_engine::{Error, ports::store::CaseAddress};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::{
    ApiState, Problem,
    answer::{CaseAnswer, shown},
    request::{Asker, Written},
};

/// What is asked of a case.
pub struct Asked {
    /// By which way.
    pub channel: Channel,
    /// The command.
    pub command: Command,
    /// The confirmation code that came with it.
    pub code: Option<String>,
    /// How it is answered.
    pub answer: CaseAnswer,
}

impl Asked {
    /// A command over HTTP, answered with the case.
    pub fn new(command: Command, language: Language) -> Self {
        Self {
            channel: Channel::Api,
            command,
            code: None,
            answer: CaseAnswer::ok(language),
        }
    }
}

/// Carries a command out and answers with the case.
pub async fn carry_out_plainly(
    state: &ApiState,
    head: Written,
    case: &str,
    command: Command,
) -> Result<Response, Problem> {
    let asked = Asked::new(command, head.asker.language);
    carry_out(state, head, case, asked).await
}

/// Carries it out and answers.
pub async fn carry_out(
    state: &ApiState,
    head: Written,
    case: &str,
    asked: Asked,
) -> Result<Response, Problem> {
    let address = CaseAddress::parse(case);
    let manner = head.manner(asked.channel, asked.answer.kept());
    let actor = head.asker.actor.clone();
    let answered = state
        .engine
        .command(
            actor,
            manner,
            address.clone(),
            asked.command,
            head.if_match,
            asked.code,
        )
        .await;
    match answered {
        Ok(answered) => asked.answer.respond(&state.engine, answered).await,
        Err(error) => Err(told(state, &head, &address, error).await),
    }
}

/// The problem that an error is, with what was changed since the caller looked if that is the trouble.
pub async fn told(
    state: &ApiState,
    head: &Written,
    address: &CaseAddress,
    error: Error,
) -> Problem {
    let is_stale = matches!(&error, Error::Refused(refused) if matches!(refused.refusal, Refusal::Stale { .. }));
    let problem = Problem::from(error);
    match head.if_match {
        Some(etag) if is_stale => match changes_since(state, &head.asker, address, etag).await {
            Ok(diff) => problem.member("diff", diff),
            Err(_) => problem,
        },
        Some(_) | None => problem,
    }
}

/// What of the case that the caller sees was changed since this etag: was then, is now.
async fn changes_since(
    state: &ApiState,
    asker: &Asker,
    address: &CaseAddress,
    etag: u64,
) -> Result<Json, Error> {
    let scene = state.engine.look(&asker.actor, address).await?;
    let case = scene.case.clone().ok_or(Error::NotFound)?;
    let mut entries = state.engine.whole_history(&case).await?;
    entries.retain(|sealed| sealed.entry.etag > etag);
    let view = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            history_view(viewer, workflow, case, &entries)
        })
    };
    let entries = state.engine.fill(scene, view).await?.unwrap_or_default();
    Ok(summed_up(&entries))
}

/// Each changed place once, from what it was at first to what it is at last.
fn summed_up(entries: &[EntryView]) -> Json {
    let mut places: IndexMap<&str, (&Json, &Json)> = IndexMap::new();
    for change in entries.iter().flat_map(|entry| &entry.changes).flatten() {
        places
            .entry(&change.at)
            .and_modify(|(_, to)| *to = &change.now)
            .or_insert((&change.was, &change.now));
    }
    places
        .into_iter()
        .filter(|(_, (from, to))| from != to)
        .map(|(at, (from, to))| json!({ "at": at, "from": from, "to": to }))
        .collect()
}
