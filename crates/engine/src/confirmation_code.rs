//! Confirmation codes as mails show them: made when the mail is sent, like the tokens of links. Nothing that is
//! stored, and no log or backup of it, holds a code.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::KeyTooShort;

/// A code has this many digits.
const DIGITS: u32 = 8;

/// Makes the code that a delivery carries: eight digits of an HMAC-SHA256 of the delivery's random id under the
/// server key. The same delivery has the same code at each attempt.
///
/// ```
/// use countersign_engine::ConfirmationCodes;
/// use uuid::Uuid;
///
/// let codes = ConfirmationCodes::new(&[7; 32]).expect("32 bytes are enough");
/// let code = codes.of(Uuid::from_u128(42));
/// assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
/// assert_eq!(code, codes.of(Uuid::from_u128(42)));
/// ```
#[derive(Clone)]
pub struct ConfirmationCodes {
    keyed: Hmac<Sha256>,
}

impl ConfirmationCodes {
    /// Codes under this server key, which all replicas share.
    pub fn new(server_key: &[u8]) -> Result<Self, KeyTooShort> {
        if server_key.len() < KeyTooShort::LEAST {
            return Err(KeyTooShort(server_key.len()));
        }
        let mut keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        // Apart from the tokens of links, which are made under the same key.
        keyed.update(b"countersign code of a delivery");
        Ok(Self { keyed })
    }

    /// The code that this delivery carries.
    pub fn of(&self, delivery: Uuid) -> String {
        let sealed = self.keyed.clone().chain_update(delivery.as_bytes());
        let bytes = sealed.finalize().into_bytes();
        let first = bytes.iter().take(8);
        let number = first.fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let width = DIGITS as usize;
        format!("{:0width$}", number % 10_u64.pow(DIGITS))
    }
}

/// Shows nothing of the key.
impl fmt::Debug for ConfirmationCodes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ConfirmationCodes")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use std::collections::BTreeSet;

    use super::*;
    use crate::LinkTokens;

    #[test]
    fn codes_differ_by_delivery_and_by_key_and_always_have_eight_digits() {
        let mut seen = BTreeSet::new();
        for key in 1..=2 {
            let codes = ConfirmationCodes::new(&[key; 32]).unwrap();
            for delivery in 0..500 {
                let code = codes.of(Uuid::from_u128(delivery));
                assert!(
                    code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()),
                    "{code}"
                );
                seen.insert(code);
            }
        }
        assert!(seen.len() >= 998, "{} of 1,000", seen.len());
    }

    #[test]
    fn nobody_reads_a_code_from_the_token_of_a_link() {
        let id = Uuid::from_u128(42);
        let token = LinkTokens::new(&[7; 32]).unwrap().make(id);
        let code = ConfirmationCodes::new(&[7; 32]).unwrap().of(id);
        // Reckoned with Python's hmac module.
        assert_eq!(code, "13073360");
        assert!(!token.contains(&code));
    }

    #[test]
    fn a_short_key_is_refused_and_no_key_is_ever_shown() {
        assert_eq!(
            ConfirmationCodes::new(&[7; 31]).unwrap_err(),
            KeyTooShort(31)
        );
        assert_eq!(
            format!("{:?}", ConfirmationCodes::new(&[65; 32]).unwrap()),
            "ConfirmationCodes"
        );
    }
}
