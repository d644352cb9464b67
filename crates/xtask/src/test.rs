//! `cargo xtask test`: the list of what must hold before a change may land. Not for how one step is run.

use crate::{
    Error, prerequisites,
    step::{self, Step},
};

/// Runs every step, whatever the others say, and fails when one did.
pub fn run(quick: bool) -> Result<(), Error> {
    let steps = if quick { quick_steps() } else { all_steps() };
    let provided = if quick {
        None
    } else {
        Some(prerequisites::provide()?)
    };
    let variables = provided
        .as_ref()
        .map_or_else(Vec::new, prerequisites::Prerequisites::variables);
    let endings = steps
        .iter()
        .map(|step| step.run(&variables))
        .collect::<Vec<_>>();
    step::summarise(&endings)
}

/// `build` makes the binary that the suites kill and the last two steps use, with the same features as the tests.
fn all_steps() -> Vec<Step> {
    vec![
        Step::cargo("format", &["fmt", "--all", "--check"]),
        Step::cargo(
            "lints",
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        ),
        Step::cargo("build", &["build", "--workspace", "--all-targets"]),
        Step::cargo("tests", &["test", "--workspace"]),
        Step::cargo(
            "stories and races on PostgreSQL",
            &[
                // Of the workspace, as the step before: of one package some crates would be built again with fewer features.
                "test",
                "--workspace",
                "--test",
                "it",
                "--",
                "stories",
                "promises::concurrency",
            ],
        )
        .on_postgres(),
        Step::product("shipped workflows", &["check", "workflows/"]),
        Step::product("their scenarios", &["test", "workflows/"]),
    ]
}

fn quick_steps() -> Vec<Step> {
    vec![
        Step::cargo("format", &["fmt", "--all", "--check"]),
        Step::cargo("unit tests", &["test", "--workspace", "--lib", "--bins"]),
        Step::cargo(
            "rules of the house",
            &[
                // Of the workspace, as the step before: of one package some crates would be built again with fewer features.
                "test",
                "--workspace",
                "--test",
                "it",
                "architecture",
            ],
        ),
    ]
}
