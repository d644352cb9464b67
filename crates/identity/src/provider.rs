//! One OpenID provider: asked what it is when it is needed first, and again every hour.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use countersign_engine::ports::identity::{
    Asked, Identity, IdentityError, IdentityProvider, Returned, Whom,
};
use jsonwebtoken::DecodingKey;
use reqwest::Client;
use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use crate::{
    answers::{Changed, Metadata, Silent, ask, client},
    keys::{Found, Keys},
    signatures,
    token::{Claims, Kind, Refused, Wanted, key_of},
};

/// For how long what a provider says of itself is kept.
const LASTS: Duration = Duration::from_hours(1);

/// A provider, and what we are to it.
#[derive(Debug, Clone)]
pub struct OpenIdSettings {
    /// Its name for itself: `https://id.example.com/realms/staff`.
    pub issuer: Url,
    /// Our name there.
    pub client_id: String,
    /// Our secret there; none for a public client.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// Where browsers come back to.
    pub returns_to: String,
    /// What access tokens are for; `None`: they are not taken.
    pub audience: Option<String>,
    /// Whether people are known by the verified address; else by `sub`, which is then their id.
    pub by_email: bool,
    /// What it is called on the button.
    pub title: String,
}

/// Why a provider cannot be used.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// Codes and secrets would travel in the open.
    #[error("the provider {0} is not reached by https, and does not run on this machine")]
    NotEncrypted(Url),
    /// What tells who has signed in would open the API.
    #[error(
        "the audience of access tokens is the client itself: tokens that tell who has signed in would open the API"
    )]
    OwnAudience,
    /// There is no HTTP.
    #[error("no HTTP client could be made")]
    Client(#[from] reqwest::Error),
}

/// A provider that speaks OpenID Connect.
pub struct OpenId {
    settings: OpenIdSettings,
    http: Client,
    metadata: Mutex<Option<(Metadata, Instant)>>,
    keys: Keys,
}

impl OpenId {
    /// Asks nobody anything yet.
    pub fn new(settings: OpenIdSettings) -> Result<Self, SettingsError> {
        if !is_safe(&settings.issuer) {
            return Err(SettingsError::NotEncrypted(settings.issuer));
        }
        if settings.audience.as_ref() == Some(&settings.client_id) {
            return Err(SettingsError::OwnAudience);
        }
        signatures::install();
        Ok(Self {
            settings,
            http: client()?,
            metadata: Mutex::default(),
            keys: Keys::default(),
        })
    }

    /// The issuer as tokens write it: as it was set, without the slash that a URL has at its end.
    fn issuer(&self) -> &str {
        self.settings.issuer.as_str().trim_end_matches('/')
    }

    async fn metadata(&self) -> Result<Metadata, IdentityError> {
        // Held while it is asked: several who come at once ask once.
        let mut kept = self.metadata.lock().await;
        if let Some((metadata, at)) = &*kept
            && at.elapsed() < LASTS
        {
            return Ok(metadata.clone());
        }
        let address = format!("{}/.well-known/openid-configuration", self.issuer());
        let metadata: Metadata = ask(self.http.get(address)).await.map_err(unavailable)?;
        let endpoints = [
            &metadata.authorization_endpoint,
            &metadata.token_endpoint,
            &metadata.jwks_uri,
        ];
        let safe = endpoints
            .iter()
            .all(|endpoint| Url::parse(endpoint).is_ok_and(|url| is_safe(&url)));
        if metadata.issuer.trim_end_matches('/') != self.issuer() || !safe {
            tracing::error!(
                said = metadata.issuer,
                "the provider is not who it should be"
            );
            return Err(IdentityError::Refused("it is another provider".to_owned()));
        }
        *kept = Some((metadata.clone(), Instant::now()));
        Ok(metadata)
    }

    async fn key(&self, metadata: &Metadata, token: &str) -> Result<DecodingKey, IdentityError> {
        let kid = key_of(token).map_err(|refused| not_believed(&refused))?;
        match self.keys.find(kid.as_deref()) {
            Found::Key(key) => Ok(*key),
            Found::Ask => {
                let asked = ask(self.http.get(&metadata.jwks_uri)).await;
                let set = asked.map_err(unavailable)?;
                let key = self.keys.learn(set, kid.as_deref());
                key.ok_or_else(|| IdentityError::Refused("there is no such key".to_owned()))
            }
            Found::None => Err(IdentityError::Refused("there is no such key".to_owned())),
        }
    }

    async fn change(
        &self,
        metadata: &Metadata,
        code: &str,
        asked: &Asked,
    ) -> Result<Changed, Silent> {
        let settings = &self.settings;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", settings.returns_to.as_str()),
            ("code_verifier", asked.verifier.as_str()),
        ];
        let request = self.http.post(&metadata.token_endpoint);
        let methods = &metadata.token_endpoint_auth_methods_supported;
        let in_body =
            !methods.is_empty() && !methods.iter().any(|how| how == "client_secret_basic");
        let request = match &settings.client_secret {
            None => {
                form.push(("client_id", settings.client_id.as_str()));
                request
            }
            Some(secret) if in_body => {
                form.push(("client_id", settings.client_id.as_str()));
                form.push(("client_secret", secret.as_str()));
                request
            }
            // Both parts are encoded before they are joined: RFC 6749, 2.3.1.
            Some(secret) => request.basic_auth(encoded(&settings.client_id), Some(encoded(secret))),
        };
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(body);
        ask(request).await
    }

    fn identity(&self, claims: &Claims) -> Identity {
        let whom = if self.settings.by_email {
            Whom::Address(claims.verified_email().map(str::to_owned))
        } else {
            Whom::Id
        };
        Identity {
            issuer: self.issuer().to_owned(),
            subject: claims.sub.clone(),
            whom,
        }
    }
}

#[async_trait]
impl IdentityProvider for OpenId {
    fn title(&self) -> &str {
        &self.settings.title
    }

    async fn address(&self, asked: &Asked) -> Result<String, IdentityError> {
        let metadata = self.metadata().await?;
        let mut url = Url::parse(&metadata.authorization_endpoint)
            .map_err(|error| IdentityError::Unavailable(error.to_string()))?;
        let scope = ["openid"]
            .into_iter()
            .chain(self.settings.scopes.iter().map(String::as_str));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.returns_to)
            .append_pair("scope", &scope.collect::<Vec<_>>().join(" "))
            .append_pair("state", &asked.state)
            .append_pair("nonce", &asked.nonce)
            .append_pair("code_challenge", &asked.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    async fn redeem(&self, returned: &Returned, asked: &Asked) -> Result<Identity, IdentityError> {
        let metadata = self.metadata().await?;
        // A provider that says who it is must be this one (RFC 9207); one that always says it must not be silent.
        let is_here = match &returned.issuer {
            Some(issuer) => *issuer == metadata.issuer,
            None => !metadata.authorization_response_iss_parameter_supported,
        };
        if !is_here {
            return Err(IdentityError::Refused(
                "another provider answers".to_owned(),
            ));
        }
        let changed = self.change(&metadata, &returned.code, asked).await;
        let Changed { id_token } = changed.map_err(|silent| match silent {
            Silent::Refused(status) if status.is_client_error() => {
                IdentityError::Refused("the code is not taken".to_owned())
            }
            silent => unavailable(silent),
        })?;
        let key = self.key(&metadata, &id_token).await?;
        let wanted = Wanted {
            issuer: &metadata.issuer,
            audience: &self.settings.client_id,
            kind: Kind::Identity {
                nonce: &asked.nonce,
            },
        };
        let claims = wanted.check(&id_token, &key);
        let claims = claims.map_err(|refused| not_believed(&refused))?;
        Ok(self.identity(&claims))
    }

    async fn bearer(&self, token: &str) -> Result<Identity, IdentityError> {
        let Some(audience) = &self.settings.audience else {
            return Err(IdentityError::Refused(
                "access tokens are not taken".to_owned(),
            ));
        };
        let metadata = self.metadata().await?;
        let key = self.key(&metadata, token).await?;
        let wanted = Wanted {
            issuer: &metadata.issuer,
            audience,
            kind: Kind::Access,
        };
        let claims = wanted.check(token, &key);
        let claims = claims.map_err(|refused| not_believed(&refused))?;
        Ok(self.identity(&claims))
    }
}

/// By https, or on this machine.
fn is_safe(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn unavailable(silent: Silent) -> IdentityError {
    let cause = std::error::Error::source(&silent).map(ToString::to_string);
    tracing::warn!(error = %silent, cause, "the provider does not help");
    IdentityError::Unavailable(silent.to_string())
}

fn not_believed(refused: &Refused) -> IdentityError {
    tracing::info!(why = %refused, "a token is not believed");
    IdentityError::Refused(refused.to_string())
}
