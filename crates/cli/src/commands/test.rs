//! `test`: scenario tests.

use countersign_language::scenario;

use crate::{
    args::{Format, Test},
    output,
    run::{Ended, Stopped},
};

/// Runs scenarios; found something if one fails.
pub fn run(arguments: &Test) -> Result<Ended, Stopped> {
    let report = scenario::run_paths(&arguments.paths).map_err(|error| {
        Stopped::new(format!("cannot be read: {error}"))
            .hint("give test files and folders that exist")
    })?;
    match arguments.format {
        Format::Text => output::text(report.text(arguments.coverage)),
        Format::Json => output::line(report.json()),
        Format::Github => output::text(report.github()),
    }
    Ok(if report.failed() == 0 {
        Ended::Well
    } else {
        Ended::Found
    })
}
