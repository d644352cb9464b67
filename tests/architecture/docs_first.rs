//! Every Rust file begins by saying what it is for.

use super::{hold, repository::rust_sources};

#[test]
fn every_file_begins_with_its_purpose() {
    let silent = rust_sources()
        .iter()
        .filter(|source| !begins_with_docs(&source.text));
    let findings: Vec<String> = silent.map(|source| source.path.clone()).collect();
    hold(
        "The first line of a file is `//! ` and what the file is for:",
        &findings,
    );
}

fn begins_with_docs(text: &str) -> bool {
    text.lines().next().is_some_and(|line| {
        line.strip_prefix("//! ")
            .is_some_and(|words| words.split_whitespace().count() >= 2)
    })
}

#[test]
fn the_rule_sees_a_silent_file() {
    assert!(begins_with_docs("//! Cases and their states.\n"));
    for silent in [
        "",
        "use std::fs;\n//! Late.\n",
        "//!\n//! Late.\n",
        "// Only a comment.\n",
        "//! stub\n",
    ] {
        assert!(!begins_with_docs(silent), "{silent}");
    }
}
