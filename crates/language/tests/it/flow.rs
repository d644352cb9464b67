//! The machine and time of the language, told as stories: small workflows in `flow/`, each with scenarios that name the
//! rules they hold. What the checker says of faults in them is `broken`'s.

use std::path::PathBuf;

use countersign_language::scenario::{Show, render_text, run_paths};

#[test]
fn the_stories_of_machine_and_time_hold() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/flow");
    let report = run_paths(&[folder]).expect("the folder can be read");
    let show = Show {
        colour: false,
        coverage: false,
    };
    let text = render_text(&report, show);
    assert!(report.is_good() && report.findings.is_empty(), "{text}");
}
