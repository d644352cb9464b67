//! What a refresh of Cargo.lock must not change unseen. Not for licences and advisories: deny.toml is.

use super::{hold, repository::read};

/// Packages whose exact version carries a promise.
const PINNED: [(&str, &str, &str); 2] = [
    (
        "libsqlite3-sys",
        "0.37.0",
        "it brings SQLite 3.51.3, the first whose log loses no commits",
    ),
    (
        "statig",
        "0.4.1",
        "the machine's canaries are written for it",
    ),
];

/// Packages that must not come along: ring is the one provider of TLS.
const UNWANTED: [&str; 5] = [
    "openssl",
    "openssl-sys",
    "native-tls",
    "aws-lc-rs",
    "aws-lc-sys",
];

#[test]
fn the_lock_file_keeps_what_promises_rest_on() {
    hold("In Cargo.lock:", &faults(&read("Cargo.lock")));
}

fn faults(lock: &str) -> Vec<String> {
    let locked = |name: &str| {
        let mut lines = lock
            .lines()
            .skip_while(move |line| *line != format!("name = \"{name}\""));
        lines
            .nth(1)
            .and_then(|line| line.split('"').nth(1))
            .map(str::to_owned)
    };
    let moved = PINNED
        .iter()
        .filter(|(name, version, _)| locked(name).is_some_and(|found| found != *version));
    let moved = moved.map(|(name, version, why)| format!("{name} has to be {version}: {why}"));
    let unwanted = UNWANTED.iter().filter(|name| locked(name).is_some());
    moved
        .chain(unwanted.map(|name| format!("{name} came along")))
        .collect()
}

#[test]
fn the_rule_sees_a_downgrade_and_a_second_tls() {
    let entry = |name: &str, version: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
    };
    assert!(faults(&entry("libsqlite3-sys", "0.37.0")).is_empty());
    assert_eq!(faults(&entry("libsqlite3-sys", "0.30.1")).len(), 1);
    assert_eq!(faults(&entry("openssl-sys", "0.9.1")).len(), 1);
}
