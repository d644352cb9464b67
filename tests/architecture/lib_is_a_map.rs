//! A `lib.rs` is the map of its crate: documentation, modules, re-exports, and nothing that works.

use super::{
    hold,
    repository::{Source, rust_sources},
    rust_text::code_only,
};

#[test]
fn a_lib_holds_modules_and_re_exports_only() {
    let libs = rust_sources()
        .iter()
        .filter(|source| source.path.ends_with("/lib.rs"));
    let findings: Vec<String> = libs.flat_map(foreign_items).collect();
    hold("A lib.rs holds docs, `mod` and `pub use` only:", &findings);
}

fn foreign_items(source: &Source) -> Vec<String> {
    let code = without_attributes(&code_only(&source.text));
    let items = code
        .split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items
        .filter(|item| !is_map_item(item))
        .map(|item| {
            format!(
                "{}: `{}`",
                source.path,
                item.lines().next().unwrap_or_default()
            )
        })
        .collect()
}

fn is_map_item(item: &str) -> bool {
    let visible = item
        .strip_prefix("pub(crate) ")
        .or_else(|| item.strip_prefix("pub "));
    match visible {
        Some(rest) => rest.starts_with("use ") || is_module(rest),
        None => is_module(item),
    }
}

fn is_module(item: &str) -> bool {
    item.starts_with("mod ") && !item.contains('{')
}

fn without_attributes(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut depth = 0;
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        let begins = c == '#' && matches!(chars.peek(), Some('[' | '!'));
        match c {
            '[' if depth > 0 => depth += 1,
            ']' if depth > 0 => {
                depth -= 1;
                // The `#` itself holds one level until its outer bracket is closed.
                if depth == 1 {
                    depth = 0;
                }
            }
            _ if begins => depth = 1,
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[test]
fn the_rule_sees_work_in_a_lib() {
    let see = |text: &str| {
        foreign_items(&Source {
            path: "lib.rs".into(),
            text: text.into(),
        })
        .len()
    };
    assert_eq!(
        see(
            "//! Docs.\n#![expect(a, reason = \"b\")]\nmod a;\npub mod b;\n#[cfg(test)]\nmod c;\npub use a::{B, C};\n"
        ),
        0
    );
    assert_eq!(see("mod a;\nfn work() {}\n"), 1);
    assert_eq!(see("mod a { fn work() {} }\n"), 1);
    assert_eq!(see("pub struct A;\n"), 1);
    assert_eq!(see("use a::B;\n"), 1);
}
