//! Each code that the product can answer has a page under docs/errors/, and each page a code.

use super::{
    hold,
    repository::{Source, list, read, rust_sources},
    rust_text::{code_only, functions},
};
use std::collections::BTreeSet;

const FOLDER: &str = "docs/errors";

#[test]
fn each_finding_of_the_checker_has_a_page() {
    compare(&checker_codes(rust_sources()), &pages(is_checker_code));
}

#[test]
fn each_problem_of_the_api_has_a_page() {
    compare(
        &problem_codes(rust_sources()),
        &pages(|name| !is_checker_code(name)),
    );
}

#[test]
fn each_page_is_headed_by_its_code_and_speaks_both_languages() {
    let names = pages(|_| true).into_iter();
    let findings: Vec<String> = names
        .filter(|name| !is_whole(name, &read(&format!("{FOLDER}/{name}.md"))))
        .collect();
    hold(
        "A page begins with `# CODE` and a colon or a status, and has a part `## 中文`:",
        &findings,
    );
}

fn compare(used: &BTreeSet<String>, paged: &BTreeSet<String>) {
    let unexplained = used
        .difference(paged)
        .map(|code| format!("{code}: no page {FOLDER}/{code}.md"));
    let stale = paged
        .difference(used)
        .map(|code| format!("{FOLDER}/{code}.md: no such code"));
    let findings: Vec<String> = unexplained.chain(stale).collect();
    hold("Codes and their pages:", &findings);
}

fn pages(wanted: fn(&str) -> bool) -> BTreeSet<String> {
    let names = list(FOLDER).into_iter();
    let names = names.filter_map(|file| file.strip_suffix(".md").map(str::to_owned));
    names
        .filter(|name| name != "README" && wanted(name))
        .collect()
}

fn is_whole(name: &str, text: &str) -> bool {
    let heading = text.strip_prefix(&format!("# {name}"));
    heading.is_some_and(|rest| rest.starts_with([':', ' '])) && text.contains("\n## 中文\n")
}

/// The codes in core and language, as a name (`E101`) or within a literal; comments do not count.
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
    // U+E000 is a character and no code.
    word != "E000"
        && matches!(chars.next(), Some('E' | 'W' | 'N'))
        && word.len() == 4
        && chars.all(|c| c.is_ascii_digit())
}

/// The literals in functions called `code`, in the refusals of the core and in the API.
fn problem_codes(sources: &[Source]) -> BTreeSet<String> {
    let ours = sources.iter().filter(|source| {
        source.path == "crates/core/src/outcome.rs" || source.path.starts_with("crates/api/src/")
    });
    ours.flat_map(|source| {
        let named = functions(&code_only(&source.text))
            .into_iter()
            .filter(|function| function.name == "code");
        let bodies = named.flat_map(|function| {
            source
                .text
                .lines()
                .skip(function.line - 1)
                .take(function.lines)
        });
        let literals = bodies.flat_map(|line| line.split('"').skip(1).step_by(2));
        literals.map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
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
        source(
            "crates/api/src/a.rs",
            "\"E999\"\nfn code(&self) -> &'static str {\n    match self { Self::A => \"malformed\" }\n}\n\"x\"",
        ),
    ];
    assert_eq!(
        checker_codes(&sources),
        BTreeSet::from(["E101".to_owned(), "W401".to_owned()])
    );
    assert_eq!(
        problem_codes(&sources),
        BTreeSet::from(["malformed".to_owned()])
    );
    assert!(is_whole("E101", "# E101: Unknown\n\n## 中文\n"));
    assert!(
        !is_whole("E101", "# E1011: Unknown\n\n## 中文\n")
            && !is_whole("E101", "# E101: Unknown\n")
    );
}
