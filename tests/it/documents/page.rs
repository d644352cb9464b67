//! Reads a page: its fenced blocks and the words in them. Not for judging them.

use std::{fs, path::Path};

/// A file of the repository, named from its root.
pub fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the repository");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of this kind, in order; `""` for those without one.
pub fn blocks(page: &str, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(head)) => open = Some((head == kind, String::new())),
            (Some((wanted, text)), Some(_)) => {
                if *wanted {
                    found.push(std::mem::take(text));
                }
                open = None;
            }
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The part of a page below this heading, up to the next of the same rank.
pub fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let at = page.find(heading).unwrap_or_else(|| panic!("no {heading}"));
    let rest = &page[at + heading.len()..];
    let rank = heading.split(' ').next().unwrap_or_default();
    let end = rest.find(&format!("\n{rank} ")).unwrap_or(rest.len());
    &rest[..end]
}

/// What stands in backticks, outside fenced blocks.
pub fn quoted(prose: &str) -> Vec<&str> {
    prose.split('`').skip(1).step_by(2).collect()
}
