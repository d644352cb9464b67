//! The secret part of a mail link: made when the mail is sent, checked when the link is opened.
//! Nothing of it is stored, so whoever reads the database can open no link.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;
use uuid::Uuid;

const ID_BYTES: usize = 16;
const TOKEN_BYTES: usize = ID_BYTES + 32;
const TOKEN_CHARACTERS: usize = TOKEN_BYTES * 4 / 3;

/// Makes and checks the tokens of mail links: `base64url(link id ‖ HMAC-SHA256(server key, link id))`,
/// 64 characters. The same link has the same token for as long as the server key is the same.
///
/// ```
/// use countersign_engine::LinkTokens;
/// use uuid::Uuid;
///
/// let tokens = LinkTokens::new(&[7; 32]).expect("32 bytes are enough");
/// let link = Uuid::from_u128(42);
/// assert_eq!(tokens.verify(&tokens.make(link)), Some(link));
/// assert_eq!(tokens.verify("forged"), None);
/// ```
#[derive(Clone)]
pub struct LinkTokens {
    pub(crate) keyed: Hmac<Sha256>,
}

/// A server key of fewer than 32 bytes could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the server key has {0} bytes, and needs at least 32")]
pub struct KeyTooShort(pub usize);

impl KeyTooShort {
    /// What a server key needs at least, in bytes.
    pub(crate) const LEAST: usize = 32;
}

impl LinkTokens {
    /// Tokens under this server key, which all replicas share.
    pub fn new(server_key: &[u8]) -> Result<Self, KeyTooShort> {
        if server_key.len() < KeyTooShort::LEAST {
            return Err(KeyTooShort(server_key.len()));
        }
        let keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        Ok(Self { keyed })
    }

    /// The token that opens this link.
    pub fn make(&self, link: Uuid) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        bytes[..ID_BYTES].copy_from_slice(link.as_bytes());
        bytes[ID_BYTES..].copy_from_slice(&self.sealed(link).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The link that this token opens, or `None` where the token was not made under this key.
    /// The comparison takes the same time wherever the forgery differs.
    pub fn verify(&self, token: &str) -> Option<Uuid> {
        // The length is checked first, so that a long forgery costs no work.
        if token.len() != TOKEN_CHARACTERS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, seal) = bytes.split_at_checked(ID_BYTES)?;
        let link = Uuid::from_slice(id).ok()?;
        self.sealed(link).verify_slice(seal).ok()?;
        Some(link)
    }

    fn sealed(&self, link: Uuid) -> Hmac<Sha256> {
        self.keyed.clone().chain_update(link.as_bytes())
    }
}

/// Shows nothing of the key.
impl fmt::Debug for LinkTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkTokens")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn tokens(key: u8) -> LinkTokens {
        LinkTokens::new(&[key; 32]).unwrap()
    }

    #[test]
    fn a_token_opens_its_own_link_and_is_the_same_each_time() {
        let link = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_002a);
        let token = tokens(1).make(link);
        assert_eq!(token.len(), TOKEN_CHARACTERS);
        assert_eq!(tokens(1).make(link), token);
        assert_eq!(tokens(1).verify(&token), Some(link));
        assert!(
            token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
    }

    #[test]
    fn the_seal_is_plain_hmac_sha256_of_the_link_id() {
        // Reckoned with Python's hmac module.
        let token = LinkTokens::new(&[7; 32]).unwrap().make(Uuid::from_u128(42));
        assert_eq!(
            token,
            "AAAAAAAAAAAAAAAAAAAAKnPndE-qGPOAxheEksPi0cO8kFcGvb_TPuavNXEDUWTa"
        );
    }

    #[test]
    fn every_single_changed_character_is_a_forgery() {
        let token = tokens(1).make(Uuid::from_u128(9));
        for at in 0..token.len() {
            for other in ['A', 'B', '_', '=', ' ', '\n', '+'] {
                let mut forged: Vec<char> = token.chars().collect();
                if forged[at] == other {
                    continue;
                }
                forged[at] = other;
                let forged: String = forged.into_iter().collect();
                assert_eq!(
                    tokens(1).verify(&forged),
                    None,
                    "changed at {at} to {other:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_token_of_ours_opens_nothing() {
        let ours = tokens(1).make(Uuid::from_u128(9));
        let other = tokens(1).make(Uuid::from_u128(10));
        let spliced = format!("{}{}", &ours[..24], &other[24..]);
        let foreign = tokens(2).make(Uuid::from_u128(9));
        let bare_id = URL_SAFE_NO_PAD.encode(Uuid::from_u128(9).as_bytes());
        let longer = format!("{ours}AAAA");
        let forgeries = [
            "",
            "x",
            &ours[..60],
            &ours[1..],
            &spliced,
            &foreign,
            &bare_id,
            &longer,
            &"é".repeat(32),
            &"A".repeat(64),
        ];
        for forgery in forgeries {
            assert_eq!(tokens(1).verify(forgery), None, "{forgery:?}");
        }
    }

    #[test]
    fn a_short_key_is_refused_and_no_key_is_ever_shown() {
        assert_eq!(LinkTokens::new(&[7; 31]).unwrap_err(), KeyTooShort(31));
        assert_eq!(format!("{:?}", tokens(65)), "LinkTokens");
    }
}
