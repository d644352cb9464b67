//! The provider's keys, kept until a token names one that is not among them: then they are asked for again, but not by
//! everybody who sends tokens with made-up names of keys.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use jsonwebtoken::{
    DecodingKey,
    jwk::{Jwk, JwkSet, KeyOperations, PublicKeyUse},
};

/// How often they are asked for again in one minute.
const MOST: usize = 6;
const MINUTE: Duration = Duration::from_mins(1);
/// A key that was withdrawn is believed for so long at most.
const LASTS: Duration = Duration::from_hours(1);

/// Keys, and when they were asked for.
#[derive(Debug, Default)]
pub struct Keys(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    set: Option<(JwkSet, Instant)>,
    asked: Vec<Instant>,
}

/// What is known of a key.
#[derive(Debug)]
pub enum Found {
    /// It is this.
    Key(Box<DecodingKey>),
    /// It may be among those that the provider has now.
    Ask,
    /// There is none, or the provider was asked too often.
    None,
}

impl Keys {
    /// The key of this name. Without a name the only one there is.
    pub fn find(&self, kid: Option<&str>) -> Found {
        let mut known = self.known();
        let now = Instant::now();
        if let Some((set, at)) = &known.set
            && now.duration_since(*at) < LASTS
            && let Some(key) = among(set, kid)
        {
            return Found::Key(Box::new(key));
        }
        known.asked.retain(|at| now.duration_since(*at) < MINUTE);
        if known.asked.len() >= MOST {
            return Found::None;
        }
        known.asked.push(now);
        Found::Ask
    }

    /// These are the provider's keys now; the one of this name is wanted.
    pub fn learn(&self, set: JwkSet, kid: Option<&str>) -> Option<DecodingKey> {
        let key = among(&set, kid);
        self.known().set = Some((set, Instant::now()));
        key
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn among(set: &JwkSet, kid: Option<&str>) -> Option<DecodingKey> {
    let mut usable = set.keys.iter().filter(|key| verifies(key));
    let key = match kid {
        Some(kid) => usable.find(|key| key.common.key_id.as_deref() == Some(kid))?,
        None => {
            let only = usable.next()?;
            usable.next().is_none().then_some(only)?
        }
    };
    DecodingKey::from_jwk(key).ok()
}

/// Keys that encrypt verify nothing.
fn verifies(key: &Jwk) -> bool {
    let common = &key.common;
    let by_use = common
        .public_key_use
        .as_ref()
        .is_none_or(|wanted| *wanted == PublicKeyUse::Signature);
    let by_deed = common
        .key_operations
        .as_ref()
        .is_none_or(|deeds| deeds.contains(&KeyOperations::Verify));
    by_use && by_deed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(kids: &[&str]) -> JwkSet {
        let keys = kids.iter().map(|kid| {
            serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
        });
        let keys: Vec<_> = keys.collect();
        serde_json::from_value(serde_json::json!({ "keys": keys })).expect("keys")
    }

    #[test]
    fn keys_are_asked_for_when_a_new_one_is_named_and_not_for_ever() {
        let keys = Keys::default();
        assert!(matches!(keys.find(Some("a")), Found::Ask));
        assert!(keys.learn(set(&["a"]), Some("a")).is_some());
        assert!(matches!(keys.find(Some("a")), Found::Key(_)));
        assert!(
            matches!(keys.find(None), Found::Key(_)),
            "it is the only one"
        );
        // It was replaced by another.
        assert!(matches!(keys.find(Some("b")), Found::Ask));
        assert!(keys.learn(set(&["b", "c"]), Some("b")).is_some());
        assert!(matches!(keys.find(Some("c")), Found::Key(_)));
        // Somebody makes names up.
        for _ in 0..4 {
            assert!(matches!(keys.find(Some("made up")), Found::Ask));
            assert!(keys.learn(set(&["b", "c"]), Some("made up")).is_none());
        }
        assert!(matches!(keys.find(Some("made up")), Found::None));
        assert!(
            matches!(keys.find(Some("b")), Found::Key(_)),
            "good ones go on"
        );
    }
}
