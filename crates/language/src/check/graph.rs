//! The ways between states: which leaf a case can come to from which, and by what.

use countersign_core::{
    machine::Slot,
    workflow::{Action, Choice, Effect, State, StateId, StateKind, States, Target, Workflow},
};

use super::state_set::StateSet;

/// A way from a state, and from all inside it, to another.
pub(super) struct Way<'a> {
    /// The state that it is written in; none for `open`.
    pub(super) from: Option<StateId>,
    /// The state that it names.
    pub(super) to: StateId,
    /// What it does on the way.
    pub(super) effects: &'a [Effect],
    /// The action or decision; none for timers and `otherwise`.
    pub(super) action: Option<&'a Action>,
    /// It goes back to the inner state that was last active.
    pub(super) resumes: bool,
}

/// All ways of a workflow.
pub(super) struct Graph<'a> {
    pub(super) states: &'a States,
    pub(super) ways: Vec<Way<'a>>,
    /// The leaves in each state, itself if it is one.
    inside: Vec<StateSet>,
    /// The leaves that one step leads to, by leaf.
    next: Vec<StateSet>,
    /// The leaves that any number of steps leads to, by leaf.
    beyond: Vec<StateSet>,
    /// The ways that are written in each state, by their places in `ways`.
    written: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(workflow: &'a Workflow) -> Self {
        let mut graph = Self {
            states: &workflow.states,
            ways: Vec::new(),
            inside: Vec::new(),
            next: Vec::new(),
            beyond: Vec::new(),
            written: Vec::new(),
        };
        graph.add_action(None, &workflow.open);
        for state in workflow.states.iter() {
            graph.add_state(state);
        }
        graph.inside = graph.insides();
        graph.written = vec![Vec::new(); graph.states.count()];
        for (at, way) in graph.ways.iter().enumerate() {
            if let Some(from) = way.from {
                graph.written[from.index()].push(at);
            }
        }
        graph.next = graph.steps();
        graph.beyond = closed(&graph.next);
        graph
    }

    fn insides(&self) -> Vec<StateSet> {
        let mut inside = vec![StateSet::default(); self.states.count()];
        for leaf in self.leaves() {
            for outer in self.states.tree().path(leaf.id) {
                inside[outer.index()].insert(leaf.id);
            }
        }
        inside
    }

    fn steps(&self) -> Vec<StateSet> {
        let mut next = vec![StateSet::default(); self.states.count()];
        for (from, ways) in self.written.iter().enumerate() {
            let to = ways.iter().flat_map(|at| self.leaves_at(self.ways[*at].to));
            let to: StateSet = to.collect();
            for leaf in self.inside[from].iter() {
                next[leaf.index()] = next[leaf.index()].with(&to);
            }
        }
        next
    }

    /// The leaves in this state, itself if it is one.
    pub(super) fn inside(&self, state: StateId) -> &StateSet {
        &self.inside[state.index()]
    }

    /// The leaves that one step leads to from this one.
    pub(super) fn next(&self, leaf: StateId) -> &StateSet {
        &self.next[leaf.index()]
    }

    /// The leaves that a case can come to from this one; this one only if the case can come back.
    pub(super) fn beyond(&self, leaf: StateId) -> &StateSet {
        &self.beyond[leaf.index()]
    }

    fn add_state(&mut self, state: &'a State) {
        let from = Some(state.id);
        for action in state.actions.values() {
            self.add_action(from, action);
        }
        if let Some(review) = &state.review {
            for decision in review.decisions.values() {
                self.add_action(from, &decision.action);
            }
            if let Some(otherwise) = &review.otherwise {
                self.add_choice(from, &otherwise.to, &otherwise.effects, None);
            }
        }
        for timer in state.timers.values() {
            if let Some(target) = &timer.target {
                self.add_choice(from, target, &timer.effects, None);
            }
        }
    }

    fn add_action(&mut self, from: Option<StateId>, action: &'a Action) {
        match &action.target {
            Target::Stay => {}
            Target::To(choice) => self.add_choice(from, choice, &action.effects, Some(action)),
            Target::Resume(to) => self.ways.push(Way {
                from,
                to: *to,
                effects: &action.effects,
                action: Some(action),
                resumes: true,
            }),
        }
    }

    fn add_choice(
        &mut self,
        from: Option<StateId>,
        choice: &'a Choice,
        effects: &'a [Effect],
        action: Option<&'a Action>,
    ) {
        self.ways.extend(choice.states().map(|to| Way {
            from,
            to,
            effects,
            action,
            resumes: false,
        }));
    }

    /// The leaf where a case rests that goes to this state; of one with tracks that state itself.
    pub(super) fn leaf(&self, state: StateId) -> StateId {
        self.states.tree().leaf_of(state)
    }

    /// The leaves that a case is in after going to this state: where tracks begin or run, each of theirs too.
    pub(super) fn leaves_at(&self, state: StateId) -> Vec<StateId> {
        let tree = self.states.tree();
        let mut found = vec![tree.leaf_of(state)];
        // The tracks beside the one that is named begin with it.
        let around = tree.path(state).iter();
        let around = around.filter(|outer| **outer != state && tree.has_tracks(**outer));
        let rest = tree.leaf_of(state);
        for with_tracks in around.copied().chain([rest]) {
            for track in tree.tracks(with_tracks) {
                if !tree.contains(track, state) {
                    found.extend(self.leaves_at_start(track));
                }
            }
            if with_tracks != rest {
                found.push(with_tracks);
            }
        }
        found
    }

    fn leaves_at_start(&self, state: StateId) -> Vec<StateId> {
        let tree = self.states.tree();
        let rest = tree.leaf_of(state);
        let tracks = tree.tracks(rest);
        let inner = tracks.flat_map(|track| self.leaves_at_start(track));
        std::iter::once(rest).chain(inner).collect()
    }

    /// The outermost state with tracks that this one lies in.
    pub(super) fn tracks_around(&self, state: StateId) -> Option<StateId> {
        let tree = self.states.tree();
        let mut around = tree.path(state).iter();
        around.find(|outer| tree.has_tracks(**outer)).copied()
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn contains(&self, outer: StateId, inner: StateId) -> bool {
        self.states.tree().contains(outer, inner)
    }

    /// The ways that a case in this leaf can take: its own, and those of the states around it.
    pub(super) fn out_of(&self, leaf: StateId) -> impl Iterator<Item = &Way<'a>> {
        let around = self.states.tree().path(leaf).iter();
        let written = around.flat_map(|outer| &self.written[outer.index()]);
        written.map(|at| &self.ways[*at])
    }

    /// All leaves that a case can come to from these, these included; `barred` is not gone through.
    pub(super) fn reachable(
        &self,
        from: impl IntoIterator<Item = StateId>,
        barred: Option<StateId>,
    ) -> StateSet {
        let barred = barred.map_or_else(StateSet::default, |barred| *self.inside(barred));
        let mut seen: StateSet = from.into_iter().collect();
        let mut open: Vec<StateId> = seen.iter().collect();
        while let Some(leaf) = open.pop() {
            let more = self.next(leaf).without(&barred).without(&seen);
            seen = seen.with(&more);
            open.extend(more.iter());
        }
        seen
    }

    /// Where cases begin.
    pub(super) fn beginnings(&self) -> Vec<StateId> {
        let open = self.ways.iter().filter(|way| way.from.is_none());
        open.flat_map(|way| self.leaves_at(way.to)).collect()
    }

    /// All leaves, states with tracks among them.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &'a State> {
        self.states
            .iter()
            .filter(|state| !matches!(state.kind, StateKind::Outer { .. }))
    }
}

/// What any number of steps leads to, where this is what one leads to.
fn closed(next: &[StateSet]) -> Vec<StateSet> {
    let mut beyond = next.to_vec();
    for (through, leaf) in (0..next.len()).zip((0..=u8::MAX).map(Slot)) {
        let further = beyond[through];
        for reached in &mut beyond {
            if reached.contains(leaf) {
                *reached = reached.with(&further);
            }
        }
    }
    beyond
}
