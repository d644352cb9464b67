//! `test`: scenario tests.

use std::io::IsTerminal as _;

use countersign_language::scenario::{
    Show, Tries, render_github, render_json, render_junit, render_text, try_paths,
};

use crate::{
    args::{Results, Test},
    output,
    run::{Ended, Stopped},
};

/// Runs scenarios; found something if one fails, or a file has an error.
pub fn run(arguments: &Test) -> Result<Ended, Stopped> {
    let tries = Tries {
        runs: arguments.runs,
        seed: arguments.seed,
    };
    let report = try_paths(&arguments.paths, tries).map_err(|error| {
        Stopped::new(format!("cannot be read: {error}"))
            .hint("give test files, workflow files and folders that exist")
    })?;
    let show = Show {
        colour: std::io::stdout().is_terminal(),
        coverage: arguments.coverage,
    };
    match arguments.format {
        Results::Text => output::text(render_text(&report, show)),
        Results::Json => output::line(render_json(&report, show)),
        Results::Junit => output::text(render_junit(&report)),
        Results::Github => output::text(render_github(&report, show)),
    }
    Ok(if report.is_good() {
        Ended::Well
    } else {
        Ended::Found
    })
}
