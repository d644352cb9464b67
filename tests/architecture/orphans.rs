//! Every Rust file belongs to a crate: one that no `mod` reaches is compiled by nobody and rots.

use super::{
    hold,
    repository::{Source, rust_sources},
    rust_text::{code_only, words},
};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn no_file_is_out_of_reach() {
    let findings = orphans(rust_sources());
    hold("No `mod` reaches these files:", &findings);
}

fn orphans(sources: &[Source]) -> Vec<String> {
    let texts: BTreeMap<&str, &str> = sources
        .iter()
        .map(|source| (source.path.as_str(), source.text.as_str()))
        .collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = texts
        .keys()
        .filter(|path| is_root(path))
        .map(|path| (*path).to_owned())
        .collect();
    while let Some(path) = open.pop() {
        let Some(text) = texts.get(path.as_str()) else {
            continue;
        };
        if reached.insert(path.clone()) {
            open.extend(declared_files(&path, text));
        }
    }
    texts
        .keys()
        .filter(|path| !reached.contains(**path))
        .map(|path| (*path).to_owned())
        .collect()
}

/// What cargo itself compiles.
fn is_root(path: &str) -> bool {
    let named = [
        "/src/lib.rs",
        "/src/main.rs",
        "/build.rs",
        "tests/support/lib.rs",
        "tests/it/main.rs",
    ];
    let folders = ["/benches/", "/examples/", "/fuzz_targets/", "/src/bin/"];
    let in_crate_tests = path.starts_with("crates/") && path.split('/').nth(2) == Some("tests");
    named.iter().any(|name| path.ends_with(name))
        || folders.iter().any(|folder| path.contains(folder))
        || (in_crate_tests && path.split('/').count() == 4)
        || (in_crate_tests && path.split('/').count() == 5 && path.ends_with("/main.rs"))
}

/// Where the modules that a file declares may stand.
fn declared_files(path: &str, text: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.trim_end_matches(".rs");
    let below = if matches!(stem, "lib" | "main" | "mod" | "build") || is_root(path) {
        folder.to_owned()
    } else {
        format!("{folder}/{stem}")
    };
    let code = code_only(text);
    let words = words(&code);
    let modules = words.windows(2).filter(|pair| pair[0].0 == "mod");
    let mut files: Vec<String> = modules
        .flat_map(|pair| {
            let module = pair[1].0;
            [
                format!("{below}/{module}.rs"),
                format!("{below}/{module}/mod.rs"),
            ]
        })
        .collect();
    files.extend(quoted_after(text, "#[path = \"").map(|file| resolve(folder, file)));
    files.extend(quoted_after(text, "include!(\"").map(|file| resolve(folder, file)));
    files
}

fn quoted_after<'a>(text: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}

fn resolve(folder: &str, file: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in file.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[test]
fn the_rule_sees_an_orphan() {
    let source = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let sources = [
        source("crates/a/src/lib.rs", "mod b;\nmod c;\n// mod lost;\n"),
        source("crates/a/src/b.rs", "mod d;"),
        source("crates/a/src/b/d.rs", ""),
        source(
            "crates/a/src/c/mod.rs",
            "#[path = \"../far.rs\"]\nmod near;",
        ),
        source("crates/a/src/far.rs", ""),
        source("crates/a/src/lost.rs", ""),
    ];
    assert_eq!(orphans(&sources), ["crates/a/src/lost.rs"]);
}
