//! The variable parts of an address. What does not read is nothing that is there.

use axum::{
    extract::{FromRequestParts, Path as AxumPath},
    http::request::Parts,
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use uuid::Uuid;

use crate::Problem;

/// The variable parts of an address; one that does not read is answered as not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = AxumPath::<T>::from_request_parts(parts, state).await;
        path.map(|AxumPath(path)| Self(path))
            .map_err(|_| Problem::not_found())
    }
}

/// An id in an address, judged after the caller is known: whoever has no token is not told whether it reads.
#[derive(Debug, Clone, Copy)]
pub struct Id(Option<Uuid>);

impl Id {
    /// The id; what does not read is nothing that is there.
    pub fn known(self) -> Result<Uuid, Problem> {
        self.0.ok_or_else(Problem::not_found)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.parse().ok()))
    }
}
