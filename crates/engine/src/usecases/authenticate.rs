//! Tokens: name a caller by one, make one, take one back.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_core::{
    case::{Actor, PersonId},
    time::Time,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Engine, Error,
    ports::{
        directory::{TokenHolder, TokenRecord},
        store::Caller,
    },
};

/// Every token begins so, so that leaked ones can be found.
const PREFIX: &str = "csgn_";

/// A token right after it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its record, as it is stored.
    pub record: TokenRecord,
    /// The token: shown once.
    pub token: String,
}

impl NewToken {
    /// A new token of 256 random bits.
    pub fn make(holder: TokenHolder, now: Time, expires_at: Option<Time>) -> Self {
        let secret: [u8; 32] = rand::random();
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
        let record = TokenRecord {
            id: Uuid::now_v7(),
            hash: hash(&token),
            holder,
            created_at: now,
            expires_at,
        };
        Self { record, token }
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Engine {
    /// Whom this token names; `None`: nobody (any more).
    pub async fn authenticate(&self, token: &str) -> Result<Option<Caller>, Error> {
        if token.starts_with(PREFIX) {
            return Ok(self.reader.caller(&hash(token), self.now()).await?);
        }
        self.authenticate_elsewhere(token).await
    }
}

impl Caller {
    /// How the caller acts on cases.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Person(person) => Actor::Person(person.clone()),
            Self::Service { id, .. } => Actor::Service(id.clone()),
        }
    }

    /// Whether it is this person.
    pub fn is(&self, id: &PersonId) -> bool {
        match self {
            Self::Person(person) => person.id == *id,
            Self::Service { .. } => false,
        }
    }

    /// What the caller's idempotency keys belong to.
    pub fn key_owner(&self) -> String {
        match self {
            Self::Person(person) => format!("person:{}", person.id),
            Self::Service { id, .. } => format!("service:{id}"),
        }
    }
}
