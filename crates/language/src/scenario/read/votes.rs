//! `votes` of a step's expectation: how a running review stands, or one panel of it.

use countersign_core::{name::Name, workflow::Review};

use crate::{
    diagnostic::Code,
    scenario::suite::Wants,
    source::Span,
    yaml::{Entry, Yaml},
};

use super::{Reader, expect::count, unique};

impl Reader<'_> {
    /// `{ approve: 1 of 2, legal: { approve: 1 } }`; the second number may be left out.
    pub(super) fn votes(&self, yaml: &Yaml) -> Vec<(Span, Wants)> {
        let mut wants = Vec::new();
        for entry in self.file.mapping(yaml, "`votes`") {
            let text = entry.key.text.as_str();
            let panel = self.panels().find(|panel| panel.as_str() == text);
            match panel.filter(|_| entry.value.is_map()) {
                Some(panel) => {
                    let entries = entry.value.entries().iter();
                    wants.extend(entries.filter_map(|entry| self.count(Some(panel), entry)));
                }
                None => wants.extend(self.count(None, entry)),
            }
        }
        wants
    }

    /// A panel of some review.
    pub(super) fn panel(&self, yaml: &Yaml) -> Option<Name> {
        let text = self.file.word(yaml, "a panel")?;
        let found = self.panels().find(|panel| panel.as_str() == text);
        if found.is_none() {
            let message = format!("there is no panel `{text}`");
            let known = unique(self.panels().map(Name::as_str));
            self.file
                .unknown(Code::NotInTest, yaml.span, message, text, known);
        }
        found.cloned()
    }

    fn count(&self, panel: Option<&Name>, entry: &Entry) -> Option<(Span, Wants)> {
        let decisions = || self.reviews().flat_map(|review| review.decisions.keys());
        let text = entry.key.text.as_str();
        let Some(decision) = decisions().find(|name| **name == *text) else {
            let message = format!("there is no decision `{text}`");
            let panels = self.panels().filter(|_| panel.is_none());
            let known = unique(decisions().chain(panels).map(Name::as_str));
            let span = entry.key.span;
            self.file
                .unknown(Code::NoSuchAction, span, message, text, known);
            return None;
        };
        let text = self.file.word(&entry.value, "a count")?;
        let Some((have, need)) = count(text) else {
            let message = format!("`{text}` is not a count of votes");
            let help = "write `1 of 2`, or just `1`";
            self.file.bad_value(entry.value.span, message, help);
            return None;
        };
        let wants = Wants::Votes {
            panel: panel.cloned(),
            decision: decision.clone(),
            have,
            need,
        };
        Some((entry.value.span, wants))
    }

    fn reviews(&self) -> impl Iterator<Item = &Review> {
        let states = self.workflow.states.iter();
        states.filter_map(|state| state.review.as_ref())
    }

    fn panels(&self) -> impl Iterator<Item = &Name> {
        self.reviews().flat_map(|review| review.panels.keys())
    }
}
