//! Lists of cases: searched ones, and the inbox. Whoever may see a case finds it in its lists.

use countersign_core::case::Actor;

use super::OPERATORS;
use crate::{
    Engine, Error,
    ports::{
        reader::{CaseQuery, CaseRow, InboxQuery, InboxSection, Page},
        store::{Caller, Viewer},
    },
};

impl Engine {
    /// A page of the cases that the caller may see.
    pub async fn cases(&self, caller: &Caller, query: &CaseQuery) -> Result<Page<CaseRow>, Error> {
        Ok(self.reader.cases(&viewer(caller)?, query).await?)
    }

    /// A page of a section of the caller's inbox, most urgent first.
    pub async fn inbox(&self, caller: &Caller, query: &InboxQuery) -> Result<Page<CaseRow>, Error> {
        // An inbox is somebody's own: operators have theirs as people.
        let viewer = person(caller)?;
        let query = InboxQuery {
            instead_of: self.absent(caller).await?,
            ..query.clone()
        };
        let mut page = self.reader.inbox(&viewer, &query).await?;
        if !query.instead_of.is_empty() && matches!(query.section, InboxSection::YourTurn) {
            self.keep_possible(caller, &mut page.items).await?;
        }
        Ok(page)
    }

    /// Whoever stands in for somebody is held to what they are held to themselves: rows name those who are kept out of
    /// a turn of their own, and not those who are kept out of another's.
    async fn keep_possible(&self, caller: &Caller, rows: &mut Vec<CaseRow>) -> Result<(), Error> {
        let Caller::Person(person) = caller else {
            return Ok(());
        };
        let actor = Actor::Person(person.clone());
        let glances = self.glances(&actor, rows.iter().map(|row| row.id)).await?;
        rows.retain(|row| glances.get(&row.id).is_none_or(|glance| !glance.is_barred));
        Ok(())
    }

    /// Those for whom the caller stands in now.
    async fn absent(&self, caller: &Caller) -> Result<Vec<Viewer>, Error> {
        let Caller::Person(person) = caller else {
            return Ok(Vec::new());
        };
        let mut absent = Vec::new();
        for id in person.stands_in_for(self.now()) {
            let known = self.reader.person(id).await?;
            let Some((record, groups)) = known.filter(|(record, _)| !record.disabled) else {
                continue;
            };
            absent.push(Viewer::Person {
                person: record.id,
                groups,
                partner: record.partner,
            });
        }
        Ok(absent)
    }
}

/// For whom a list is: an operator sees every case, but for one of a partner's people, who never looks over
/// the partner's wall. Services have no lists: they are told of their cases by hooks.
fn viewer(caller: &Caller) -> Result<Viewer, Error> {
    match caller {
        Caller::Person(person) if person.is_in(OPERATORS) && person.partner.is_none() => {
            Ok(Viewer::Operator)
        }
        Caller::Person(_) | Caller::Service { .. } => person(caller),
    }
}

fn person(caller: &Caller) -> Result<Viewer, Error> {
    match caller {
        Caller::Person(person) => Ok(Viewer::Person {
            person: person.id.clone(),
            groups: person.groups.iter().cloned().collect(),
            partner: person.partner.clone(),
        }),
        Caller::Service { .. } => Err(Error::NotAllowed),
    }
}
