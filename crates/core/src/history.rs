//! History: append-only entries, hash-chained a case, whose personal parts can be erased without
//! breaking the chain. Reading and storing them is the store's.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::{
    case::{Channel, Doer},
    name::Name,
    time::Time,
    workflow::StatePath,
};

/// A SHA-256, written in hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash that these bytes are.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hex digits.
    pub fn parse(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Self::parse(&hex).ok_or_else(|| serde::de::Error::custom("not a SHA-256 in hex"))
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The case was opened.
    Opened,
    /// An action was taken.
    Action,
    /// A vote was cast.
    Vote,
    /// A vote was taken back by its voter.
    VoteTakenBack,
    /// Votes or actions no longer stand.
    Voided,
    /// People were picked for a ballot, or others in their place.
    Assigned,
    /// Somebody took the turn for himself alone.
    Claimed,
    /// A claimed turn was given back, or has lapsed.
    Released,
    /// Somebody handed his turn to somebody else.
    Delegated,
    /// An operator handed somebody's turn to somebody else.
    Reassigned,
    /// A ballot was decided.
    Decision,
    /// A ballot ran out of voters without a decision.
    Otherwise,
    /// A draft was saved.
    Edit,
    /// A comment was made.
    Comment,
    /// A comment was replied to.
    Reply,
    /// A file was attached.
    Attached,
    /// A file was removed.
    Detached,
    /// A timer fired.
    Timer,
    /// A child case is to be opened.
    Child,
    /// A service's signal came before its state, and is kept for it.
    Kept,
    /// An operator froze the case.
    Hold,
    /// An operator let it go on.
    Resume,
    /// An operator moved it.
    Move,
    /// An operator moved it to another version of its workflow.
    Migrate,
    /// An operator took that back.
    MigrationUndone,
    /// An expression failed at run time, or somebody is needed.
    Incident,
    /// An operator saw that the cause of an incident is gone.
    Settled,
}

impl What {
    /// Whether it is something that a state of the workflow offers or does.
    pub fn is_done_somewhere(self) -> bool {
        matches!(
            self,
            Self::Action | Self::Vote | Self::Decision | Self::Otherwise | Self::Timer
        )
    }

    /// Whether it is something by which a case can move.
    pub fn moves(self) -> bool {
        match self {
            Self::Opened
            | Self::Action
            | Self::Decision
            | Self::Otherwise
            | Self::Timer
            | Self::Move
            | Self::Migrate
            | Self::MigrationUndone => true,
            Self::Vote
            | Self::VoteTakenBack
            | Self::Voided
            | Self::Assigned
            | Self::Claimed
            | Self::Released
            | Self::Delegated
            | Self::Reassigned
            | Self::Edit
            | Self::Comment
            | Self::Reply
            | Self::Attached
            | Self::Detached
            | Self::Child
            | Self::Kept
            | Self::Hold
            | Self::Resume
            | Self::Incident
            | Self::Settled => false,
        }
    }
}

/// The part of an entry that is hashed as it stands: nothing personal but ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the case's history, from 1 without gaps.
    pub entry: u64,
    /// When it took effect.
    pub recorded_at: Time,
    /// Who did it.
    pub actor: Doer,
    /// The role that let them.
    pub role: Option<Name>,
    /// By which way it came.
    pub channel: Channel,
    /// What happened.
    pub what: What,
    /// The action, decision or timer.
    pub action: Option<Name>,
    /// The state before.
    pub from: Option<StatePath>,
    /// The state after, if it moved.
    pub to: Option<StatePath>,
    /// The round after.
    pub round: u32,
    /// The revision after.
    pub revision: u32,
    /// The etag of the case after the command that caused it.
    pub etag: u64,
    /// The salted digest of [`Personal`].
    pub digest: Hash,
}

/// The part of an entry that lies beside the chain and can be erased.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Personal {
    /// What was changed, was and is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The text of a comment, reply, reason or incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// More of what happened, by name: a file's name, a link holder's address.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub detail: Json,
    /// The outside inputs that the step read.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub inputs: Json,
}

/// One changed place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// For example `deal.amount`.
    pub at: String,
    /// The value before; `null` for none.
    pub was: Json,
    /// The value after; `null` for none.
    pub now: Json,
}

/// An entry in its chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SealedEntry {
    /// What is hashed.
    pub entry: Entry,
    /// What can be erased.
    pub personal: Personal,
    /// The salt of its digest, erased with it.
    pub salt: [u8; 16],
    /// The hash of the entry before; `None` for the first.
    pub previous: Option<Hash>,
    /// The hash of this one.
    pub hash: Hash,
}

impl Personal {
    /// The digest that stands for it in the chain.
    pub fn digest(&self, salt: &[u8; 16]) -> Hash {
        let mut bytes = salt.to_vec();
        bytes.extend(serde_json::to_vec(self).expect("plain data always serialises"));
        Hash::of(&bytes)
    }
}

impl SealedEntry {
    /// Seals an entry whose digest is that of `personal` under `salt`.
    pub fn seal(
        mut entry: Entry,
        personal: Personal,
        salt: [u8; 16],
        previous: Option<Hash>,
    ) -> Self {
        entry.digest = personal.digest(&salt);
        let hash = Self::chain(&entry, previous);
        Self {
            entry,
            personal,
            salt,
            previous,
            hash,
        }
    }

    /// The hash that an entry has behind `previous`.
    pub fn chain(entry: &Entry, previous: Option<Hash>) -> Hash {
        let mut bytes = previous.map_or([0; 32], |hash| hash.0).to_vec();
        bytes.extend(serde_json::to_vec(entry).expect("plain data always serialises"));
        Hash::of(&bytes)
    }
}
