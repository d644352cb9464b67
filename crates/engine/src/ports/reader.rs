//! The reader port: single statements on a pool of their own. Answers may lag behind the last
//! commit by moments, but a case that was answered as written is read as written.

use std::time::Duration;

use async_trait::async_trait;
use countersign_core::{
    case::{
        Case, CaseId, Content, DeliveryId, GroupId, LinkId, Partner, PartnerId, Person, PersonId,
    },
    context::{Fact, FactKey, Inputs, Needs},
    history::{Hash, SealedEntry},
    name::Name,
    outcome::Incident,
    time::Time,
    workflow::End,
};
use uuid::Uuid;

use super::{
    StoreError,
    deliveries::{CaseRef, DeliveryContent},
    directory::{ErasureRecord, PersonRecord, TokenRecord},
    moves::KeptMove,
    store::{Caller, CaseAddress, PublishedWorkflow, Viewer},
};
use crate::{Registry, Webhook, WebhookRecord, authenticator::Authenticator};

/// Reads of committed rows.
#[async_trait]
pub trait Reader: Send + Sync {
    /// A case with its content.
    async fn case(&self, address: &CaseAddress) -> Result<Option<Case>, StoreError>;

    /// The cases of these ids with their contents, in this order; `None` where there is none.
    async fn each_case(&self, ids: &[CaseId]) -> Result<Vec<Option<Case>>, StoreError>;

    /// Loads what is needed and adds it to `inputs`.
    async fn inputs(
        &self,
        needs: &Needs,
        registry: &Registry,
        inputs: &mut Inputs,
    ) -> Result<(), StoreError>;

    /// Cases that the viewer may see, a page of them.
    async fn cases(&self, viewer: &Viewer, query: &CaseQuery) -> Result<Page<CaseRow>, StoreError>;

    /// Cases by section of the viewer's inbox, most urgent first.
    async fn inbox(&self, viewer: &Viewer, query: &InboxQuery)
    -> Result<Page<CaseRow>, StoreError>;

    /// A case's history from `after` on, at most `limit` entries, with their personal parts.
    async fn history(
        &self,
        case: CaseId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SealedEntry>, StoreError>;

    /// The same for an audit: an entry that cannot be read is told of, and hides no other.
    async fn kept_history(
        &self,
        case: CaseId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<KeptEntry>, StoreError>;

    /// The entry of any history that has this hash, and its case.
    async fn entry_of(&self, hash: &Hash) -> Result<Option<(CaseId, SealedEntry)>, StoreError>;

    /// What a case held when this was its revision, as it last was; `None` if it has had none so low.
    async fn content_at(&self, case: CaseId, revision: u32) -> Result<Option<Content>, StoreError>;

    /// What was written to histories after this cursor, at most `limit` entries, in the order of commits: nothing is
    /// ever put in before a cursor that was given out. An error of kind `Cursor` where no row gave it; `0` is before
    /// everything.
    async fn events(&self, after: &str, limit: u32) -> Result<Vec<EventRow>, StoreError>;

    /// The cursor behind everything that is written by now.
    async fn last_event(&self) -> Result<String, StoreError>;

    /// The case that a mail link belongs to.
    async fn case_of_link(&self, link: LinkId) -> Result<Option<CaseId>, StoreError>;

    /// Cases with a timer due by then, the earliest first.
    async fn due_cases(&self, by: Time, limit: u32) -> Result<Vec<(CaseId, Time)>, StoreError>;

    /// When the next timer of any case is due.
    async fn next_due(&self) -> Result<Option<Time>, StoreError>;

    /// Cases that wait for somebody of this group, after this id in order of id.
    async fn cases_waiting_for(
        &self,
        group: &GroupId,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<CaseId>, StoreError>;

    /// Whom a token names: by its SHA-256, unexpired, and not disabled.
    async fn caller(&self, token: &[u8; 32], now: Time) -> Result<Option<Caller>, StoreError>;

    /// Who is signed in by the cookie of this SHA-256: not after its end, and nobody who is disabled.
    async fn signed_in(&self, cookie: &[u8; 32], now: Time) -> Result<Option<Person>, StoreError>;

    /// Since when somebody is signed in by this hash of a cookie.
    async fn signed_in_since(&self, cookie: &[u8; 32]) -> Result<Option<Time>, StoreError>;

    /// The hash of somebody's password.
    async fn password(&self, id: &PersonId) -> Result<Option<String>, StoreError>;

    /// Who signs in with this account of a provider.
    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<PersonId>, StoreError>;

    /// The app that shows somebody's confirmation codes.
    async fn authenticator(&self, id: &PersonId) -> Result<Option<Authenticator>, StoreError>;

    /// A person, with the groups.
    async fn person(
        &self,
        id: &PersonId,
    ) -> Result<Option<(PersonRecord, Vec<GroupId>)>, StoreError>;

    /// The erasures of a person's data, the oldest first.
    async fn erasures(&self, id: &PersonId) -> Result<Vec<ErasureRecord>, StoreError>;

    /// Mails to a person that still say something, at most `limit`. It reads the whole outbox: for rare work only.
    async fn mails_to(&self, id: &PersonId, limit: u32) -> Result<Vec<DeliveryId>, StoreError>;

    /// Members of a group in order of id.
    async fn members(&self, group: &GroupId) -> Result<Vec<PersonId>, StoreError>;

    /// A partner.
    async fn partner(&self, id: &PartnerId) -> Result<Option<Partner>, StoreError>;

    /// Facts.
    async fn fact(&self, key: &FactKey) -> Result<Option<Fact>, StoreError>;

    /// All tokens, without what opens anything.
    async fn tokens(&self) -> Result<Vec<TokenRecord>, StoreError>;

    /// The last move of all cases of a version of this workflow.
    async fn last_move(&self, workflow: &Name) -> Result<Option<KeptMove>, StoreError>;

    /// All subscriptions to events, in order of id.
    async fn webhooks(&self) -> Result<Vec<Webhook>, StoreError>;

    /// Every published workflow version.
    async fn published(&self) -> Result<Vec<(Name, u32)>, StoreError>;

    /// Every published version with its texts, in order of id and version.
    async fn workflows(&self) -> Result<Vec<PublishedWorkflow>, StoreError>;

    /// Mails and hook calls, the newest first.
    async fn deliveries(&self, query: &DeliveryQuery) -> Result<Page<DeliveryRow>, StoreError>;

    /// What needs an operator and is not settled, the oldest first.
    async fn incidents(
        &self,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Page<IncidentRow>, StoreError>;

    /// Cases with an incident of this cause that is not settled, at most `limit` of them.
    async fn cases_with_incident(&self, cause: &str, limit: u32)
    -> Result<Vec<CaseId>, StoreError>;

    /// The incident of this id, settled or not.
    async fn incident(&self, id: Uuid) -> Result<Option<IncidentRow>, StoreError>;

    /// How many cases that have not ended stand where, in order of workflow, version and state.
    async fn standing(&self, now: Time) -> Result<Vec<StandingRow>, StoreError>;

    /// Cases that have a timer, the next to fire first.
    async fn timers(
        &self,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Page<TimerRow>, StoreError>;

    /// The SHA-256 (hex) of every file that some case has.
    async fn wanted_files(&self) -> Result<Vec<String>, StoreError>;

    /// How things stand now, for those who watch a server.
    async fn pulse(&self) -> Result<Pulse, StoreError>;

    /// Whether the store answers at all, and how durable its commits are just now.
    async fn ping(&self) -> Result<Durability, StoreError>;
}

/// Where a commit is before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// On the disk of the one server.
    Disk,
    /// A standby is named, and commits do not wait for its disk: what was answered may be lost when the primary is.
    StandbyBehind,
    /// On the disks of the primary and of as many standbys as it names.
    Standby,
}

impl Durability {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::StandbyBehind => "standby_behind",
            Self::Standby => "standby",
        }
    }
}

/// An entry of a history as it is kept.
#[derive(Debug, Clone)]
pub struct KeptEntry {
    /// Its place, as the row says.
    pub entry: u64,
    /// Its hash, as the row says; `None` if that is no hash.
    pub hash: Option<Hash>,
    /// What it says; `None` if that cannot be read.
    pub sealed: Option<SealedEntry>,
}

/// How things stand, for those who watch a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pulse {
    /// Since when the longest due timer is due, or when the next one will be.
    pub next_timer: Option<Time>,
    /// The same of deliveries that wait.
    pub next_delivery: Option<Time>,
    /// How many deliveries wait; 100,000 stands for more.
    pub waiting: u64,
    /// How many are given up.
    pub dead: u64,
    /// How many incidents are open.
    pub incidents: u64,
    /// How old the oldest snapshot is that keeps the store from cleaning up, where it says.
    pub oldest_snapshot: Duration,
    /// How old the oldest open transaction is that has written, in any database of the server: events wait for its end.
    pub oldest_writer: Duration,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None`: there is none.
    pub next_cursor: Option<String>,
}

/// An entry among those of all cases.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Where to go on after it.
    pub cursor: String,
    /// Its case.
    pub case: CaseId,
    /// The entry.
    pub entry: SealedEntry,
}

/// What a list of cases is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// Only of this workflow.
    pub workflow: Option<Name>,
    /// Only in this state or in an inner one of it.
    pub state: Option<String>,
    /// Only of this partner.
    pub partner: Option<PartnerId>,
    /// Only these.
    pub lifecycle: Option<LifecycleFilter>,
    /// Only of this version, and not ended.
    pub running_version: Option<u32>,
    /// Only those whose number, title or texts have these words.
    pub words: Option<String>,
    /// Only those past their due time at this moment (or, with `false`, not past it).
    pub overdue: Option<(bool, Time)>,
    /// Only those that the viewer opened.
    pub mine: bool,
    /// The order.
    pub sort: CaseOrder,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many at most (1 to 200).
    pub limit: u32,
}

/// Which part of their life cases are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifecycleFilter {
    /// Running.
    Running,
    /// On hold.
    OnHold,
    /// Ended.
    Ended,
}

/// The order of a list of cases; ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By due time, those without last.
    Due,
}

/// A section of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxSection {
    /// The viewer may act now.
    YourTurn,
    /// The viewer opened it or acted on it, and others must act now.
    Waiting,
    /// The viewer acted on it since this moment, and it is not their turn.
    Done {
        /// The moment.
        since: Time,
    },
}

/// A page of a section of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxQuery {
    /// Which.
    pub section: InboxSection,
    /// Those for whom the viewer stands in now: what is their turn is the viewer's too, within his own wall.
    pub instead_of: Vec<Viewer>,
    /// Only of this workflow.
    pub workflow: Option<Name>,
    /// Only those that are due by this moment.
    pub due_by: Option<Time>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many at most (1 to 200).
    pub limit: u32,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its workflow.
    pub workflow: Name,
    /// And version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub state: String,
    /// Whose it is.
    pub partner: Option<PartnerId>,
    /// Who opened it.
    pub starter: Option<PersonId>,
    /// When.
    pub opened_at: Time,
    /// Its round.
    pub round: u32,
    /// When it is due.
    pub due_at: Option<Time>,
    /// Whether an operator froze it.
    pub on_hold: bool,
    /// How it ended.
    pub end: Option<End>,
    /// Counts its commands.
    pub etag: u64,
}

/// How many cases that have not ended stand in one state of one version of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    /// The workflow.
    pub workflow: Name,
    /// Its version.
    pub version: u32,
    /// The path of the state.
    pub state: String,
    /// How many, those on hold included.
    pub cases: u64,
    /// How many of them are on hold.
    pub on_hold: u64,
    /// How many of them are past their due time: of those that are late longest, [`LATE_COUNTED`] are counted in all
    /// states together.
    pub late: u64,
    /// When the oldest was opened: the beginning of that day in UTC.
    pub oldest: Time,
}

/// How many late cases are counted at most.
pub const LATE_COUNTED: u32 = 20_000;

/// A case that has a timer.
#[derive(Debug, Clone, PartialEq)]
pub struct TimerRow {
    /// The case.
    pub case: CaseRow,
    /// When the next of its timers is due.
    pub due_at: Time,
}

/// What a list of deliveries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// Only mails, or only hook calls.
    pub kind: Option<DeliveryKind>,
    /// Only these.
    pub status: Option<DeliveryStatus>,
    /// Only of this case.
    pub case: Option<CaseAddress>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many at most (1 to 200).
    pub limit: u32,
}

/// Mails or hook calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryKind {
    /// Mails.
    Mail,
    /// Hook calls.
    Hook,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It waits for its first or next attempt.
    Waiting,
    /// It has arrived.
    Sent,
    /// It is not tried again until an operator asks for it.
    Dead,
}

/// A delivery in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliveryId,
    /// Its case.
    pub case: Option<CaseRef>,
    /// Mail or hook call, also once its content is wiped.
    pub kind: DeliveryKind,
    /// What is sent; `None` once wiped.
    pub content: Option<DeliveryContent>,
    /// How far it is.
    pub status: DeliveryStatus,
    /// How many attempts there were.
    pub attempts: u32,
    /// When the next attempt is due.
    pub next_at: Option<Time>,
    /// What went wrong at the last attempt.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Time,
    /// When it arrived.
    pub sent_at: Option<Time>,
}

impl DeliveryRow {
    /// The subscription that this is a call of; `None`: it is none, or wiped.
    pub fn webhook(&self) -> Option<Uuid> {
        match &self.content {
            Some(DeliveryContent::Hook(hook)) => WebhookRecord::of_hook(&hook.hook),
            Some(DeliveryContent::Mail(_)) | None => None,
        }
    }
}

/// An incident in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentRow {
    /// Its id.
    pub id: Uuid,
    /// Its case.
    pub case: Option<CaseRef>,
    /// What happened.
    pub incident: Incident,
    /// The delivery that it is about, if it is about one.
    pub delivery: Option<DeliveryId>,
    /// Since when.
    pub since: Time,
}
