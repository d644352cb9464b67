//! The port of whoever else knows people: an OpenID provider. It says whose a sign-in or a token is in its own words; which
//! person of the directory that is, is said by the use case.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// A provider that people sign in with. Its tokens count by the machine's clock, which a demo does not move.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// What it is called on the button.
    fn title(&self) -> &str;

    /// Where a browser is sent to be signed in.
    async fn address(&self, asked: &Asked) -> Result<String, IdentityError>;

    /// Whose the code is that the browser has brought back, in answer to what was asked.
    async fn redeem(&self, returned: &Returned, asked: &Asked) -> Result<Identity, IdentityError>;

    /// Whose an access token is.
    async fn bearer(&self, token: &str) -> Result<Identity, IdentityError>;
}

/// The secrets of one sign-in. None of them is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// Comes back with the browser.
    pub state: String,
    /// Comes back in the token.
    pub nonce: String,
    /// Changes the code for a token (PKCE); the provider has seen its hash before.
    pub verifier: String,
}

impl Asked {
    /// The hash of the verifier, as PKCE's S256 writes it.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asked")
    }
}

/// What a browser has brought back.
#[derive(Clone, PartialEq, Eq)]
pub struct Returned {
    /// Changed for a token, once.
    pub code: String,
    /// Who answers, where the provider says it.
    pub issuer: Option<String>,
}

/// Who somebody is to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// What it calls them, for ever.
    pub subject: String,
    /// How they are found in the directory at their first sign-in.
    pub whom: Whom,
}

/// How somebody is found in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// The subject is their id.
    Id,
    /// By this address, which the provider knows to be theirs; later by the subject. `None`: by the subject only.
    Address(Option<String>),
}

/// Why it is not known who somebody is.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The provider does not answer, or not as it should.
    #[error("the provider cannot be used now: {0}")]
    Unavailable(String),
    /// What was brought proves nothing.
    #[error("not believed: {0}")]
    Refused(String),
}
