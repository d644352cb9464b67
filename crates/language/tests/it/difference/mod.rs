//! What has changed between two versions, in words: as it is written in `golden.en.txt` and `golden.zh.txt`.
//! `COUNTERSIGN_WRITE_GOLDEN=1` writes them anew.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

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

/// A new folder of this name, with this as the file in force and [`OLDER`] among its versions.
fn versions_in(name: &str, in_force: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("countersign-{name}-{}", std::process::id()));
    let versions = folder.join("versions");
    std::fs::create_dir_all(&versions).expect("a folder");
    let write = |path: &Path, text: &str| std::fs::write(path, text).expect("a file");
    write(
        &folder.join("shared.yaml"),
        "shared: 1\nlanguages: [en, zh]\n",
    );
    write(&folder.join("purchase.yaml"), in_force);
    write(&versions.join("purchase.1.yaml"), OLDER);
    folder
}

#[test]
fn an_older_file_is_compiled_in_the_place_of_the_newer() {
    let folder = versions_in("diff", NEWER);
    let versions = folder.join("versions");
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

#[test]
fn panels_are_told_with_who_sits_in_them_and_how_many_they_need() {
    let with = |text: &str, panels: &str, agreement: &str| {
        let reviewed = text.replace("      by: manager\n", &format!("      panels:\n{panels}"));
        reviewed.replace(
            "approve: { title: { en: Approve, zh: 批准 }, votes: votes_needed,",
            &format!("approve: {{ title: {{ en: Approve, zh: 批准 }}, {agreement}"),
        )
    };
    let one = "        legal: { title: { en: Legal, zh: 法务 }, by: manager }\n";
    let two = "        legal: { title: { en: Legal, zh: 法务 }, by: clerk, votes: { approve: 2 } }\n        money: { title: { en: Money, zh: 财务 }, by: manager, when: case.round > 1 }\n";
    let newer = OLDER.replace("version: 1", "version: 2");
    let changes = difference(
        &compile(&with(OLDER, one, "")),
        &compile(&with(&newer, two, "panels: any,")),
    );
    let told: Vec<(&str, &str)> = changes
        .iter()
        .map(|change| (change.place.as_str(), change.text.en.as_str()))
        .collect();
    let place = "states.review.review";
    let tells = |at: String, what: &[&str]| {
        let text: String = told
            .iter()
            .filter(|(place, _)| *place == at)
            .map(|(_, text)| *text)
            .collect();
        assert!(
            what.iter().all(|what| text.contains(what)),
            "{what:?} in {told:#?}"
        );
    };
    tells(
        format!("{place}.panels.legal"),
        &[
            "“Legal”",
            "who votes",
            "how many votes it needs",
            "“Approve”: 2",
        ],
    );
    tells(
        format!("{place}.panels.money"),
        &["“Money”", "case.round > 1"],
    );
    tells(
        format!("{place}.decisions.approve"),
        &["now in any panel; it was in every panel that is open"],
    );
}

#[test]
fn versions_are_compared_before_migrate_is_written() {
    let begins = NEWER.find("migrate:").expect("it says how cases are moved");
    let rest = NEWER[begins..]
        .lines()
        .skip(1)
        .skip_while(|line| line.starts_with([' ', '#']) || line.is_empty());
    let without = format!(
        "{}{}\n",
        &NEWER[..begins],
        rest.collect::<Vec<_>>().join("\n")
    );
    let folder = versions_in("e215", &without);
    let newer = load_version(&folder.join("purchase.yaml")).expect("it is read");
    let whole =
        countersign_language::check_paths(std::slice::from_ref(&folder)).expect("it is read");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    let codes = |checked: &countersign_language::Checked| -> Vec<String> {
        let findings = checked.findings.iter();
        findings.map(|finding| finding.code.to_string()).collect()
    };
    assert!(
        !newer.has_errors() && newer.workflows.len() == 1,
        "{:?}",
        codes(&newer)
    );
    assert!(
        codes(&whole).contains(&"E215".to_owned()),
        "{:?}",
        codes(&whole)
    );
}
