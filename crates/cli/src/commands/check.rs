//! `check`: all findings of workflow files in one run.

use std::io::IsTerminal as _;

use countersign_language::{
    check_paths,
    diagnostic::{in_order, render_github, render_human, render_json},
};

use crate::{
    args::{Check, Format},
    output,
    run::{Ended, Stopped},
};

/// Checks; found something if there is an error.
pub fn run(arguments: &Check) -> Result<Ended, Stopped> {
    let mut checked = check_paths(&arguments.paths).map_err(|error| {
        Stopped::new(format!("cannot be read: {error}")).hint("give files and folders that exist")
    })?;
    let errors = checked
        .findings
        .iter()
        .filter(|finding| finding.is_error())
        .count();
    let warnings = checked.findings.len() - errors;
    let notes = checked.notes.len();
    if arguments.notes {
        checked.findings.append(&mut checked.notes);
        checked.findings = in_order(checked.findings);
    }
    match arguments.format {
        Format::Text => {
            output::text(render_human(
                &checked.findings,
                std::io::stdout().is_terminal(),
            ));
            let workflows = counted(checked.workflows.len(), "workflow");
            let (errors, warnings) = (counted(errors, "error"), counted(warnings, "warning"));
            let not_analysed = match notes {
                0 => String::new(),
                notes => format!(", {} not analysed", counted(notes, "condition")),
            };
            output::line(format_args!(
                "{workflows} in order, {errors}, {warnings}{not_analysed}"
            ));
        }
        Format::Json => output::line(render_json(&checked.findings)),
        Format::Github => output::text(render_github(&checked.findings, "")),
    }
    Ok(if errors == 0 {
        Ended::Well
    } else {
        Ended::Found
    })
}

fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
