//! Drafts (rule 13), picks (rule 11), money, completeness, schemas.

#![expect(clippy::unwrap_used, reason = "a test may fail")]
#![expect(clippy::needless_pass_by_value, reason = "tests hand over literals")]

mod drafts;
mod judging;

use serde_json::{Map, Value as Json, json};

use super::*;
use crate::{
    case::{Content, Doer, File, FileId, PersonId},
    context::Inputs,
    expression::{Type, Value},
    outcome::Missing,
    reading::Reading,
    sample::{self, actor, name},
    text::Language,
    workflow::{Place, StatePath},
};

fn object(json: Json) -> Map<String, Json> {
    json.as_object().unwrap().clone()
}

fn patched(content: &mut Content, patch: Json) -> Result<Vec<(String, Json, Json)>, Vec<Missing>> {
    let (inputs, actor) = (sample::inputs(), actor("pat"));
    let reading = Reading::new(&inputs, &actor);
    let changes = apply(&sample::workflow(), content, &object(patch), None, &reading)?;
    Ok(changes
        .into_iter()
        .map(|change| (change.at, change.was, change.now))
        .collect())
}
