//! Tokens as attackers would like them, each signed for real.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value as Json, json};

use super::*;
use crate::signatures;

const ISSUER: &str = "https://id.example";

/// A provider's keys.
struct Keys {
    curve: EcdsaKeyPair,
    edwards: Ed25519KeyPair,
}

impl Keys {
    fn new() -> Self {
        signatures::install();
        let random = SystemRandom::new();
        let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let curve = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        let edwards = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Self {
            curve: EcdsaKeyPair::from_pkcs8(how, curve.as_ref(), &random).unwrap(),
            edwards: Ed25519KeyPair::from_pkcs8(edwards.as_ref()).unwrap(),
        }
    }

    fn curve_key(&self) -> DecodingKey {
        let point = self.curve.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        DecodingKey::from_ec_components(&BASE64.encode(x), &BASE64.encode(y)).unwrap()
    }

    fn edwards_key(&self) -> DecodingKey {
        DecodingKey::from_ed_components(&BASE64.encode(self.edwards.public_key())).unwrap()
    }

    fn signed(&self, header: &Json, claims: &Json) -> String {
        let text = text(header, claims);
        let seal = match header["alg"].as_str() {
            Some("EdDSA") => self.edwards.sign(text.as_bytes()).as_ref().to_vec(),
            Some("HS256") => {
                let secret = self.curve.public_key().as_ref();
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
            }
            Some("none") => Vec::new(),
            _ => {
                let signed = self.curve.sign(&SystemRandom::new(), text.as_bytes());
                signed.unwrap().as_ref().to_vec()
            }
        };
        format!("{text}.{}", BASE64.encode(seal))
    }
}

fn text(header: &Json, claims: &Json) -> String {
    let part = |json: &Json| BASE64.encode(json.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn header() -> Json {
    json!({ "alg": "ES256", "typ": "JWT", "kid": "1" })
}

fn claims() -> Json {
    json!({
        "iss": ISSUER, "aud": "countersign", "sub": "248289761001", "nonce": "n-0S6",
        "exp": now() + 300, "iat": now(), "email": "pat@acme.example", "email_verified": true,
    })
}

fn with(mut json: Json, member: &str, value: Json) -> Json {
    if value.is_null() {
        json.as_object_mut().unwrap().remove(member);
    } else {
        json[member] = value;
    }
    json
}

const IDENTITY: Wanted<'_> = Wanted {
    issuer: ISSUER,
    audience: "countersign",
    kind: Kind::Identity { nonce: "n-0S6" },
};
const ACCESS: Wanted<'_> = Wanted {
    issuer: ISSUER,
    audience: "https://approve.example",
    kind: Kind::Access,
};

fn judged(wanted: &Wanted<'_>, token: &str, key: &DecodingKey) -> Result<Claims, Refused> {
    key_of(token)?;
    wanted.check(token, key)
}

#[test]
fn a_good_token_says_whose_it_is() {
    let keys = Keys::new();
    let good = judged(
        &IDENTITY,
        &keys.signed(&header(), &claims()),
        &keys.curve_key(),
    )
    .unwrap();
    assert_eq!(good.sub, "248289761001");
    assert_eq!(good.verified_email(), Some("pat@acme.example"));
    // By another algorithm, for several of which we are the one it was given to, and a minute off.
    let several = with(claims(), "aud", json!(["countersign", "other"]));
    let several = with(several, "azp", json!("countersign"));
    let skewed = with(
        with(several, "exp", json!(now() - 50)),
        "iat",
        json!(now() + 50),
    );
    let edwards = with(header(), "alg", json!("EdDSA"));
    judged(
        &IDENTITY,
        &keys.signed(&edwards, &skewed),
        &keys.edwards_key(),
    )
    .unwrap();
    let access = with(claims(), "aud", json!("https://approve.example"));
    let typed = with(header(), "typ", json!("at+jwt"));
    judged(&ACCESS, &keys.signed(&typed, &access), &keys.curve_key()).unwrap();
}

#[test]
fn an_address_that_is_not_verified_is_none() {
    let keys = Keys::new();
    for (verified, email) in [
        (json!(false), None),
        (json!("false"), None),
        (Json::Null, None),
        (json!("true"), Some("pat@acme.example")),
    ] {
        let token = keys.signed(
            &header(),
            &with(claims(), "email_verified", verified.clone()),
        );
        let claims = judged(&IDENTITY, &token, &keys.curve_key()).unwrap();
        assert_eq!(claims.verified_email(), email, "{verified}");
    }
}

#[test]
fn no_bad_token_is_believed() {
    let keys = Keys::new();
    let claimed =
        |member: &str, value: Json| keys.signed(&header(), &with(claims(), member, value));
    let headed = |member: &str, value: Json| keys.signed(&with(header(), member, value), &claims());
    let good = keys.signed(&header(), &claims());
    let (head, rest) = good.split_once('.').unwrap();
    let (body, seal) = rest.split_once('.').unwrap();
    let other_body = BASE64.encode(with(claims(), "sub", json!("ada")).to_string());
    let bad = [
        ("without a signature", headed("alg", json!("none"))),
        ("with an empty one", format!("{head}.{body}.")),
        (
            "by the public key as a secret",
            headed("alg", json!("HS256")),
        ),
        ("that says another algorithm", headed("alg", json!("RS256"))),
        ("by an algorithm of nobody", headed("alg", json!("XX256"))),
        ("by another key", Keys::new().signed(&header(), &claims())),
        ("with another body", format!("{head}.{other_body}.{seal}")),
        (
            "of another issuer",
            claimed("iss", json!("https://evil.example")),
        ),
        (
            "of nearly this issuer",
            claimed("iss", json!("https://id.example/")),
        ),
        ("without an issuer", claimed("iss", Json::Null)),
        ("for somebody else", claimed("aud", json!("other"))),
        ("for nobody", claimed("aud", Json::Null)),
        (
            "for several, given to nobody",
            claimed("aud", json!(["countersign", "other"])),
        ),
        ("given to another", claimed("azp", json!("other"))),
        ("of another request", claimed("nonce", json!("n-other"))),
        ("of no request", claimed("nonce", Json::Null)),
        ("that has expired", claimed("exp", json!(now() - 120))),
        ("that never expires", claimed("exp", Json::Null)),
        ("that expires in words", claimed("exp", json!("tomorrow"))),
        ("that is not valid yet", claimed("nbf", json!(now() + 600))),
        ("made in the future", claimed("iat", json!(now() + 600))),
        ("of nobody", claimed("sub", json!(""))),
        ("without anybody", claimed("sub", Json::Null)),
        ("that opens something", headed("typ", json!("at+jwt"))),
        (
            "that tells of a sign-out",
            headed("typ", json!("logout+jwt")),
        ),
        ("that is none", "no.token".to_owned()),
        ("that is too long", format!("{good}{}", "A".repeat(LONGEST))),
    ];
    for (how, token) in &bad {
        assert!(
            judged(&IDENTITY, token, &keys.curve_key()).is_err(),
            "a token {how}"
        );
    }
}

#[test]
fn what_a_token_says_of_keys_is_not_listened_to() {
    let (keys, evil) = (Keys::new(), Keys::new());
    for (member, value) in [
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/chain")),
    ] {
        let token = evil.signed(&with(header(), member, value), &claims());
        assert!(
            judged(&IDENTITY, &token, &keys.curve_key()).is_err(),
            "{member}"
        );
    }
    // What tells who has signed in opens nothing.
    assert!(
        judged(
            &ACCESS,
            &keys.signed(&header(), &claims()),
            &keys.curve_key()
        )
        .is_err()
    );
}
