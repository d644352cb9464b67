//! What must be true of a token before a word of it is believed. Where its key comes from is `keys`'.

use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, get_current_timestamp};
use serde::Deserialize;
use thiserror::Error;

use crate::signatures::TAKEN;

/// How far the provider's clock may be off, in seconds.
const LEEWAY: u64 = 60;
/// No token of a provider is as long.
const LONGEST: usize = 16 * 1024;

/// What a token must be.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// Who has made it, character by character.
    pub issuer: &'w str,
    /// For whom it is.
    pub audience: &'w str,
    /// What it is for.
    pub kind: Kind<'w>,
}

/// What a token is for.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'w> {
    /// Tells who has signed in, in answer to a request that had this nonce.
    Identity {
        /// The nonce.
        nonce: &'w str,
    },
    /// Opens something, for whoever brings it.
    Access,
}

/// What a token says that was found good.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// Who, as the provider calls them.
    pub sub: String,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the provider knows that it is theirs; some write it as a text.
    #[serde(default)]
    email_verified: Option<Flag>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    iat: Option<u64>,
    aud: Audience,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Flag {
    Is(bool),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Why a token is not believed. It is logged, and nobody who brings one is told.
#[derive(Debug, Error)]
pub enum Refused {
    /// jsonwebtoken has found it.
    #[error(transparent)]
    Token(#[from] jsonwebtoken::errors::Error),
    /// We have.
    #[error("{0}")]
    Because(&'static str),
}

/// Which key a token says that it was signed with.
pub fn key_of(token: &str) -> Result<Option<String>, Refused> {
    if token.len() > LONGEST {
        return Err(Refused::Because("it is too long"));
    }
    let header = decode_header(token)?;
    if !TAKEN.contains(&header.alg) {
        return Err(Refused::Because("its algorithm is not one that is taken"));
    }
    Ok(header.kid)
}

impl Wanted<'_> {
    /// What the token says, if all of it is good.
    pub fn check(&self, token: &str, key: &DecodingKey) -> Result<Claims, Refused> {
        let header = decode_header(token)?;
        self.is_of_kind(header.typ.as_deref())?;
        let mut validation = Validation::new(header.alg);
        validation.algorithms = vec![header.alg];
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[self.issuer]);
        validation.set_audience(&[self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = decode::<Claims>(token, key, &validation)?.claims;
        self.agrees(claims)
    }

    /// A token that opens something is none that tells who has signed in, nor the other way round.
    fn is_of_kind(&self, typ: Option<&str>) -> Result<(), Refused> {
        let typ = typ.map(|typ| {
            let typ = typ.to_ascii_lowercase();
            typ.strip_prefix("application/")
                .map_or(typ.clone(), str::to_owned)
        });
        match (self.kind, typ.as_deref()) {
            (_, None | Some("jwt")) | (Kind::Access, Some("at+jwt")) => Ok(()),
            (Kind::Identity { .. } | Kind::Access, Some(_)) => {
                Err(Refused::Because("it is a token of another kind"))
            }
        }
    }

    fn agrees(&self, claims: Claims) -> Result<Claims, Refused> {
        if claims.sub.is_empty() {
            return Err(Refused::Because("it does not say whose it is"));
        }
        let latest = get_current_timestamp() + LEEWAY;
        if claims.iat.is_some_and(|made| made > latest) {
            return Err(Refused::Because("it was made in the future"));
        }
        let Kind::Identity { nonce } = self.kind else {
            return Ok(claims);
        };
        if claims.nonce.as_deref() != Some(nonce) {
            return Err(Refused::Because("it answers another request"));
        }
        let several = matches!(&claims.aud, Audience::Several(all) if all.len() > 1);
        match claims.azp.as_deref() {
            Some(party) if party != self.audience => {
                Err(Refused::Because("it was given to somebody else"))
            }
            None if several => Err(Refused::Because("it does not say to whom it was given")),
            Some(_) | None => Ok(claims),
        }
    }
}

impl Claims {
    /// The address, if the provider knows that it is theirs.
    pub fn verified_email(&self) -> Option<&str> {
        let verified = match &self.email_verified {
            Some(Flag::Is(is)) => *is,
            Some(Flag::Text(text)) => text == "true",
            None => false,
        };
        self.email.as_deref().filter(|_| verified)
    }
}

#[cfg(test)]
mod tests;
