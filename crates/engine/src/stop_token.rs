//! The secret part of the address by which somebody stops mails of a kind, by one click of their mail program (RFC 8058). It is
//! for nothing else, and good for as long as the server key is the same.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_core::case::Purpose;
use hmac::Mac as _;

use crate::LinkTokens;

/// What the seal begins with, so that it is no other seal under the key.
const KIND: &[u8] = b"countersign stop mails";
const SEAL_BYTES: usize = 32;
/// Longer is none of ours.
const TOKEN_MOST: usize = 512;
/// What can be stopped: never what asks somebody to act, or answers them.
const STOPPED: [(u8, Purpose); 3] = [
    (b'd', Purpose::Daily),
    (b'r', Purpose::Remind),
    (b's', Purpose::Settled),
];

impl LinkTokens {
    /// The token by which this person stops mails of this purpose; `None`: those always come.
    pub fn make_stop(&self, person: &str, purpose: Purpose) -> Option<String> {
        let (kind, _) = STOPPED.iter().find(|(_, stopped)| *stopped == purpose)?;
        let mut bytes = self.stop_seal(*kind, person.as_bytes()).to_vec();
        bytes.push(*kind);
        bytes.extend(person.as_bytes());
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whose mails of which purpose this token stops; `None`: it was not made under this key.
    pub fn verify_stop(&self, token: &str) -> Option<(String, Purpose)> {
        if token.len() > TOKEN_MOST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (seal, rest) = bytes.split_at_checked(SEAL_BYTES)?;
        let (kind, person) = rest.split_first()?;
        self.stop_sealed(*kind, person).verify_slice(seal).ok()?;
        let (_, purpose) = STOPPED.iter().find(|(known, _)| known == kind)?;
        Some((String::from_utf8(person.to_vec()).ok()?, *purpose))
    }

    fn stop_seal(&self, kind: u8, person: &[u8]) -> [u8; SEAL_BYTES] {
        self.stop_sealed(kind, person)
            .finalize()
            .into_bytes()
            .into()
    }

    fn stop_sealed(&self, kind: u8, person: &[u8]) -> hmac::Hmac<sha2::Sha256> {
        let keyed = self.keyed.clone().chain_update(KIND);
        keyed.chain_update([kind]).chain_update(person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stops_one_kind_for_one_person_and_is_not_forged() {
        let tokens = LinkTokens::new(&[7; 32]).expect("the key is long enough");
        let token = tokens
            .make_stop("rita", Purpose::Remind)
            .expect("reminders can be stopped");
        let read = tokens.verify_stop(&token);
        assert_eq!(read, Some(("rita".to_owned(), Purpose::Remind)));
        for always in [Purpose::Ask, Purpose::Tell] {
            assert_eq!(tokens.make_stop("rita", always), None);
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).expect("it is base64");
        bytes[SEAL_BYTES] = b'd';
        assert_eq!(tokens.verify_stop(&URL_SAFE_NO_PAD.encode(bytes)), None);
        let others = LinkTokens::new(&[8; 32]).expect("the key is long enough");
        assert_eq!(others.verify_stop(&token), None);
        assert_eq!(tokens.verify_stop(""), None);
        assert_eq!(tokens.verify(&token), None, "it opens no link");
    }
}
