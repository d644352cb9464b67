//! Names say what a thing is: no drawers (`utils`), no words that the product does not use (`instance`, `task`).

use super::{
    hold,
    repository::{Source, rust_sources},
    rust_text::{code_only, words},
};

const DRAWERS: [&str; 6] = ["util", "utils", "common", "helper", "helpers", "misc"];
/// What other engines call a case, a review's open slot, a state and a timer's work.
const FOREIGN: [&str; 5] = ["instance", "process", "task", "node", "job"];
/// The machine drives statig's tree, whose places are nodes.
const MACHINE: &str = "crates/core/src/machine";

#[test]
fn modules_and_types_are_named_in_our_words() {
    let findings: Vec<String> = rust_sources().iter().flat_map(misnamed).collect();
    hold(
        "Names in the words of the product (docs/decisions, ARCHITECTURE.md):",
        &findings,
    );
}

fn misnamed(source: &Source) -> Vec<String> {
    let Source { path, text } = source;
    let parts = path.trim_end_matches(".rs").split('/').skip(1);
    let drawers = parts
        .filter(|part| DRAWERS.contains(part) || part.starts_with("new_"))
        .map(|part| format!("{path}: `{part}` says nothing about what is in it"));
    let mut findings: Vec<String> = drawers.collect();
    if !path.starts_with(MACHINE) {
        let code = code_only(text);
        let types = declared(&code, &["struct", "enum", "trait", "type", "union"]).into_iter();
        let foreign = types.filter(|name| split(name).any(|word| FOREIGN.contains(&word.as_str())));
        findings.extend(foreign.map(|name| format!("{path}: type `{name}`")));
    }
    if path.starts_with("migrations/") {
        findings
            .extend(foreign_columns(text).map(|name| format!("{path}: column or table `{name}`")));
    }
    findings
}

/// The names that follow one of the keywords.
fn declared<'a>(code: &'a str, keywords: &[&str]) -> Vec<&'a str> {
    let words = words(code);
    let pairs = words
        .windows(2)
        .filter(|pair| keywords.contains(&pair[0].0));
    pairs.map(|pair| pair[1].0).collect()
}

/// The words of a name in either spelling: `DueTimer` and `due_timer` are both `due`, `timer`.
fn split(name: &str) -> impl Iterator<Item = String> {
    let mut words: Vec<String> = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), c != '_') {
            word.extend(c.to_lowercase());
        }
    }
    words
        .into_iter()
        .map(|word| word.strip_suffix('s').unwrap_or(&word).to_owned())
}

/// Quoted names as they stand in statements and identifiers of tables.
fn foreign_columns(text: &str) -> impl Iterator<Item = &str> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let quoted = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
    quoted
        .flat_map(|sql| sql.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|name| split(name).any(|word| FOREIGN.contains(&word.as_str())))
}

#[test]
fn the_rule_sees_foreign_names() {
    let see = |path: &str, text: &str| {
        misnamed(&Source {
            path: path.into(),
            text: text.into(),
        })
        .len()
    };
    assert_eq!(see("crates/core/src/utils.rs", ""), 1);
    assert_eq!(see("crates/core/src/new_queue/lane.rs", ""), 1);
    assert_eq!(
        see("crates/core/src/case.rs", "struct TaskSlot; // struct Node"),
        1
    );
    assert_eq!(see("crates/core/src/case.rs", "enum Nodes {}"), 1);
    assert_eq!(see("crates/core/src/machine/tree.rs", "struct Node;"), 0);
    assert_eq!(
        see(
            "crates/core/src/case.rs",
            "struct Processing; let task = spawn();"
        ),
        0
    );
    assert_eq!(
        see(
            "migrations/src/cases.rs",
            "sql(\"CREATE TABLE job_queue (at TEXT)\")"
        ),
        1
    );
    assert_eq!(
        see(
            "migrations/src/cases.rs",
            "sql(\"CREATE TABLE cases (at TEXT)\")"
        ),
        0
    );
}
