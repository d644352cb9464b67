//! Scenario tests: stories beside a workflow that are told on [`countersign_core::world::World`] and compared
//! with what the file expects. Nothing is interpreted here a second time: the world steps, this reads and
//! compares.

mod coverage;
mod property;
mod read;
mod record;
mod render;
mod report;
mod run;
mod schema;
mod suite;
mod write;

pub use coverage::Coverage;
pub use property::Tries;
pub use record::{Recorded, Untellable, record};
pub use render::{Show, render_github, render_json, render_junit, render_text};
pub use report::{Failure, MadeUp, Report, ScenarioResult};
pub use schema::schema;

use std::{collections::BTreeSet, io, path::PathBuf, sync::Arc};

use countersign_core::name::Name;

use crate::{
    asked::Asked,
    diagnostic::{Finding, in_order},
    load::{Checked, check_files, is_workflow},
    parallel,
    source::{Files, Source},
    yaml::{self, Yaml},
};

use coverage::Seen;
use read::Read;
use run::Stage;

/// Runs the scenarios of folders, and of single files: a test file, or a workflow file with all tests of it.
/// Paths in the report are those given, or lie below them.
pub fn run_paths(paths: &[PathBuf]) -> io::Result<Report> {
    try_paths(paths, Tries::default())
}

/// The same, with properties tried harder or otherwise.
pub fn try_paths(paths: &[PathBuf], tries: Tries) -> io::Result<Report> {
    let mut all = Report::default();
    for path in paths {
        let asked = Asked::read(path)?;
        let mut report = run_asked(&asked, tries);
        report.rename(|file| asked.shown(file));
        all.scenarios.extend(report.scenarios);
        all.findings.extend(report.findings);
        all.coverage.extend(report.coverage);
        all.made_up.add(report.made_up);
    }
    all.findings = in_order(all.findings);
    Ok(all)
}

/// Runs all scenarios among files in memory.
pub fn run_files(files: &Files) -> Report {
    try_files(files, Tries::default())
}

/// The same, with properties tried harder or otherwise.
pub fn try_files(files: &Files, tries: Tries) -> Report {
    run_some(files, tries, &|_| true, &|_| true)
}

/// The scenarios of one workflow among files in memory, by the id that their files say they test. Few stories are made up:
/// a server has more to do.
pub fn run_workflow(files: &Files, workflow: &str) -> Report {
    let tries = Tries {
        runs: Some(property::FEWEST),
        ..Tries::default()
    };
    run_some(files, tries, &|_| false, &|test| {
        declared_id(files, test, "test").as_deref() == Some(workflow)
    })
}

fn run_asked(asked: &Asked, tries: Tries) -> Report {
    let takes = |path: &str| asked.takes(path);
    match asked.file().filter(|file| !is_test(file)) {
        None => run_some(&asked.files, tries, &takes, &takes),
        Some(workflow) => {
            let id = declared_id(&asked.files, workflow, "workflow");
            run_some(&asked.files, tries, &takes, &|test| {
                id.is_some() && declared_id(&asked.files, test, "test") == id
            })
        }
    }
}

/// Every word that test files have of their own: of the file, of people, cases and steps, of what is expected and refused.
pub fn words() -> BTreeSet<&'static str> {
    let steps = read::verbs().chain(read::KEYWORDS);
    let expected = read::THEN.into_iter().chain(read::REASONS);
    let around = [read::TEST, read::PERSON, read::SET];
    let around = around.iter().flat_map(|place| place.words.iter().copied());
    let around = around.chain(read::CASE);
    steps.chain(expected).chain(around).collect()
}

/// Whether a file is a test by its name.
fn is_test(path: &str) -> bool {
    path.ends_with(".test.yaml") || path.ends_with(".test.yml")
}

/// The workflow that a file says it is, or says it tests.
fn declared_id(files: &Files, path: &str, keyword: &str) -> Option<String> {
    let source = Source::new(path, Arc::clone(files.text(path)?));
    let root = yaml::parse(&source, &mut Vec::new())?;
    Some(root.get(keyword)?.scalar()?.text.clone())
}

/// Runs the tests that are wanted. What is wrong with workflows is told of those asked about and of those tested.
fn run_some(
    files: &Files,
    tries: Tries,
    asked: &dyn Fn(&str) -> bool,
    wanted: &dyn Fn(&str) -> bool,
) -> Report {
    let checked = check_files(files);
    let mut report = Report::default();
    let mut seen = Seen::default();
    let mut tested = BTreeSet::new();
    let tests: Vec<(&str, &Arc<str>)> = files
        .texts()
        .filter(|(path, _)| is_test(path) && wanted(path))
        .collect();
    let tries = tries.divided(tests.len());
    let all = parallel::map(
        &tests,
        || (),
        |(), (path, text)| run_file(path, text, &checked, tries),
    );
    for one in all {
        tested.extend(one.tested);
        seen.add(one.seen);
        report.scenarios.extend(one.scenarios);
        report.findings.extend(one.findings);
        report.made_up.add(one.made_up);
    }
    let foreign = |finding: &Finding| {
        let path = finding.file();
        let id = || declared_id(files, path, "workflow");
        is_workflow(path) && !asked(path) && id().is_none_or(|id| !tested.contains(&id))
    };
    let findings = checked.findings.iter();
    report
        .findings
        .extend(findings.filter(|finding| !foreign(finding)).cloned());
    report.findings = in_order(report.findings);
    let tested = checked
        .workflows
        .iter()
        .filter(|workflow| tested.contains(workflow.id.as_str()));
    report.coverage = tested
        .filter_map(|workflow| {
            let file = text_of(&workflow.id, &checked, files)?;
            Some(seen.coverage(workflow, &file))
        })
        .collect();
    report
}

/// What came of one test file.
#[derive(Default)]
struct Told {
    /// The workflow that it tests.
    tested: Option<String>,
    scenarios: Vec<ScenarioResult>,
    findings: Vec<Finding>,
    seen: Seen,
    made_up: MadeUp,
}

fn run_file(path: &str, text: &Arc<str>, checked: &Checked, tries: Tries) -> Told {
    let source = Source::new(path, Arc::clone(text));
    let Read {
        suite,
        names,
        tested,
        mut findings,
    } = read::read(source.clone(), checked);
    let mut told = Told {
        tested,
        ..Told::default()
    };
    let stage = suite.as_ref().map(|suite| {
        let stage = Stage::set(suite, checked, &mut findings);
        (suite, stage)
    });
    let sound = !findings.iter().any(Finding::is_error);
    told.findings = findings;
    match stage.filter(|_| sound) {
        Some((suite, stage)) => {
            let mut stories = Vec::new();
            for scenario in &suite.scenarios {
                let (result, turns) = stage.run(scenario, &mut told.seen);
                told.scenarios.push(result);
                stories.push((scenario.name.clone(), turns));
            }
            let held = property::hold(suite, &stage, &stories, tries);
            told.scenarios.extend(held.results);
            told.made_up = held.made_up;
        }
        None => {
            let workflow = told.tested.clone().unwrap_or_default();
            told.scenarios.extend(not_run(&source, names, &workflow));
        }
    }
    told
}

/// What cannot be run has not passed.
fn not_run(
    source: &Source,
    mut names: Vec<(String, crate::source::Span)>,
    workflow: &str,
) -> Vec<ScenarioResult> {
    if names.is_empty() {
        names.push(("(the file)".to_owned(), crate::source::Span::new(0, 0)));
    }
    let results = names.into_iter().map(|(name, span)| {
        let place = source.line_column(span.start);
        ScenarioResult {
            file: source.path().to_string(),
            workflow: workflow.to_owned(),
            name,
            line: place.line,
            column: place.column,
            failures: vec![Failure {
                line: place.line,
                column: place.column,
                what: "the scenario".to_owned(),
                expected: "a file without errors".to_owned(),
                found: "errors; it was not run".to_owned(),
            }],
            story: Vec::new(),
            found: false,
        }
    });
    results.collect()
}

fn text_of(id: &Name, checked: &Checked, files: &Files) -> Option<(Source, Yaml)> {
    let published = checked.published.iter().find(|found| found.id == *id)?;
    let source = Source::new(&published.path, Arc::clone(files.text(&published.path)?));
    let root = yaml::parse(&source, &mut Vec::new())?;
    Some((source, root))
}

impl Report {
    fn rename(&mut self, name: impl Fn(&str) -> String) {
        let missed = self.coverage.iter_mut().flat_map(|coverage| {
            coverage
                .missed
                .iter_mut()
                .chain(&mut coverage.never_refused)
        });
        for finding in self.findings.iter_mut().chain(missed) {
            finding.source = finding.source.renamed(&name(finding.file()));
        }
        for scenario in &mut self.scenarios {
            scenario.file = name(&scenario.file);
        }
    }
}
