//! Where actions and timers lead, and lengths of time.

use countersign_core::{
    expression::{Expect, Scope},
    time::Length,
    workflow::{Choice, StateId, Target},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    yaml::{Data, Entry, Yaml},
};

use super::{Lowering, expression::stand_in};

impl Lowering<'_> {
    /// `to`, `resume`, or neither.
    pub(super) fn target(&self, section: Section<'_>, from: StateId, scope: &Scope) -> Target {
        match (section.entry("to"), section.entry("resume")) {
            (Some(_), Some(second)) => {
                let message = "`to` and `resume` exclude each other";
                let help = "`to` begins the state afresh, `resume` goes back to where it was left";
                self.file
                    .report(Code::ExclusiveKeywords, second.key.span, message, help);
                Target::Stay
            }
            (Some(to), None) => {
                let choice = self.choice(&to.value, Some(from), scope);
                choice.map_or(Target::Stay, Target::To)
            }
            (None, Some(resume)) => {
                let word = self.file.word(&resume.value, "`resume`");
                let state = word.and_then(|word| {
                    self.outline
                        .state(self.file, Some(from), word, resume.value.span)
                });
                if let Some(state) = state {
                    let span = resume.value.span;
                    self.outline.check_way(self.file, Some(from), state, span);
                }
                state.map_or(Target::Stay, Target::Resume)
            }
            (None, None) => Target::Stay,
        }
    }

    /// A state, or `{ this_state: CEL, …, that_state: otherwise }`.
    pub(super) fn choice(
        &self,
        yaml: &Yaml,
        from: Option<StateId>,
        scope: &Scope,
    ) -> Option<Choice> {
        let entries = match &yaml.data {
            Data::Map(entries) => entries,
            Data::Scalar(_) => {
                let word = self.file.word(yaml, "`to`")?;
                let state = self.outline.state(self.file, from, word, yaml.span)?;
                self.outline.check_way(self.file, from, state, yaml.span);
                return Some(Choice::only(state));
            }
            Data::List(_) => {
                let message = "`to` is a state, and here is a list".to_owned();
                let help = "write one state, or `{ this_state: condition, that_state: otherwise }`";
                self.file.shape(yaml, message, help);
                return None;
            }
        };
        let mut conditional = IndexMap::new();
        let mut otherwise = None;
        for entry in entries {
            let state = self
                .outline
                .state(self.file, from, &entry.key.text, entry.key.span);
            if let Some(state) = state {
                self.outline
                    .check_way(self.file, from, state, entry.key.span);
            }
            if is_otherwise(entry) {
                otherwise = Some((state, entry));
                continue;
            }
            let condition = self.expression(&entry.value, scope, &Expect::Bool, "the condition");
            if let Some(state) = state {
                conditional.insert(state, condition.unwrap_or_else(stand_in));
            }
        }
        let last = entries.last();
        match (otherwise, last) {
            (Some((state, entry)), Some(last)) if entry.key.span == last.key.span => Some(Choice {
                conditional,
                otherwise: state?,
            }),
            (_, last) => {
                let span = last.map_or(yaml.span, |last| last.value.span);
                let message = "a conditional `to` ends with `otherwise`";
                let help =
                    "let the last line say where to go if none is true: `that_state: otherwise`";
                self.file.report(Code::NoOtherwise, span, message, help);
                None
            }
        }
    }

    /// A length of time that does not reach back and is more than nothing.
    pub(super) fn length(&self, yaml: &Yaml) -> Option<Length> {
        let text = self.file.word(yaml, "a length of time")?;
        let refuse = |message: String, help: String| {
            self.file.report(Code::NotALength, yaml.span, message, help);
            None
        };
        match text.parse::<Length>() {
            Ok(length) if length.is_negative() || length.is_zero() => refuse(
                format!("`{text}` is no time to wait"),
                "write a length of time that is more than nothing, such as `7 days`".to_owned(),
            ),
            Ok(length) => Some(length),
            Err(error) => refuse(
                format!("`{text}` is not a length of time"),
                error.to_string(),
            ),
        }
    }

    /// The states that a list names.
    pub(super) fn state_list(&self, yaml: &Yaml, from: Option<StateId>) -> Vec<StateId> {
        yaml.items()
            .iter()
            .filter_map(|item| {
                let word = self.file.word(item, "a state")?;
                self.outline.state(self.file, from, word, item.span)
            })
            .collect()
    }
}

fn is_otherwise(entry: &Entry) -> bool {
    entry
        .value
        .scalar()
        .is_some_and(|scalar| scalar.text == "otherwise")
}
