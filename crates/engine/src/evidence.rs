//! The evidence file of a case: what it holds and its whole history, chained and signed, so that it can be examined on any
//! machine and by people who trust no server. Gathering it is `export_case`'s.

use std::fmt::Write as _;

use countersign_core::{
    case::{CaseId, Content, PartnerId, PersonId},
    history::{Hash, SealedEntry},
    name::Name,
    time::Time,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;
use thiserror::Error;

use crate::usecases::{FaultKind, Walk};

/// Sets this key apart from everything else that is made under the server's.
const PURPOSE: &[u8] = b"countersign evidence 1\n";

/// What a case holds, as the first line of its evidence says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The form of the file: 1.
    pub evidence: u32,
    /// When it was written.
    pub taken_at: Time,
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Its workflow.
    pub workflow: Name,
    /// And version.
    pub version: u32,
    /// The SHA-256 of the workflow's file and its parts, in hex.
    pub workflow_sha256: Option<String>,
    /// The state that it is in.
    pub state: String,
    /// Who opened it.
    pub opened_by: Option<PersonId>,
    /// Whose it is.
    pub partner: Option<PartnerId>,
    /// How many entries its history has.
    pub entries: u64,
    /// The hash of the last of them.
    pub head: Option<Hash>,
    /// Forms, files (by SHA-256), links and comments.
    pub content: Content,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    public_key: String,
    signature: String,
}

/// What an examination of an evidence file came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// What it says of the case.
    pub evidence: Evidence,
    /// How many entries were read.
    pub entries: u64,
    /// Of how many of them the personal part was erased.
    pub erased: u64,
    /// Entries that are not as they were written.
    pub faults: Vec<(u64, FaultKind)>,
    /// The key that signed it, in hex: whose it is must be known from elsewhere.
    pub public_key: String,
}

/// Why a text is no evidence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoEvidence {
    /// A line does not read.
    #[error("line {0} does not read as a part of an evidence file")]
    Line(usize),
    /// Its end is not there.
    #[error("its last line, which signs it, is missing")]
    Unsigned,
    /// It was changed since it was signed.
    #[error("its signature is not of this text: it was changed since it was signed")]
    Forged,
}

/// Signs evidence. Its private key is derived from the server's, so that all replicas sign alike.
#[derive(Debug)]
pub struct EvidenceKey(Ed25519KeyPair);

impl EvidenceKey {
    /// The key under this server key.
    pub fn new(server_key: &[u8]) -> Self {
        let mut keyed =
            Hmac::<Sha256>::new_from_slice(server_key).expect("HMAC takes keys of any length");
        keyed.update(PURPOSE);
        let seed = keyed.finalize().into_bytes();
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed"))
    }

    /// What tells whether it signed, in hex.
    pub fn public(&self) -> String {
        hex(self.0.public_key().as_ref())
    }

    /// The file: a line of JSON for the case, one for each entry, and a last one that signs all of them.
    pub fn to_text(&self, evidence: &Evidence, history: &[SealedEntry]) -> String {
        let mut text = String::new();
        push(&mut text, evidence);
        for sealed in history {
            push(&mut text, sealed);
        }
        let signed = Signed {
            public_key: self.public(),
            signature: hex(self.0.sign(text.as_bytes()).as_ref()),
        };
        push(&mut text, &signed);
        text
    }
}

impl Examined {
    /// Reads what [`EvidenceKey::to_text`] wrote: every hash, every link of the chain, and the signature. It needs no key
    /// and no database.
    pub fn of(text: &str) -> Result<Self, NoEvidence> {
        let body_ends = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
        let (body, last) = text.split_at(body_ends);
        let signed: Signed = serde_json::from_str(last.trim()).map_err(|_| NoEvidence::Unsigned)?;
        let (key, signature) = unhex(&signed.public_key)
            .zip(unhex(&signed.signature))
            .ok_or(NoEvidence::Unsigned)?;
        UnparsedPublicKey::new(&ED25519, key)
            .verify(body.as_bytes(), &signature)
            .map_err(|_| NoEvidence::Forged)?;
        let mut lines = body.lines().enumerate();
        let evidence: Evidence = read(lines.next())?;
        let mut walk = Walk::default();
        for line in lines {
            walk.read(&read(Some(line))?, None);
        }
        let (entries, erased) = (walk.entries, walk.erased);
        Ok(Self {
            faults: walk.end(evidence.entries, evidence.head, None),
            entries,
            erased,
            evidence,
            public_key: signed.public_key,
        })
    }
}

fn read<T: DeserializeOwned>(line: Option<(usize, &str)>) -> Result<T, NoEvidence> {
    let (at, line) = line.ok_or(NoEvidence::Line(1))?;
    serde_json::from_str(line).map_err(|_| NoEvidence::Line(at + 1))
}

fn push(text: &mut String, line: &impl Serialize) {
    text.push_str(&serde_json::to_string(line).expect("plain data always serialises"));
    text.push('\n');
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use countersign_core::{
        case::{Channel, Doer},
        history::{Entry, Personal, What},
    };
    use uuid::Uuid;

    use super::*;

    const KEY: &[u8] = &[7; 32];

    fn sealed(number: u64, previous: Option<Hash>) -> SealedEntry {
        let personal = Personal {
            text: Some(format!("said {number}")),
            ..Personal::default()
        };
        let salt = [u8::try_from(number).unwrap(); 16];
        let entry = Entry {
            entry: number,
            recorded_at: "2026-11-23T01:00:00Z".parse().unwrap(),
            actor: Doer::Person(PersonId::new("pat")),
            role: None,
            channel: Channel::Api,
            what: What::Comment,
            action: None,
            from: None,
            to: None,
            round: 1,
            revision: 1,
            etag: number,
            digest: personal.digest(&salt),
        };
        let hash = SealedEntry::chain(&entry, previous);
        SealedEntry {
            entry,
            personal,
            salt,
            previous,
            hash,
        }
    }

    fn history() -> Vec<SealedEntry> {
        let mut history: Vec<SealedEntry> = Vec::new();
        for number in 1..=3 {
            let previous = history.last().map(|last| last.hash);
            history.push(sealed(number, previous));
        }
        history
    }

    fn evidence(history: &[SealedEntry]) -> Evidence {
        Evidence {
            evidence: 1,
            taken_at: "2026-11-23T01:00:00Z".parse().unwrap(),
            case: CaseId(Uuid::from_u128(7)),
            number: "DR-1".to_owned(),
            title: "北风".to_owned(),
            workflow: Name::parse("deal").unwrap(),
            version: 1,
            workflow_sha256: None,
            state: "draft".to_owned(),
            opened_by: Some(PersonId::new("pat")),
            partner: None,
            entries: 3,
            head: history.last().map(|last| last.hash),
            content: Content::default(),
        }
    }

    #[test]
    fn what_was_written_is_found_whole_without_any_key() {
        let (history, key) = (history(), EvidenceKey::new(KEY));
        let text = key.to_text(&evidence(&history), &history);
        assert_eq!(text.lines().count(), 5);
        let examined = Examined::of(&text).unwrap();
        assert_eq!((examined.entries, examined.faults.len()), (3, 0));
        assert_eq!(examined.evidence, evidence(&history));
        assert_eq!(examined.public_key, key.public());
        assert_ne!(key.public(), EvidenceKey::new(&[8; 32]).public());
    }

    #[test]
    fn no_change_goes_unnoticed_even_signed_anew() {
        let history = history();
        let key = EvidenceKey::new(KEY);
        let text = key.to_text(&evidence(&history), &history);
        assert_eq!(
            Examined::of(&text.replace("said 2", "said 9")),
            Err(NoEvidence::Forged)
        );
        let cut = text.lines().take(4).collect::<Vec<_>>().join("\n");
        assert_eq!(Examined::of(&cut), Err(NoEvidence::Unsigned));
        // Somebody with the key cannot leave out or change an entry either.
        let mut changed = history.clone();
        changed[1].personal.text = Some("never said".to_owned());
        let forged = key.to_text(&evidence(&history), &changed);
        let faults = Examined::of(&forged).unwrap().faults;
        assert_eq!(faults, [(2, FaultKind::PersonalChanged)]);
        let shorter = key.to_text(&evidence(&history), &history[..2]);
        let faults = Examined::of(&shorter).unwrap().faults;
        assert_eq!(faults, [(3, FaultKind::NotTheHead)]);
    }
}
