//! The store port: durable writes in batches, and reads. A batch is one transaction; what it wrote
//! is durable when [`Transaction::commit`] has returned, and not a row of it exists otherwise.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_core::{
    case::{
        Case, CaseId, DeliveryId, FileId, LinkId, PartnerId, Person, PersonId, Sending, ServiceId,
        Watch,
    },
    context::{FactKey, Inputs, List, Needs},
    history::SealedEntry,
    name::Name,
    outcome::{Incident, LimitChange, NewChild, Subject, Waiting},
    time::Time,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    StoreError,
    deliveries::{CaseRef, DeliveryContent, MailContent},
    directory::DirectoryChange,
    moves::MoveProgress,
    reader::Reader,
};
use crate::{Registry, authenticator::Authenticator};

/// A durable store. One value serves the whole program; it is cheap to share.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a batch. No two batches that touch the same case run at once.
    ///
    /// The caller is a lane of its own and never drops the future half way: a begin that is dropped
    /// would leave its connection inside a transaction.
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError>;

    /// How many batches it can carry out at once. One, where there is one writer.
    fn lanes(&self) -> usize {
        1
    }

    /// Whether other replicas serve the same database.
    fn is_shared(&self) -> bool {
        false
    }

    /// Reads outside any batch. They see what was committed when they began, and may lag.
    fn reader(&self) -> Arc<dyn Reader>;

    /// Cases with a timer due by then, the earliest first, for this caller to fire. Where other replicas fire timers too,
    /// these are the caller's alone for a while; what has not been fired by then is due again.
    async fn claim_due(&self, by: Time, limit: u32) -> Result<Vec<CaseId>, StoreError> {
        let due = self.reader().due_cases(by, limit).await?;
        Ok(due.into_iter().map(|(case, _)| case).collect())
    }

    /// Removes what has had its time: answers kept for more than 30 days, expired codes, delivered
    /// mails' attempts. In short transactions, so that nobody waits. Says how many rows went.
    async fn clean(&self, now: Time) -> Result<u64, StoreError>;

    /// Moves a subscription from one cursor to the next and writes what is handed over, in one transaction; `false`: it does
    /// not stand there any more, or is disabled, and nothing was written.
    async fn advance_webhook(
        &self,
        id: Uuid,
        from: &str,
        to: &str,
        deliveries: Vec<DeliveryWrite>,
    ) -> Result<bool, StoreError>;

    /// Notes that this run moves the cases of a version; `false`: another run does, and has noted something since `forsaken`.
    async fn begin_move(
        &self,
        workflow: &Name,
        run: Uuid,
        progress: &MoveProgress,
        forsaken: Time,
    ) -> Result<bool, StoreError>;

    /// Notes how far this run has come; `false`: another one has begun since.
    async fn note_move(
        &self,
        workflow: &Name,
        run: Uuid,
        progress: &MoveProgress,
    ) -> Result<bool, StoreError>;

    /// Makes one mail for each person of those held mails that are due by now; says how many mails it made.
    async fn gather_mails(&self, now: Time, gather: &Gather) -> Result<u64, StoreError>;

    /// The store's clock, by which leases and, in service, timers are reckoned.
    async fn now(&self) -> Result<Time, StoreError>;
}

/// One batch. Dropped without commit, it leaves no trace.
#[async_trait]
pub trait Transaction: Send {
    /// The answers kept under these keys, in the order asked.
    async fn answers(
        &mut self,
        keys: &[RequestKey],
    ) -> Result<Vec<Option<StoredAnswer>>, StoreError>;

    /// These cases with their content, locked until the batch ends; `None` for one that is not there.
    async fn cases(&mut self, cases: &[CaseAddress]) -> Result<Vec<Option<Case>>, StoreError>;

    /// Loads what is needed and adds it to `inputs`; what is not there is entered as not there.
    /// Linked cases are locked as [`cases`](Self::cases) are. `registry` types linked cases.
    async fn inputs(
        &mut self,
        needs: &Needs,
        registry: &Registry,
        inputs: &mut Inputs,
    ) -> Result<(), StoreError>;

    /// Those of these child cases that wait to be opened.
    async fn children(&mut self, ids: &[CaseId]) -> Result<Vec<NewChild>, StoreError>;

    /// Takes the next `count` numbers of a series and answers the first of them, from 1. Where several replicas take some,
    /// what was taken and not committed is a gap.
    async fn take_numbers(&mut self, series: &str, count: u64) -> Result<u64, StoreError>;

    /// The confirmation code that waits for this purpose, if it has not expired.
    async fn code(&mut self, purpose: &CodePurpose) -> Result<Option<StoredCode>, StoreError>;

    /// The app that shows somebody's confirmation codes.
    async fn authenticator(&mut self, id: &PersonId) -> Result<Option<Authenticator>, StoreError>;

    /// An operator wants a delivery tried again: a dead one becomes due now, with its attempts starting anew and its
    /// incident closed; one that waits for its next attempt becomes due now. `false` where it has arrived, its
    /// content is wiped, or there is none of this id.
    async fn retry_delivery(&mut self, delivery: DeliveryId) -> Result<bool, StoreError>;

    /// Writes everything of a batch, in a few set-based statements.
    /// Says whether cases were woken by it: their timers are due now.
    async fn write(&mut self, batch: &Batch) -> Result<bool, StoreError>;

    /// Makes it durable. An error means that the outcome is unknown.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Gives it up.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;
}

/// How a caller names a case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CaseAddress {
    /// By id.
    Id(CaseId),
    /// By number.
    Number(String),
}

impl CaseAddress {
    /// An id if it reads as one, else a number.
    pub fn parse(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Number(text.to_owned()), |id| Self::Id(CaseId(id)))
    }
}

/// Everything that one batch writes. Rows of one kind go in one statement.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Cases as they are after the batch, each once.
    pub cases: Vec<CaseWrite>,
    /// New history, each case's in order.
    pub entries: Vec<(CaseId, SealedEntry)>,
    /// New deliveries.
    pub deliveries: Vec<DeliveryWrite>,
    /// Deliveries that have not begun and are not wanted any more: they never will.
    pub unsent: Vec<DeliveryId>,
    /// Child cases that are to be opened: kept until a batch says `opened`, and found as due at once under the ids
    /// that they will have.
    pub children: Vec<NewChild>,
    /// Child cases that wait no longer to be opened.
    pub opened: Vec<CaseId>,
    /// Changed places in limits.
    pub limits: Vec<(CaseId, LimitChange)>,
    /// New mail links, by which their case is found.
    pub links: Vec<(LinkId, CaseId)>,
    /// Attached files, by which the sweeper knows that their bytes are wanted.
    pub files: Vec<(FileId, CaseId, String)>,
    /// What needs an operator.
    pub incidents: Vec<(Option<CaseId>, Incident, Time)>,
    /// The causes of a case's incidents that need an operator no more.
    pub settled: Vec<(CaseId, String)>,
    /// Answers to keep under their keys.
    pub answers: Vec<(RequestKey, StoredAnswer)>,
    /// Confirmation codes made, tried and used.
    pub codes: Vec<CodeChange>,
    /// Changes of people, groups, partners, tokens and facts.
    pub directory: Vec<DirectoryChange>,
    /// Newly published workflow versions.
    pub workflows: Vec<PublishedWorkflow>,
    /// Lists of a new version.
    pub lists: Vec<(Name, Arc<List>)>,
    /// Cases that were due or woken and had nothing to do: when their next timer is due. Cases that watch facts or
    /// cases of this batch are woken by it, in the same transaction.
    pub rested: Vec<(CaseId, Option<Time>)>,
    /// The moment of the batch.
    pub at: Option<Time>,
}

/// A case to write.
#[derive(Debug, Clone)]
pub struct CaseWrite {
    /// As it is after the batch.
    pub case: Case,
    /// Its etag before the batch; 0 for a new case. The store refuses to overwrite any other.
    pub etag_before: u64,
    /// Whether its content must be written.
    pub content_changed: bool,
    /// Who may act now; replaces the case's earlier rows.
    pub waiting: Vec<Waiting>,
    /// Who may see it besides those who could already.
    pub access: std::collections::BTreeSet<Subject>,
    /// Of those who could, who may not any more.
    pub hidden: std::collections::BTreeSet<Subject>,
    /// What it is woken for, if that has changed: replaces the case's earlier rows.
    pub watches: Option<std::collections::BTreeSet<Watch>>,
    /// What a search finds it by: number, title and texts of its content, in lower case.
    pub search: String,
}

/// A delivery to write.
#[derive(Debug, Clone)]
pub struct DeliveryWrite {
    /// Its id, the same at each attempt.
    pub id: DeliveryId,
    /// The case that caused it.
    pub case: Option<CaseRef>,
    /// What is sent.
    pub content: DeliveryContent,
    /// When it goes.
    pub sending: Sending,
}

/// A mail that waits to go together with others.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldMail {
    /// The delivery that it would have been.
    pub id: DeliveryId,
    /// Its case.
    pub case: Option<CaseRef>,
    /// What it says.
    pub content: MailContent,
}

/// Makes one mail of several to one person, the oldest first; at least one is given.
pub type Gather = dyn Fn(Vec<HeldMail>) -> DeliveryWrite + Send + Sync;

/// A workflow version as it was published: the text, and every shared part it was checked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedWorkflow {
    /// Its id.
    pub id: Name,
    /// Its version.
    pub version: u32,
    /// The path of its file under the workflows' folder.
    pub path: String,
    /// The file and all that it was checked with, by path.
    pub files: std::collections::BTreeMap<String, String>,
    /// The SHA-256 over the file and its parts, in hex.
    pub sha256: String,
}

/// Names one request for ever: a key belongs to its caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey {
    /// The caller.
    pub caller: String,
    /// The caller's `Idempotency-Key`.
    pub key: String,
}

/// The answer that a committed request got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Of method, path and body: another request under the key differs.
    pub fingerprint: [u8; 32],
    /// The HTTP status.
    pub status: u16,
    /// Headers that belong to the answer (`Location`, `ETag`, `Content-Type`).
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it was given.
    pub at: Time,
}

/// What a confirmation code is for: one person, action, case and content.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodePurpose {
    /// The case.
    pub case: CaseId,
    /// The person's id, or the address of a link holder.
    pub holder: String,
    /// The action.
    pub action: Name,
}

/// A code that waits, hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCode {
    /// HMAC-SHA256 of code and content under the server's key.
    pub hash: [u8; 32],
    /// Until when it can be used.
    pub expires_at: Time,
    /// How many wrong tries there were.
    pub tries: u32,
}

/// What happens to a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeChange {
    /// It was made; an older one for the same purpose dies.
    Made(CodePurpose, StoredCode),
    /// A wrong one was tried.
    Tried(CodePurpose),
    /// It was used, or tried too often.
    Gone(CodePurpose),
    /// The code of this step of somebody's app was used: it fails where it, or a later one, was used meanwhile.
    Stepped(PersonId, u64),
    /// A wrong code of somebody's app was tried.
    Missed(PersonId),
}

/// A caller whom a token named.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "callers are nearly always people"
)]
pub enum Caller {
    /// A person.
    Person(Person),
    /// A service with these rights.
    Service {
        /// The service.
        id: ServiceId,
        /// What it may do besides acting as `system`.
        rights: Vec<Right>,
    },
}

/// What a service may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Supply facts.
    Facts,
    /// Send signals.
    Signals,
    /// Keep the directory.
    Directory,
}

/// Whom a list of cases is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// A person: what they and their groups may see, and of a partner's people that partner's only.
    Person {
        /// The person.
        person: PersonId,
        /// Their groups.
        groups: Vec<countersign_core::case::GroupId>,
        /// Their partner.
        partner: Option<PartnerId>,
    },
    /// An operator: every case.
    Operator,
}

/// Which facts a change concerns; re-exported for adapters.
pub type FactAddress = FactKey;
