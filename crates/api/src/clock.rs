//! `POST /v1/clock`: move the clock forward; in `demo` and tests only.

use axum::{
    Json,
    extract::{Request, State},
};
use chrono::{DateTime, Utc};
use countersign_core::{text::Text, time::Length};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{StrictBody, strict, whole},
};

/// How far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockBody {
    /// A length of time, for example `7 days` or `6 days 23 hours`.
    #[schema(example = "7 days")]
    advance: String,
}

impl StrictBody for ClockBody {}

/// What time it is then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Clock)]
pub struct ClockDocument {
    /// The time.
    pub now: DateTime<Utc>,
}

/// Move the clock forward. Answers when all that is due by then, mail included, has taken effect.
///
/// In `demo` and tests only; elsewhere not found.
#[utoipa::path(post, path = "/v1/clock", tag = "demo", operation_id = "advance_clock", security(()), request_body = ClockBody,
    responses((status = 200, body = ClockDocument, description = "The time then"), Problems))]
pub async fn advance(
    State(state): State<ApiState>,
    request: Request,
) -> Result<Json<ClockDocument>, Problem> {
    let clock = state.clock.clone().ok_or_else(Problem::not_found)?;
    let (parts, body) = request.into_parts();
    let body: ClockBody = strict(&parts.headers, &whole(body).await?)?;
    let length = length(&body.advance)?;
    // In a task of its own: what falls due must not stop half way because the client has gone.
    let advanced = tokio::spawn(async move { clock.advance(&length).await });
    let now = advanced.await.map_err(|_| Problem::internal())?;
    Ok(Json(ClockDocument { now }))
}

fn length(text: &str) -> Result<Length, Problem> {
    let length: Length = text
        .parse()
        .map_err(|error: countersign_core::time::NotALength| {
            let zh = format!("“{text}”不是时间长度。例如：`7 days`。");
            Problem::invalid("advance", Text::new(error.to_string(), zh))
        })?;
    if length.is_negative() {
        let why = Text::new("Time never goes back.", "时间不能倒退。");
        return Err(Problem::invalid("advance", why));
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_forward_only() {
        for (text, fits) in [
            ("7 days", true),
            ("2 business days", true),
            ("-1 day", false),
            ("soon", false),
            ("", false),
        ] {
            assert_eq!(length(text).is_ok(), fits, "{text}");
        }
    }
}
