//! The directory: people, groups, partners, facts and tokens, as the host system and administrators keep it.

mod authenticators;
mod erasures;
mod facts;
mod groups;
mod partners;
mod passwords;
mod people;
mod tokens;

pub use tokens::RightName;

use axum::{http::StatusCode, response::Response};
use countersign_core::{case::Channel, text::Text};
use countersign_engine::{
    Answered,
    ports::{directory::DirectoryChange, store::Right},
};
use serde::Serialize;
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{ApiState, Problem, answer::Plain, request::Written};

/// The longest id that the host system may give, in bytes.
const ID_MOST: usize = 128;
/// The longest name, in bytes.
const NAME_MOST: usize = 400;

/// The routes of the directory.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(people::read, people::put))
        .routes(routes!(passwords::make))
        .routes(routes!(authenticators::remove))
        .routes(routes!(erasures::erase))
        .routes(routes!(erasures::list))
        .routes(routes!(groups::list))
        .routes(routes!(groups::read, groups::put, groups::remove))
        .routes(routes!(partners::read, partners::put))
        .routes(routes!(facts::read, facts::put))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::remove))
}

/// Makes a change and answers with this body.
pub async fn change(
    state: &ApiState,
    head: Written,
    change: DirectoryChange,
    body: &impl Serialize,
) -> Result<Response, Problem> {
    let answer = Plain {
        status: StatusCode::OK,
        body: json!(body),
    };
    let answered = submit(state, head, change, &answer).await?;
    answer.respond(answered)
}

/// In a task of its own: what follows from a change (ballots that are counted again) must not be lost with
/// the client.
async fn submit(
    state: &ApiState,
    head: Written,
    change: DirectoryChange,
    answer: &Plain,
) -> Result<Answered, Problem> {
    let engine = state.engine.clone();
    let manner = head.manner(Channel::Api, answer.kept());
    let caller = head.asker.caller;
    let changed =
        tokio::spawn(async move { engine.change_directory(&caller, manner, vec![change]).await });
    Ok(changed.await.map_err(|_| Problem::internal())??)
}

/// Whoever puts somebody or something into the directory may, under an id and a name that can be.
fn must_be_kept(state: &ApiState, head: &Written, id: &str, name: &str) -> Result<(), Problem> {
    state
        .engine
        .must_keep(&head.asker.caller, Right::Directory)?;
    must_be_id("id", id)?;
    must_be_name("name", name)
}

/// An id of the host system: printable, without spaces or slashes, and not too long.
fn must_be_id(member: &str, id: &str) -> Result<(), Problem> {
    let fits = (1..=ID_MOST).contains(&id.len())
        && id
            .chars()
            .all(|c| !c.is_control() && !c.is_whitespace() && !matches!(c, '/' | ':' | '"' | '\\'));
    if fits {
        return Ok(());
    }
    let en = format!("An id has 1 to {ID_MOST} bytes, and no spaces, colons, quotes or slashes.");
    let zh = format!("标识须为 1 到 {ID_MOST} 字节，且不含空格、冒号、引号或斜杠。");
    Err(Problem::invalid(member, Text::new(en, zh)))
}

/// What people call somebody or something.
fn must_be_name(member: &str, name: &str) -> Result<(), Problem> {
    if !name.trim().is_empty() && name.len() <= NAME_MOST && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let en = format!("A name has 1 to {NAME_MOST} bytes, in one line.");
    let zh = format!("名称须为一行，1 到 {NAME_MOST} 字节。");
    Err(Problem::invalid(member, Text::new(en, zh)))
}
