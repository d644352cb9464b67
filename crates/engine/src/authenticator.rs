//! Confirmation codes of an app (TOTP, RFC 6238: six digits, thirty seconds, SHA-1, which is what apps can). The secret is
//! made of the person and a salt under the server's key: whoever reads the database can make no code.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use countersign_core::{case::PersonId, time::Time};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use totp_rs::{Builder, Secret, Totp};

/// How many wrong codes in [`GUESSES_COUNT`] end it, as with a mailed code.
pub const GUESSES: u32 = 5;
/// After so long wrong codes are forgotten.
pub const GUESSES_COUNT: TimeDelta = TimeDelta::hours(1);
/// Bytes of a secret: as many as SHA-1 has.
const BYTES: usize = 20;
/// Digits of a code; a mailed one has more.
pub const DIGITS: usize = 6;

/// Makes the secrets of apps.
#[derive(Clone)]
pub struct Authenticators {
    keyed: Hmac<Sha256>,
}

/// What an app says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It is the code of this step, and was not used yet.
    Good(u64),
    /// It is not, or it was used.
    Wrong,
    /// Too many were wrong lately: nobody looks at it, and it is not counted, so that the wait does not grow.
    NotLookedAt,
}

/// An app of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticator {
    /// What its secret is made of.
    pub salt: String,
    /// The last step whose code was used.
    pub last_step: u64,
    /// How many codes were wrong lately.
    pub missed: u32,
    /// When the last of them was.
    pub missed_at: Time,
}

impl std::fmt::Debug for Authenticators {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authenticators")
    }
}

impl Authenticators {
    /// Under this server key, which all replicas share.
    pub fn new(server_key: &[u8]) -> Self {
        let mut keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        keyed.update(b"countersign authenticator");
        Self { keyed }
    }

    /// A salt for a new app.
    pub fn salt() -> String {
        URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
    }

    /// The secret as people type it into an app.
    pub fn secret_text(&self, person: &PersonId, salt: &str) -> String {
        Secret::from(self.secret(person, salt)).to_base32()
    }

    /// The step whose code this is, now, a step before or a step after.
    pub fn step_of(&self, person: &PersonId, salt: &str, code: &str, now: Time) -> Option<u64> {
        let now = u64::try_from(now.timestamp()).ok()?;
        let plain = code.len() == DIGITS && code.bytes().all(|digit| digit.is_ascii_digit());
        plain.then(|| self.totp(person, salt).check(code, now))?
    }

    /// Whether a code of this app is good now.
    pub fn judge(&self, person: &PersonId, app: &Authenticator, code: &str, now: Time) -> Judged {
        if app.missed >= GUESSES && now < app.missed_at + GUESSES_COUNT {
            return Judged::NotLookedAt;
        }
        let step = self.step_of(person, &app.salt, code, now);
        step.filter(|step| *step > app.last_step)
            .map_or(Judged::Wrong, Judged::Good)
    }

    fn totp(&self, person: &PersonId, salt: &str) -> Totp {
        let secret = self.secret(person, salt);
        Builder::new().with_secret(secret).build_noncompliant()
    }

    fn secret(&self, person: &PersonId, salt: &str) -> [u8; BYTES] {
        let keyed = self.keyed.clone().chain_update(person.as_str());
        let sealed = keyed.chain_update([0]).chain_update(salt).finalize();
        let mut secret = [0; BYTES];
        secret.copy_from_slice(&sealed.into_bytes()[..BYTES]);
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(seconds, 0).expect("a moment")
    }

    #[test]
    fn a_code_counts_around_its_time_once_and_not_for_somebody_else() {
        let apps = Authenticators::new(&[7; 32]);
        let (rita, omar) = (PersonId::new("rita"), PersonId::new("omar"));
        let code = |seconds: u64| {
            let token = apps.totp(&rita, "salt").generate(seconds);
            token.to_string()
        };
        let now = 1_800_000_000;
        let step = now / 30;
        let judged = |code: &str, last_step| {
            let app = Authenticator {
                salt: "salt".to_owned(),
                last_step,
                missed: 0,
                missed_at: at(0),
            };
            apps.judge(&rita, &app, code, at(i64::try_from(now).expect("it fits")))
        };
        for (made, good) in [
            (now - 60, Judged::Wrong),
            (now - 30, Judged::Good(step - 1)),
            (now, Judged::Good(step)),
            (now + 30, Judged::Good(step + 1)),
            (now + 60, Judged::Wrong),
        ] {
            assert_eq!(judged(&code(made), 0), good, "{made}");
        }
        assert_eq!(judged(&code(now), step), Judged::Wrong, "used once");
        assert_eq!(judged("12345", 0), Judged::Wrong);
        assert_eq!(judged("१२३४५६", 0), Judged::Wrong);
        let good = code(now);
        assert_eq!(apps.step_of(&omar, "salt", &good, at(1_800_000_000)), None);
        assert_eq!(apps.step_of(&rita, "other", &good, at(1_800_000_000)), None);
        assert_eq!(apps.secret_text(&rita, "salt").len(), 32);
    }

    #[test]
    fn who_guesses_five_times_waits_an_hour() {
        let apps = Authenticators::new(&[7; 32]);
        let rita = PersonId::new("rita");
        let now = at(1_800_000_000);
        let code = apps.totp(&rita, "salt").generate(1_800_000_000).to_string();
        for (missed, ago, good) in [(4, 0, true), (5, 1, false), (5, 59, false), (5, 60, true)] {
            let app = Authenticator {
                salt: "salt".to_owned(),
                last_step: 0,
                missed,
                missed_at: now - TimeDelta::minutes(ago),
            };
            assert_eq!(
                apps.judge(&rita, &app, &code, now) != Judged::NotLookedAt,
                good,
                "{missed}, {ago} min"
            );
        }
    }

    #[test]
    fn secrets_are_written_as_rfc_4648_has_it() {
        assert_eq!(
            Secret::from(*b"12345678901234567890").to_base32(),
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        );
    }
}
