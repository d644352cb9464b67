//! Read the directory: people, groups, partners, facts, tokens; for those who may keep it.

use countersign_core::{
    case::{Actor, GroupId, Partner, PartnerId, PersonId},
    context::{Fact, FactKey, Inputs, Needs},
};

use super::ADMINISTRATORS;
use crate::{
    Engine, Error,
    ports::{
        directory::{PersonRecord, TokenRecord},
        store::{Caller, Right},
    },
};

impl Engine {
    /// A person with the groups, for who keeps the directory, and for themselves.
    pub async fn person_record(
        &self,
        caller: &Caller,
        id: &PersonId,
    ) -> Result<(PersonRecord, Vec<GroupId>), Error> {
        let is_self = matches!(caller, Caller::Person(person) if person.id == *id);
        if !is_self {
            self.must_keep(caller, Right::Directory)?;
        }
        self.reader.person(id).await?.ok_or(Error::NotFound)
    }

    /// How somebody acts on cases, for operators who ask what that person can do, and for themselves.
    pub async fn actor_for(&self, caller: &Caller, id: &PersonId) -> Result<Actor, Error> {
        if caller.is(id) {
            return Ok(caller.actor());
        }
        self.must_operate(caller)?;
        let needs = Needs {
            people: [id.clone()].into(),
            ..Needs::default()
        };
        let mut inputs = Inputs::default();
        self.reader
            .inputs(&needs, &self.registry, &mut inputs)
            .await?;
        let found = inputs.people.remove(id).flatten().ok_or(Error::NotFound)?;
        Ok(Actor::Person(found.as_ref().clone()))
    }

    /// The members of a group in order of id.
    pub async fn members(&self, caller: &Caller, group: &GroupId) -> Result<Vec<PersonId>, Error> {
        self.must_keep(caller, Right::Directory)?;
        Ok(self.reader.members(group).await?)
    }

    /// A partner, for who keeps the directory, and for its own people.
    pub async fn partner(&self, caller: &Caller, id: &PartnerId) -> Result<Partner, Error> {
        let is_own =
            matches!(caller, Caller::Person(person) if person.partner.as_ref() == Some(id));
        if !is_own {
            self.must_keep(caller, Right::Directory)?;
        }
        self.reader.partner(id).await?.ok_or(Error::NotFound)
    }

    /// Facts of one kind about one subject.
    pub async fn fact(&self, caller: &Caller, key: &FactKey) -> Result<Fact, Error> {
        self.must_keep(caller, Right::Facts)?;
        self.reader.fact(key).await?.ok_or(Error::NotFound)
    }

    /// All tokens, without what opens anything. Administrators only.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<TokenRecord>, Error> {
        self.must_administer(caller)?;
        Ok(self.reader.tokens().await?)
    }

    /// Whether the caller is an administrator; else not allowed.
    pub fn must_administer(&self, caller: &Caller) -> Result<(), Error> {
        match caller {
            Caller::Person(person) if person.is_in(ADMINISTRATORS) => Ok(()),
            Caller::Person(_) | Caller::Service { .. } => Err(Error::NotAllowed),
        }
    }

    /// Whether the caller is an administrator, or a service with this right; else not allowed.
    pub fn must_keep(&self, caller: &Caller, right: Right) -> Result<(), Error> {
        match caller {
            Caller::Service { rights, .. } if rights.contains(&right) => Ok(()),
            Caller::Person(_) | Caller::Service { .. } => self.must_administer(caller),
        }
    }

    /// Whether the caller is a service that may send signals; else not allowed.
    pub fn must_signal(&self, caller: &Caller) -> Result<(), Error> {
        match caller {
            Caller::Service { rights, .. } if rights.contains(&Right::Signals) => Ok(()),
            Caller::Person(_) | Caller::Service { .. } => Err(Error::NotAllowed),
        }
    }
}
