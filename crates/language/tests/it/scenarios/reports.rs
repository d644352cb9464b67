//! Reports: the last line, JSON, XML, coverage, single files, and the schema in the repository.

use countersign_language::{
    scenario::{
        self, Show, render_github, render_json, render_junit, render_text, run_paths, try_paths,
    },
    source::{Files, Source},
    yaml,
};

use super::{FEW, SUBMITTED, deal, run, workflows};

const ALL: Show = Show {
    colour: false,
    coverage: true,
};

fn one_of_each() -> String {
    deal(&format!(
        "{SUBMITTED}  it \"fails\" & <says> so:
    - pat opens: {{}}
    - pat: discard
      then: {{ state: draft }}
"
    ))
}

#[test]
fn the_last_line_counts() {
    let report = run(&one_of_each());
    for text in [
        render_text(&report, Show::default()),
        render_text(&report, ALL),
        render_github(&report, Show::default()),
    ] {
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"), "{text}");
    }
    let text = render_text(&report, Show::default());
    for words in [
        "made_up.test.yaml\n  ✓ 某个故事\n  ✗ it \"fails\" & <says> so\n",
        "made_up.test.yaml:17:22  then: state\n      expected  draft\n      found     withdrawn\n",
        "    the story so far\n      2026-11-23 09:00  pat opens → draft\n",
    ] {
        assert!(text.contains(words), "{words}\nis not in\n{text}");
    }
    let github = render_github(&report, Show::default());
    let line =
        "::error file=made_up.test.yaml,line=17,col=22,title=it \"fails\" & <says> so::then: state";
    assert!(github.starts_with(line), "{github}");
}

#[test]
fn programs_read_json_and_xml() {
    let report = run(&one_of_each());
    let json = render_json(&report, ALL);
    assert_eq!(json["passed"], 1);
    assert_eq!(json["failed"], 1);
    assert_eq!(json["scenarios"][1]["failures"][0]["line"], 17);
    assert_eq!(json["scenarios"][1]["failures"][0]["found"], "withdrawn");
    assert_eq!(json["coverage"][0]["workflow"], "deal_registration");
    let xml = render_junit(&report);
    for words in [
        "<testsuites tests=\"2\" failures=\"1\">",
        "<testcase name=\"it &quot;fails&quot; &amp; &lt;says&gt; so\" classname=\"deal_registration\"",
        "<failure message=\"then: state: expected draft, found withdrawn\">made_up.test.yaml:17:22",
    ] {
        assert!(xml.contains(words), "{words}\nis not in\n{xml}");
    }
}

#[test]
fn coverage_names_what_no_scenario_took_at_its_place() {
    let report = run(&deal(&format!(
        "{SUBMITTED}    - rita: reject\n      comment: 重复\n    - wait: 90 days\n      then: {{ state: closed }}\n"
    )));
    assert!(report.is_good());
    let [coverage] = &report.coverage[..] else {
        panic!("one workflow was tested");
    };
    assert_eq!(coverage.taken, 3, "submit, reject, lapse");
    assert_eq!(coverage.taken + coverage.missed.len(), coverage.all);
    let missed: Vec<String> = coverage
        .missed
        .iter()
        .map(|found| {
            let place = found.place();
            let text = found.source.text().lines().nth(place.line - 1);
            let rest: String = text
                .unwrap_or_default()
                .chars()
                .skip(place.column - 1)
                .collect();
            let key = rest.split(':').next().unwrap_or_default().to_owned();
            assert!(
                found.message.contains(&format!("`{key}`")),
                "{}",
                found.message
            );
            format!("{} {}", found.code, found.message)
        })
        .collect();
    for message in [
        "W402 no scenario takes the action `discard` of `draft`",
        "W402 no scenario takes the timer `remind` of `review`",
        "W402 no scenario takes the decision `accept` of `approved.acceptance`",
    ] {
        assert!(missed.contains(&message.to_owned()), "{missed:#?}");
    }
    assert!(missed.iter().all(|message| !message.contains("`reject`")));
}

#[test]
fn single_files_are_run_with_what_they_need() {
    let test = workflows().join("invitation.test.yaml");
    let report = try_paths(std::slice::from_ref(&test), FEW).expect("it can be read");
    assert!(report.passed() >= 4 && report.failed() == 0);
    assert_eq!(report.scenarios[0].file, test.display().to_string());
    let workflow = workflows().join("incentive_payment.yaml");
    let report = try_paths(&[workflow], FEW).expect("it can be read");
    assert!(report.passed() >= 6 && report.failed() == 0);
    assert!(
        report
            .scenarios
            .iter()
            .all(|one| one.workflow == "incentive_payment")
    );
    assert!(run_paths(&[workflows().join("nothing.test.yaml")]).is_err());
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let path = workflows().join("schema/test.schema.json");
    let current = format!("{:#}\n", scenario::schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &current).expect("the schema can be written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == current,
        "it is out of date: run the test with UPDATE_SCHEMA=1"
    );
}

#[test]
fn the_schema_takes_the_shipped_tests_and_refuses_faults() {
    let validator = jsonschema::validator_for(&scenario::schema()).expect("it is a schema");
    let json = |text: &str| {
        let source = Source::new("a.test.yaml", text.into());
        let root = yaml::parse(&source, &mut Vec::new()).expect("it is YAML");
        root.to_json()
    };
    let read = |folder| Files::read_folder(folder).expect("the folder can be read");
    let (shipped, patterns) = (
        read(&workflows()),
        read(&workflows().join("../tests/patterns")),
    );
    let tests = shipped
        .texts()
        .chain(patterns.texts())
        .filter(|(path, _)| path.ends_with(".test.yaml"));
    for (path, text) in tests {
        let errors: Vec<String> = validator
            .iter_errors(&json(text))
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
    }
    for fault in [
        "then: { stat: draft }",
        "then: { round: one }",
        "code: fine",
        "wait: 3",
        "set: { fact: {} }",
    ] {
        let test = format!("test: a\nclock: 2026-11-23\nscenarios: {{ a: [ {{ {fault} }} ] }}");
        assert!(!validator.is_valid(&json(&test)), "{fault}");
    }
}

#[test]
fn coverage_asks_for_every_state_in_which_a_case_may_begin() {
    let patterns = Files::read_folder(&workflows().join("../tests/patterns"));
    let patterns = patterns.expect("the folder can be read");
    let mut files = Files::default();
    for path in ["shared.yaml", "control/choice.yaml"] {
        let text = patterns.text(path).expect("it is there").clone();
        files.add(path, text);
    }
    let test = "test: choice\nclock: 2026-11-23\npeople: { pat: {} }\nscenarios:\n  one way:\n    - pat opens: { request: { cost: 5 } }\n      then: { state: by_clerk }\n";
    files.add("control/choice.test.yaml", test.to_owned());
    let report = countersign_language::scenario::run_files(&files);
    let missed: Vec<&str> = report.coverage[0]
        .missed
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(missed[0], "no scenario takes the opening to `by_manager`");
    assert!(
        !missed
            .iter()
            .any(|message| message.contains("`by_clerk`") && message.contains("opening"))
    );
}

#[test]
fn coverage_names_rules_and_limits_that_refused_nothing() {
    let mut files = Files::default();
    files.add(
        "small.yaml",
        "workflow: small
version: 1
roles: { buyer: { is: starter } }
forms: { f: { fields: { a: { type: integer } } } }
rules:
  low: { check: f.a < 10, else: Too high. }
  even: { check: f.a % 2 == 0, else: Odd. }
limits:
  once: { per: starter, while: [done] }
open: { who: buyer, require: [f], to: draft }
states:
  draft: { actions: { end: { who: buyer, require: [low, even, once], to: done } } }
  done: { end: success }
",
    );
    files.add(
        "small.test.yaml",
        "test: small
clock: 2026-11-23 09:00
people: { pat: {} }
scenarios:
  too high:
    - pat opens: { f: { a: 12 } }
    - pat: end
      refused: low
  well:
    - pat opens: { f: { a: 2 } }
    - pat: end
      then: { state: done }
",
    );
    let report = scenario::run_files(&files);
    assert!(report.is_good());
    let found = report.coverage[0].never_refused.iter();
    let found: Vec<&str> = found.map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        found,
        [
            "no scenario shows what the rule `even` refuses",
            "no scenario shows what the limit `once` refuses",
        ]
    );
    let text = render_text(&report, ALL);
    let line = "small.yaml:7:3  W402 no scenario shows what the rule `even` refuses";
    assert!(text.contains(line), "{text}");
}
