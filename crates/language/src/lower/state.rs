//! States with all that stands in them.

use countersign_core::{
    time::Length,
    workflow::{End, State, StateId, StateKind, StatePath},
};

use crate::{diagnostic::Code, vocabulary, yaml::Yaml};

use super::{Lowering, states::Written, text};

const ENDS: [&str; 3] = ["success", "failure", "neutral"];

impl Lowering<'_> {
    pub(super) fn states(&self) -> Vec<State> {
        self.outline
            .states
            .iter()
            .map(|written| self.state(written))
            .collect()
    }

    fn state(&self, written: &Written<'_>) -> State {
        let section = written.section;
        let scope = self.scope_of_state(Some(written.id));
        let grants = |keyword: &str| {
            section
                .get(keyword)
                .map_or_else(Vec::new, |yaml| self.grants(yaml, keyword))
        };
        let review = section
            .entry("review")
            .filter(|entry| !entry.value.is_null());
        let kind = self.kind(written);
        let (due, pauses_in) = section
            .get("due")
            .map_or((None, Vec::new()), |yaml| self.due(yaml, written.id));
        State {
            id: written.id,
            name: written.name.clone(),
            path: StatePath::new(&written.path),
            parent: written.parent,
            title: text::title(
                self.file,
                section.get("title"),
                &self.surroundings.languages,
                &written.name,
            ),
            edit: grants("edit"),
            show: grants("show"),
            hide: grants("hide"),
            enter: self.effects(section.get("enter"), &scope),
            exit: self.effects(section.get("exit"), &scope),
            due,
            pauses_in,
            claim: section.get("claim").and_then(|yaml| self.length(yaml)),
            review: review.map(|entry| self.review(entry, written.id)),
            actions: self.actions(section.get("actions"), written.id),
            timers: self.timers(section.get("timers"), written.id),
            kind,
            line: self.file.line(written.key.span),
        }
    }

    /// A length of time, or one that stands still in some states.
    fn due(&self, yaml: &Yaml, state: StateId) -> (Option<Length>, Vec<StateId>) {
        if !yaml.is_map() {
            return (self.length(yaml), Vec::new());
        }
        let section = self.file.keywords(yaml, &vocabulary::DUE);
        let after = section.get("after");
        if after.is_none() {
            let span = yaml.span.first(self.file.text());
            self.file
                .missing(span, "after", "`due`", "after: 3 business days");
        }
        let pauses = section.get("pauses_in");
        let pauses = pauses.map_or_else(Vec::new, |yaml| self.state_list(yaml, Some(state)));
        (after.and_then(|yaml| self.length(yaml)), pauses)
    }

    fn kind(&self, written: &Written<'_>) -> StateKind {
        if let Some(end) = written.section.get("end") {
            self.check_end(written, end);
            return StateKind::End(self.end(end).unwrap_or(End::Neutral));
        }
        if written.tracks {
            return StateKind::Tracks;
        }
        let start = written.start.or_else(|| written.inner.first().copied());
        start.map_or(StateKind::Leaf, |start| StateKind::Outer { start })
    }

    fn end(&self, yaml: &Yaml) -> Option<End> {
        Some(match self.file.word(yaml, "`end`")? {
            "success" => End::Success,
            "failure" => End::Failure,
            "neutral" => End::Neutral,
            other => {
                let message = format!("a case cannot end in `{other}`");
                self.file
                    .unknown(Code::BadValue, yaml.span, message, other, ENDS.into_iter());
                return None;
            }
        })
    }

    /// In an end state nothing happens any more.
    fn check_end(&self, written: &Written<'_>, end: &Yaml) {
        for keyword in [
            "states", "start", "actions", "timers", "review", "due", "claim", "edit", "exit",
        ] {
            if let Some(entry) = written.section.entry(keyword) {
                let message = format!(
                    "`end` and `{keyword}` exclude each other: the case is over in `{}`",
                    written.path
                );
                let help = format!("delete `end`, or delete `{keyword}`");
                let finding =
                    self.file
                        .finding(Code::ExclusiveKeywords, entry.key.span, message, help);
                self.file.add(finding.also(end.span, "it ends here"));
            }
        }
    }
}
