//! What workflows do with data: links, tables, children, forms and limits, each told as a small workflow and its
//! stories. Tests name the rule of the semantics that they hold to.

mod children;
mod fields;
mod forms;
mod hooks;
mod limits;
mod links;
mod partners;
mod tables;

use countersign_language::{
    scenario::{Show, render_text, run_files},
    source::Files,
};

const SHARED: &str = "\
shared: 1
languages: [en]
timezone: Asia/Shanghai
roles:
  applicant: { is: starter }
  clerk: { group: clerks }
  helper: { group: helpers }
";

/// A folder with these workflows and tests.
fn folder(files: &[(&str, &str)]) -> Files {
    let mut folder = Files::default();
    folder.add("shared.yaml", SHARED);
    for (path, text) in files {
        folder.add(path, *text);
    }
    folder
}

/// All stories pass, and nothing is found in the files but what no story takes.
#[track_caller]
fn assert_stories(files: &[(&str, &str)]) {
    let report = run_files(&folder(files));
    let show = Show::default();
    assert!(
        report.is_good() && report.passed() > 0,
        "{}\n{:#?}",
        render_text(&report, show),
        report.findings
    );
}
