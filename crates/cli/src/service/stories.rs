//! The scenario tests of workflows as the pages show them: run when somebody looks, and kept until a file has changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use countersign_language::{
    scenario::{ScenarioResult, run_workflow},
    source::Files,
};
use countersign_web::{Stories, Story};
use sha2::{Digest as _, Sha256};

use crate::workflows::Source;

type Kept = BTreeMap<String, ([u8; 32], Arc<[Story]>)>;

/// What came of the scenarios of each workflow that was looked at.
pub struct Told {
    source: Source,
    kept: Mutex<Kept>,
}

impl Told {
    /// Of these files.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            kept: Mutex::default(),
        }
    }
}

impl Stories for Told {
    fn of(&self, workflow: &str) -> Arc<[Story]> {
        let files = match self.source.files() {
            Ok(files) => files,
            Err(why) => {
                tracing::warn!(why, "the scenarios cannot be read");
                return Arc::new([]);
            }
        };
        let digest = digest(&files);
        // Held while they run: two who look at once do not run them twice.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, stories)) = kept.get(workflow)
            && *of == digest
        {
            return stories.clone();
        }
        let report = run_workflow(&files, workflow);
        let stories: Arc<[Story]> = report.scenarios.into_iter().map(story).collect();
        kept.insert(workflow.to_owned(), (digest, stories.clone()));
        stories
    }
}

fn digest(files: &Files) -> [u8; 32] {
    let mut digest = Sha256::new();
    for (path, text) in files.texts() {
        for part in [path, text] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
    }
    digest.finalize().into()
}

fn story(result: ScenarioResult) -> Story {
    let told = |what, expected, found| format!("{what}: {expected} – {found}");
    Story {
        passed: result.passed(),
        name: result.name,
        place: format!("{}:{}", result.file, result.line),
        failures: result
            .failures
            .into_iter()
            .map(|failure| told(failure.what, failure.expected, failure.found))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_are_those_of_the_workflow_and_run_once() {
        let told = Told::new(Source::Shipped);
        let stories = told.of("deal_registration");
        assert!(stories.len() > 3 && stories.iter().all(|story| story.passed));
        assert!(Arc::ptr_eq(&stories, &told.of("deal_registration")));
        assert!(told.of("no_such_workflow").is_empty());
    }
}
