//! What is to be drawn, with every text already in the reader's language. Knows neither workflows nor coordinates.

use std::collections::BTreeMap;

/// States and the arrows between them. Positions in `states` are what everything refers to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Picture {
    pub title: String,
    pub language: String,
    pub states: Vec<Shape>,
    pub arrows: Vec<Arrow>,
    /// Where a new case begins, and what beginning is called.
    pub entry: Entry,
    pub case: Option<CaseView>,
    /// How many cases stand in a state now, where that is told.
    pub counts: BTreeMap<usize, u64>,
    pub words: Words,
}

/// The few words that the drawing itself brings along.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words {
    pub here: String,
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    pub to: usize,
}

/// How far the case has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CaseView {
    /// The states it rests in: one, or one for each track.
    pub current: Vec<usize>,
    /// The outer states that it entered by their start.
    pub started: Vec<usize>,
}

/// One state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    /// The full path, unique in the picture.
    pub id: String,
    pub title: String,
    pub parent: Option<usize>,
    pub kind: Kind,
    /// Timers that lead nowhere: reminders.
    pub reminders: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Success,
    Failure,
    Neutral,
    /// Has inner states and starts in this one.
    Outer {
        start: usize,
    },
    /// Its inner states are tracks, which run all at once.
    Tracks,
}

impl Kind {
    pub fn has_inside(self) -> bool {
        matches!(self, Kind::Outer { .. } | Kind::Tracks)
    }

    /// The inner state that the case goes on with.
    pub fn start(self) -> Option<usize> {
        match self {
            Self::Outer { start } => Some(start),
            Self::Tracks | Self::Plain | Self::Success | Self::Failure | Self::Neutral => None,
        }
    }
}

/// All ways from one state to another, drawn as one arrow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrow {
    pub from: usize,
    pub to: usize,
    pub labels: Vec<Label>,
    pub taken: bool,
}

/// One way: an action, a decision or a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub text: String,
    /// The whole of a condition that is too long to be written.
    pub condition: Option<String>,
    pub kind: Way,
    pub taken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Action,
    Decision,
    Timer,
    Otherwise,
}

impl Picture {
    /// Adds a way, on the arrow that already leads there if there is one.
    pub fn add_way(&mut self, from: usize, to: usize, label: Label) {
        let taken = label.taken;
        match self
            .arrows
            .iter_mut()
            .find(|arrow| (arrow.from, arrow.to) == (from, to))
        {
            Some(arrow) => {
                arrow.taken |= taken;
                if !arrow.labels.contains(&label) {
                    arrow.labels.push(label);
                }
            }
            None => self.arrows.push(Arrow {
                from,
                to,
                labels: vec![label],
                taken,
            }),
        }
    }

    /// The state and those around it, from the inside out.
    pub fn outward(&self, state: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(state), |at| self.states[*at].parent)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn contains(&self, outer: usize, inner: usize) -> bool {
        self.outward(inner).any(|at| at == outer)
    }

    /// Whether a state is one of several tracks.
    pub fn is_track(&self, state: usize) -> bool {
        let outer = self.states[state].parent;
        outer.is_some_and(|outer| self.states[outer].kind == Kind::Tracks)
    }

    /// Whether two states lie in different tracks of one state.
    pub fn are_apart(&self, one: usize, other: usize) -> bool {
        let mut tracks = self.outward(one).filter(|at| self.is_track(*at));
        tracks.any(|track| {
            let around = self.states[track].parent;
            let beside = around.is_some_and(|around| self.contains(around, other));
            beside && around != Some(other) && !self.contains(track, other)
        })
    }

    /// Those directly inside a state, or at the top.
    pub fn inside(&self, outer: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        (0..self.states.len()).filter(move |at| self.states[*at].parent == outer)
    }
}
