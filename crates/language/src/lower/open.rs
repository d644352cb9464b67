//! `open`: the action that creates a case.

use countersign_core::{
    expression::Expect,
    name::Name,
    text::Text,
    workflow::{Action, Target, Who},
};

use crate::{diagnostic::Code, file::Section, vocabulary};

use super::{Lowering, text};

impl Lowering<'_> {
    pub(super) fn open(&self, root: Section<'_>) -> Option<Action> {
        let Some(entry) = root.entry("open").filter(|entry| !entry.value.is_null()) else {
            self.missing_section(root, "open", "open: { who: partner_user, to: draft }");
            return None;
        };
        let section = self.file.keywords(&entry.value, &vocabulary::OPEN);
        let scope = self.scope_of_action(None);
        let who = match section.get("who") {
            Some(who) => self.who(who),
            None => {
                let message = "`open` does not say who may open a case";
                let help = "add `who`, for example `who: partner_user`";
                self.file
                    .report(Code::NobodyMayDoIt, entry.key.span, message, help);
                Who::default()
            }
        };
        let to = section.get("to");
        if to.is_none() && section.entry("to").is_none() && entry.value.is_map() {
            self.file
                .missing(entry.key.span, "to", "`open`", "to: draft");
        }
        let choice = to.and_then(|to| self.choice(to, None, &scope));
        let when = section.get("when");
        Some(Action {
            name: Name::parse("open").ok()?,
            title: match section.get("title") {
                Some(title) => {
                    text::title(self.file, Some(title), &self.surroundings.languages, "open")
                }
                None => Text::new("Open", "新建"),
            },
            who,
            when: when.and_then(|yaml| self.expression(yaml, &scope, &Expect::Bool, "`when`")),
            except: None,
            require: section
                .get("require")
                .map_or_else(Vec::new, |yaml| self.requirements(yaml)),
            confirm: section
                .get("confirm")
                .and_then(|yaml| self.confirm(yaml, &scope)),
            effects: self.effects(section.get("do"), &scope),
            target: choice.map_or(Target::Stay, Target::To),
            covers: None,
            keep: false,
            line: self.file.line(entry.key.span),
        })
    }
}
