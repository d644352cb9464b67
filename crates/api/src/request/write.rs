//! A write: who asks, under which idempotency key, believing in which etag, with a strict body.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use countersign_core::case::Channel;
use countersign_engine::{Manner, Render, ports::store::RequestKey};
use sha2::{Digest as _, Sha256};

use crate::{ApiState, Problem};

use super::{Asker, StrictBody, body::whole, strict};

/// A write with its body read.
#[derive(Debug)]
pub struct Write<T> {
    /// All but the body.
    pub head: Written,
    /// The body.
    pub body: T,
}

/// A write without its body.
#[derive(Debug)]
pub struct Written {
    /// Who asks.
    pub asker: Asker,
    /// The key under which the answer is kept, and the request's fingerprint.
    pub key: Option<(RequestKey, [u8; 32])>,
    /// The etag that the caller believes in.
    pub if_match: Option<u64>,
    /// Whether the answer is kept under the key; else the key is only looked at.
    pub keeps_answer: bool,
}

impl Written {
    /// Reads the head of a request, with what stands for its body in the fingerprint.
    pub async fn read(parts: &mut Parts, state: &ApiState, body: &[u8]) -> Result<Self, Problem> {
        let asker = Asker::from_request_parts(parts, state).await?;
        let key = key_of(parts, &asker.caller.key_owner(), body)?;
        let if_match = if_match(&parts.headers)?;
        Ok(Self {
            asker,
            key,
            if_match,
            keeps_answer: true,
        })
    }

    /// How the request came, keeping an answer made so.
    pub fn manner(&self, channel: Channel, render: Render) -> Manner {
        Manner {
            channel,
            key: self.key.clone(),
            render: self.keeps_answer.then_some(render),
        }
    }
}

/// The idempotency key of a request, and the request's fingerprint.
pub fn key_of(
    parts: &Parts,
    owner: &str,
    body: &[u8],
) -> Result<Option<(RequestKey, [u8; 32])>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .ok()
        .filter(|key| (1..=128).contains(&key.len()) && !key.contains('\t'))
        .ok_or_else(|| {
            Problem::malformed(
                "An Idempotency-Key has 1 to 128 printable ASCII characters.",
                "Idempotency-Key 须为 1 到 128 个可打印 ASCII 字符。",
            )
        })?;
    let mut fingerprint = Sha256::new();
    for part in [
        parts.method.as_str().as_bytes(),
        parts.uri.to_string().as_bytes(),
        body,
    ] {
        fingerprint.update((part.len() as u64).to_be_bytes());
        fingerprint.update(part);
    }
    let key = RequestKey {
        caller: owner.to_owned(),
        key: key.to_owned(),
    };
    Ok(Some((key, fingerprint.finalize().into())))
}

fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("").trim();
    if text == "*" {
        return Ok(None);
    }
    let number = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|digits| digits.parse().ok());
    number.map(Some).ok_or_else(|| {
        Problem::malformed(
            "If-Match takes the ETag of the case as it was given, for example \"17\".",
            "If-Match 须为服务返回的 ETag，例如 \"17\"。",
        )
    })
}

impl<T: StrictBody> FromRequest<ApiState> for Write<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let asker = Asker::from_request_parts(&mut parts, state).await?;
        let bytes = whole(body).await?;
        let key = key_of(&parts, &asker.caller.key_owner(), &bytes)?;
        let if_match = if_match(&parts.headers)?;
        let head = Written {
            asker,
            key,
            if_match,
            keeps_answer: true,
        };
        Ok(Self {
            body: strict(&parts.headers, &bytes)?,
            head,
        })
    }
}
