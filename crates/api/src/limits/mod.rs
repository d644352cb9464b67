//! Rate limits: how many requests a token and an address may send in a minute. It knows nothing of what the
//! requests ask for, and is not for how many commands may wait, which is the engine's.

mod address;
mod guard;

pub use guard::{ClientAddress, guard, guard_pages};

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use ipnet::IpNet;
use sha2::{Digest as _, Sha256};

/// How long a token that has opened something is tried from an address that is shut for others.
const KNOWN_FOR: Duration = Duration::from_hours(1);

/// How many requests are taken in a minute, and as many at once; 0: as many as come.
#[derive(Debug, Clone, Default)]
pub struct RateLimits {
    /// With one token.
    pub token: u32,
    /// From one address.
    pub address: u32,
    /// For mail links, from one address.
    pub links: u32,
    /// With tokens that open nothing, from one address.
    pub failures: u32,
    /// The proxies whose `X-Forwarded-For` says where a request comes from.
    pub trusted_proxies: Vec<IpNet>,
}

/// More came than is taken; when it may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// In so many seconds, at least 1.
    pub retry_after: u64,
}

impl TooMany {
    fn until(wait: Duration) -> Self {
        Self {
            retry_after: wait
                .as_millis()
                .div_ceil(1000)
                .max(1)
                .try_into()
                .unwrap_or(60),
        }
    }
}

/// A token as the limiter knows it: never the token itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Of this token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

/// Counts requests. What it holds is bounded by [`forget`](Self::forget), to be called every minute or so: of
/// addresses those of the last minute stay, of tokens those that opened something in the last hour.
#[derive(Default)]
pub struct Limiter {
    token: Limit<TokenDigest>,
    address: Limit<IpAddr>,
    links: Limit<IpAddr>,
    failures: Limit<IpAddr>,
    /// Addresses whose failures are used up, and until when.
    shut: Mutex<HashMap<IpAddr, Instant>>,
    /// Tokens that opened something, and when they did last.
    known: Mutex<HashMap<TokenDigest, Instant>>,
    trusted_proxies: Vec<IpNet>,
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limiter")
    }
}

impl Limiter {
    /// One that keeps to these limits; by default nothing is limited.
    pub fn new(limits: RateLimits) -> Self {
        Self {
            token: Limit::a_minute(limits.token),
            address: Limit::a_minute(limits.address),
            links: Limit::a_minute(limits.links),
            failures: Limit::a_minute(limits.failures),
            shut: Mutex::default(),
            known: Mutex::default(),
            trusted_proxies: limits.trusted_proxies,
        }
    }

    /// Counts a request from this address.
    pub(crate) fn admit(&self, from: IpAddr, for_a_link: bool) -> Result<(), TooMany> {
        self.address.count(&from)?;
        if for_a_link {
            self.links.count(&from)?;
        }
        Ok(())
    }

    /// Whether this token may be tried from this address: not when others from there have failed too often,
    /// unless it is known to open something.
    pub(crate) fn may_try(&self, token: TokenDigest, from: IpAddr) -> Result<(), TooMany> {
        let until = held(&self.shut).get(&from).copied();
        let wait = until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        });
        if wait.is_zero() || held(&self.known).contains_key(&token) {
            Ok(())
        } else {
            Err(TooMany::until(wait))
        }
    }

    /// Counts a token that opened something.
    pub(crate) fn opened(&self, token: TokenDigest) -> Result<(), TooMany> {
        if self.failures.is_set() {
            held(&self.known).insert(token, Instant::now());
        }
        self.token.count(&token)
    }

    /// Counts a token that opened nothing.
    pub(crate) fn failed(&self, token: TokenDigest, from: IpAddr) -> Result<(), TooMany> {
        held(&self.known).remove(&token);
        self.failures.count(&from).inspect_err(|too_many| {
            let until = Instant::now() + Duration::from_secs(too_many.retry_after);
            held(&self.shut).insert(from, until);
        })
    }

    /// Forgets whoever has not been seen for a while.
    pub fn forget(&self) {
        self.token.forget();
        for limit in [&self.address, &self.links, &self.failures] {
            limit.forget();
        }
        let now = Instant::now();
        held(&self.shut).retain(|_, until| *until > now);
        held(&self.known).retain(|_, seen| now.saturating_duration_since(*seen) < KNOWN_FOR);
    }
}

/// A limit for each key, or none.
struct Limit<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Hash + Eq + Clone> Default for Limit<K> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn a_minute(most: u32) -> Self {
        Self(NonZeroU32::new(most).map(|most| RateLimiter::keyed(Quota::per_minute(most))))
    }

    fn is_set(&self) -> bool {
        self.0.is_some()
    }

    fn count(&self, key: &K) -> Result<(), TooMany> {
        let Some(limiter) = &self.0 else {
            return Ok(());
        };
        limiter
            .check_key(key)
            .map_err(|not| TooMany::until(not.wait_time_from(DefaultClock::default().now())))
    }

    fn forget(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Nothing done under these locks can leave them half done.
fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn limiter(token: u32, address: u32, links: u32, failures: u32) -> Limiter {
        Limiter::new(RateLimits {
            token,
            address,
            links,
            failures,
            trusted_proxies: Vec::new(),
        })
    }

    #[test]
    fn each_address_and_each_token_has_a_limit_of_its_own() {
        let limits = limiter(1, 2, 0, 0);
        assert_eq!(limits.admit(HERE, false), Ok(()));
        assert_eq!(limits.admit(HERE, false), Ok(()));
        let refused = limits.admit(HERE, false).expect_err("two a minute");
        assert!((25..=30).contains(&refused.retry_after), "{refused:?}");
        assert_eq!(limits.admit(THERE, false), Ok(()));
        let (one, other) = (TokenDigest::of("one"), TokenDigest::of("other"));
        assert_eq!(limits.opened(one), Ok(()));
        assert!(limits.opened(one).is_err());
        assert_eq!(limits.opened(other), Ok(()));
    }

    #[test]
    fn links_are_counted_beside_all_else() {
        let limits = limiter(0, 0, 1, 0);
        assert_eq!(limits.admit(HERE, true), Ok(()));
        assert!(limits.admit(HERE, true).is_err());
        assert_eq!(limits.admit(HERE, false), Ok(()));
    }

    #[test]
    fn an_address_that_fails_too_often_tries_no_other_token() {
        let limits = limiter(0, 0, 0, 2);
        let (good, bad, new) = (
            TokenDigest::of("good"),
            TokenDigest::of("bad"),
            TokenDigest::of("new"),
        );
        assert_eq!(limits.opened(good), Ok(()));
        assert_eq!(limits.failed(bad, HERE), Ok(()));
        assert_eq!(limits.failed(bad, HERE), Ok(()));
        assert_eq!(limits.may_try(new, HERE), Ok(()));
        assert!(limits.failed(bad, HERE).is_err());
        assert!(limits.may_try(new, HERE).is_err());
        assert_eq!(
            limits.may_try(good, HERE),
            Ok(()),
            "it has opened something"
        );
        assert_eq!(limits.may_try(new, THERE), Ok(()));
        assert!(limits.failed(good, HERE).is_err(), "it was taken back");
        assert!(limits.may_try(good, HERE).is_err());
    }

    #[test]
    fn what_is_idle_is_forgotten() {
        let limits = limiter(60_000, 60_000, 0, 60_000);
        assert_eq!(limits.admit(HERE, false), Ok(()));
        assert_eq!(limits.failed(TokenDigest::of("bad"), HERE), Ok(()));
        let held = || {
            [&limits.address, &limits.failures].map(|limit| limit.0.as_ref().map(RateLimiter::len))
        };
        assert_eq!(held(), [Some(1), Some(1)]);
        // A request of 60,000 a minute is forgotten a millisecond after it.
        let began = Instant::now();
        while held() != [Some(0), Some(0)] {
            limits.forget();
            assert!(began.elapsed() < Duration::from_secs(10), "{:?}", held());
        }
    }
}
