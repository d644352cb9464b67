//! Each code that the product can answer has a page under docs/errors/, and each page a code.

use super::{
    hold,
    repository::{Source, list, root, rust_sources},
};
use std::collections::BTreeSet;

const FOLDER: &str = "docs/errors";
/// The pages stand for keywords that the language names and that come with issues of their own.
const PLANNED: [&str; 0] = [];

#[test]
fn each_finding_of_the_checker_has_a_page() {
    let used = checker_codes(rust_sources());
    let paged = pages(|name| is_checker_code(name));
    let planned: BTreeSet<String> = PLANNED.iter().map(|code| (*code).to_owned()).collect();
    let mut findings: Vec<String> = used
        .difference(&paged)
        .map(|code| format!("{code}: no page {FOLDER}/{code}.md"))
        .collect();
    findings.extend(
        paged
            .iter()
            .filter(|code| !used.contains(*code) && !planned.contains(*code))
            .map(|code| format!("{FOLDER}/{code}.md: no such code")),
    );
    findings.extend(
        planned
            .intersection(&used)
            .map(|code| format!("{code} is used: take it off the list of planned ones")),
    );
    hold("Codes of the checker and their pages:", &findings);
}

fn pages(wanted: fn(&str) -> bool) -> BTreeSet<String> {
    if !root().join(FOLDER).exists() {
        return BTreeSet::new();
    }
    let names = list(FOLDER).into_iter();
    names
        .filter_map(|file| file.strip_suffix(".md").map(str::to_owned))
        .filter(|name| wanted(name) && name != "README")
        .collect()
}

/// The codes in the code of core and language, as a name (`E101`) or within a literal.
fn checker_codes(sources: &[Source]) -> BTreeSet<String> {
    let ours = sources.iter().filter(|source| {
        source.path.starts_with("crates/core/src/")
            || source.path.starts_with("crates/language/src/")
    });
    let lines = ours.flat_map(|source| source.text.lines());
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|word| is_checker_code(word))
        .map(str::to_owned)
        .collect()
}

fn is_checker_code(word: &str) -> bool {
    let mut chars = word.chars();
    matches!(chars.next(), Some('E' | 'W')) && word.len() == 4 && chars.all(|c| c.is_ascii_digit())
}

#[test]
fn codes_are_found_in_code_and_not_in_comments() {
    let source = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let sources = [
        source(
            "crates/language/src/a.rs",
            "// E001\nfinding(\"E101\"); Code::W401;\nlet x = E12; \"FE1234\"",
        ),
        source("crates/api/src/a.rs", "\"E999\""),
    ];
    assert_eq!(
        checker_codes(&sources),
        BTreeSet::from(["E101".to_owned(), "W401".to_owned()])
    );
}
