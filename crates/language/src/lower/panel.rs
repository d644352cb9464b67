//! Panels of a review, and what a review with panels cannot have besides.

use countersign_core::{
    expression::Expect,
    name::Name,
    workflow::{Agreement, Panel, StateId, Votes},
};
use indexmap::IndexMap;

use crate::{diagnostic::Code, file::Section, vocabulary, yaml::Entry};

use super::{Lowering, text};

/// Keywords of a review that say of everybody together what panels say each for itself.
const WITHOUT_PANELS: [&str; 3] = ["by", "assign", "prefer"];

impl Lowering<'_> {
    /// The panels, in the order written; none where the review has no `panels`.
    pub(super) fn panels(&self, section: Section<'_>, state: StateId) -> IndexMap<Name, Panel> {
        let Some(entry) = section.entry("panels") else {
            return IndexMap::new();
        };
        for keyword in WITHOUT_PANELS {
            if let Some(other) = section.entry(keyword) {
                let message = format!("`panels` and `{keyword}` exclude each other");
                let help = match keyword {
                    "by" => "each panel says its own `by`",
                    _ => "name a smaller group in the panel's `by`, or leave `panels` out",
                };
                let finding =
                    self.file
                        .finding(Code::ExclusiveKeywords, other.key.span, message, help);
                self.file
                    .add(finding.also(entry.key.span, "the panels are here"));
            }
        }
        let named = self.file.named(&entry.value, "`panels`");
        if entry.value.is_map() && entry.value.entries().is_empty() {
            let help = "add one: `legal: { by: lawyer }`";
            self.file
                .bad_value(entry.value.span, "there is no panel in `panels`", help);
        }
        named
            .into_iter()
            .map(|(name, entry)| (name.clone(), self.panel(name, entry, section, state)))
            .collect()
    }

    fn panel(&self, name: Name, entry: &Entry, review: Section<'_>, state: StateId) -> Panel {
        let section = self.file.keywords(&entry.value, &vocabulary::PANEL);
        let what = format!("panel `{name}`");
        Panel {
            title: text::title(
                self.file,
                section.get("title"),
                &self.surroundings.languages,
                &name,
            ),
            by: self.voters(section, entry, &what),
            when: section.get("when").and_then(|yaml| {
                self.expression(yaml, &self.scope_of_state(None), &Expect::Bool, "`when`")
            }),
            votes: self.panel_votes(section, review, state),
            name,
        }
    }

    /// `votes: { approve: 2 }`
    fn panel_votes(
        &self,
        section: Section<'_>,
        review: Section<'_>,
        state: StateId,
    ) -> IndexMap<Name, Votes> {
        let Some(yaml) = section.get("votes") else {
            return IndexMap::new();
        };
        let scope = self.scope_of_action(Some(state));
        let decisions = review.get("decisions").map_or(&[][..], |it| it.entries());
        let known = decisions.iter().map(|entry| entry.key.text.as_str());
        let entries = self.file.mapping(yaml, "`votes` of a panel").iter();
        entries
            .filter_map(|entry| {
                let text = entry.key.text.as_str();
                if !known.clone().any(|name| name == text) {
                    let message = format!("the review has no decision `{text}`");
                    let span = entry.key.span;
                    self.file
                        .unknown(Code::NoSuchAction, span, message, text, known.clone());
                    return None;
                }
                let votes = self.votes(&entry.value, &scope);
                if matches!(votes, Votes::Recorded) {
                    let message = "a panel cannot make a decision `recorded`";
                    let help = "write `votes: recorded` at the decision";
                    self.file.bad_value(entry.value.span, message, help);
                    return None;
                }
                Some((Name::parse(text).ok()?, votes))
            })
            .collect()
    }

    /// `panels: any` of a decision.
    pub(super) fn agreement(&self, section: Section<'_>) -> Agreement {
        let Some(entry) = section.entry("panels") else {
            return Agreement::All;
        };
        match self.file.word(&entry.value, "`panels`") {
            Some("all") | None => Agreement::All,
            Some("any") => Agreement::Any,
            Some(_) => {
                let message = "`panels` of a decision is `all` or `any`";
                self.file
                    .bad_value(entry.value.span, message, "leave it out for `all`");
                Agreement::All
            }
        }
    }
}
