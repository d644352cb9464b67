//! What the provider answers, as JSON over HTTP: short, soon, and without detours.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde::{Deserialize, de::DeserializeOwned};
use thiserror::Error;

/// No answer of a provider is as long.
const LONGEST: usize = 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);

/// What the provider says of itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    /// Whether it says in its answers who it is.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Vec<String>,
}

/// What a code was changed for.
#[derive(Deserialize)]
pub struct Changed {
    pub id_token: String,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Silent {
    /// It could not be reached.
    #[error("the provider cannot be reached")]
    Unreached(#[from] reqwest::Error),
    /// It has said no.
    #[error("the provider answered {0}")]
    Refused(reqwest::StatusCode),
    /// It has said something else.
    #[error("the provider's answer is too long")]
    TooLong,
    /// It has said something else.
    #[error("the provider's answer does not read")]
    Unread(#[from] serde_json::Error),
}

/// A client for one provider.
pub fn client() -> Result<Client, reqwest::Error> {
    // Whoever was first has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT)
        .redirect(Policy::none())
        .build()
}

/// Sends the request and reads what is answered.
pub async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Silent> {
    let mut response = request.send().await?;
    if !response.status().is_success() {
        return Err(Silent::Refused(response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Silent::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(serde_json::from_slice(&body)?)
}
