//! The tree of states as it is written, before anything in it is read: paths, nesting, names of actions,
//! and the resolution of names (SEMANTICS 2).

use countersign_core::{
    machine::{MAX_DEPTH, MAX_STATES, Slot, Tree, TreeState},
    name::Name,
    workflow::{State, StateId, StateKind, States},
};

use crate::{
    diagnostic::Code,
    file::{File, Section},
    nearest::listed,
    source::Span,
    vocabulary,
    yaml::{Key, Yaml},
};

/// A state as written.
pub(crate) struct Written<'a> {
    pub(crate) id: StateId,
    pub(crate) name: Name,
    pub(crate) path: String,
    pub(crate) parent: Option<StateId>,
    pub(crate) key: &'a Key,
    pub(crate) section: Section<'a>,
    pub(crate) inner: Vec<StateId>,
    pub(crate) start: Option<StateId>,
    /// Its inner states are tracks.
    pub(crate) tracks: bool,
}

/// The most tracks that one state may have.
const MAX_TRACKS: usize = 8;

/// Where a state is written: `states`, its outer one, `tracks`, … Names of a state path by their keywords.
pub(crate) fn written_path<'p>(states: &States, path: &'p str) -> Vec<&'p str> {
    let mut found = Vec::new();
    let mut outer: Option<&State> = None;
    let mut end = 0;
    for name in path.split('.') {
        let tracks = outer.is_some_and(|outer| outer.kind == StateKind::Tracks);
        found.extend([if tracks { "tracks" } else { "states" }, name]);
        end += name.len();
        outer = states.find(&path[..end]);
        end += 1;
    }
    found
}

/// All states as written, in document order, outer before inner.
#[derive(Default)]
pub(crate) struct Outline<'a> {
    pub(crate) states: Vec<Written<'a>>,
}

/// The paths of a file's states, for those who only want to know which there are.
pub(crate) fn paths(file: &File) -> Vec<String> {
    let states = Outline::read(file).states;
    states.into_iter().map(|state| state.path).collect()
}

/// Whether a file has an end besides success.
pub(crate) fn ends_otherwise(file: &File) -> bool {
    let states = Outline::read(file).states;
    states.iter().any(|state| {
        let end = state.section.get("end").and_then(Yaml::scalar);
        end.is_some_and(|end| end.text == "neutral" || end.text == "failure")
    })
}

impl<'a> Outline<'a> {
    /// Reads the tree. What cannot be part of it is reported and left out.
    pub(crate) fn read(file: &'a File) -> Self {
        let mut outline = Self::default();
        if let Some(states) = file.root.get("states").filter(|states| !states.is_null()) {
            outline.read_level(file, (states, "states"), None, 1);
        }
        for at in 0..outline.states.len() {
            outline.find_start(file, at);
        }
        outline
    }

    fn read_level(
        &mut self,
        file: &'a File,
        (yaml, keyword): (&'a Yaml, &str),
        parent: Option<StateId>,
        depth: usize,
    ) -> Vec<StateId> {
        let mut inner = Vec::new();
        let words = if keyword == "tracks" {
            &vocabulary::TRACK
        } else {
            &vocabulary::STATE
        };
        for (name, entry) in file.named(yaml, &format!("`{keyword}`")) {
            let slot = u8::try_from(self.states.len());
            let (Ok(slot), true) = (slot, depth <= MAX_DEPTH) else {
                let message =
                    format!("there are at most {MAX_STATES} states, nested up to {MAX_DEPTH} deep");
                let help = "split the workflow: a second workflow can link to cases of the first";
                file.report(Code::TooLarge, entry.key.span, message, help);
                return inner;
            };
            let id = Slot(slot);
            let path = match parent {
                Some(parent) => format!("{}.{name}", self.get(parent).path),
                None => name.to_string(),
            };
            self.states.push(Written {
                id,
                name,
                path,
                parent,
                key: &entry.key,
                section: file.keywords(&entry.value, words),
                inner: Vec::new(),
                start: None,
                tracks: false,
            });
            inner.push(id);
            self.read_inside(file, id, depth + 1);
        }
        inner
    }

    fn read_inside(&mut self, file: &'a File, id: StateId, depth: usize) {
        let section = self.get(id).section;
        let Some(tracks) = section
            .entry("tracks")
            .filter(|entry| !entry.value.is_null())
        else {
            if let Some(states) = section.get("states") {
                let found = self.read_level(file, (states, "states"), Some(id), depth);
                self.states[id.index()].inner = found;
            }
            return;
        };
        for other in ["states", "start", "end"] {
            if let Some(other) = section.entry(other) {
                let message = format!("`tracks` and `{}` exclude each other", other.key.text);
                let help =
                    "a state has inner states, of which one is active, or tracks, all of which are";
                file.report(Code::ExclusiveKeywords, other.key.span, message, help);
            }
        }
        let found = self.read_level(file, (&tracks.value, "tracks"), Some(id), depth);
        if found.len() > MAX_TRACKS {
            let message = format!(
                "a state has at most {MAX_TRACKS} tracks, and here are {}",
                found.len()
            );
            let help = "open a child case for each, or let some of them follow one another";
            file.report(Code::TooLarge, tracks.key.span, message, help);
        }
        for track in &found {
            self.check_track(file, *track);
        }
        let state = &mut self.states[id.index()];
        state.tracks = !found.is_empty();
        state.inner = found;
    }

    fn check_track(&self, file: &File, id: StateId) {
        let track = self.get(id);
        if track.inner.is_empty() {
            let of = format!("track `{}`", track.path);
            let example = "states: { drafting: { … } }";
            file.missing(track.key.span, "states", &of, example);
        }
    }

    fn find_start(&mut self, file: &File, at: usize) {
        let state = &self.states[at];
        if state.tracks {
            return;
        }
        let written = state.section.get("start");
        let names: Vec<&str> = state.inner.iter().map(|id| &*self.get(*id).name).collect();
        let (span, message) = match (written, names.is_empty()) {
            (None, true) => return,
            (Some(start), true) => (
                start.span,
                format!("state `{}` has `start` but no inner `states`", state.path),
            ),
            (None, false) => (
                state.key.span,
                format!("state `{}` has inner states but no `start`", state.path),
            ),
            (Some(start), false) => {
                let Some(word) = file.word(start, "`start`") else {
                    return;
                };
                let found = state.inner.iter().find(|id| self.get(**id).name == *word);
                if let Some(found) = found.copied() {
                    self.states[at].start = Some(found);
                    return;
                }
                (
                    start.span,
                    format!("`{word}` is not an inner state of `{}`", state.path),
                )
            }
        };
        let help = match names.first() {
            Some(first) => format!(
                "for example `start: {first}`; its inner states are {}",
                listed(&names)
            ),
            None => "delete `start`, or add `states`".to_owned(),
        };
        file.report(Code::NoStart, span, message, help);
    }

    pub(crate) fn get(&self, id: StateId) -> &Written<'a> {
        &self.states[id.index()]
    }

    /// The tree that the machine walks; `None` if the states do not make one (which was reported).
    pub(crate) fn tree(&self) -> Option<Tree> {
        let states: Vec<TreeState> = self
            .states
            .iter()
            .map(|state| TreeState {
                parent: state.parent,
                start: state
                    .start
                    .or_else(|| state.inner.first().copied())
                    .filter(|_| !state.tracks),
                tracks: state.tracks,
            })
            .collect();
        Tree::build(&states).ok()
    }

    /// The state that a name means, seen from a state: siblings, then outward, then the full path.
    pub(crate) fn resolve(&self, from: Option<StateId>, text: &str) -> Option<StateId> {
        let mut prefix = from.and_then(|from| self.get(from).parent);
        loop {
            let path = match prefix {
                Some(outer) => format!("{}.{text}", self.get(outer).path),
                None => text.to_owned(),
            };
            if let Some(found) = self.find(&path) {
                return Some(found);
            }
            prefix = self.get(prefix?).parent;
        }
    }

    /// The state of this full path.
    pub(crate) fn find(&self, path: &str) -> Option<StateId> {
        let state = self.states.iter().find(|state| state.path == path);
        state.map(|state| state.id)
    }

    /// The same as [`Self::resolve`], reporting a name that nothing has.
    pub(crate) fn state(
        &self,
        file: &File,
        from: Option<StateId>,
        text: &str,
        span: Span,
    ) -> Option<StateId> {
        if let Some(found) = self.resolve(from, text) {
            return Some(found);
        }
        let message = format!("there is no state `{text}`");
        let elsewhere = self.states.iter().find(|state| state.name == *text);
        if let Some(elsewhere) = elsewhere {
            let help = format!(
                "from here it is called by its full path: `{}`",
                elsewhere.path
            );
            let finding = file.finding(Code::NoSuchState, span, message, help);
            file.add(finding.label("unknown here"));
        } else {
            let known = self.states.iter().map(|state| state.path.as_str());
            file.unknown(Code::NoSuchState, span, message, text, known);
        }
        None
    }

    /// The state and those around it, inner first.
    pub(crate) fn outward(&self, from: StateId) -> impl Iterator<Item = &Written<'a>> {
        std::iter::successors(Some(self.get(from)), |state| {
            state.parent.map(|id| self.get(id))
        })
    }

    /// The track that a state lies in, itself if it is one.
    fn track_of(&self, state: StateId) -> Option<StateId> {
        let mut outward = self.outward(state);
        let track =
            outward.find(|state| state.parent.is_some_and(|outer| self.get(outer).tracks))?;
        Some(track.id)
    }

    /// A way out of a track stays in it or leaves the whole state: into another track nothing leads.
    pub(crate) fn check_way(&self, file: &File, from: Option<StateId>, to: StateId, span: Span) {
        let mut track = from.and_then(|from| self.track_of(from));
        while let Some(own) = track {
            let around = self.get(own).parent;
            let inside = |outer: StateId| self.outward(to).any(|state| state.id == outer);
            if let Some(around) = around
                && to != around
                && inside(around)
                && !inside(own)
            {
                let message = format!(
                    "`{}` lies in another track of `{}`",
                    self.get(to).path,
                    self.get(around).path
                );
                let help = "lead to a state of the same track, or out of the state with the tracks";
                file.report(Code::OtherTrack, span, message, help);
                return;
            }
            track = around.and_then(|around| self.track_of(around));
        }
    }

    /// The names of all actions and decisions.
    pub(crate) fn action_names(&self) -> impl Iterator<Item = &'a str> {
        self.states.iter().flat_map(|state| {
            let actions = names(state.section.get("actions"));
            actions.into_iter().chain(names(decisions_of(state)))
        })
    }

    /// The names of all timers.
    pub(crate) fn timer_names(&self) -> impl Iterator<Item = &'a str> {
        self.states
            .iter()
            .flat_map(|state| names(state.section.get("timers")))
    }

    /// The names of the decisions that are voted on in this state: of its own review or an outer one.
    pub(crate) fn decisions_in(&self, state: StateId) -> Option<Vec<&'a str>> {
        self.outward(state)
            .find(|state| state.section.get("review").is_some())
            .map(|state| names(decisions_of(state)))
    }

    /// The names of the decisions of all reviews.
    pub(crate) fn all_decisions(&self) -> Vec<&'a str> {
        self.states
            .iter()
            .flat_map(|state| names(decisions_of(state)))
            .collect()
    }
}

fn decisions_of<'a>(state: &Written<'a>) -> Option<&'a Yaml> {
    state.section.get("review")?.get("decisions")
}

fn names(yaml: Option<&Yaml>) -> Vec<&str> {
    let entries = yaml.map_or(&[][..], Yaml::entries);
    entries
        .iter()
        .map(|entry| entry.key.text.as_str())
        .collect()
}
