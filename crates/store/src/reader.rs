//! Reads outside any batch, each on a connection of the readers' pool.

pub mod directory;
mod records;

use async_trait::async_trait;
use countersign_core::{
    case::{
        Case, CaseId, Content, DeliveryId, GroupId, LinkId, Partner, PartnerId, Person, PersonId,
    },
    context::{Fact, FactKey, Inputs, Needs},
    history::{Hash, SealedEntry},
    name::Name,
    time::Time,
};
use countersign_engine::{
    Authenticator, Registry, Webhook,
    ports::{
        Reader, StoreError,
        directory::{ErasureRecord, PersonRecord, TokenRecord},
        moves::KeptMove,
        reader::{
            CaseQuery, CaseRow, DeliveryQuery, DeliveryRow, Durability, EventRow, InboxQuery,
            IncidentRow, KeptEntry, Page, Pulse, StandingRow, TimerRow,
        },
        store::{Caller, CaseAddress, PublishedWorkflow, Viewer},
    },
};
use uuid::Uuid;

use crate::{cursor, error::failed, lists, load, moves, readers::Readers, webhooks};

/// Reads what was committed.
#[derive(Debug, Clone)]
pub struct SqlReader {
    on: Readers,
}

impl SqlReader {
    pub(crate) fn new(on: Readers) -> Self {
        Self { on }
    }
}

#[async_trait]
impl Reader for SqlReader {
    async fn case(&self, address: &CaseAddress) -> Result<Option<Case>, StoreError> {
        let found = load::cases(&self.on, std::slice::from_ref(address))
            .await
            .map_err(failed("read a case"))?;
        Ok(found.into_iter().next().flatten())
    }

    async fn each_case(&self, ids: &[CaseId]) -> Result<Vec<Option<Case>>, StoreError> {
        let addresses: Vec<CaseAddress> = ids.iter().copied().map(CaseAddress::Id).collect();
        load::cases(&self.on, &addresses)
            .await
            .map_err(failed("read cases"))
    }

    async fn inputs(
        &self,
        needs: &Needs,
        registry: &Registry,
        inputs: &mut Inputs,
    ) -> Result<(), StoreError> {
        load::inputs(&self.on, needs, registry, inputs)
            .await
            .map_err(failed("read what a page needs"))
    }

    async fn cases(&self, viewer: &Viewer, query: &CaseQuery) -> Result<Page<CaseRow>, StoreError> {
        lists::cases(&self.on, viewer, query).await
    }

    async fn inbox(
        &self,
        viewer: &Viewer,
        query: &InboxQuery,
    ) -> Result<Page<CaseRow>, StoreError> {
        lists::inbox(&self.on, viewer, query).await
    }

    async fn history(
        &self,
        case: CaseId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, StoreError> {
        records::history(&self.on, case, after, limit)
            .await
            .map_err(failed("read the history of a case"))
    }

    async fn kept_history(
        &self,
        case: CaseId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<KeptEntry>, StoreError> {
        records::kept_history(&self.on, case, after, limit)
            .await
            .map_err(failed("read the history of a case"))
    }

    async fn entry_of(&self, hash: &Hash) -> Result<Option<(CaseId, SealedEntry)>, StoreError> {
        records::entry_of(&self.on, hash)
            .await
            .map_err(failed("find the entry of a receipt"))
    }

    async fn events(&self, after: &str, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        let after = match after {
            "0" => (0, 0),
            cursor => cursor::read(records::EVENTS, Some(cursor))?.unwrap_or_default(),
        };
        records::events(&self.on, after, limit)
            .await
            .map_err(failed("read what was written"))
    }

    async fn last_event(&self) -> Result<String, StoreError> {
        records::last_event(&self.on)
            .await
            .map_err(failed("find the last that was written"))
    }

    async fn content_at(&self, case: CaseId, revision: u32) -> Result<Option<Content>, StoreError> {
        records::content_at(&self.on, case, revision)
            .await
            .map_err(failed("read an earlier content of a case"))
    }

    async fn case_of_link(&self, link: LinkId) -> Result<Option<CaseId>, StoreError> {
        records::case_of_link(&self.on, link)
            .await
            .map_err(failed("find the case of a mail link"))
    }

    async fn due_cases(&self, by: Time, limit: u32) -> Result<Vec<(CaseId, Time)>, StoreError> {
        records::due_cases(&self.on, by, limit)
            .await
            .map_err(failed("find due cases"))
    }

    async fn next_due(&self) -> Result<Option<Time>, StoreError> {
        records::next_due(&self.on)
            .await
            .map_err(failed("find the next due timer"))
    }

    async fn cases_waiting_for(
        &self,
        group: &GroupId,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<CaseId>, StoreError> {
        records::cases_waiting_for(&self.on, group, after, limit)
            .await
            .map_err(failed("find cases that wait for a group"))
    }

    async fn caller(&self, token: &[u8; 32], now: Time) -> Result<Option<Caller>, StoreError> {
        directory::caller(&self.on, token, now)
            .await
            .map_err(failed("find whom a token names"))
    }

    async fn person(
        &self,
        id: &PersonId,
    ) -> Result<Option<(PersonRecord, Vec<GroupId>)>, StoreError> {
        directory::person(&self.on, id)
            .await
            .map_err(failed("read a person"))
    }

    async fn erasures(&self, id: &PersonId) -> Result<Vec<ErasureRecord>, StoreError> {
        directory::erasures(&self.on, id)
            .await
            .map_err(failed("read the erasures of a person"))
    }

    async fn mails_to(&self, id: &PersonId, limit: u32) -> Result<Vec<DeliveryId>, StoreError> {
        directory::mails_to(&self.on, id, limit)
            .await
            .map_err(failed("list the mails to a person"))
    }

    async fn signed_in(&self, cookie: &[u8; 32], now: Time) -> Result<Option<Person>, StoreError> {
        directory::signed_in(&self.on, cookie, now)
            .await
            .map_err(failed("read who is signed in"))
    }

    async fn signed_in_since(&self, cookie: &[u8; 32]) -> Result<Option<Time>, StoreError> {
        directory::signed_in_since(&self.on, cookie)
            .await
            .map_err(failed("read since when somebody is signed in"))
    }

    async fn password(&self, id: &PersonId) -> Result<Option<String>, StoreError> {
        directory::password(&self.on, id)
            .await
            .map_err(failed("read a password"))
    }

    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<PersonId>, StoreError> {
        directory::identity(&self.on, issuer, subject)
            .await
            .map_err(failed("find whose an account of a provider is"))
    }

    async fn authenticator(&self, id: &PersonId) -> Result<Option<Authenticator>, StoreError> {
        directory::authenticator(&self.on, id)
            .await
            .map_err(failed("read the app of somebody's codes"))
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<PersonId>, StoreError> {
        directory::members(&self.on, group)
            .await
            .map_err(failed("read the members of a group"))
    }

    async fn partner(&self, id: &PartnerId) -> Result<Option<Partner>, StoreError> {
        directory::partner(&self.on, id)
            .await
            .map_err(failed("read a partner"))
    }

    async fn fact(&self, key: &FactKey) -> Result<Option<Fact>, StoreError> {
        directory::fact(&self.on, key)
            .await
            .map_err(failed("read facts"))
    }

    async fn tokens(&self) -> Result<Vec<TokenRecord>, StoreError> {
        directory::tokens(&self.on)
            .await
            .map_err(failed("read the tokens"))
    }

    async fn last_move(&self, workflow: &Name) -> Result<Option<KeptMove>, StoreError> {
        moves::last(&self.on, workflow)
            .await
            .map_err(failed("read how far a move of cases has come"))
    }

    async fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        webhooks::all(&self.on)
            .await
            .map_err(failed("read the subscriptions"))
    }

    async fn published(&self) -> Result<Vec<(Name, u32)>, StoreError> {
        directory::published(&self.on)
            .await
            .map_err(failed("read which workflows are published"))
    }

    async fn workflows(&self) -> Result<Vec<PublishedWorkflow>, StoreError> {
        directory::workflows(&self.on)
            .await
            .map_err(failed("read the published workflows"))
    }

    async fn deliveries(&self, query: &DeliveryQuery) -> Result<Page<DeliveryRow>, StoreError> {
        lists::deliveries(&self.on, query).await
    }

    async fn incidents(
        &self,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Page<IncidentRow>, StoreError> {
        lists::incidents(&self.on, cursor.as_deref(), limit).await
    }

    async fn cases_with_incident(
        &self,
        cause: &str,
        limit: u32,
    ) -> Result<Vec<CaseId>, StoreError> {
        records::cases_with_incident(&self.on, cause, limit)
            .await
            .map_err(failed("find cases with an incident"))
    }

    async fn incident(&self, id: Uuid) -> Result<Option<IncidentRow>, StoreError> {
        lists::incident_of(&self.on, id)
            .await
            .map_err(failed("read an incident"))
    }

    async fn standing(&self, now: Time) -> Result<Vec<StandingRow>, StoreError> {
        lists::standing(&self.on, now)
            .await
            .map_err(failed("count where cases stand"))
    }

    async fn timers(
        &self,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Page<TimerRow>, StoreError> {
        lists::timers(&self.on, cursor.as_deref(), limit).await
    }

    async fn wanted_files(&self) -> Result<Vec<String>, StoreError> {
        records::wanted_files(&self.on)
            .await
            .map_err(failed("list the files of cases"))
    }

    async fn pulse(&self) -> Result<Pulse, StoreError> {
        records::pulse(&self.on)
            .await
            .map_err(failed("read how things stand"))
    }

    async fn ping(&self) -> Result<Durability, StoreError> {
        records::ping(&self.on).await.map_err(failed("answer"))
    }
}
