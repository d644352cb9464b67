//! Checkpoints: the heads of all histories at one moment, signed. Whoever keeps one elsewhere can tell later whether
//! anything older was changed, removed or put in. Taking and comparing them is the audit's.

use std::{collections::BTreeMap, fmt::Write as _};

use countersign_core::{case::CaseId, history::Hash, time::Time};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;

/// Sets these signatures apart from everything else that is made under the server's key.
const PURPOSE: &[u8] = b"countersign checkpoint 1\n";

/// The heads of all histories at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// When it was begun.
    pub taken_at: Time,
    /// The last entry of each case.
    pub heads: BTreeMap<CaseId, Head>,
}

/// The last entry of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the case.
    pub number: String,
    /// Which entry it is.
    pub entry: u64,
    /// Its hash, which stands for all before it.
    pub hash: Hash,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoCheckpoint {
    /// A line does not read.
    #[error("line {0} does not read as a part of a checkpoint")]
    Line(usize),
    /// Its end is not there.
    #[error("its last line, which signs it, is missing")]
    Unsigned,
    /// It was changed, or signed under another key.
    #[error("its signature is not of this text under this server's key")]
    Forged,
}

/// A line: a case and its head, short for there are many.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    case: CaseId,
    number: String,
    entry: u64,
    hash: Hash,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    taken_at: Time,
    cases: usize,
    signature: String,
}

impl Checkpoint {
    /// The text that is kept: a line of JSON for each case, and a last one that signs them by HMAC-SHA256 under the
    /// server's key.
    pub fn to_text(&self, server_key: &[u8]) -> String {
        let mut text = String::new();
        for (case, head) in &self.heads {
            let line = Line {
                case: *case,
                number: head.number.clone(),
                entry: head.entry,
                hash: head.hash,
            };
            push(&mut text, &line);
        }
        let code = self.keyed(server_key, &text).finalize().into_bytes();
        let mut signature = String::new();
        for byte in code {
            let _ = write!(signature, "{byte:02x}");
        }
        let signed = Signed {
            taken_at: self.taken_at,
            cases: self.heads.len(),
            signature,
        };
        push(&mut text, &signed);
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote, if nobody has changed it since.
    pub fn parse(text: &str, server_key: &[u8]) -> Result<Self, NoCheckpoint> {
        let body_ends = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
        let (body, last) = text.split_at(body_ends);
        let signed: Signed =
            serde_json::from_str(last.trim()).map_err(|_| NoCheckpoint::Unsigned)?;
        let mut heads = BTreeMap::new();
        for (at, line) in body.lines().enumerate() {
            let line: Line = serde_json::from_str(line).map_err(|_| NoCheckpoint::Line(at + 1))?;
            let head = Head {
                number: line.number,
                entry: line.entry,
                hash: line.hash,
            };
            heads.insert(line.case, head);
        }
        let checkpoint = Self {
            taken_at: signed.taken_at,
            heads,
        };
        let claimed = Hash::parse(&signed.signature).ok_or(NoCheckpoint::Forged)?;
        let keyed = checkpoint.keyed(server_key, body);
        keyed
            .verify_slice(claimed.bytes())
            .map_err(|_| NoCheckpoint::Forged)?;
        Ok(checkpoint)
    }

    fn keyed(&self, server_key: &[u8], body: &str) -> Hmac<Sha256> {
        let mut keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        keyed.update(PURPOSE);
        keyed.update(self.taken_at.to_string().as_bytes());
        keyed.update(b"\n");
        keyed.update(body.as_bytes());
        keyed
    }
}

fn push(text: &mut String, line: &impl Serialize) {
    text.push_str(&serde_json::to_string(line).expect("plain data always serialises"));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use uuid::Uuid;

    use super::*;

    const KEY: &[u8] = &[7; 32];

    fn checkpoint() -> Checkpoint {
        let head = |n: u64| {
            let head = Head {
                number: format!("DR-{n}"),
                entry: n,
                hash: Hash::of(&n.to_le_bytes()),
            };
            (CaseId(Uuid::from_u128(n.into())), head)
        };
        Checkpoint {
            taken_at: "2026-11-23T01:00:00Z".parse().unwrap(),
            heads: (1..=3).map(head).collect(),
        }
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let text = checkpoint().to_text(KEY);
        assert_eq!(text.lines().count(), 4);
        assert_eq!(Checkpoint::parse(&text, KEY), Ok(checkpoint()));
        let mut none = checkpoint();
        none.heads.clear();
        assert_eq!(Checkpoint::parse(&none.to_text(KEY), KEY), Ok(none));
    }

    #[test]
    fn no_change_of_it_goes_unnoticed() {
        let text = checkpoint().to_text(KEY);
        assert_eq!(
            Checkpoint::parse(&text, &[8; 32]),
            Err(NoCheckpoint::Forged)
        );
        for forged in [
            text.replace("\"entry\":2", "\"entry\":1"),
            text.replace("DR-3", "DR-4"),
            text.replace("01:00:00", "02:00:00"),
            text.lines().skip(1).collect::<Vec<_>>().join("\n"),
        ] {
            assert_eq!(Checkpoint::parse(&forged, KEY), Err(NoCheckpoint::Forged));
        }
        let cut = text.lines().take(3).collect::<Vec<_>>().join("\n");
        assert_eq!(Checkpoint::parse(&cut, KEY), Err(NoCheckpoint::Unsigned));
        let garbled = text.replacen('{', "", 1);
        assert_eq!(Checkpoint::parse(&garbled, KEY), Err(NoCheckpoint::Line(1)));
    }
}
