//! Reading a test file: what it declares, and the scenarios. All findings are collected; a file with errors
//! is not run.

mod case;
mod children;
mod edits;
mod expect;
mod people;
mod place;
mod property;
mod step;
mod story;
mod tracks;
mod turns;
mod values;
mod votes;

use std::sync::Arc;

use countersign_core::{
    name::Name,
    time::{Time, Zone, at_local},
    workflow::Workflow,
};
use indexmap::IndexMap;

use crate::{
    diagnostic::{Code, Finding},
    file::File,
    load::Checked,
    source::{Source, Span},
    vocabulary::Vocabulary,
    yaml::{self, Yaml},
};

pub(super) use expect::{REASONS, THEN};
pub(super) use people::{CASE, PERSON, SET};
pub(super) use step::{KEYWORDS, verbs};

use super::suite::{PropertyKind, Scenario, Suite, TestCase, TestPerson};

/// The keywords of a test file.
pub(super) const TEST: Vocabulary = Vocabulary {
    what: "a test",
    words: &[
        "test",
        "clock",
        "people",
        "facts",
        "cases",
        "scenarios",
        "always",
        "never",
    ],
};

/// What was made of a test file.
pub(crate) struct Read {
    /// Missing if the file says too little to be run.
    pub(crate) suite: Option<Suite>,
    /// The names of its scenarios and where they stand, those that cannot be run among them.
    pub(crate) names: Vec<(String, Span)>,
    /// The workflow that it says it tests.
    pub(crate) tested: Option<String>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a test file. `checked` has the workflows of its folder.
pub(crate) fn read(source: Source, checked: &Checked) -> Read {
    let mut findings = Vec::new();
    let Some(root) = yaml::parse(&source, &mut findings) else {
        return Read {
            suite: None,
            names: Vec::new(),
            tested: None,
            findings,
        };
    };
    let file = File::new(source, root);
    let names = scenario_names(&file);
    let tested = file.root.get("test").and_then(Yaml::scalar);
    let tested = tested.map(|scalar| scalar.text.clone());
    let suite = suite(&file, checked);
    findings.extend(file.take_findings());
    Read {
        suite,
        names,
        tested,
        findings,
    }
}

/// Somebody who reads a test of one workflow.
pub(super) struct Reader<'a> {
    pub(super) file: &'a File,
    pub(super) workflow: &'a Workflow,
    pub(super) known: &'a [Arc<Workflow>],
    /// The older versions of the workflow that is tested.
    pub(super) older: &'a [Arc<Workflow>],
    pub(super) zone: Zone,
    pub(super) people: IndexMap<String, TestPerson>,
    pub(super) cases: IndexMap<String, TestCase>,
}

fn suite(file: &File, checked: &Checked) -> Option<Suite> {
    let known = &checked.workflows[..];
    let root = file.keywords(&file.root, &TEST);
    let workflow = workflow(file, root.get("test"), known)?;
    let mut reader = Reader {
        file,
        workflow: &workflow,
        known,
        older: checked.older.get(&workflow.id).map_or(&[], Vec::as_slice),
        zone: workflow.surroundings.zone,
        people: IndexMap::new(),
        cases: IndexMap::new(),
    };
    let clock = match root.get("clock") {
        Some(yaml) => reader.local_time(yaml, "`clock`"),
        None => {
            let top = Span::new(0, 0);
            file.missing(top, "clock", "the test", "clock: 2026-11-23 09:00");
            None
        }
    };
    reader.people = reader.all_people(root.get("people"));
    let facts = root
        .get("facts")
        .map_or_else(Vec::new, |yaml| reader.facts(yaml));
    reader.cases = reader.all_cases(root.get("cases"));
    let scenarios = match root.get("scenarios") {
        Some(yaml) => reader.scenarios(yaml),
        None => {
            let example = "scenarios: { it works: [ … ] }";
            file.missing(Span::new(0, 0), "scenarios", "the test", example);
            Vec::new()
        }
    };
    let scope = checked.scopes.get(&workflow.id)?;
    let properties = [PropertyKind::Always, PropertyKind::Never].map(|kind| {
        let yaml = root.get(kind.as_str());
        yaml.map_or_else(Vec::new, |yaml| reader.properties(yaml, kind, scope))
    });
    Some(Suite {
        source: file.source.clone(),
        clock: clock?,
        people: reader.people,
        facts,
        cases: reader.cases,
        scenarios,
        properties: properties.into_iter().flatten().collect(),
        workflow,
    })
}

fn workflow(file: &File, yaml: Option<&Yaml>, known: &[Arc<Workflow>]) -> Option<Arc<Workflow>> {
    let Some(yaml) = yaml else {
        file.missing(
            Span::new(0, 0),
            "test",
            "the test",
            "test: deal_registration",
        );
        return None;
    };
    let id = file.word(yaml, "`test`")?;
    let found = known.iter().find(|workflow| workflow.id == *id);
    if found.is_none() {
        let message = format!("there is no workflow `{id}` without errors");
        let ids = known.iter().map(|workflow| workflow.id.as_str());
        file.unknown(Code::NoSuchWorkflow, yaml.span, message, id, ids);
    }
    found.cloned()
}

fn scenario_names(file: &File) -> Vec<(String, Span)> {
    let entries = file.root.get("scenarios").map_or(&[][..], Yaml::entries);
    let names = entries
        .iter()
        .map(|entry| (entry.key.text.clone(), entry.key.span));
    names.collect()
}

impl Reader<'_> {
    fn scenarios(&self, yaml: &Yaml) -> Vec<Scenario> {
        let entries = self.file.mapping(yaml, "`scenarios`").iter();
        entries
            .map(|entry| {
                if entry.value.is_null() {
                    let message = "nothing happens in this scenario";
                    let help = "write its steps below, for example `- pat: submit`";
                    self.file.bad_value(entry.key.span, message, help);
                }
                Scenario {
                    name: entry.key.text.clone(),
                    span: entry.key.span,
                    steps: self.steps(&entry.value),
                }
            })
            .collect()
    }

    /// A time of the workflow's zone, as people write it.
    pub(super) fn local_time(&self, yaml: &Yaml, what: &str) -> Option<Time> {
        let text = self.file.word(yaml, what)?;
        let local = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f"]
            .iter()
            .find_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok())
            .or_else(|| {
                let date = countersign_core::time::date_from_text(text)?;
                Some(date.and_time(chrono::NaiveTime::MIN))
            });
        if local.is_none() {
            let message = format!("`{text}` is not a time");
            let help = "write `2026-11-23 09:00`, in the workflow's time zone";
            self.file.bad_value(yaml.span, message, help);
        }
        local.map(|local| at_local(local, self.zone))
    }

    /// A workflow of the folder.
    pub(super) fn workflow_named(&self, yaml: &Yaml) -> Option<Arc<Workflow>> {
        workflow(self.file, Some(yaml), self.known)
    }

    /// The path of a state, written out.
    pub(super) fn state(&self, yaml: &Yaml, workflow: &Workflow) -> Option<String> {
        let text = self.file.word(yaml, "a state")?;
        if workflow.states.find(text).is_some() {
            return Some(text.to_owned());
        }
        let message = format!("there is no state `{text}`");
        let mut states = workflow.states.iter();
        let inner = states.find(|state| state.name == *text);
        if let Some(inner) = inner {
            let help = format!("write its whole path: `{}`", inner.path);
            self.file
                .report(Code::NoSuchState, yaml.span, message, help);
            return None;
        }
        let paths = unique(workflow.states.iter().map(|state| state.path.as_str()));
        self.file
            .unknown(Code::NoSuchState, yaml.span, message, text, paths);
        None
    }

    /// An action or decision of the workflow.
    pub(super) fn action(&self, text: &str, span: Span) -> Option<Name> {
        let known = self.workflow.action_names().find(|name| ***name == *text);
        if known.is_none() {
            let message = format!("there is no action or decision `{text}`");
            let names = self.workflow.action_names().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchAction, span, message, text, unique(names));
        }
        known.cloned()
    }
}

/// Each name once.
pub(super) fn unique<'n>(
    names: impl Iterator<Item = &'n str>,
) -> impl Iterator<Item = &'n str> + Clone {
    let names: indexmap::IndexSet<&str> = names.collect();
    names.into_iter()
}
