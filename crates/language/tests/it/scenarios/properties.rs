//! Properties: what must never be is found in stories that nobody wrote, and shown in the shortest of them.

use countersign_language::scenario::{Report, Show, Tries, render_text, try_files};

use super::{FEW, beside_workflows, deal, mark, run, shown};

/// A test of deal registration with one scenario and these properties.
fn with(properties: &str) -> String {
    let story = "    \
    - pat opens: { deal: { customer: 北方公司, amount: 2000000, close_date: 2026-12-20 } }
    - pat: submit
    - rita: approve
      evaluation: { grade: A, summary: 好 }
    - omar: approve
      evaluation: { grade: B, summary: 好 }
      then: { state: approved.result_ready }
";
    format!("{}{properties}", deal(story))
}

fn text(report: &Report) -> String {
    render_text(report, Show::default())
}

/// The lines of the story that is shown, as a scenario of the same file.
fn told_again(test: &str, report: &Report) -> String {
    let broken = report.scenarios.iter().find(|scenario| !scenario.passed());
    let story = broken.expect("a property is broken").story.join("\n");
    let (head, _) = test.split_once("scenarios:").expect("it has scenarios");
    let (_, properties) = test.split_once("never:").unwrap_or_default();
    format!("{head}scenarios:\n{story}\nnever:{properties}")
}

#[test]
fn what_holds_passes_and_counts_as_a_scenario() {
    let report = run(&with(
        "never:
  the starter votes: cast.exists(v, v.by.id == starter.id)
always:
  rounds go up: case.round >= 1
",
    ));
    assert!(report.is_good(), "{}", text(&report));
    let names: Vec<&str> = report.scenarios.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "某个故事",
            "always: rounds go up",
            "never: the starter votes"
        ]
    );
}

#[test]
fn a_scenario_that_breaks_a_property_is_cut_to_what_shows_it() {
    let test = with("never:\n  under review: case.is_in(\"review\")\n");
    let report = run(&test);
    let broken = &report.scenarios[1];
    assert!(!broken.passed(), "{}", text(&report));
    assert_eq!(broken.name, "never: under review");
    assert_eq!(
        broken.story,
        [
            "  某个故事:",
            "    - pat opens: { deal: { customer: 北方公司, amount: \"2000000\", close_date: \"2026-12-20\" } }",
            "    - pat: submit",
            "      then: { state: review }",
        ]
    );
}

#[test]
fn a_story_that_nobody_wrote_is_found_and_shows_it_when_it_is_told_again() {
    // The scenario never withdraws, comments or waits.
    for property in [
        "case.is_in(\"withdrawn\") && case.round > 1",
        "case.is_in(\"changes_requested\") && case.entered.changes_requested > add(case.opened_at, \"1 day\")",
        "case.times(\"resubmit\") == 1",
    ] {
        let test = with(&format!("never:\n  this: '{property}'\n"));
        let tries = Tries {
            runs: Some(600),
            seed: 1,
        };
        let report = try_files(&beside_workflows(&test), tries);
        let broken = report.scenarios.iter().find(|scenario| !scenario.passed());
        assert!(broken.is_some(), "{property} is never found");
        let again = told_again(&test, &report);
        let files = beside_workflows(&again);
        let second = try_files(&files, FEW);
        assert_eq!(
            second.scenarios.len(),
            2,
            "{again}{:#?}",
            shown(&second.findings)
        );
        assert!(second.scenarios[0].passed(), "{again}{}", text(&second));
        assert!(!second.scenarios[1].passed(), "{again}{}", text(&second));
        let steps = again.matches("    - ").count();
        assert!(steps <= 6, "{steps} steps are not short:\n{again}");
    }
}

#[test]
fn the_same_seed_tells_the_same_stories() {
    let test = with("never:\n  this: case.round > 1\n");
    let tell = |seed| {
        let tries = Tries {
            runs: Some(100),
            seed,
        };
        let report = try_files(&beside_workflows(&test), tries);
        report.scenarios[1].story.clone()
    };
    assert!(!tell(3).is_empty());
    assert_eq!(tell(3), tell(3));
    assert_ne!(tell(3)[0], tell(4)[0]);
}

#[test]
fn what_has_no_value_is_not_true() {
    let report = run(&with(
        "always:
  an evaluation: evaluation.grade == \"A\" || evaluation.grade == \"B\"
",
    ));
    let broken = &report.scenarios[1];
    assert!(
        broken.failures[0].found.contains("has no value"),
        "{}",
        text(&report)
    );
    assert_eq!(broken.story.len(), 3, "{:#?}", broken.story);
}

#[test]
fn a_property_is_checked_where_it_stands() {
    for (property, code) in [
        ("case.is_in(▶\"aproved\")", "E309"),
        ("▶deel.amount > 1", "E301"),
        ("▶deal.amount", "E308"),
        ("▶actor.id == starter.id", "E301"),
    ] {
        let test = with(&format!("never:\n  某事: {property}\n"));
        let report = run(&test);
        let found = shown(&report.findings);
        assert_eq!(report.findings.len(), 1, "{property}: {found:#?}");
        let place = report.findings[0].place();
        assert_eq!((place.line, place.column), mark(&test), "{found:#?}");
        assert_eq!(report.findings[0].code.as_str(), code, "{found:#?}");
    }
}
