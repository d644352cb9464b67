//! Deliberately broken files: each finding has its code, and stands exactly where the fault is, after
//! Chinese text too. A sound workflow is broken in one place, marked `▶`, and nothing else may be found.

mod analyses;
mod at_once;
mod data;
mod expressions;
mod names;
mod shared;
mod tracks;
mod whole;
mod words;

use countersign_language::{check_files, diagnostic::Finding, source::Files};

const SHARED: &str = include_str!("sample/shared.yaml");
const WORKFLOW: &str = include_str!("sample/sample.yaml");
const OTHER: &str = include_str!("sample/other.yaml");

fn files(workflow: &str) -> Files {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("other.yaml", OTHER);
    files.add("sample.yaml", workflow);
    files.add("lists/holidays.yaml", "- 2027-01-01\n");
    files.add(
        "lists/services.yaml",
        "- { id: ecs, name: { en: Servers, zh: 服务器 }, key: true }\n",
    );
    files.note("templates/plan.docx");
    let good = r#"{ "properties": { "size": { "type": "integer" } }, "required": ["size"] }"#;
    files.add("good.schema.json", good);
    files.add("bad.schema.json", r#"{ "properties": { "size": {} } }"#);
    files
}

fn place_of_mark(text: &str) -> (usize, usize) {
    let before = text
        .split('▶')
        .next()
        .expect("there is something before the mark");
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count())
        + 1;
    (line, column)
}

fn shown(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|found| {
            let place = found.place();
            format!(
                "{} {}:{}:{} {} ({})",
                found.code,
                found.file(),
                place.line,
                place.column,
                found.message,
                found.help
            )
        })
        .collect()
}

/// Changes the workflow in one place, and expects it to be as sound as before.
#[track_caller]
fn assert_sound(whole: &str, other: &str) {
    assert_eq!(WORKFLOW.matches(whole).count(), 1, "`{whole}`");
    let checked = check_files(&files(&WORKFLOW.replacen(whole, other, 1)));
    let shown = shown(&checked.findings);
    assert!(shown.is_empty(), "{shown:#?}");
}

/// Breaks the workflow in one place and expects exactly one finding, at the mark. Gives what it says.
#[track_caller]
fn assert_broken(code: &str, whole: &str, broken: &str) -> String {
    assert_eq!(
        WORKFLOW.matches(whole).count(),
        1,
        "`{whole}` stands once in the workflow"
    );
    let marked = WORKFLOW.replacen(whole, broken, 1);
    assert_one(
        code,
        "sample.yaml",
        &marked,
        &files(&marked.replace('▶', "")),
    )
}

#[track_caller]
fn assert_one(code: &str, file: &str, marked: &str, files: &Files) -> String {
    let checked = check_files(files);
    let shown = shown(&checked.findings);
    let [found] = checked.findings.as_slice() else {
        panic!("{code}: exactly one finding is expected: {shown:#?}");
    };
    let place = found.place();
    let expected = (code, file, place_of_mark(marked));
    assert_eq!(
        (
            found.code.as_str(),
            &**found.file(),
            (place.line, place.column)
        ),
        expected,
        "{shown:#?}"
    );
    assert!(
        !found.help.is_empty() && !found.message.is_empty(),
        "{shown:#?}"
    );
    let usable = checked
        .workflows
        .iter()
        .any(|workflow| workflow.id == "sample");
    assert_eq!(usable, !found.is_error(), "{shown:#?}");
    found.message.clone()
}

/// Breaks the workflow in several places that make one fault.
#[track_caller]
fn assert_broken_by(code: &str, changes: &[(&str, &str)]) {
    let mut marked = WORKFLOW.to_owned();
    for (whole, broken) in changes {
        assert_eq!(
            marked.matches(whole).count(),
            1,
            "`{whole}` stands once in the workflow"
        );
        marked = marked.replacen(whole, broken, 1);
    }
    assert_one(
        code,
        "sample.yaml",
        &marked,
        &files(&marked.replace('▶', "")),
    );
}

#[test]
fn the_sound_workflow_has_no_findings() {
    let checked = check_files(&files(WORKFLOW));
    assert!(
        checked.findings.is_empty(),
        "{:#?}",
        shown(&checked.findings)
    );
    assert_eq!(checked.workflows.len(), 2);
}

#[test]
fn all_findings_come_in_one_run_and_in_order() {
    let broken = WORKFLOW
        .replacen("by: manager", "by: boss", 1)
        .replacen("due: 3 business days", "due: 3 dayz", 1)
        .replacen("to: review }", "to: reviw }", 1);
    let checked = check_files(&files(&broken));
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|found| found.code.as_str())
        .collect();
    assert_eq!(
        codes,
        ["E201", "E205", "E202"],
        "{:#?}",
        shown(&checked.findings)
    );
    assert_eq!(checked.workflows.len(), 1, "the other workflow is sound");
}
