//! The end of a command: what was done becomes a `Step` with sealed history, derived ids and salts. The same
//! command on the same case with the same seed gives the same bytes.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    case::{Channel, Doer, Lifecycle},
    history::{Change, Entry, Hash, Personal, SealedEntry, What},
    name::Name,
    outcome::{Outcome, Step},
    policy,
    time::Time,
    workflow::StatePath,
};

use super::run::Run;

/// A history entry before it is sealed.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub what: What,
    pub action: Option<Name>,
    pub from: Option<StatePath>,
    pub to: Option<StatePath>,
    pub text: Option<String>,
    pub detail: Json,
    pub changes: Vec<Change>,
    stamp: Option<Stamp>,
}

/// Who, when and how far: as it was when the entry was written.
#[derive(Debug, Clone)]
struct Stamp {
    at: Time,
    doer: Doer,
    role: Option<Name>,
    channel: Channel,
    round: u32,
    revision: u32,
}

impl Draft {
    pub fn of(what: What) -> Self {
        Self {
            what,
            action: None,
            from: None,
            to: None,
            text: None,
            detail: Json::Null,
            changes: Vec::new(),
            stamp: None,
        }
    }

    /// About this action, decision or timer.
    pub fn about(mut self, action: &Name) -> Self {
        self.action = Some(action.clone());
        self
    }

    /// With this text.
    pub fn saying(mut self, text: &str) -> Self {
        self.text = (!text.is_empty()).then(|| text.to_owned());
        self
    }

    /// With these details.
    pub fn with(mut self, detail: Json) -> Self {
        self.detail = detail;
        self
    }

    /// In this round after all: the move that it tells of has made another.
    pub fn in_round(&mut self, round: u32) {
        if let Some(stamp) = &mut self.stamp {
            stamp.round = round;
        }
    }

    pub fn stamp(&mut self, run: &Run<'_>) {
        self.stamp = Some(Stamp {
            at: run.now,
            doer: run.cause.doer.clone(),
            role: run.cause.role.clone(),
            channel: run.cause.channel,
            round: run.case.round,
            revision: run.case.revision,
        });
    }
}

impl Run<'_> {
    /// What comes of it: the step, or what must be loaded first.
    pub fn finish(mut self) -> Outcome {
        self.tell_failures();
        if !self.touched {
            return if self.reading.is_complete() {
                Outcome::Unchanged
            } else {
                Outcome::Missing(self.reading.missing())
            };
        }
        self.case.etag += 1;
        self.forget_migration();
        self.retitle();
        let waiting = self.waiting_rows();
        self.case.watches = self.watched();
        self.tell_failures();
        self.settle_with_the_end();
        let access = policy::access_subjects(self.workflow, &self.case, self.reading);
        if !self.reading.is_complete() {
            return Outcome::Missing(self.reading.missing());
        }
        let entries = self.seal();
        Outcome::Done(Box::new(Step {
            case: self.case,
            content_changed: self.content_changed,
            entries,
            deliveries: self.deliveries,
            children: self.children,
            limits: self.limits,
            waiting,
            access: access.seen,
            hidden: access.hidden,
            incidents: self.incidents,
            settled: self.settled,
            unsent: self.unsent,
        }))
    }

    /// What went wrong before in a case that has ended needs nobody any more.
    fn settle_with_the_end(&mut self) {
        if !matches!(self.case.lifecycle, Lifecycle::Ended { .. }) {
            return;
        }
        let new: BTreeSet<&String> = self.incidents.iter().map(|one| &one.cause).collect();
        let before = self.case.failures.iter();
        let gone = before.filter(|cause| !new.contains(cause)).cloned();
        self.settled.extend(gone);
    }

    /// What follows a migration makes it one that cannot be taken back.
    fn forget_migration(&mut self) {
        let etag = self.case.etag;
        if self
            .case
            .migrated
            .as_ref()
            .is_some_and(|migrated| migrated.etag != etag)
        {
            self.case.migrated = None;
        }
    }

    fn seal(&mut self) -> Vec<SealedEntry> {
        let mut inputs = self.reading.take_read();
        let drafts = std::mem::take(&mut self.entries);
        let mut sealed = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let Some(stamp) = draft.stamp else { continue };
            self.case.entries += 1;
            let entry = Entry {
                entry: self.case.entries,
                recorded_at: stamp.at,
                actor: stamp.doer,
                role: stamp.role,
                channel: stamp.channel,
                what: draft.what,
                action: draft.action,
                from: draft.from,
                to: draft.to,
                round: stamp.round,
                revision: stamp.revision,
                etag: self.case.etag,
                digest: Hash::of(&[]),
            };
            let personal = Personal {
                changes: draft.changes,
                text: draft.text,
                detail: draft.detail,
                inputs: inputs.take(),
            };
            let salt = self.salt(entry.entry);
            let entry = SealedEntry::seal(entry, personal, salt, self.case.head);
            self.case.head = Some(entry.hash);
            sealed.push(entry);
        }
        sealed
    }

    fn salt(&self, entry: u64) -> [u8; 16] {
        let digest = digest(&[
            b"salt",
            &self.ctx.seed,
            self.case.id.0.as_bytes(),
            &entry.to_be_bytes(),
        ]);
        let mut salt = [0; 16];
        salt.copy_from_slice(&digest[..16]);
        salt
    }

    /// An id for a delivery: as [`Self::new_id`], but later ones are greater, for a store keeps very many and looks for them
    /// by their ids.
    pub fn new_delivery_id(&mut self, kind: &str) -> Uuid {
        let mut bytes = self.new_id(kind).into_bytes();
        let now = u64::try_from(self.ctx.now.timestamp_millis()).unwrap_or_default();
        bytes[..6].copy_from_slice(&now.to_be_bytes()[2..]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// An id for something that this command makes: the same whenever it is stepped again.
    pub fn new_id(&mut self, kind: &str) -> Uuid {
        self.made += 1;
        let etag = self.case.etag.to_be_bytes();
        derived_id(&[
            kind.as_bytes(),
            self.case.id.0.as_bytes(),
            &etag,
            &self.made.to_be_bytes(),
        ])
    }
}

/// An id (`UUIDv8`) that is a digest of these parts.
pub(super) fn derived_id(parts: &[&[u8]]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(parts)[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The SHA-256 of these parts, told apart by their lengths.
pub(super) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}
