//! Sign in to the pages and out again. A session is a cookie of 256 random bits, of which the store has the hash;
//! each sign-in makes a new one, and ends the one that the browser had before.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use countersign_core::{
    case::{Actor, Channel, Person, PersonId},
    context::{Inputs, Needs},
    reading::Reading,
    time::Time,
};
use sha2::{Digest as _, Sha256};

use crate::{
    Engine, Error, Manner,
    lane::Work,
    password,
    ports::directory::{DirectoryChange, SessionRecord},
};

/// How long a sign-in lasts: a working day.
const LASTS: TimeDelta = TimeDelta::hours(12);

/// How long one has signed in "just now".
const LATELY: TimeDelta = TimeDelta::minutes(15);

/// A sign-in right after it was made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// What the browser keeps.
    pub cookie: String,
    /// Until when it lasts.
    pub expires_at: Time,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewSession")
    }
}

impl Engine {
    /// Signs in whoever has this address or id and this password; `None`: nobody, and it is not said why.
    pub async fn sign_in(
        &self,
        name: &str,
        password: String,
        earlier: Option<&str>,
    ) -> Result<Option<NewSession>, Error> {
        let person = self.person_called(name).await?;
        let known = person.filter(|person| !person.disabled);
        let hash = match &known {
            Some(person) => self.reader.password(&person.id).await?,
            None => None,
        };
        // Somebody who is not there takes as long as a wrong password.
        let is_right = password::verify(password, hash).await?;
        match known {
            Some(person) if is_right => Ok(Some(self.sign_in_as(&person.id, earlier).await?)),
            Some(_) | None => Ok(None),
        }
    }

    /// Signs in somebody who has proved who they are. `earlier` is the cookie that the browser has had: it ends.
    pub async fn sign_in_as(
        &self,
        id: &PersonId,
        earlier: Option<&str>,
    ) -> Result<NewSession, Error> {
        let secret: [u8; 32] = rand::random();
        let cookie = URL_SAFE_NO_PAD.encode(secret);
        let now = self.now();
        let expires_at = now + LASTS;
        let record = SessionRecord {
            hash: hash(&cookie),
            person: id.clone(),
            created_at: now,
            expires_at,
        };
        let ended = earlier.map(|cookie| DirectoryChange::RemoveSession(hash(cookie)));
        let changes = ended
            .into_iter()
            .chain([DirectoryChange::PutSession(record)]);
        self.change_sessions(changes.collect()).await?;
        Ok(NewSession { cookie, expires_at })
    }

    /// Who is signed in by this cookie; `None`: nobody (any more).
    pub async fn signed_in(&self, cookie: &str) -> Result<Option<Person>, Error> {
        Ok(self.reader.signed_in(&hash(cookie), self.now()).await?)
    }

    /// Whether whoever is signed in by this cookie has proved who they are just now: what gives more than looking and acting
    /// asks for that, so that a cookie that was taken is not enough.
    pub async fn signed_in_lately(&self, cookie: &str) -> Result<bool, Error> {
        let since = self.reader.signed_in_since(&hash(cookie)).await?;
        Ok(since.is_some_and(|since| self.now() < since + LATELY))
    }

    /// Ends the session of this cookie.
    pub async fn sign_out(&self, cookie: &str) -> Result<(), Error> {
        let change = DirectoryChange::RemoveSession(hash(cookie));
        self.change_sessions(vec![change]).await
    }

    /// What somebody does with sessions and passwords of their own, having proved who they are.
    pub(super) async fn change_sessions(&self, changes: Vec<DirectoryChange>) -> Result<(), Error> {
        let manner = Manner::plain(Channel::Page);
        self.submit(Actor::Machine, manner, Work::Directory(changes))
            .await?;
        Ok(())
    }

    /// The person of this address, else of this id.
    async fn person_called(&self, name: &str) -> Result<Option<Person>, Error> {
        let name = name.trim();
        let mut inputs = Inputs::default();
        let needs = Needs {
            people: [PersonId::new(name)].into(),
            addresses: [name.to_lowercase()].into(),
            ..Needs::default()
        };
        self.reader
            .inputs(&needs, &self.registry, &mut inputs)
            .await?;
        let reading = Reading::new(&inputs, &Actor::Machine);
        let found = reading
            .address(name)
            .or_else(|| reading.person(&PersonId::new(name)));
        Ok(found.map(std::sync::Arc::unwrap_or_clone))
    }
}

fn hash(cookie: &str) -> [u8; 32] {
    Sha256::digest(cookie.as_bytes()).into()
}
