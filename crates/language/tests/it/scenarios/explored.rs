//! What the stories have in them that are made up against properties, how many there are, and how short the one is that is
//! shown.

use countersign_language::{
    scenario::{Report, Show, Tries, render_text, run_files, try_files},
    source::Files,
};

const SHARED: &str = "\
shared: 1
languages: [en]
timezone: Asia/Shanghai
calendars:
  cn: { week: mon-fri, hours: \"09:00-18:00\" }
roles:
  applicant: { is: starter }
  clerk: { group: clerks }
";

/// Whatever is large wants a second vote by somebody else, but not if nobody decides.
const PURCHASE: &str = "\
workflow: purchase
version: 1
forms: { cost: { fields: { amount: { type: money, minimum: 0, maximum: 1000 }, note?: { type: string } } } }
open: { who: applicant, to: draft }
states:
  draft:
    edit: { applicant: [cost] }
    actions: { go: { who: applicant, require: [cost], to: review }, note: { who: applicant } }
  review:
    edit: { clerk: [cost.amount] }
    claim: 4 business hours
    review:
      by: clerk
      decisions: { ok: { to: { second: cost.amount > 700, done: otherwise } }, no: { to: draft } }
    timers: { late: { after: 3 business days, to: done } }
  second: { review: { by: clerk, except: { voted_in: [review] }, decisions: { confirm: { to: done } } } }
  done: { end: success }
";

const PURCHASE_TEST: &str = "\
test: purchase
clock: 2026-11-23 09:00
people: { pat: {}, ann: { in: [clerks] }, ben: { in: [clerks] }, lena: {}, otto: { in: [operators] } }
scenarios:
  small:
    - pat opens: { cost: { amount: 10 } }
    - pat: note
    - pat: go
    - ann: no
    - pat: go
    - ben: ok
      then: { state: done }
";

const ORDER: &str = "\
workflow: order
version: 1
forms: { order: { fields: { lines: { type: array, maxItems: 4, items: { type: string } } } } }
children: { checks: { workflow: check, each: order.lines, key: item, with: { check.what: item } } }
open: { who: applicant, require: [order], to: draft }
states:
  draft: { actions: { submit: { who: applicant, to: checking } } }
  checking:
    enter: [ { open: checks } ]
    timers: { all: { as_soon_as: \"children.checks.all(c, c.case.end == 'success')\", to: done } }
  done: { end: success }
";

const CHECK: &str = "\
workflow: check
version: 1
links: { parent: { workflow: order } }
forms: { check: { fields: { what: { type: string } } } }
open: { who: clerk, require: [check], to: waiting }
states:
  waiting: { actions: { pass: { who: clerk, to: passed }, fail: { who: clerk, to: failed } } }
  passed: { end: success }
  failed: { end: failure }
";

const ORDER_TEST: &str = "\
test: order
clock: 2026-11-23 09:00
people: { pat: {}, ann: { in: [clerks] } }
scenarios:
  passed:
    - pat opens: { order: { lines: [a, b] } }
    - pat: submit
    - ann: pass
      child: checks.a
      then: { state: passed }
";

fn folder(files: &[(&str, &str)]) -> Files {
    let mut folder = Files::default();
    folder.add("shared.yaml", SHARED);
    for (path, text) in files {
        folder.add(path, *text);
    }
    folder
}

fn text(report: &Report) -> String {
    render_text(report, Show::default())
}

/// The shortest story that breaks this, which breaks it when it is told as a scenario.
#[track_caller]
fn found(workflows: &[(&str, &str)], test: &str, property: &str) -> Vec<String> {
    let never = format!("never:\n  this: \"{property}\"\n");
    let told = |test: &str| {
        let test = format!("{test}{never}");
        let files: Vec<_> = workflows
            .iter()
            .copied()
            .chain([("a.test.yaml", test.as_str())])
            .collect();
        let tries = Tries {
            runs: Some(400),
            seed: 0,
        };
        try_files(&folder(&files), tries)
    };
    let report = told(test);
    let broken = report.scenarios.iter().find(|scenario| !scenario.passed());
    let story = broken.unwrap_or_else(|| panic!("never found: {property}\n{}", text(&report)));
    let (head, _) = test.split_once("scenarios:").expect("it has scenarios");
    let again = format!("{head}scenarios:\n{}\n", story.story.join("\n"));
    let second = told(&again);
    assert!(second.scenarios[0].passed(), "{again}{}", text(&second));
    assert_eq!(
        second.made_up.stories, 0,
        "the story shows it itself: {again}"
    );
    story.story[1..]
        .iter()
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn a_form_is_opened_with_and_nobody_waits_longer_than_it_takes() {
    let property = "case.is_in('done') && cost.amount > 700 && !case.took('confirm')";
    let story = found(&[("p.yaml", PURCHASE)], PURCHASE_TEST, property);
    let steps = story.iter().filter(|line| line.starts_with("- ")).count();
    assert_eq!(steps, 3, "{story:#?}");
    assert!(story[0].contains(" opens: { cost:"), "{story:#?}");
    assert!(
        story.contains(&"- wait until: \"2026-11-26 09:00:00\"".to_owned()),
        "{story:#?}"
    );
}

#[test]
fn turns_are_handed_to_somebody_whom_no_role_names() {
    let property = "cast.exists(v, v.by.id == 'lena')";
    let story = found(&[("p.yaml", PURCHASE)], PURCHASE_TEST, property);
    let handed = |line: &String| line.contains(" delegates: ") || line.contains(" reassigns: ");
    assert!(story.iter().any(handed), "{story:#?}");
}

#[test]
fn children_have_stories_of_their_own() {
    let property = "case.is_in('checking') && children.checks.exists(c, c.case.end == 'failure')";
    let workflows = [("o.yaml", ORDER), ("c.yaml", CHECK)];
    let story = found(&workflows, ORDER_TEST, property);
    assert!(story.contains(&"- ann: fail".to_owned()), "{story:#?}");
    assert!(
        story.iter().any(|line| line.starts_with("child: checks.")),
        "{story:#?}"
    );
}

#[test]
fn what_happens_to_a_child_in_a_scenario_is_told_of_the_child_in_its_story() {
    let property = "children.checks.exists(c, c.case.end == 'success')";
    let workflows = [("o.yaml", ORDER), ("c.yaml", CHECK)];
    let story = found(&workflows, ORDER_TEST, property);
    assert_eq!(
        story[2..4],
        ["- ann: pass", "child: checks.a"],
        "{story:#?}"
    );
}

#[test]
fn a_budget_of_stories_is_divided_among_the_test_files_and_told() {
    let holds = format!("{PURCHASE_TEST}always:\n  one: case.round >= 1\n");
    let without = ("b.test.yaml", PURCHASE_TEST);
    let report = run_files(&folder(&[
        ("p.yaml", PURCHASE),
        ("a.test.yaml", &holds),
        without,
    ]));
    assert!(report.is_good(), "{}", text(&report));
    assert_eq!((report.made_up.stories, report.made_up.files), (750, 1));
    let line = "750 stories made up against the properties of 1 test file\n3 passed, 0 failed\n";
    assert!(text(&report).ends_with(line), "{}", text(&report));
    let tries = Tries {
        runs: Some(7),
        seed: 0,
    };
    let files = folder(&[("p.yaml", PURCHASE), ("a.test.yaml", &holds)]);
    assert_eq!(try_files(&files, tries).made_up.stories, 7);
}
