//! Passwords of local accounts: an administrator asks for a link, its receiver sets the password by it, once.

use chrono::TimeDelta;
use countersign_core::{case::PersonId, text::Text, time::Time};

use crate::{
    Engine, Error,
    password::{self, ReadLink},
    ports::{
        directory::{DirectoryChange, PersonRecord},
        store::Caller,
    },
};

/// How long a link can be used.
const LASTS: TimeDelta = TimeDelta::hours(48);
/// The shortest password, in characters.
const LEAST: usize = 12;
/// The longest, in bytes: nobody types more, and hashing it costs time.
const MOST: usize = 512;

/// A link by which somebody sets their password. It dies with its first use: it is sealed with the password before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// The secret part.
    pub token: String,
    /// Until when it can be used.
    pub expires_at: Time,
}

impl Engine {
    /// A link by which this person sets their password. Administrators only.
    pub async fn password_link(
        &self,
        caller: &Caller,
        id: &PersonId,
    ) -> Result<PasswordLink, Error> {
        self.must_administer(caller)?;
        self.new_password_link(id).await
    }

    /// The same for whoever has the database in hand.
    pub async fn new_password_link(&self, id: &PersonId) -> Result<PasswordLink, Error> {
        let (person, _) = self.reader.person(id).await?.ok_or(Error::NotFound)?;
        if person.disabled {
            return Err(Error::NotFound);
        }
        let before = self.reader.password(id).await?;
        let expires_at = self.now() + LASTS;
        let token = self
            .passwords
            .make(id.as_str(), expires_at, before.as_deref());
        Ok(PasswordLink { token, expires_at })
    }

    /// Whose password this link sets; not found if it is forged, used or expired.
    pub async fn password_owner(&self, token: &str) -> Result<PersonRecord, Error> {
        let read = ReadLink::read(token).ok_or(Error::NotFound)?;
        let id = PersonId::new(&read.person);
        let before = self.reader.password(&id).await?;
        let is_good = self.passwords.verify(&read, before.as_deref());
        if !is_good || read.expires_at <= self.now() {
            return Err(Error::NotFound);
        }
        let (person, _) = self.reader.person(&id).await?.ok_or(Error::NotFound)?;
        if person.disabled {
            return Err(Error::NotFound);
        }
        Ok(person)
    }

    /// Sets the password of the link's owner, who is signed out everywhere. The link is used up.
    pub async fn set_password(&self, token: &str, password: String) -> Result<PersonId, Error> {
        let person = self.password_owner(token).await?;
        must_be_password(&password)?;
        let hash = password::hash(password).await?;
        let change = DirectoryChange::PutPassword(person.id.clone(), hash);
        self.change_sessions(vec![change]).await?;
        Ok(person.id)
    }
}

fn must_be_password(password: &str) -> Result<(), Error> {
    if password.chars().count() >= LEAST && password.len() <= MOST {
        return Ok(());
    }
    let why = Text::new(
        format!("A password has at least {LEAST} characters. A short sentence is a good one."),
        format!("密码至少 {LEAST} 个字符，建议使用一句短语。"),
    );
    Err(Error::Invalid {
        member: "password".to_owned(),
        why,
    })
}
