//! From a workflow, and perhaps a case, to the picture of them in one language. The only place that knows both.

use crate::mark::{CaseMark, Mover};
use crate::picture::{CaseView, Entry, Kind, Label, Picture, Shape, Way, Words};
use crate::text::columns;
use crate::words;
use std::collections::BTreeMap;

use countersign_core::{
    machine::Slot,
    name::Name,
    text::Language,
    workflow::{Action, Choice, End, State, StateId, StateKind, StatePath, Target, Workflow},
};

/// The widest condition that stands behind an action's title, in columns.
const CONDITION: usize = 20;

/// One way from a state to another.
pub(crate) struct WayRead {
    pub from: StateId,
    pub to: StateId,
    /// Who or what goes it, as history says.
    pub by: Mover,
    pub text: String,
    /// Under which condition, as it stands in the file.
    pub condition: Option<String>,
    pub kind: Way,
}

impl WayRead {
    /// Whether it is what remains of several ways that have conditions.
    pub fn is_last_of_several(&self, language: Language) -> bool {
        let otherwise = format!("[{}]", words::otherwise(language));
        self.text.contains(&otherwise)
    }

    /// What is written on it, with the whole of its condition.
    pub fn in_full(&self, language: Language) -> String {
        let short = format!("[{}]", words::on_condition(language));
        match &self.condition {
            Some(source) => self.text.replace(&short, &format!("[{source}]")),
            None => self.text.clone(),
        }
    }
}

/// The picture of a workflow, with the case's way marked on it.
pub(crate) fn read(workflow: &Workflow, language: Language, case: Option<&CaseMark>) -> Picture {
    let ways = ways_of_all(workflow, language);
    let description = match case {
        Some(case) => words::way(workflow, language, case),
        None => words::whole(&ways, workflow, language),
    };
    let mut picture = Picture {
        title: workflow.title.get(language).to_owned(),
        language: language.tag().to_owned(),
        states: workflow
            .states
            .iter()
            .map(|state| shape(state, language))
            .collect(),
        arrows: vec![],
        entry: Entry {
            to: entry(workflow).index(),
        },
        case: case.map(|case| view(workflow, case)),
        counts: BTreeMap::new(),
        words: Words {
            here: words::here(language).to_owned(),
            description,
        },
    };
    for way in ways {
        let taken = case.is_some_and(|case| was_taken(workflow, &way, case));
        picture.add_way(
            way.from.index(),
            way.to.index(),
            Label {
                text: way.text,
                condition: way.condition.filter(|source| columns(source) > CONDITION),
                kind: way.kind,
                taken,
            },
        );
    }
    picture
}

/// Every way of the workflow, in document order.
pub(crate) fn ways_of_all(workflow: &Workflow, language: Language) -> Vec<WayRead> {
    workflow
        .states
        .iter()
        .flat_map(|state| ways_of(state, language))
        .collect()
}

fn ways_of(state: &State, language: Language) -> Vec<WayRead> {
    let mut ways = vec![];
    let mut add = |led: Led, name: Option<&Name>, kind: Way| {
        ways.push(WayRead {
            from: state.id,
            to: led.to,
            by: name.map_or(Mover::NoDecision, |name| Mover::Named(name.clone())),
            text: led.text,
            condition: led.condition,
            kind,
        });
    };
    if let Some(review) = &state.review {
        let several = review.panels.len() > 1;
        for (name, decision) in &review.decisions {
            for mut led in led_to(&decision.action, language) {
                if several {
                    led.text
                        .push_str(words::agreement(decision.panels, language));
                }
                add(led, Some(name), Way::Decision);
            }
        }
        if let Some(otherwise) = &review.otherwise {
            for led in chosen(&otherwise.to, words::no_decision(language), language) {
                add(led, None, Way::Otherwise);
            }
        }
    }
    for (name, action) in &state.actions {
        for led in led_to(action, language) {
            add(led, Some(name), Way::Action);
        }
    }
    for (name, timer) in &state.timers {
        for led in timer
            .target
            .iter()
            .flat_map(|to| chosen(to, &words::timer(timer, language), language))
        {
            add(led, Some(name), Way::Timer);
        }
    }
    ways
}

/// One target, and what is written on the way there.
struct Led {
    to: StateId,
    text: String,
    condition: Option<String>,
}

impl Led {
    fn always(to: StateId, title: &str) -> Self {
        Self {
            to,
            text: title.to_owned(),
            condition: None,
        }
    }
}

fn led_to(action: &Action, language: Language) -> Vec<Led> {
    let title = action.title.get(language);
    match &action.target {
        Target::Stay => vec![],
        Target::Resume(state) => vec![Led::always(*state, title)],
        Target::To(choice) => chosen(choice, title, language),
    }
}

/// Each target with what leads there. Short conditions stand in brackets; a long one says nothing when it is cut, so
/// that only its place is kept.
fn chosen(choice: &Choice, title: &str, language: Language) -> Vec<Led> {
    if choice.conditional.is_empty() {
        return vec![Led::always(choice.otherwise, title)];
    }
    let conditional = choice.conditional.iter().map(|(to, when)| {
        let source = when
            .source()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let written = if columns(&source) <= CONDITION {
            source.as_str()
        } else {
            words::on_condition(language)
        };
        Led {
            to: *to,
            text: format!("{title} [{written}]"),
            condition: Some(source),
        }
    });
    let last = format!("{title} [{}]", words::otherwise(language));
    conditional
        .chain([Led::always(choice.otherwise, &last)])
        .collect()
}

fn shape(state: &State, language: Language) -> Shape {
    let reminders = state.timers.values().filter(|timer| timer.target.is_none());
    Shape {
        id: state.path.to_string(),
        title: state.title.get(language).to_owned(),
        parent: state.parent.map(StateId::index),
        kind: match state.kind {
            StateKind::Leaf => Kind::Plain,
            StateKind::Outer { start } => Kind::Outer {
                start: start.index(),
            },
            StateKind::Tracks => Kind::Tracks,
            StateKind::End(End::Success) => Kind::Success,
            StateKind::End(End::Failure) => Kind::Failure,
            StateKind::End(End::Neutral) => Kind::Neutral,
        },
        reminders: reminders
            .map(|timer| words::timer(timer, language))
            .collect(),
    }
}

fn entry(workflow: &Workflow) -> StateId {
    match &workflow.open.target {
        Target::To(choice) => choice.otherwise,
        Target::Resume(state) => *state,
        // Refused when a workflow is loaded.
        Target::Stay => Slot(0),
    }
}

fn view(workflow: &Workflow, case: &CaseMark) -> CaseView {
    let current = case.tracks.iter().chain([&case.current]);
    let current = current
        .filter_map(|path| workflow.states.find(path.as_str()))
        .filter(|state| state.kind != StateKind::Tracks)
        .map(|state| state.id.index());
    let outer = workflow
        .states
        .iter()
        .filter(|state| matches!(state.kind, StateKind::Outer { .. }));
    let started = outer.filter(|state| {
        let leaf = &workflow
            .states
            .get(workflow.states.tree().leaf_of(state.id))
            .path;
        let inside = |from: &StatePath| from.is_in(state.path.as_str());
        case.way
            .iter()
            .any(|moved| moved.to == *leaf && !moved.from.as_ref().is_some_and(inside))
    });
    CaseView {
        current: current.collect(),
        started: started.map(|state| state.id.index()).collect(),
    }
}

/// Whether the case went this way: by its name, from the state or an inner one, to where it leads.
fn was_taken(workflow: &Workflow, way: &WayRead, case: &CaseMark) -> bool {
    let (from, to) = (
        &workflow.states.get(way.from).path,
        &workflow.states.get(way.to).path,
    );
    case.way.iter().any(|moved| {
        moved.by == way.by
            && moved
                .from
                .as_ref()
                .is_some_and(|left| left.is_in(from.as_str()))
            && moved.to.is_in(to.as_str())
    })
}
