//! Keep the directory: people, groups, partners, tokens, facts. Administrators and services with the
//! right may; the change is made by the lane, in a transaction with the answer's key.

use countersign_core::{
    case::{Actor, CaseId, Channel, GroupId},
    command::Command,
};
use futures::future::join_all;

use crate::{
    Answered, Engine, Error, Manner,
    lane::Work,
    ports::{
        directory::DirectoryChange,
        store::{Caller, CaseAddress, Right},
    },
};

/// The group that keeps people, tokens and workflows.
pub const ADMINISTRATORS: &str = "administrators";

/// How many cases are looked at again at once.
const BLOCK: u32 = 256;

impl Engine {
    /// Makes these changes in one transaction, if the caller may make each of them.
    pub async fn change_directory(
        &self,
        caller: &Caller,
        manner: Manner,
        changes: Vec<DirectoryChange>,
    ) -> Result<Answered, Error> {
        if !changes.iter().all(|change| may(caller, change)) {
            return Err(Error::NotAllowed);
        }
        let groups: Vec<GroupId> = changes.iter().filter_map(moved_group).collect();
        let answered = self
            .submit(caller.actor(), manner, Work::Directory(changes))
            .await?;
        for group in groups {
            self.recount(&group).await?;
        }
        Ok(answered)
    }

    /// Makes changes of the product's own: the demo's people, the first administrator.
    pub async fn seed_directory(&self, changes: Vec<DirectoryChange>) -> Result<(), Error> {
        self.submit(
            Actor::Machine,
            Manner::plain(Channel::Api),
            Work::Directory(changes),
        )
        .await?;
        Ok(())
    }

    /// Looks again whether ballots are decided, now that a group has changed.
    pub(super) async fn recount(&self, group: &GroupId) -> Result<(), Error> {
        let mut after: Option<CaseId> = None;
        loop {
            let cases = self.reader.cases_waiting_for(group, after, BLOCK).await?;
            let Some(last) = cases.last() else {
                return Ok(());
            };
            after = Some(*last);
            let recount = cases.iter().map(|case| {
                let manner = Manner::plain(Channel::Timer);
                self.command(
                    Actor::Machine,
                    manner,
                    CaseAddress::Id(*case),
                    Command::Recount,
                    None,
                    None,
                )
            });
            for result in join_all(recount).await {
                if let Err(error) = result {
                    tracing::error!(%error, "a ballot could not be counted again");
                }
            }
        }
    }
}

fn moved_group(change: &DirectoryChange) -> Option<GroupId> {
    match change {
        DirectoryChange::PutMember(group, _) | DirectoryChange::RemoveMember(group, _) => {
            Some(group.clone())
        }
        DirectoryChange::PutPerson(_)
        | DirectoryChange::PutAway(..)
        | DirectoryChange::PutMail(..)
        | DirectoryChange::PutWebhook(..)
        | DirectoryChange::RemoveWebhook(_)
        | DirectoryChange::MoveWebhook(..)
        | DirectoryChange::TellWebhook { .. }
        | DirectoryChange::PutPartner(_)
        | DirectoryChange::PutFact(..)
        | DirectoryChange::PutToken(_)
        | DirectoryChange::RemoveToken(_)
        | DirectoryChange::PutSession(_)
        | DirectoryChange::RemoveSession(_)
        | DirectoryChange::PutPassword(..)
        | DirectoryChange::ErasePerson(_)
        | DirectoryChange::PutIdentity(_)
        | DirectoryChange::PutAuthenticator(..)
        | DirectoryChange::RemoveAuthenticator(_)
        | DirectoryChange::MissAuthenticator(_)
        | DirectoryChange::WipeMails(_) => None,
    }
}

fn may(caller: &Caller, change: &DirectoryChange) -> bool {
    let (administers, rights) = match caller {
        Caller::Person(person) => (person.is_in(ADMINISTRATORS), &[][..]),
        Caller::Service { rights, .. } => (false, &rights[..]),
    };
    match change {
        DirectoryChange::PutPerson(_)
        | DirectoryChange::PutMember(..)
        | DirectoryChange::RemoveMember(..)
        | DirectoryChange::PutPartner(_) => administers || rights.contains(&Right::Directory),
        DirectoryChange::PutAway(who, _) | DirectoryChange::PutMail(who, _) => {
            administers || rights.contains(&Right::Directory) || caller.is(who)
        }
        DirectoryChange::PutFact(..) => administers || rights.contains(&Right::Facts),
        DirectoryChange::PutToken(_)
        | DirectoryChange::RemoveToken(_)
        | DirectoryChange::PutWebhook(..)
        | DirectoryChange::RemoveWebhook(_)
        | DirectoryChange::MoveWebhook(..)
        | DirectoryChange::ErasePerson(_)
        | DirectoryChange::RemoveAuthenticator(_)
        | DirectoryChange::WipeMails(_) => administers,
        // Only their owner does these, by proving who it is: see `sign_in`.
        DirectoryChange::PutSession(_)
        | DirectoryChange::RemoveSession(_)
        | DirectoryChange::PutPassword(..)
        | DirectoryChange::PutIdentity(_)
        | DirectoryChange::PutAuthenticator(..)
        | DirectoryChange::MissAuthenticator(_)
        // The engine tells of itself.
        | DirectoryChange::TellWebhook { .. } => false,
    }
}
