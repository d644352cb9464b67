//! Erase what is personal about somebody. What happened stays proven: the chains of the history hold digests only.

use countersign_core::{
    case::{Actor, Channel, PersonId},
    text::Text,
};

use crate::{
    Answered, Engine, Error, Manner,
    lane::Work,
    ports::{
        directory::{DirectoryChange, ErasureRecord},
        store::Caller,
    },
};

/// How many mails are wiped in one transaction.
const BLOCK: u32 = 1_000;

impl Engine {
    /// Erases a person's data for good: name, address, attributes, groups, tokens, kept answers, the personal part of
    /// the history that they made, and what mails to them say. Cases stay as they are. Administrators only, and nobody
    /// themselves. Repeating it finishes what a stop has left undone.
    pub async fn erase_person(
        &self,
        caller: &Caller,
        manner: Manner,
        id: &PersonId,
        reason: &str,
    ) -> Result<Answered, Error> {
        self.must_administer(caller)?;
        let Caller::Person(administrator) = caller else {
            return Err(Error::NotAllowed);
        };
        if let Some(answered) = self.answered_before(manner.clone()).await? {
            return Ok(answered);
        }
        let (_, groups) = self.reader.person(id).await?.ok_or(Error::NotFound)?;
        let invalid = |member: &str, en: &str, zh: &str| Error::Invalid {
            member: member.to_owned(),
            why: Text::new(en, zh),
        };
        if reason.trim().is_empty() {
            return Err(invalid("reason", "Say why.", "请说明原因。"));
        }
        if administrator.id == *id {
            let (en, zh) = (
                "Ask another administrator to erase you.",
                "请由另一位管理员删除您的数据。",
            );
            return Err(invalid("id", en, zh));
        }
        let erasure = ErasureRecord {
            person: id.clone(),
            by: administrator.id.clone(),
            reason: reason.trim().to_owned(),
            at: self.now(),
        };
        // From here on no mail goes to them.
        self.change(DirectoryChange::ErasePerson(erasure)).await?;
        for group in &groups {
            self.recount(group).await?;
        }
        loop {
            let mails = self.reader.mails_to(id, BLOCK).await?;
            if mails.is_empty() {
                break;
            }
            self.change(DirectoryChange::WipeMails(mails)).await?;
        }
        // The answer is kept last: until then a repeated request begins again.
        let nothing = Work::Directory(Vec::new());
        self.submit(caller.actor(), manner, nothing).await
    }

    /// The erasures of a person's data, the oldest first. Administrators only.
    pub async fn erasures(
        &self,
        caller: &Caller,
        id: &PersonId,
    ) -> Result<Vec<ErasureRecord>, Error> {
        self.must_administer(caller)?;
        Ok(self.reader.erasures(id).await?)
    }

    async fn change(&self, change: DirectoryChange) -> Result<(), Error> {
        let manner = Manner::plain(Channel::Api);
        let work = Work::Directory(vec![change]);
        self.submit(Actor::Machine, manner, work).await?;
        Ok(())
    }
}
