//! Signatures of hook calls as Standard Webhooks say: HMAC-SHA256 over id, timestamp and body.

use std::fmt;

use standardwebhooks::Webhook;

use crate::error::Error;

/// Fewer could be guessed; the standard asks for 24.
const FEWEST_BYTES: usize = 24;

/// The secret of a hook, or several while one is replaced by another: each signs, and the receiver is
/// content with one that it knows.
pub struct SigningKeys(Vec<Webhook>);

impl SigningKeys {
    /// `whsec_…` (base64 of at least 24 bytes), several separated by spaces, the newest first.
    pub fn parse(hook: &str, secrets: &str) -> Result<Self, Error> {
        let refused = |reason: &str| Error::HookSecret {
            hook: hook.to_owned(),
            reason: reason.to_owned(),
        };
        let keys: Vec<Webhook> = secrets
            .split_ascii_whitespace()
            .map(|secret| {
                let bytes = secret.strip_prefix("whsec_").unwrap_or(secret).len() / 4 * 3;
                match Webhook::new(secret) {
                    Ok(key) if bytes >= FEWEST_BYTES => Ok(key),
                    Ok(_) => Err(refused("it is shorter than 24 bytes")),
                    Err(_) => Err(refused("it is not base64")),
                }
            })
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            Err(refused("it is empty"))
        } else {
            Ok(Self(keys))
        }
    }

    /// The value of `webhook-signature`. `None` where the body is not UTF-8, which JSON always is.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let signatures: Option<Vec<String>> = self
            .0
            .iter()
            .map(|key| key.sign(id, timestamp, body).ok())
            .collect();
        signatures.map(|signatures| signatures.join(" "))
    }
}

/// Shows no secret.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKeys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    #[test]
    fn a_call_is_signed_as_in_the_standards_own_example() {
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let sign = |secrets: &str| {
            let keys = SigningKeys::parse("pay", secrets).unwrap();
            keys.sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body)
                .unwrap()
        };
        let expected = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        assert_eq!(sign(SECRET), expected);
        assert_eq!(sign(&SECRET[6..]), expected, "the prefix may be left out");
        let both = sign(&format!("{SECRET} whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assert_eq!(both.split(' ').count(), 2);
        assert!(both.starts_with(expected));
    }

    #[test]
    fn a_bad_secret_is_refused_and_none_is_shown() {
        for secret in [
            "",
            " ",
            "whsec_",
            "whsec_!!!",
            "whsec_c2hvcnQ=",
            &format!("{SECRET} whsec_short"),
        ] {
            let error = SigningKeys::parse("pay", secret).unwrap_err().to_string();
            assert!(error.contains("`pay`"), "{error}");
        }
        assert_eq!(
            format!("{:?}", SigningKeys::parse("pay", SECRET).unwrap()),
            "SigningKeys(1)"
        );
    }
}
