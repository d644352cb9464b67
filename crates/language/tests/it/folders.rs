//! Folders: what holds for sub-folders, what a single file needs, and what is left to others.

use std::{fs, path::PathBuf};

use countersign_language::{Checked, check_files, check_paths, scenario::run_paths, source::Files};

const SHARED: &str = "shared: 1\nroles:\n  applicant: { is: starter }\n  user: { group: users }\n";
const INNER: &str = "shared: 1\nroles:\n  user: { group: others }\n";

fn workflow(id: &str) -> String {
    format!(
        "workflow: {id}\nversion: 1\nopen: {{ who: user, to: draft }}\nstates:\n  draft: {{ actions: {{ finish: {{ who: applicant, to: done }} }} }}\n  done: {{ end: success }}\n"
    )
}

fn codes(checked: &Checked) -> Vec<String> {
    checked
        .findings
        .iter()
        .map(|found| format!("{} {}", found.code, found.file()))
        .collect()
}

#[test]
fn rule_1_shared_files_hold_for_sub_folders_and_the_inner_one_wins() {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("sales/shared.yaml", INNER);
    files.add("one.yaml", workflow("one"));
    files.add("sales/deep/two.yaml", workflow("two"));
    files.add("sales/two.test.yaml", "test: two\n");
    files.add("lists/any.yaml", "- { id: x }\n");
    let checked = check_files(&files);
    assert_eq!(codes(&checked), [] as [String; 0]);
    let role = |id: &str| {
        format!(
            "{:?}",
            checked.workflow(id).expect("it is sound").roles["user"].is
        )
    };
    assert!(role("one").contains("users"), "{}", role("one"));
    assert!(role("two").contains("others"), "{}", role("two"));
    let two = &checked.published[1];
    let parts: Vec<&str> = two.parts.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(parts, ["sales/shared.yaml", "shared.yaml"]);
}

#[test]
fn two_files_of_one_workflow_are_refused() {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("one.yaml", workflow("one"));
    files.add("other.yaml", workflow("one"));
    assert_eq!(codes(&check_files(&files)), ["E005 other.yaml"]);
}

#[test]
fn a_file_with_a_key_twice_is_not_in_order() {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("one.yaml", format!("{}\nversion: 2\n", workflow("one")));
    let checked = check_files(&files);
    assert_eq!(codes(&checked), ["E005 one.yaml"]);
    assert!(checked.workflows.is_empty());
}

#[test]
fn the_digest_changes_with_the_text_and_the_shared_file_and_not_with_a_list() {
    let list = "lists:\n  l: { file: lists/l.yaml, fields: { name: text } }\n";
    let digest = |text: &str, shared: &str, entries: &str| {
        let mut files = Files::default();
        files.add("shared.yaml", format!("{shared}{list}"));
        files.add("one.yaml", text);
        files.add("lists/l.yaml", entries);
        let checked = check_files(&files);
        assert_eq!(codes(&checked), [] as [String; 0]);
        checked.published[0].sha256.clone()
    };
    let text = workflow("one");
    let before = digest(&text, SHARED, "- { id: a, name: A }\n");
    assert_eq!(before, digest(&text, SHARED, "- { id: b, name: B }\n"));
    assert_ne!(
        before,
        digest(&format!("{text}# more\n"), SHARED, "- { id: a, name: A }\n")
    );
    assert_ne!(
        before,
        digest(
            &text,
            &format!("{SHARED}  more: {{ group: more }}\n"),
            "- { id: a, name: A }\n"
        )
    );
}

#[test]
fn a_single_file_finds_its_shared_file_upward() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("upward");
    fs::create_dir_all(root.join("inner")).expect("the folder can be made");
    fs::write(root.join("shared.yaml"), SHARED).expect("it can be written");
    let file = root.join("inner/one.yaml");
    fs::write(&file, workflow("one")).expect("it can be written");
    fs::write(root.join("broken.yaml"), "workflow: broken\n").expect("it can be written");
    let checked = check_paths(std::slice::from_ref(&file)).expect("it can be read");
    assert_eq!(
        codes(&checked),
        [] as [String; 0],
        "the other file is not asked about"
    );
    assert_eq!(checked.workflows.len(), 1);
    fs::write(&file, workflow("one").replace("who: user", "who: nobody"))
        .expect("it can be written");
    let checked = check_paths(std::slice::from_ref(&file)).expect("it can be read");
    assert_eq!(
        codes(&checked),
        [format!("E202 {}", file.display())],
        "the path is the one given"
    );
    fs::write(&file, b"workflow: \xff\xfe").expect("it can be written");
    let checked = check_paths(std::slice::from_ref(&file)).expect("it can be read");
    assert_eq!(codes(&checked), [format!("E001 {}", file.display())]);
}

#[test]
fn a_folder_finds_its_shared_file_upward_and_stands_for_itself() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("folder_upward");
    let inner = root.join("inner");
    fs::create_dir_all(&inner).expect("the folder can be made");
    fs::write(root.join("shared.yaml"), SHARED).expect("it can be written");
    fs::write(root.join("broken.yaml"), "workflow: broken\n").expect("it can be written");
    fs::write(inner.join("one.yaml"), workflow("one")).expect("it can be written");
    let test = "test: one\nclock: 2026-11-23 09:00\npeople: { pat: { in: [users] } }\nscenarios:\n  told:\n    - pat opens: {}\n    - pat: finish\n      then: { state: done }\n";
    fs::write(inner.join("one.test.yaml"), test).expect("it can be written");
    let asked = std::slice::from_ref(&inner);
    let checked = check_paths(asked).expect("it can be read");
    assert_eq!(codes(&checked), [] as [String; 0]);
    assert_eq!(
        checked.workflows.len(),
        1,
        "the outer file is not asked about"
    );
    let report = run_paths(asked).expect("it can be read");
    assert_eq!(report.findings.len(), 0, "{:?}", report.findings);
    assert_eq!(report.scenarios.len(), 1);
    let failures = &report.scenarios[0].failures;
    assert!(failures.is_empty(), "{failures:?}");
    let broken = workflow("one").replace("who: user", "who: nobody");
    fs::write(inner.join("one.yaml"), broken).expect("it can be written");
    let checked = check_paths(asked).expect("it can be read");
    let shown = inner.join("one.yaml");
    assert_eq!(codes(&checked), [format!("E202 {}", shown.display())]);
}
