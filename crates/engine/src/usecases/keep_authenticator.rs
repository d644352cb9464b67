//! Confirm by an app: set it up by a first code of it, and take it away by another.

use countersign_core::case::PersonId;

use crate::{
    Engine, Error,
    authenticator::{Authenticator, Authenticators, Judged},
    ports::directory::DirectoryChange,
};

impl Engine {
    /// A salt for a new app of somebody, and the secret that is typed into it. Nothing is kept yet.
    pub fn new_authenticator(&self, person: &PersonId) -> (String, String) {
        let salt = Authenticators::salt();
        let secret = self.authenticators.secret_text(person, &salt);
        (salt, secret)
    }

    /// The secret that is made of a salt.
    pub fn authenticator_secret(&self, person: &PersonId, salt: &str) -> String {
        self.authenticators.secret_text(person, salt)
    }

    /// The app of somebody.
    pub async fn authenticator(&self, person: &PersonId) -> Result<Option<Authenticator>, Error> {
        Ok(self.reader.authenticator(person).await?)
    }

    /// Keeps the app with this salt if this is a code of it; `false`: it is none, or there is an app already, which must be
    /// taken away by a code of its own first.
    pub async fn put_authenticator(
        &self,
        person: &PersonId,
        salt: &str,
        code: &str,
    ) -> Result<bool, Error> {
        let step = self.authenticators.step_of(person, salt, code, self.now());
        let Some(step) = step.filter(|_| salt.len() >= 22) else {
            return Ok(false);
        };
        if self.reader.authenticator(person).await?.is_some() {
            return Ok(false);
        }
        let change = DirectoryChange::PutAuthenticator(person.clone(), salt.to_owned(), step);
        self.change_sessions(vec![change]).await?;
        Ok(true)
    }

    /// Takes the app away, if this is a code of it; `false`: it is none.
    pub async fn remove_authenticator(&self, person: &PersonId, code: &str) -> Result<bool, Error> {
        let Some(app) = self.reader.authenticator(person).await? else {
            return Ok(true);
        };
        let now = self.now();
        let change = match self.authenticators.judge(person, &app, code, now) {
            Judged::Good(_) => DirectoryChange::RemoveAuthenticator(person.clone()),
            Judged::Wrong => DirectoryChange::MissAuthenticator(person.clone()),
            Judged::NotLookedAt => return Ok(false),
        };
        let is_right = matches!(change, DirectoryChange::RemoveAuthenticator(_));
        self.change_sessions(vec![change]).await?;
        Ok(is_right)
    }
}
