//! Who asks: by bearer token.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use countersign_core::{case::Actor, text::Language};
use countersign_engine::ports::store::Caller;

use crate::{
    ApiState, Problem,
    limits::{ClientAddress, TokenDigest},
};

use super::language_of;

/// Somebody with a valid token.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Whom the token names.
    pub caller: Caller,
    /// How they act on cases.
    pub actor: Actor,
    /// The language that answers are written in.
    pub language: Language,
}

impl FromRequestParts<ApiState> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        let digest = TokenDigest::of(token);
        let from = parts.extensions.get::<ClientAddress>().copied();
        if let Some(ClientAddress(from)) = from {
            state.limits.may_try(digest, from)?;
        }
        let Some(caller) = state.engine.authenticate(token).await? else {
            if let Some(ClientAddress(from)) = from {
                state.limits.failed(digest, from)?;
            }
            return Err(Problem::unauthenticated());
        };
        state.limits.opened(digest)?;
        Ok(Self {
            actor: caller.actor(),
            caller,
            language: language_of(&parts.headers),
        })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
