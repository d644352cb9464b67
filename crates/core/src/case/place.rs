//! Where a case is: one leaf, or the leaf of each track of a state that has tracks. How it moves is `step`'s.

use crate::workflow::{State, StateId, StatePath, States};

use super::Case;

impl Case {
    /// The states that it is in: track by track in the order written, each from its leaf outward, then the states
    /// around them.
    pub fn states<'w>(&self, states: &'w States) -> Vec<&'w State> {
        let mut found = Vec::new();
        self.gather(states, None, &mut |rest| {
            let path = states.tree().region_path(rest.id).iter().rev();
            found.extend(path.map(|slot| states.get(*slot)));
        });
        found
    }

    /// The leaves that it is in: one, or one of each track.
    pub fn leaves<'w>(&self, states: &'w States) -> Vec<&'w State> {
        let mut found = Vec::new();
        self.gather(states, None, &mut |rest| {
            if !states.tree().has_tracks(rest.id) {
                found.push(rest);
            }
        });
        found
    }

    /// Where the machine of a region rests: of a track, or of the case itself. `None`: the track does not run.
    pub fn rest<'w>(&self, states: &'w States, region: Option<StateId>) -> Option<&'w State> {
        let path = match region {
            Some(track) => self.tracks.get(&states.get(track).path)?,
            None => &self.state,
        };
        states.find(path.as_str())
    }

    /// Puts the machine of a region there; its tracks apart.
    pub(crate) fn put(&mut self, states: &States, region: Option<StateId>, rest: StatePath) {
        match region {
            Some(track) => {
                self.tracks.insert(states.get(track).path.clone(), rest);
            }
            None => self.state = rest,
        }
    }

    /// Puts it into a state as it would be entered, without leaving or entering anything: tracks that begin with it are
    /// at their start, but for those that hold the state.
    pub(crate) fn place(&mut self, states: &States, target: StateId) {
        let tree = states.tree();
        self.tracks.clear();
        let outermost = tree.path(target).first().copied().unwrap_or(target);
        let inside = |region: Option<StateId>, begins: StateId| {
            let path = tree.path(target);
            let inner = path.iter().rfind(|slot| tree.region(**slot) == region);
            tree.leaf_of(inner.copied().unwrap_or(begins))
        };
        let mut next = vec![(None, inside(None, outermost))];
        while let Some((region, rest)) = next.pop() {
            self.put(states, region, states.get(rest).path.clone());
            let tracks = tree.tracks(rest);
            next.extend(tracks.map(|track| (Some(track), inside(Some(track), track))));
        }
    }

    fn gather<'w>(
        &self,
        states: &'w States,
        region: Option<StateId>,
        found: &mut dyn FnMut(&'w State),
    ) {
        let Some(rest) = self.rest(states, region) else {
            return;
        };
        for track in states.tree().tracks(rest.id) {
            self.gather(states, Some(track), found);
        }
        found(rest);
    }
}
