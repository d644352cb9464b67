//! Stories that begin in an older version: told in the words of scenarios, and made up against properties.

use countersign_language::{
    scenario::{Report, Show, Tries, render_text, try_files},
    source::Files,
};

use super::mark;

const SHARED: &str = "shared: 1\nlanguages: [en]\nroles: { applicant: { is: starter } }\n";

const FIRST: &str = "\
workflow: wish
version: 1
forms: { wish: { fields: { what: { type: string, maxLength: 20 } } } }
open: { who: applicant, to: draft }
states:
  draft:
    edit: { applicant: [wish] }
    actions: { send: { who: applicant, require: [wish], to: sent } }
  sent:
    actions: { drop: { who: applicant, to: over } }
  over: { end: neutral }
";

/// Has a price, which an older wish lacks; what was dropped in the older version cannot be moved.
const SECOND: &str = "\
workflow: wish
version: 2
forms: { wish: { fields: { what: { type: string, maxLength: 20 }, price: { type: integer, minimum: 1 } } } }
open: { who: applicant, to: start }
states:
  start:
    edit: { applicant: [wish] }
    actions: { send: { who: applicant, require: [wish], to: sent } }
  sent:
    edit: { applicant: [wish] }
    actions: { drop: { who: applicant, to: over } }
    timers: { lapse: { after: 10 days, to: over } }
  over: { end: neutral }
migrate:
  1: { states: { draft: start } }
";

const PEOPLE: &str = "\
test: wish
clock: 2026-11-23 09:00
people:
  pat:  { partner: acme }
  otto: { in: [operators] }
";

/// Takes every way of the newer version.
const NEW: &str = "  the newer version:
    - pat opens: { wish: { what: A boat, price: 5 } }
    - pat: send
    - pat: drop
    - pat opens: { wish: { what: A boat, price: 5 } }
    - pat: send
    - wait: 10 days
";

fn run(test: &str, runs: u32) -> Report {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("wish.yaml", SECOND);
    files.add("versions/wish.1.yaml", FIRST);
    files.add("wish.test.yaml", test);
    let runs = Some(runs);
    try_files(&files, Tries { runs, seed: 0 })
}

fn text(report: &Report) -> String {
    render_text(report, Show::default())
}

#[test]
fn rule_50_a_case_of_an_older_version_is_moved_in_a_story() {
    let stories = "  it is moved and goes on by the newer file:
    - pat opens: { wish: { what: A boat } }
      version: 1
      then: { state: draft }
    - otto migrates: There are new rules.
      then: { state: start }
    - pat: send
      refused: wish
    - pat edits: { wish: { price: 5 } }
    - pat: send
    - wait: 10 days
      then: { state: over }
  only an operator moves it, with what the newer version asks for:
    - pat opens: { wish: { what: A boat } }
      version: 1
    - pat: send
    - pat migrates: I want to.
      refused: who
    - otto migrates: There are new rules.
      wish: { price: 5 }
      then: { state: sent }
";
    let report = run(&format!("{PEOPLE}scenarios:\n{stories}{NEW}"), 0);
    assert!(report.is_good(), "{}", text(&report));
    let coverage = &report.coverage[0];
    assert_eq!(coverage.taken, coverage.all, "{:#?}", coverage.missed);
}

#[test]
fn what_an_older_version_did_covers_nothing_of_the_newer() {
    let stories = "  it is moved:
    - pat opens: { wish: { what: A boat } }
      version: 1
    - pat: send
    - otto migrates: There are new rules.
";
    let report = run(&format!("{PEOPLE}scenarios:\n{stories}"), 0);
    assert_eq!(report.coverage[0].taken, 0, "{}", text(&report));
}

#[test]
fn made_up_stories_begin_in_older_versions_and_are_moved() {
    let always =
        "always: { what is sent has a price: \"!case.is_in('sent') || has(wish.price)\" }\n";
    let test = format!("{PEOPLE}scenarios:\n{NEW}{always}");
    let report = run(&test, 200);
    let broken = report.scenarios.iter().find(|one| !one.passed());
    let broken = broken.expect("a wish that was sent before lacks it");
    let story = broken.story.join("\n");
    for word in ["version: 1", ": send\n", "otto migrates: "] {
        assert!(story.contains(word), "{word}: {story}");
    }
    assert_eq!(story.matches("\n    - ").count(), 3, "{story}");
    // Pasted into the file it breaks the same, without any other made up.
    let again = run(&format!("{PEOPLE}scenarios:\n{story}\n{always}"), 0);
    assert_eq!(again.scenarios.len(), 2, "{}", text(&again));
    assert!(again.scenarios[0].passed(), "{}", text(&again));
    assert!(!again.scenarios[1].passed(), "{}", text(&again));

    let holds = "always: { it was sent once at most: case.times('send') <= 1 }\n";
    let report = run(&format!("{PEOPLE}scenarios:\n{NEW}{holds}"), 200);
    assert!(report.is_good(), "{}", text(&report));
}

#[test]
fn a_version_that_is_not_there_is_found_at_its_place() {
    let test = format!(
        "{PEOPLE}scenarios:\n  it is moved:\n    - pat opens: {{ wish: {{ what: A boat }} }}\n      version: ▶3\n"
    );
    let report = run(&test.replace('▶', ""), 0);
    let found = report.findings.iter().find(|found| found.is_error());
    let found = found.expect("it is found");
    assert_eq!(found.code.as_str(), "E107", "{found:?}");
    let place = found.source.line_column(found.span.start);
    let (line, column) = mark(&test);
    assert_eq!((place.line, place.column), (line, column));
}
