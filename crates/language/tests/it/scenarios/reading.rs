//! What cannot be read is found where it stands, after Chinese text too, with a word about what would be right.

use super::{SUBMITTED, TEST, beside_workflows, deal, mark, run, shown};
use countersign_language::scenario::run_files;

/// A test with one fault at `▶`: its code, and a piece of the message or help.
fn assert_found(test: &str, code: &str, words: &str) {
    let report = run(test);
    let errors: Vec<_> = report
        .findings
        .iter()
        .filter(|found| found.is_error())
        .collect();
    let all = shown(&report.findings);
    assert_eq!(errors.len(), 1, "{test}\n{all:#?}");
    let place = errors[0].place();
    assert_eq!((place.line, place.column), mark(test), "{test}\n{all:#?}");
    assert_eq!(errors[0].code.as_str(), code, "{all:#?}");
    assert!(all[0].contains(words), "{words}: {all:#?}");
    assert_eq!(&**errors[0].file(), TEST);
    // What cannot be run has not passed.
    assert_eq!(report.passed(), 0);
    assert!(report.failed() > 0 && !report.is_good());
}

/// What stands in the file, the code, and a piece of what is said.
const STEPS: [(&str, &str, &str); 23] = [
    ("- ▶rota: approve", "E228", "did you mean `rita`?"),
    ("- ▶pit opens: {}", "E228", "did you mean `pat`?"),
    ("- ▶pat open: {}", "E101", "did you mean `opens`?"),
    ("- rita: ▶aprove", "E223", "did you mean `approve`?"),
    (
        "- rita: reject\n      ▶coment: 客户重复",
        "E101",
        "did you mean `comment`?",
    ),
    (
        "- rita: reject\n      comment: { ▶deal.amout: 请补 }",
        "E222",
        "did you mean `amount`?",
    ),
    (
        "- rita: approve\n      evaluation: { ▶grad: A }",
        "E222",
        "did you mean `grade`?",
    ),
    (
        "- pat edits: { deal: { note: 备注, ▶amout: 1 } }",
        "E222",
        "did you mean `amount`?",
    ),
    (
        "- pat edits: { ▶delivry: {} }",
        "E222",
        "did you mean `delivery`?",
    ),
    (
        "- pat: apply_for_acceptance\n      ▶acceptance_report: a.pdf",
        "E101",
        "pat edits",
    ),
    (
        "- rita: approve\n      code: ▶fine",
        "E107",
        "`good` or `bad`",
    ),
    ("- rita: approve\n      confirm: ▶perhaps", "E107", "true"),
    (
        "- rita: approve\n      link: ▶first",
        "E228",
        "there is none at all",
    ),
    (
        "- wait: ▶3 busy days",
        "E205",
        "`3 busy days` is not a length of time",
    ),
    ("- wait: ▶-1 day", "E205", "backwards"),
    ("- wait until: ▶明天", "E107", "2026-11-23 09:00"),
    (
        "- wait: 1 day\n      ▶comment: 好",
        "E101",
        "allowed here: `then`",
    ),
    (
        "- pat: submit\n      ▶rita: approve",
        "E105",
        "begin the next with",
    ),
    ("- ▶{ then: { state: draft } }", "E104", "say who does what"),
    ("- set: { ▶fact: {} }", "E101", "did you mean `facts`?"),
    (
        "- set: { cases: { ▶ia: { state: review } } }",
        "E228",
        "no case `ia`",
    ),
    ("- set: { facts: { ▶person: {} } }", "E222", "`partner`"),
    (
        "- set: { facts: { partner: { 甲: { commercial_certified: ▶maybe } } } }",
        "E107",
        "must be",
    ),
];

#[test]
fn faults_of_a_step_are_found_at_their_place() {
    for (steps, code, words) in STEPS {
        assert_found(&deal(&format!("{SUBMITTED}    {steps}\n")), code, words);
    }
}

/// What stands in the file, the code, and a piece of what is said.
const EXPECTATIONS: [(&str, &str, &str); 22] = [
    ("then: { ▶stat: review }", "E101", "did you mean `state`?"),
    ("then: { state: ▶revue }", "E201", "did you mean `review`?"),
    (
        "then: { state: ▶acceptance }",
        "E201",
        "write its whole path: `approved.acceptance`",
    ),
    (
        "then: { mail: [pat, ▶rota] }",
        "E228",
        "did you mean `rita`?",
    ),
    (
        "then: { sent: { ▶review_wantd: 1 } }",
        "E206",
        "did you mean `review_wanted`?",
    ),
    (
        "then: { sent: { review_wanted: ▶some } }",
        "E107",
        "a whole number",
    ),
    (
        "then: { called: ▶pay }",
        "E222",
        "the workflow calls no hook `pay`",
    ),
    ("then: { due: ▶tomorrow }", "E107", "is not a time"),
    (
        "then: { votes: { ▶aprove: 1 } }",
        "E223",
        "did you mean `approve`?",
    ),
    (
        "then: { votes: { approve: ▶one } }",
        "E107",
        "write `1 of 2`",
    ),
    (
        "then: { to_fix: [▶deal.amout] }",
        "E222",
        "did you mean `amount`?",
    ),
    ("then: { end: ▶good }", "E107", "`success`"),
    ("then: { round: ▶0 }", "E107", "at least 1"),
    ("then: { overdue: ▶very }", "E107", "true"),
    (
        "then: { may: [▶rota approve] }",
        "E228",
        "did you mean `rita`?",
    ),
    (
        "then: { may: [▶rita aprove] }",
        "E223",
        "did you mean `approve`?",
    ),
    (
        "then: { may_not: { rita: ▶becuse } }",
        "E204",
        "can be a reason",
    ),
    ("then: { ▶pit sees: [deal] }", "E228", "did you mean `pat`?"),
    (
        "then: { pat sees: [▶dael] }",
        "E222",
        "did you mean `deal`?",
    ),
    ("then: { tracks: { ▶board: voting } }", "E201", "track"),
    ("refused: ▶whom", "E204", "did you mean `who`?"),
    ("refused: ▶[]", "E107", "says why"),
];

#[test]
fn faults_of_expectations_are_found_at_their_place() {
    for (then, code, words) in EXPECTATIONS {
        let steps = format!("{SUBMITTED}    - pat: withdraw\n      comment: 放弃\n      {then}\n");
        assert_found(&deal(&steps), code, words);
    }
}

/// Whole heads of a test.
const HEADS: [(&str, &str, &str); 4] = [
    (
        "test: ▶deal_registation\nclock: 2026-11-23",
        "E221",
        "did you mean",
    ),
    ("▶clock: 2026-11-23", "E104", "the test has no `test`"),
    ("▶test: invitation", "E104", "the test has no `clock`"),
    (
        "test: invitation\nclock: ▶now",
        "E107",
        "`now` is not a time",
    ),
];

/// Lines after a sound head.
const LINES: [(&str, &str, &str); 17] = [
    (
        "people: { 王: { in: [▶deal_reviewer] } }",
        "E107",
        "did you mean `deal_reviewers`?",
    ),
    (
        "people: { a: { in: [others] }, ▶乙: { email: A@example.com } }",
        "E107",
        "too",
    ),
    ("▶peple: {}", "E101", "did you mean `people`?"),
    ("▶allways: {}", "E101", "did you mean `always`?"),
    ("never: ▶[]", "E103", "is a mapping"),
    (
        "people: { 王: { ▶im: [psa] } }",
        "E101",
        "did you mean `in`?",
    ),
    (
        "people: { 王: { away: { ▶form: 2026-11-23 09:00 } } }",
        "E101",
        "did you mean `from`?",
    ),
    (
        "people: { 王: { substitute: ▶pta } }",
        "E228",
        "the test has no person `pta`",
    ),
    (
        "people: { 王: { language: ▶fr } }",
        "E107",
        "write `en` or `zh`",
    ),
    (
        "people: { 王: { timezone: ▶Asia/Peking } }",
        "E107",
        "no time zone",
    ),
    ("people: { ▶wait: {} }", "E107", "means something else"),
    ("people: { ▶deal: {} }", "E107", "means something else"),
    ("cases: { ▶甲: { state: approved } }", "E104", "`workflow`"),
    (
        "cases: { 甲: { workflow: incentive_application, state: ▶aproved } }",
        "E201",
        "did you mean `approved`?",
    ),
    (
        "cases: { 甲: { workflow: incentive_application, state: draft, ▶aplication: {} } }",
        "E101",
        "did you mean `application`?",
    ),
    (
        "cases: { ▶甲: { workflow: incentive_application, state: draft, application: { ceiling: 一 } } }",
        "E107",
        "cannot be",
    ),
    (
        "facts: { partner: { 甲: { ▶certified: true } } }",
        "E222",
        "commercial_certified",
    ),
];

#[test]
fn faults_around_the_scenarios_are_found_at_their_place() {
    let whole = |head: &str| format!("{head}\nscenarios:\n  故事:\n    - wait: 1 day\n");
    for (head, code, words) in HEADS {
        assert_found(&whole(head), code, words);
    }
    for (line, code, words) in LINES {
        let head = format!("test: deal_registration # 报备\nclock: 2026-11-23 09:00\n{line}");
        assert_found(&whole(&head), code, words);
    }
}

#[test]
fn nothing_in_a_scenario_is_a_fault() {
    let empty = "test: invitation\nclock: 2026-11-23\nscenarios:\n  ▶空的故事:\n";
    assert_found(empty, "E107", "nothing happens");
    assert_found(
        "▶test: invitation\nclock: 2026-11-23\n",
        "E104",
        "`scenarios`",
    );
}

#[test]
fn a_test_of_a_broken_workflow_is_not_run_and_says_why() {
    let test = deal(SUBMITTED);
    let mut files = beside_workflows(&test);
    let text = files.text("deal_registration.yaml").cloned();
    let text = text.expect("it is shipped");
    files.add(
        "deal_registration.yaml",
        text.replace("to: review }", "to: revue }"),
    );
    let report = run_files(&files);
    let all = shown(&report.findings);
    assert!(
        all.iter()
            .any(|found| found.starts_with("E201 deal_registration.yaml")),
        "{all:#?}"
    );
    assert!(
        all.iter()
            .any(|found| found.starts_with("E221 made_up.test.yaml:1:7")),
        "{all:#?}"
    );
    assert_eq!((report.passed(), report.failed()), (0, 1));
    assert_eq!(report.scenarios[0].name, "某个故事");
}
