//! A lowered workflow beside its file: from its parts back to their places in the text.

use countersign_core::workflow::{Action, Effect, Review, State, Workflow};

use crate::{
    diagnostic::Code,
    file::File,
    lower::states::written_path,
    source::Span,
    yaml::{Data, Entry, Yaml},
};

/// A lowered workflow and the file that it comes from.
pub(super) struct Site<'a> {
    pub(super) file: &'a File,
    pub(super) workflow: &'a Workflow,
    /// Every action and decision of the file, `open` first.
    spots: Vec<Spot<'a>>,
}

/// An action or decision, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    /// The state; none for `open`.
    pub(super) state: Option<&'a State>,
    /// The review, for a decision.
    pub(super) review: Option<&'a Review>,
    pub(super) action: &'a Action,
    /// Where it is written.
    pub(super) written: Option<&'a Entry>,
}

impl<'a> Site<'a> {
    pub(super) fn new(file: &'a File, workflow: &'a Workflow) -> Self {
        let mut site = Self {
            file,
            workflow,
            spots: Vec::new(),
        };
        site.spots = site.all_actions();
        site
    }

    /// The entry of a state.
    pub(super) fn state(&self, state: &State) -> Option<&'a Entry> {
        let path = written_path(&self.workflow.states, state.path.as_str());
        self.file.root.find(&path)
    }

    /// The place of a state's name.
    pub(super) fn state_span(&self, state: &State) -> Span {
        self.state(state)
            .map_or(Span::new(0, 0), |entry| entry.key.span)
    }

    /// A part of what stands in a state.
    pub(super) fn within(&self, state: &State, path: &[&str]) -> Option<&'a Entry> {
        self.state(state)?.value.find(path)
    }

    /// The role that a state's review names in `by`, or the review itself.
    pub(super) fn by_span(&self, state: &State) -> Span {
        let by = self
            .within(state, &["review", "by"])
            .map(|entry| entry.value.span);
        by.unwrap_or_else(|| self.state_span(state))
    }

    /// Notes that something was not looked at, for it lies outside of what can be reckoned with beforehand.
    pub(super) fn not_analysed(&self, span: Span, what: &str) {
        let message =
            format!("this {what} is not analysed: it cannot be told beforehand when it is true");
        let help = "truths, words, sums of numbers and dates, comparisons and `in` can be; try the rest by scenarios";
        self.file.report(Code::NotAnalysed, span, message, help);
    }

    /// Every effect of the file.
    pub(super) fn effects(&self) -> impl Iterator<Item = &'a Effect> {
        let of_states = self.workflow.states.iter().flat_map(|state| {
            let timers = state.timers.values().flat_map(|timer| &timer.effects);
            let actions = state.actions.values().flat_map(|action| &action.effects);
            let review = state.review.iter();
            let decisions = review.clone().flat_map(|review| review.decisions.values());
            let decided = decisions.flat_map(|decision| &decision.action.effects);
            let otherwise = review.flat_map(|review| &review.otherwise);
            let otherwise = otherwise.flat_map(|otherwise| &otherwise.effects);
            let own = state.enter.iter().chain(&state.exit);
            own.chain(timers)
                .chain(actions)
                .chain(decided)
                .chain(otherwise)
        });
        self.workflow.open.effects.iter().chain(of_states)
    }

    /// Every action and decision of the file, `open` first.
    pub(super) fn actions(&self) -> impl Iterator<Item = Spot<'a>> {
        self.spots.iter().copied()
    }

    fn all_actions(&self) -> Vec<Spot<'a>> {
        let open = Spot {
            state: None,
            review: None,
            action: &self.workflow.open,
            written: self.file.root.entry("open"),
        };
        let mut spots = vec![open];
        for state in self.workflow.states.iter() {
            for action in state.actions.values() {
                let written = self.within(state, &["actions", &action.name]);
                spots.push(Spot {
                    state: Some(state),
                    review: None,
                    action,
                    written,
                });
            }
            let review = state.review.as_ref();
            for decision in review.iter().flat_map(|review| review.decisions.values()) {
                let action = &decision.action;
                let written = self.within(state, &["review", "decisions", &action.name]);
                spots.push(Spot {
                    state: Some(state),
                    review,
                    action,
                    written,
                });
            }
        }
        spots
    }
}

impl Spot<'_> {
    /// The place of a word of `require`; `rules` and `materials` stand for each of theirs.
    pub(super) fn require_span(&self, word: &str, all: &str) -> Span {
        let Some(written) = self.written else {
            return Span::new(0, 0);
        };
        let words = written.value.get("require").map_or(&[][..], Yaml::items);
        let find = |wanted: &str| {
            words
                .iter()
                .find(|item| item.scalar().is_some_and(|scalar| scalar.text == wanted))
        };
        find(word)
            .or_else(|| find(all))
            .map_or(written.key.span, |item| item.span)
    }
}

/// The places under which `notify` sends this message.
pub(super) fn notify_spans(yaml: &Yaml, message: &str) -> Vec<Span> {
    match &yaml.data {
        Data::Scalar(_) => Vec::new(),
        Data::List(items) => items
            .iter()
            .flat_map(|item| notify_spans(item, message))
            .collect(),
        Data::Map(entries) => entries
            .iter()
            .filter(|entry| entry.key.text == "notify")
            .filter(|entry| {
                entry
                    .value
                    .scalar()
                    .is_some_and(|scalar| scalar.text == message)
            })
            .map(|entry| entry.value.span)
            .collect(),
    }
}
