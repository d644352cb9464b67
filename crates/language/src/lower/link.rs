//! Links: related cases that a person picks.

use countersign_core::{
    name::Name,
    workflow::{Link, StatePath},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, text};

impl Lowering<'_> {
    pub(crate) fn links(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Link> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`links`"));
        named
            .into_iter()
            .filter_map(|(name, entry)| Some((name.clone(), self.link(name, entry)?)))
            .collect()
    }

    fn link(&self, name: Name, entry: &Entry) -> Option<Link> {
        let section = self.file.keywords(&entry.value, &vocabulary::LINK);
        let Some(workflow) = section.get("workflow") else {
            let of = format!("link `{name}`");
            self.file.missing(
                entry.key.span,
                "workflow",
                &of,
                "workflow: incentive_application",
            );
            return None;
        };
        let workflow = self.linked_workflow(workflow)?;
        let states = section.get("state");
        let states = states.map_or_else(Vec::new, |yaml| self.linked_states(&workflow, yaml));
        let scope = self.scope_of_action(None);
        Some(Link {
            title: text::title(
                self.file,
                section.get("title"),
                &self.surroundings.languages,
                &name,
            ),
            workflow,
            same_partner: section
                .get("same")
                .is_some_and(|yaml| self.same_partner(yaml)),
            states,
            optional: section
                .get("optional")
                .is_some_and(|yaml| self.file.truth(yaml, "`optional`")),
            otherwise: self.otherwise_text(section, &scope),
            line: self.file.line(entry.key.span),
            name,
        })
    }

    fn linked_workflow(&self, yaml: &Yaml) -> Option<Name> {
        let word = self.file.word(yaml, "`workflow`")?;
        let found = self
            .neighbours
            .get_key_value(word)
            .map(|(name, _)| name.clone());
        if found.is_none() {
            let message = format!("there is no workflow `{word}`");
            let known = self.neighbours.keys().map(Name::as_str);
            self.file
                .unknown(Code::NoSuchWorkflow, yaml.span, message, word, known);
        }
        found
    }

    fn linked_states(&self, workflow: &Name, yaml: &Yaml) -> Vec<StatePath> {
        let Some(neighbour) = self.neighbours.get(workflow) else {
            return Vec::new();
        };
        let mut states = Vec::new();
        for item in yaml.items() {
            let Some(word) = self.file.word(item, "a state") else {
                continue;
            };
            if neighbour.states.iter().any(|path| path == word) {
                states.push(StatePath::new(word));
            } else {
                let message = format!("workflow `{workflow}` has no state `{word}`");
                let known = neighbour.states.iter().map(String::as_str);
                self.file
                    .unknown(Code::NoSuchState, item.span, message, word, known);
            }
        }
        states
    }
}
