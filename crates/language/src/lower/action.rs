//! Actions of states, and what decisions share with them.

use countersign_core::{
    expression::{Expect, Scope},
    name::Name,
    workflow::{Action, Confirm, StateId, Who},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, text};

impl Lowering<'_> {
    pub(super) fn actions(&self, yaml: Option<&Yaml>, state: StateId) -> IndexMap<Name, Action> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`actions`"));
        named
            .into_iter()
            .map(|(name, entry)| {
                let section = self.file.keywords(&entry.value, &vocabulary::ACTION);
                let mut action = self.action(name.clone(), entry, section, state);
                action.who = self.who_of(&name, section, entry);
                action.keep = self.keep(section, &action.who);
                (name, action)
            })
            .collect()
    }

    /// Only what a service reports can come before its state.
    fn keep(&self, section: Section<'_>, who: &Who) -> bool {
        let Some(entry) = section.entry("keep") else {
            return false;
        };
        if !who.system {
            let message = "`keep` belongs to an action of services";
            let help = "delete it, or add `who: system`: people act where a case is, services may be early";
            self.file
                .report(Code::ExclusiveKeywords, entry.key.span, message, help);
        }
        self.file.truth(&entry.value, "`keep`")
    }

    fn who_of(&self, name: &Name, section: Section<'_>, entry: &Entry) -> Who {
        let Some(who) = section.get("who") else {
            let message = format!("action `{name}` does not say who may do it");
            let help = "add `who`, for example `who: applicant`";
            let finding = self
                .file
                .finding(Code::NobodyMayDoIt, entry.key.span, message, help);
            self.file.add(finding.label("add `who`"));
            return Who::default();
        };
        self.who(who)
    }

    /// All that actions and decisions have in common.
    pub(super) fn action(
        &self,
        name: Name,
        entry: &Entry,
        section: Section<'_>,
        state: StateId,
    ) -> Action {
        let scope = self.scope_of_action(Some(state));
        let when = section.get("when");
        let covers = section.get("covers");
        Action {
            title: text::title(
                self.file,
                section.get("title"),
                &self.surroundings.languages,
                &name,
            ),
            name,
            who: Who::default(),
            when: when.and_then(|yaml| self.expression(yaml, &scope, &Expect::Bool, "`when`")),
            except: section
                .get("except")
                .map(|yaml| self.except(yaml, state, &scope)),
            require: section
                .get("require")
                .map_or_else(Vec::new, |yaml| self.requirements(yaml)),
            confirm: section
                .get("confirm")
                .and_then(|yaml| self.confirm(yaml, &scope)),
            effects: self.effects(section.get("do"), &scope),
            target: self.target(section, state, &scope),
            covers: covers.map(|yaml| self.things(yaml, false)),
            keep: false,
            line: self.file.line(entry.key.span),
        }
    }

    /// A text to tick, or `{ when: CEL, text }`.
    pub(super) fn confirm(&self, yaml: &Yaml, scope: &Scope) -> Option<Confirm> {
        let conditional = yaml.get("when").is_some() || yaml.get("text").is_some();
        if !conditional {
            let text = text::template(self, self.file, yaml, scope, "`confirm`");
            return Some(Confirm { when: None, text });
        }
        let section = self.file.keywords(yaml, &vocabulary::CONFIRM);
        let Some(written) = section.get("text") else {
            let span = yaml.span.first(self.file.text());
            self.file.missing(
                span,
                "text",
                "`confirm`",
                "text: I confirm that it is correct.",
            );
            return None;
        };
        let when = section.get("when");
        Some(Confirm {
            when: when.and_then(|yaml| self.expression(yaml, scope, &Expect::Bool, "`when`")),
            text: text::template(self, self.file, written, scope, "`text`"),
        })
    }
}
