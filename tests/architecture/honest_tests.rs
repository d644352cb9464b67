//! A test that is left out, or that is content with any panic, only looks like one.

use super::{
    hold,
    repository::{Source, rust_sources},
    rust_text::code_only,
};

#[test]
fn no_test_is_ignored_or_content_with_any_panic() {
    let findings: Vec<String> = rust_sources().iter().flat_map(dishonest).collect();
    hold(
        "A suite that cannot run says so aloud instead, and a panic is looked at:",
        &findings,
    );
}

fn dishonest(source: &Source) -> Vec<String> {
    let code = code_only(&source.text);
    let lines = code.lines().enumerate();
    lines
        .filter(|(_, line)| line.contains("#[ignore") || line.contains("#[should_panic]"))
        .map(|(index, line)| format!("{}:{}: `{}`", source.path, index + 1, line.trim()))
        .collect()
}

#[test]
fn the_rule_sees_an_ignored_test() {
    let text =
        "// #[ignore]\n#[test]\n#[ignore = \"slow\"]\nfn a() {}\n#[should_panic]\nfn b() {}\n";
    let source = Source {
        path: "a.rs".into(),
        text: text.into(),
    };
    assert_eq!(dishonest(&source).len(), 2);
}
