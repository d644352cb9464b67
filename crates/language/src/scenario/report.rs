//! What came of running scenarios. Printing it is `render`'s.

use crate::diagnostic::Finding;

use super::coverage::Coverage;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Every scenario, in order of files and of each file.
    pub scenarios: Vec<ScenarioResult>,
    /// What was found in workflows and test files. A file with errors is not run.
    pub findings: Vec<Finding>,
    /// What the scenarios took of each workflow that has a test file.
    pub coverage: Vec<Coverage>,
    /// What was made up against properties.
    pub made_up: MadeUp,
}

/// How many stories were made up against the properties of how many test files.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct MadeUp {
    /// The stories; those of the scenarios are not among them.
    pub stories: u32,
    /// The test files that have properties.
    pub files: u32,
}

impl MadeUp {
    /// Counts others too.
    pub(super) fn add(&mut self, other: Self) {
        self.stories += other.stories;
        self.files += other.files;
    }
}

/// What came of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioResult {
    /// The test file.
    pub file: String,
    /// The workflow that is tested; empty if the file does not say.
    pub workflow: String,
    /// The scenario.
    pub name: String,
    /// Where it stands, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What went otherwise than expected; none: it passed.
    pub failures: Vec<Failure>,
    /// The story as it went, a line for each step; of a property that does not hold the shortest one that shows
    /// it, as a scenario.
    pub story: Vec<String>,
    /// Whether the story is one that was made up to break a property.
    pub found: bool,
}

/// Something that went otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line of the step or expectation, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The step or keyword.
    pub what: String,
    /// What the file says.
    pub expected: String,
    /// What happened.
    pub found: String,
}

impl ScenarioResult {
    /// Whether everything went as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

impl Report {
    /// How many scenarios passed.
    pub fn passed(&self) -> usize {
        self.scenarios
            .iter()
            .filter(|scenario| scenario.passed())
            .count()
    }

    /// How many did not, those that could not be run among them.
    pub fn failed(&self) -> usize {
        self.scenarios.len() - self.passed()
    }

    /// Whether nothing failed and no file has an error.
    pub fn is_good(&self) -> bool {
        self.failed() == 0 && !self.findings.iter().any(Finding::is_error)
    }
}
