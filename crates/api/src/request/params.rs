//! Query parameters, read strictly: an unknown one is refused, never ignored.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::json::wrong_shape;
use crate::Problem;

/// The most rows of a page.
const PAGE_MOST: u32 = 200;
/// The rows of a page when nobody says.
const PAGE: u32 = 50;

/// Query parameters.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query.map(|Query(query)| Self(query)).map_err(|error| {
            let text = error.body_text();
            let prefix = "Failed to deserialize query string: ";
            wrong_shape(text.strip_prefix(prefix).unwrap_or(&text))
        })
    }
}

/// How many rows a page has that was asked for so.
pub fn page_limit(limit: Option<u32>) -> Result<u32, Problem> {
    match limit.unwrap_or(PAGE) {
        limit @ 1..=PAGE_MOST => Ok(limit),
        _ => Err(Problem::malformed(
            format!("`limit` is a number from 1 to {PAGE_MOST}."),
            format!("limit 须为 1 到 {PAGE_MOST} 的整数。"),
        )),
    }
}

/// Which page of a list in order of a number: of entries, of revisions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NumberedPage {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

impl NumberedPage {
    /// The number after which it begins, and how many rows it has.
    pub fn after<N: FromStr + Default>(&self) -> Result<(N, u32), Problem> {
        let limit = page_limit(self.limit)?;
        let after = match self.cursor.as_deref() {
            None => N::default(),
            Some(cursor) => cursor.parse().map_err(|_| Problem::foreign_cursor())?,
        };
        Ok((after, limit))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        mine: Option<bool>,
    }

    async fn read(query: &str) -> Result<Option<bool>, (u16, &'static str)> {
        let uri = format!("/v1/cases?{query}");
        let (mut parts, ()) = Request::get(uri).body(()).expect("a request").into_parts();
        let read = Params::<Wanted>::from_request_parts(&mut parts, &()).await;
        read.map(|Params(wanted)| wanted.mine)
            .map_err(|problem| (problem.status().as_u16(), problem.kind().code()))
    }

    #[tokio::test]
    async fn no_parameter_is_ignored() {
        assert_eq!(read("").await, Ok(None));
        assert_eq!(read("mine=true").await, Ok(Some(true)));
        assert_eq!(read("mien=true").await, Err((400, "unknown_member")));
        assert_eq!(read("mine=perhaps").await, Err((400, "malformed")));
    }

    #[test]
    fn a_page_has_1_to_200_rows() {
        for (asked, given) in [
            (None, Some(50)),
            (Some(1), Some(1)),
            (Some(200), Some(200)),
            (Some(0), None),
            (Some(201), None),
        ] {
            assert_eq!(page_limit(asked).ok(), given);
        }
    }
}
