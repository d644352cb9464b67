//! A write: who asks, under which idempotency key, believing in which etag, with a strict body.

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use countersign_core::{case::Channel, text::Text};
use countersign_engine::{Manner, Render, ports::store::RequestKey};
use sha2::{Digest as _, Sha256};

use crate::{ApiState, Problem};

use super::{Asker, StrictBody, strict};

/// The largest JSON body that is taken, in bytes.
const BODY_MOST: usize = 1024 * 1024;

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
}

impl Written {
    /// Reads the head of a request whose body has this digest (or stands for it).
    pub async fn read(parts: &mut Parts, state: &ApiState, body: &[u8]) -> Result<Self, Problem> {
        let asker = Asker::from_request_parts(parts, state).await?;
        let key = key_of(parts, &asker.caller.key_owner(), body)?;
        Ok(Self { asker, key, if_match: if_match(&parts.headers)? })
    }

    /// How the request came, keeping an answer made so.
    pub fn manner(&self, channel: Channel, render: Render) -> Manner {
        Manner { channel, key: self.key.clone(), render: Some(render) }
    }
}

/// The idempotency key of a request, and the request's fingerprint.
pub fn key_of(parts: &Parts, owner: &str, body: &[u8]) -> Result<Option<(RequestKey, [u8; 32])>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().filter(|key| (1..=128).contains(&key.len())).ok_or_else(|| {
        Problem::malformed(
            "An Idempotency-Key has 1 to 128 printable ASCII characters.",
            "Idempotency-Key 须为 1 到 128 个可打印 ASCII 字符。",
        )
    })?;
    let mut fingerprint = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), body] {
        fingerprint.update((part.len() as u64).to_be_bytes());
        fingerprint.update(part);
    }
    let key = RequestKey { caller: owner.to_owned(), key: key.to_owned() };
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
    let number = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|digits| digits.parse().ok());
    number.map(Some).ok_or_else(|| {
        Problem::malformed(
            "If-Match takes the ETag of the case as it was given, for example \"17\".",
            "If-Match 须为服务返回的 ETag，例如 \"17\"。",
        )
    })
}

/// Reads a whole body of at most 1 MiB.
pub async fn whole(body: axum::body::Body) -> Result<bytes::Bytes, Problem> {
    to_bytes(body, BODY_MOST).await.map_err(|error| {
        let too_long = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        if too_long {
            return Problem::too_large(BODY_MOST as u64);
        }
        let title = Text::new("The body did not arrive whole", "请求体不完整");
        Problem::new(StatusCode::BAD_REQUEST, "malformed", title)
    })
}

impl<T: StrictBody> FromRequest<ApiState> for Write<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let asker = Asker::from_request_parts(&mut parts, state).await?;
        let bytes = whole(body).await?;
        let key = key_of(&parts, &asker.caller.key_owner(), &bytes)?;
        let head = Written { asker, key, if_match: if_match(&parts.headers)? };
        Ok(Self { body: strict(&parts.headers, &bytes)?, head })
    }
}
