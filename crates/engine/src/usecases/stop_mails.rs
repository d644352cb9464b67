//! Stop mails of a kind by the address that stands in their head: whoever has it is who got the mail.

use countersign_core::case::{Person, PersonId, Purpose};

use crate::{
    Engine, Error,
    ports::directory::{DirectoryChange, MailWishes},
};

impl Engine {
    /// Whose mails of which purpose this token stops; not found if it is forged, or there is no such person.
    pub async fn stoppable(&self, token: &str) -> Result<(Person, Purpose), Error> {
        let (id, purpose) = self.links.verify_stop(token).ok_or(Error::NotFound)?;
        let person = self.person(&PersonId::new(id)).await?;
        Ok((person.ok_or(Error::NotFound)?, purpose))
    }

    /// Stops them. Again it is as it was.
    pub async fn stop_mails(&self, token: &str) -> Result<(Person, Purpose), Error> {
        let (person, purpose) = self.stoppable(token).await?;
        let mut habits = person.mail.clone();
        match purpose {
            Purpose::Daily => habits.daily = false,
            Purpose::Remind => habits.reminders = false,
            Purpose::Settled => habits.settled = false,
            Purpose::Ask | Purpose::Tell => return Err(Error::NotFound),
        }
        let wishes = MailWishes {
            language: person.language,
            timezone: person.timezone.clone(),
            habits,
        };
        let change = DirectoryChange::PutMail(person.id.clone(), wishes);
        self.change_sessions(vec![change]).await?;
        Ok((person, purpose))
    }
}
