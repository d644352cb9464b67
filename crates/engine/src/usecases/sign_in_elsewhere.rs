//! Sign in with an account of a provider: the secrets of one sign-in are made of a seed that only its browser has, under the
//! server's key, so that nothing of it is stored and any replica can finish it.

use std::sync::{Arc, OnceLock};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use countersign_core::{
    case::{Actor, Person, PersonId},
    context::{Inputs, Needs},
    reading::Reading,
    time::Time,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

use super::sign_in::NewSession;
use crate::{
    Engine, Error,
    ports::{
        IdentityProvider,
        directory::{DirectoryChange, IdentityRecord},
        identity::{Asked, Identity, IdentityError, Returned, Whom},
        store::Caller,
    },
};

/// How long somebody has for signing in there.
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// The provider, if there is one, and the key of the secrets.
pub(crate) struct Elsewhere {
    keyed: Hmac<Sha256>,
    provider: OnceLock<Arc<dyn IdentityProvider>>,
}

/// A sign-in that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// What it keeps meanwhile.
    pub cookie: String,
}

/// Why somebody is not signed in.
#[derive(Debug, Error)]
pub enum NotSignedIn {
    /// The provider does not help now.
    #[error(transparent)]
    Provider(#[from] IdentityError),
    /// It was begun by another browser, too long ago, or not at all.
    #[error("not begun here")]
    NotBegun,
    /// The provider knows them, and the directory does not.
    #[error("nobody in the directory")]
    Nobody,
    /// Ours.
    #[error(transparent)]
    Engine(#[from] Error),
}

impl Elsewhere {
    pub(crate) fn new(server_key: &[u8]) -> Self {
        let mut keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        keyed.update(b"countersign sign-in elsewhere");
        Self {
            keyed,
            provider: OnceLock::new(),
        }
    }

    /// What belongs to a cookie. Whoever changes a letter of it gets other secrets.
    fn asked(&self, cookie: &str) -> Asked {
        let secret = |of: &str| {
            let keyed = self.keyed.clone();
            let sealed = keyed
                .chain_update(of)
                .chain_update([0])
                .chain_update(cookie);
            URL_SAFE_NO_PAD.encode(sealed.finalize().into_bytes())
        };
        Asked {
            state: secret("state"),
            nonce: secret("nonce"),
            verifier: secret("verifier"),
        }
    }
}

impl Engine {
    /// Lets people sign in with accounts of this provider. The first stays.
    pub fn trust(&self, provider: Arc<dyn IdentityProvider>) {
        if self.elsewhere.provider.set(provider).is_err() {
            tracing::error!("a second provider was given; the first stays");
        }
    }

    /// The provider that people can sign in with.
    pub fn provider(&self) -> Option<&Arc<dyn IdentityProvider>> {
        self.elsewhere.provider.get()
    }

    /// Begins a sign-in there, after which the browser goes on to `to`. Nothing is changed.
    pub async fn begin_sign_in(&self, to: &str) -> Result<Begun, NotSignedIn> {
        let provider = self.provider().ok_or(Error::NotFound)?;
        let seed = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let until = (self.now() + LASTS).timestamp();
        let cookie = format!("{seed}.{until}.{}", URL_SAFE_NO_PAD.encode(to));
        let asked = self.elsewhere.asked(&cookie);
        let address = provider.address(&asked).await?;
        Ok(Begun { address, cookie })
    }

    /// Ends it: signs in whoever the provider says it is, and says where to go on. `earlier` is the cookie of a session that
    /// the browser has had: it ends.
    pub async fn finish_sign_in(
        &self,
        cookie: &str,
        state: &str,
        returned: &Returned,
        earlier: Option<&str>,
    ) -> Result<(NewSession, String), NotSignedIn> {
        let provider = self.provider().ok_or(Error::NotFound)?;
        let asked = self.elsewhere.asked(cookie);
        let (until, to) = read(cookie).ok_or(NotSignedIn::NotBegun)?;
        let is_same: bool =
            subtle::ConstantTimeEq::ct_eq(state.as_bytes(), asked.state.as_bytes()).into();
        if !is_same || until < self.now() {
            return Err(NotSignedIn::NotBegun);
        }
        let identity = provider.redeem(returned, &asked).await?;
        let person = self.person_of(&identity, true).await?;
        let person = person.ok_or(NotSignedIn::Nobody)?;
        let session = self.sign_in_as(&person.id, earlier).await?;
        Ok((session, to))
    }

    /// Whom an access token of the provider names; `None`: nobody.
    pub(super) async fn authenticate_elsewhere(
        &self,
        token: &str,
    ) -> Result<Option<Caller>, Error> {
        // Only what looks like a token of a provider costs anything.
        let Some(provider) = self.provider().filter(|_| token.matches('.').count() == 2) else {
            return Ok(None);
        };
        let identity = match provider.bearer(token).await {
            Ok(identity) => identity,
            Err(IdentityError::Refused(_)) => return Ok(None),
            Err(IdentityError::Unavailable(why)) => {
                tracing::warn!(why, "a token cannot be checked now");
                return Err(Error::ProviderSilent);
            }
        };
        // A token says nothing of an address that we could hold on to: its owner has signed in to the pages before.
        let person = self.person_of(&identity, false).await?;
        Ok(person.map(Caller::Person))
    }

    /// Who in the directory that is, if they are not disabled. An account that was found by its address is kept with the
    /// person, if `learns`.
    async fn person_of(&self, identity: &Identity, learns: bool) -> Result<Option<Person>, Error> {
        let Identity {
            issuer,
            subject,
            whom,
        } = identity;
        let address = match whom {
            Whom::Id => return self.known(Some(PersonId::new(subject)), None).await,
            Whom::Address(address) => address,
        };
        if let Some(id) = self.reader.identity(issuer, subject).await? {
            return self.known(Some(id), None).await;
        }
        let Some(address) = address.as_deref().filter(|_| learns) else {
            return Ok(None);
        };
        let Some(found) = self.known(None, Some(address)).await? else {
            return Ok(None);
        };
        let record = IdentityRecord {
            issuer: issuer.clone(),
            subject: subject.clone(),
            person: found.id.clone(),
            since: self.now(),
        };
        self.change_sessions(vec![DirectoryChange::PutIdentity(record)])
            .await?;
        // Who has another account there keeps that, and this one opens nothing.
        let owner = self.reader.identity(issuer, subject).await?;
        Ok(Some(found).filter(|found| owner.as_ref() == Some(&found.id)))
    }

    async fn known(
        &self,
        id: Option<PersonId>,
        address: Option<&str>,
    ) -> Result<Option<Person>, Error> {
        let mut inputs = Inputs::default();
        let needs = Needs {
            people: id.iter().cloned().collect(),
            addresses: address
                .iter()
                .map(|address| address.to_lowercase())
                .collect(),
            ..Needs::default()
        };
        self.reader
            .inputs(&needs, &self.registry, &mut inputs)
            .await?;
        let reading = Reading::new(&inputs, &Actor::Machine);
        let found = match (&id, address) {
            (Some(id), _) => reading.person(id),
            (None, Some(address)) => reading.address(address),
            (None, None) => None,
        };
        let found = found.map(Arc::unwrap_or_clone);
        Ok(found.filter(|person| !person.disabled))
    }
}

/// Until when a cookie is good, and where it leads afterwards.
fn read(cookie: &str) -> Option<(Time, String)> {
    let mut parts = cookie.split('.');
    let (_seed, until, to) = (parts.next()?, parts.next()?, parts.next()?);
    let until = Time::from_timestamp(until.parse().ok()?, 0)?;
    let to = URL_SAFE_NO_PAD.decode(to).ok()?;
    Some((until, String::from_utf8(to).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cookie_has_secrets_of_its_own() {
        let elsewhere = Elsewhere::new(&[7; 32]);
        let (one, same) = (elsewhere.asked("a.1.Lw"), elsewhere.asked("a.1.Lw"));
        assert_eq!(one, same);
        assert!(one.state != one.nonce && one.nonce != one.verifier && one.verifier.len() >= 43);
        for other in ["a.2.Lw", "b.1.Lw", "a.1.Lx"] {
            assert_ne!(elsewhere.asked(other).state, one.state, "{other}");
        }
        assert_ne!(Elsewhere::new(&[8; 32]).asked("a.1.Lw").state, one.state);
        let (until, to) = read("a.1.L2Nhc2Vz").expect("it reads");
        assert_eq!((until.timestamp(), to.as_str()), (1, "/cases"));
    }
}
