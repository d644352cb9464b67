//! The steps of a scenario one after another: by which version of the workflow each is read, and what those before it
//! have kept. What one step says is `step`'s.

use std::{collections::BTreeSet, sync::Arc};

use countersign_core::workflow::Workflow;

use crate::{scenario::suite::Step, yaml::Yaml};

use super::{
    Reader,
    step::{MIGRATES, OPENS},
};

/// What the steps before have kept, by name.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) links: BTreeSet<String>,
    pub(super) calls: BTreeSet<String>,
}

impl Reader<'_> {
    pub(super) fn steps(&self, yaml: &Yaml) -> Vec<Step> {
        let mut kept = Kept::default();
        // In which older version the story's case is.
        let mut older: Option<&Arc<Workflow>> = None;
        let mut steps = Vec::new();
        for step in yaml.items() {
            let verbs = step.entries().iter();
            let verb = verbs.filter_map(|entry| entry.key.text.split_once(' '));
            let mut verb = verb.map(|(_, verb)| verb.trim());
            let verb = verb.find(|verb| [OPENS, MIGRATES].contains(verb));
            if verb == Some(OPENS) {
                older = step.get("version").and_then(|yaml| self.older(yaml));
            }
            steps.extend(match older.filter(|_| verb != Some(MIGRATES)) {
                Some(older) => self.of(older).step(step, &mut kept),
                None => self.step(step, &mut kept),
            });
            if verb == Some(MIGRATES) && step.get("refused").is_none() {
                older = None;
            }
        }
        steps
    }

    /// Somebody who reads the steps of another workflow in this test.
    pub(super) fn of<'w>(&'w self, workflow: &'w Workflow) -> Reader<'w> {
        Reader {
            workflow,
            people: self.people.clone(),
            cases: self.cases.clone(),
            ..*self
        }
    }

    /// The older version that a case is opened in.
    fn older(&self, yaml: &Yaml) -> Option<&Arc<Workflow>> {
        let version = self.file.number(yaml, "`version`", 1)?;
        let found = self.older.iter().find(|older| older.version == version);
        if found.is_none() {
            let id = &self.workflow.id;
            let message = format!("there is no older version {version} of `{id}`");
            let help = format!(
                "put its file into `versions/` beside that of `{id}`, or leave `version` out"
            );
            self.file.bad_value(yaml.span, message, &help);
        }
        found
    }
}
