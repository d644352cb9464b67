//! What has changed between two versions, in words: as it is written in `golden.en.txt` and `golden.zh.txt`.
//! `COUNTERSIGN_WRITE_GOLDEN=1` writes them anew.

use std::{path::Path, sync::Arc};

use countersign_core::{
    difference::{Change, HowChanged, difference},
    text::Language,
    workflow::Workflow,
};
use countersign_language::{check_files, load_version, source::Files};

const OLDER: &str = include_str!("older.yaml");
const NEWER: &str = include_str!("newer.yaml");

fn compile(text: &str) -> Arc<Workflow> {
    let mut files = Files::default();
    files.add("shared.yaml", "shared: 1\nlanguages: [en, zh]\n");
    files.add("purchase.yaml", text);
    let mut checked = check_files(&files);
    let told: Vec<&str> = checked
        .findings
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert!(!checked.has_errors(), "{told:#?}");
    checked.workflows.pop().expect("one workflow")
}

fn lines(changes: &[Change], language: Language) -> String {
    let lines = changes.iter();
    let lines =
        lines.map(|change| format!("{}\n    {}\n", change.text.get(language), change.place));
    lines.collect::<Vec<_>>().concat()
}

#[track_caller]
fn assert_golden(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/difference");
    let path = folder.join(name);
    if std::env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{}", path.display());
}

#[test]
fn every_change_is_a_sentence_in_both_languages() {
    let changes = difference(&compile(OLDER), &compile(NEWER));
    assert_golden("golden.en.txt", &lines(&changes, Language::En));
    assert_golden("golden.zh.txt", &lines(&changes, Language::Zh));
    for how in [HowChanged::Added, HowChanged::Removed, HowChanged::Changed] {
        assert!(changes.iter().any(|change| change.how == how), "{how:?}");
    }
}

#[test]
fn the_same_is_no_difference() {
    for text in [OLDER, NEWER] {
        let changes = difference(&compile(text), &compile(text));
        assert!(changes.is_empty(), "{changes:#?}");
    }
    // Where things stand, remarks and the number of the version tell nobody anything.
    let moved = OLDER
        .replace("version: 1", "version: 2")
        .replace("states:\n", "# The states.\n\nstates:\n");
    let changes = difference(&compile(OLDER), &compile(&moved));
    assert!(changes.is_empty(), "{changes:#?}");
}

#[test]
fn an_older_file_is_compiled_in_the_place_of_the_newer() {
    let folder = std::env::temp_dir().join(format!("countersign-diff-{}", std::process::id()));
    let versions = folder.join("versions");
    std::fs::create_dir_all(&versions).expect("a folder");
    let write = |path: &Path, text: &str| std::fs::write(path, text).expect("a file");
    write(
        &folder.join("shared.yaml"),
        "shared: 1\nlanguages: [en, zh]\n",
    );
    write(&folder.join("purchase.yaml"), NEWER);
    write(&versions.join("purchase.1.yaml"), OLDER);
    let load = |path: &Path| {
        let mut checked = load_version(path).expect("it is read");
        checked.workflows.pop().map(|workflow| workflow.version)
    };
    let found = [
        load(&versions.join("purchase.1.yaml")),
        load(&folder.join("purchase.yaml")),
    ];
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert_eq!(found, [Some(1), Some(2)]);
}
