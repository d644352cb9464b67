//! Timers of states.

use countersign_core::{
    expression::{Expect, Expression},
    name::Name,
    time::cron::Schedule,
    workflow::{Every, From, StateId, Timer, TimerWhen},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression::stand_in};

impl Lowering<'_> {
    pub(super) fn timers(&self, yaml: Option<&Yaml>, state: StateId) -> IndexMap<Name, Timer> {
        let named = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`timers`"));
        named
            .into_iter()
            .filter_map(|(name, entry)| Some((name.clone(), self.timer(name, entry, state)?)))
            .collect()
    }

    fn timer(&self, name: Name, entry: &Entry, state: StateId) -> Option<Timer> {
        let section = self.file.keywords(&entry.value, &vocabulary::TIMER);
        let scope = self.scope_of_state(Some(state));
        let effects = self.effects(section.get("do"), &scope);
        let target = section
            .get("to")
            .and_then(|yaml| self.choice(yaml, Some(state), &scope));
        if section.entry("do").is_none() && section.entry("to").is_none() && entry.value.is_map() {
            let of = format!("timer `{name}`");
            self.file.missing(
                entry.key.span,
                "to",
                &of,
                "to: withdrawn` or `do: [ { notify: reminder } ]",
            );
        }
        let when = self.timer_when(&name, section, entry, state)?;
        Some(Timer {
            name,
            when,
            effects,
            target,
            line: self.file.line(entry.key.span),
        })
    }

    fn timer_when(
        &self,
        name: &Name,
        section: Section<'_>,
        entry: &Entry,
        state: StateId,
    ) -> Option<TimerWhen> {
        let kinds = ["after", "every", "at", "cron", "as_soon_as"];
        let written: Vec<&Entry> = kinds
            .iter()
            .filter_map(|kind| section.entry(kind))
            .collect();
        let one = match written.as_slice() {
            [one] => one,
            [] => {
                let of = format!("timer `{name}`");
                self.file
                    .missing(entry.key.span, "after", &of, "after: 7 days");
                return None;
            }
            [first, second, ..] => {
                let message = format!(
                    "`{}` and `{}` exclude each other",
                    first.key.text, second.key.text
                );
                let help = "a timer has exactly one of `after`, `every`, `cron`, `at` and `as_soon_as`: write two timers";
                self.file
                    .report(Code::ExclusiveKeywords, second.key.span, message, help);
                return None;
            }
        };
        let kind = one.key.text.as_str();
        for extra in ["from", "times"] {
            if let Some(extra) = section.entry(extra).filter(|_| kind != "every") {
                let message = format!("`{}` belongs to `every`", extra.key.text);
                self.file.report(
                    Code::ExclusiveKeywords,
                    extra.key.span,
                    message,
                    "delete it, or write `every`",
                );
            }
        }
        match kind {
            "after" => self.length(&one.value).map(TimerWhen::After),
            "every" => self.every(&one.value, section, state).map(TimerWhen::Every),
            "at" => {
                let scope = self.scope_of_state(Some(state));
                let at = self.expression(&one.value, &scope, &Expect::Moment, "`at`");
                Some(TimerWhen::At(at.unwrap_or_else(stand_in)))
            }
            "cron" => self.cron(&one.value).map(TimerWhen::Cron),
            _ => Some(TimerWhen::AsSoonAs(self.condition(&one.value, state))),
        }
    }

    fn cron(&self, yaml: &Yaml) -> Option<Schedule> {
        let text = self.file.word(yaml, "`cron`")?;
        match Schedule::parse(text) {
            Ok(schedule) => Some(schedule),
            Err(why) => {
                let message = format!("`{text}` is not a recurring time");
                self.file
                    .report(Code::NotALength, yaml.span, message, why.to_string());
                None
            }
        }
    }

    /// What `as_soon_as` waits for. Nothing wakes a case when a moment has come, so it may not read the clock.
    fn condition(&self, yaml: &Yaml, state: StateId) -> Expression {
        let scope = self.scope_of_state(Some(state));
        let condition = self.expression(yaml, &scope, &Expect::Bool, "`as_soon_as`");
        if condition.as_ref().is_some_and(Expression::reads_clock) {
            let message = "`as_soon_as` reads the clock, and nothing wakes a case for that";
            let help =
                "write `at: deal.close_date` for a moment, and keep the rest of the condition";
            self.file
                .report(Code::NotToBeAwaited, yaml.span, message, help);
        }
        condition.unwrap_or_else(stand_in)
    }

    fn every(&self, yaml: &Yaml, section: Section<'_>, state: StateId) -> Option<Every> {
        let times = section.get("times");
        let from = match section.get("from") {
            None => From::Entry,
            Some(from) if from.scalar().is_some_and(|scalar| scalar.text == "due") => {
                self.check_due(from, state);
                From::Due
            }
            Some(from) => From::After(self.length(from)?),
        };
        Some(Every {
            every: self.length(yaml)?,
            from,
            times: times.and_then(|yaml| self.file.number(yaml, "`times`", 1)),
        })
    }

    fn check_due(&self, from: &Yaml, state: StateId) {
        let due = self
            .outline
            .outward(state)
            .any(|state| state.section.get("due").is_some());
        if !due {
            let path = &self.outline.get(state).path;
            let message = format!("state `{path}` has no `due`");
            let help = "add `due: 3 business days` to the state, or count `from` a length of time";
            self.file
                .report(Code::MissingKeyword, from.span, message, help);
        }
    }
}
