//! How passwords are hashed, and how links that set them are sealed. Whose they are is the use cases'.

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_core::time::Time;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::{Error, KeyTooShort};

/// Each takes 19 MiB and a core for tens of milliseconds: so many run at once, all others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What the seal of a link begins with, so that it is no other seal under the key.
const PURPOSE: &[u8] = b"countersign password link";

const SEAL_BYTES: usize = 32;
const TIME_BYTES: usize = 8;
/// Longer is none of ours.
const TOKEN_MOST: usize = 512;

/// The hash of a password (argon2id), to be kept.
pub async fn hash(password: String) -> Result<String, Error> {
    let salt: [u8; 16] = rand::random();
    aside(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether a password has this hash. Without one it never has, which takes as long.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Error> {
    let Some(hash) = hash else {
        self::hash(password).await?;
        return Ok(false);
    };
    aside(move || {
        let verified = Argon2::default().verify_password(password.as_bytes(), hash.as_str());
        Ok(verified.is_ok())
    })
    .await
}

/// On a thread of its own, a few at once.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
) -> Result<T, Error> {
    let defect = |error: &dyn std::fmt::Display| Error::Defect(format!("a password: {error}"));
    let _turn = AT_ONCE.acquire().await.map_err(|error| defect(&error))?;
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| defect(&error))?
        .map_err(|error| defect(&error))
}

/// Seals links that set a password, each with the hash of the password before: used once, it opens nothing more.
#[derive(Clone)]
pub struct PasswordLinks {
    keyed: Hmac<Sha256>,
}

/// What a link says of itself; true only if its seal is good.
pub struct ReadLink {
    /// Whose password it sets.
    pub person: String,
    /// Until when.
    pub expires_at: Time,
    seal: Vec<u8>,
}

impl ReadLink {
    /// What a token says, unproved.
    pub fn read(token: &str) -> Option<Self> {
        if token.len() > TOKEN_MOST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (time, rest) = bytes.split_at_checked(TIME_BYTES)?;
        let (seal, person) = rest.split_at_checked(SEAL_BYTES)?;
        let millis = i64::from_be_bytes(time.try_into().ok()?);
        Some(Self {
            person: String::from_utf8(person.to_vec()).ok()?,
            expires_at: Time::from_timestamp_millis(millis)?,
            seal: seal.to_vec(),
        })
    }
}

impl PasswordLinks {
    /// Links under this server key.
    pub fn new(server_key: &[u8]) -> Result<Self, KeyTooShort> {
        if server_key.len() < KeyTooShort::LEAST {
            return Err(KeyTooShort(server_key.len()));
        }
        let keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        Ok(Self { keyed })
    }

    /// The token of a link.
    pub fn make(&self, person: &str, expires_at: Time, before: Option<&str>) -> String {
        let seal = self.sealed(person, expires_at, before).finalize();
        let mut bytes = expires_at.timestamp_millis().to_be_bytes().to_vec();
        bytes.extend(seal.into_bytes());
        bytes.extend(person.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether it was made here, while the password was the one of this hash.
    pub fn verify(&self, link: &ReadLink, before: Option<&str>) -> bool {
        self.sealed(&link.person, link.expires_at, before)
            .verify_slice(&link.seal)
            .is_ok()
    }

    fn sealed(&self, person: &str, expires_at: Time, before: Option<&str>) -> Hmac<Sha256> {
        let time = expires_at.timestamp_millis().to_be_bytes();
        let before = before.unwrap_or_default();
        [PURPOSE, &time, person.as_bytes(), before.as_bytes()]
            .iter()
            .fold(self.keyed.clone(), |keyed, part| {
                let length = (part.len() as u64).to_be_bytes();
                keyed.chain_update(length).chain_update(part)
            })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_link_is_good_for_one_person_one_time_and_one_password_before() {
        let links = PasswordLinks::new(&[1; 32]).unwrap();
        let until: Time = "2026-11-25T01:00:00Z".parse().unwrap();
        let token = links.make("rita", until, Some("$old"));
        let read = ReadLink::read(&token).unwrap();
        assert_eq!((read.person.as_str(), read.expires_at), ("rita", until));
        assert!(links.verify(&read, Some("$old")));
        assert!(!links.verify(&read, Some("$new")), "it was used");
        assert!(!links.verify(&read, None));
        let other = PasswordLinks::new(&[2; 32]).unwrap();
        assert!(!other.verify(&read, Some("$old")), "another key");
        let renamed = ReadLink {
            person: "ada".to_owned(),
            ..read
        };
        assert!(!links.verify(&renamed, Some("$old")));
        assert!(ReadLink::read("forged").is_none());
        assert!(ReadLink::read(&"A".repeat(10_000)).is_none());
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_only() {
        let kept = hash("correct horse battery".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$") && !kept.contains("horse"));
        let right = verify("correct horse battery".to_owned(), Some(kept.clone()));
        assert!(right.await.unwrap());
        assert!(
            !verify("correct horse".to_owned(), Some(kept))
                .await
                .unwrap()
        );
        assert!(!verify(String::new(), None).await.unwrap());
    }
}
