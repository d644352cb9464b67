//! The tree of states that a machine runs on: parents, starts, paths. Checked once, then only looked up.

use super::place::Path;

/// The most states that one tree may have; statig tells states apart by their enum variant, and we declare this many.
pub const MAX_STATES: usize = 256;
/// The deepest nesting of states; a state at the top has depth 1.
pub const MAX_DEPTH: usize = 8;

/// A state of a [`Tree`]: its position in the list that the tree was built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u8);

impl Slot {
    /// The position as an index into lists kept in the order of the tree.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One state as the tree is told of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeState {
    /// The state around this one; none at the top.
    pub parent: Option<Slot>,
    /// The inner state that is entered when this one is; compulsory exactly for states with inner states that are
    /// not tracks.
    pub start: Option<Slot>,
    /// Its inner states are tracks: each is a region with a machine of its own, and all of them run at once.
    pub tracks: bool,
}

/// States within states, sound by construction: every state has a path to the top and a leaf to rest in.
///
/// A *region* is what one machine walks: the whole tree, or a track and what lies in it. Where a state with tracks is
/// in the way, a region ends; for its machine that state is a leaf to rest in.
///
/// Its methods take slots of this tree only; a slot of a larger one panics.
///
/// ```
/// use countersign_core::machine::{Slot, Tree, TreeState};
///
/// let review = TreeState { start: Some(Slot(1)), ..TreeState::default() };
/// let experts = TreeState { parent: Some(Slot(0)), ..TreeState::default() };
/// let tree = Tree::build(&[review, experts]).expect("a sound tree");
/// assert_eq!(tree.leaf_of(Slot(0)), Slot(1));
/// assert!(tree.contains(Slot(0), Slot(1)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    states: Vec<Placed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Placed {
    path: Path,
    /// How many states of the path lie outside of its region.
    outside: u8,
    leaf: Slot,
    tracks: bool,
}

/// Why a list of states is not a tree that a machine can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// There is no state at all.
    #[error("there is no state")]
    Empty,
    /// More than [`MAX_STATES`].
    #[error("{count} states are more than {MAX_STATES}")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A parent or start lies outside the list.
    #[error("state {state:?} names {named:?}, which does not exist")]
    Unknown {
        /// The state that names it.
        state: Slot,
        /// What is not there.
        named: Slot,
    },
    /// A state is nested deeper than [`MAX_DEPTH`], or in itself.
    #[error("state {state:?} is nested deeper than {MAX_DEPTH}")]
    TooDeep {
        /// The state in question.
        state: Slot,
    },
    /// A state with inner states does not say which one it starts in, so a case would rest between them.
    #[error("state {state:?} has inner states but no start")]
    NoStart {
        /// The outer state.
        state: Slot,
    },
    /// The start is not directly inside its state.
    #[error("state {state:?} cannot start in {start:?}, which is not its own inner state")]
    StartOutside {
        /// The outer state.
        state: Slot,
        /// The start it names.
        start: Slot,
    },
}

impl Tree {
    /// Checks the states and works out their paths; parents may come after their children.
    pub fn build(states: &[TreeState]) -> Result<Tree, TreeError> {
        if states.is_empty() {
            return Err(TreeError::Empty);
        }
        if states.len() > MAX_STATES {
            return Err(TreeError::TooMany {
                count: states.len(),
            });
        }
        let mut placed = Vec::with_capacity(states.len());
        for (slot, state) in slots(states) {
            check_start(states, slot, *state)?;
            let path = path_to(states, slot)?;
            let is_track = |slot: &Slot| {
                let parent = states[slot.index()].parent;
                parent.is_some_and(|parent| states[parent.index()].tracks)
            };
            let outside = path.slots().iter().rposition(is_track).unwrap_or(0);
            placed.push(Placed {
                path,
                outside: u8::try_from(outside).unwrap_or(0),
                leaf: slot,
                tracks: state.tracks,
            });
        }
        for (slot, _) in slots(states) {
            let mut leaf = slot;
            while let Some(start) = states[leaf.index()].start {
                leaf = start;
            }
            placed[slot.index()].leaf = leaf;
        }
        Ok(Tree { states: placed })
    }

    /// Where a machine rests that goes to `slot`: the state itself, or the end of its chain of starts.
    pub fn leaf_of(&self, slot: Slot) -> Slot {
        self.states[slot.index()].leaf
    }

    /// The states from the top down to `slot`, which is the last.
    pub fn path(&self, slot: Slot) -> &[Slot] {
        self.states[slot.index()].path.slots()
    }

    /// The state around `slot`; none at the top.
    pub fn parent(&self, slot: Slot) -> Option<Slot> {
        self.path(slot).iter().rev().nth(1).copied()
    }

    /// Whether `inner` is `outer` or lies anywhere inside it.
    pub fn contains(&self, outer: Slot, inner: Slot) -> bool {
        self.path(inner).contains(&outer)
    }

    /// Whether a machine can rest in `slot`: it has no inner states, or they are tracks.
    pub fn is_leaf(&self, slot: Slot) -> bool {
        self.leaf_of(slot) == slot
    }

    /// The track whose region `slot` lies in, itself if it is one; none in the outermost region.
    pub fn region(&self, slot: Slot) -> Option<Slot> {
        let root = self.region_path(slot).first().copied()?;
        self.parent(root).map(|_| root)
    }

    /// The states of its region from the top of that down to `slot`, which is the last.
    pub fn region_path(&self, slot: Slot) -> &[Slot] {
        let placed = &self.states[slot.index()];
        &placed.path.slots()[usize::from(placed.outside)..]
    }

    /// The tracks of a state, in the order written; none unless its inner states are tracks.
    pub fn tracks(&self, slot: Slot) -> impl Iterator<Item = Slot> + '_ {
        let own = self.states[slot.index()].tracks;
        let all = (0..=u8::MAX).map(Slot).take(self.states.len());
        all.filter(move |inner| own && self.parent(*inner) == Some(slot))
    }

    /// Whether the inner states of `slot` are tracks.
    pub fn has_tracks(&self, slot: Slot) -> bool {
        self.states[slot.index()].tracks
    }

    /// How many states there are.
    #[expect(clippy::len_without_is_empty, reason = "a tree always has a state")]
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// The path that the machine of the region is told of.
    pub(super) fn machine_path(&self, slot: Slot) -> Path {
        Path::of_downward(self.region_path(slot))
    }
}

fn slots(states: &[TreeState]) -> impl Iterator<Item = (Slot, &TreeState)> {
    (0..=u8::MAX).map(Slot).zip(states)
}

fn check_start(states: &[TreeState], slot: Slot, state: TreeState) -> Result<(), TreeError> {
    if state.tracks {
        return match state.start {
            Some(start) => Err(TreeError::StartOutside { state: slot, start }),
            None => Ok(()),
        };
    }
    let Some(start) = state.start else {
        let composite = states.iter().any(|other| other.parent == Some(slot));
        return if composite {
            Err(TreeError::NoStart { state: slot })
        } else {
            Ok(())
        };
    };
    match states.get(start.index()) {
        None => Err(TreeError::Unknown {
            state: slot,
            named: start,
        }),
        Some(inner) if inner.parent != Some(slot) => {
            Err(TreeError::StartOutside { state: slot, start })
        }
        Some(_) => Ok(()),
    }
}

fn path_to(states: &[TreeState], slot: Slot) -> Result<Path, TreeError> {
    let mut upward = vec![slot];
    let mut at = slot;
    while let Some(parent) = states[at.index()].parent {
        if states.len() <= parent.index() {
            return Err(TreeError::Unknown {
                state: at,
                named: parent,
            });
        }
        if upward.len() == MAX_DEPTH {
            return Err(TreeError::TooDeep { state: slot });
        }
        upward.push(parent);
        at = parent;
    }
    Ok(Path::of_upward(&upward))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(parent: impl Into<Option<u8>>, start: impl Into<Option<u8>>) -> TreeState {
        TreeState {
            parent: parent.into().map(Slot),
            start: start.into().map(Slot),
            tracks: false,
        }
    }

    #[test]
    fn a_region_begins_at_a_track_and_ends_at_a_state_with_tracks() {
        let trial = TreeState {
            tracks: true,
            ..state(0, None)
        };
        let tree = Tree::build(&[
            state(None, 1),
            trial,
            state(1, 3),
            state(2, None),
            state(1, 5),
            state(4, None),
        ])
        .expect("a sound tree");
        assert_eq!(
            tree.leaf_of(Slot(0)),
            Slot(1),
            "the outer machine rests here"
        );
        assert_eq!(tree.tracks(Slot(1)).collect::<Vec<_>>(), [Slot(2), Slot(4)]);
        assert_eq!(tree.tracks(Slot(2)).count(), 0);
        assert_eq!(tree.region(Slot(3)), Some(Slot(2)));
        assert_eq!((tree.region(Slot(1)), tree.region(Slot(0))), (None, None));
        assert_eq!(tree.region_path(Slot(5)), [Slot(4), Slot(5)]);
        assert_eq!(tree.path(Slot(5)), [0, 1, 4, 5].map(Slot));
        let started = TreeState {
            start: Some(Slot(1)),
            tracks: true,
            ..TreeState::default()
        };
        let error = TreeError::StartOutside {
            state: Slot(0),
            start: Slot(1),
        };
        assert_eq!(Tree::build(&[started, state(0, None)]), Err(error));
    }

    #[test]
    fn looks_up_paths_leaves_and_parents_in_any_order_of_writing() {
        let tree = Tree::build(&[
            state(2, None),
            state(None, None),
            state(None, 3),
            state(2, 4),
            state(3, None),
        ])
        .expect("a sound tree");
        assert_eq!(tree.path(Slot(4)), [Slot(2), Slot(3), Slot(4)]);
        assert_eq!(
            (tree.leaf_of(Slot(2)), tree.leaf_of(Slot(0))),
            (Slot(4), Slot(0))
        );
        assert_eq!(
            (tree.parent(Slot(4)), tree.parent(Slot(2))),
            (Some(Slot(3)), None)
        );
        assert!(tree.contains(Slot(2), Slot(4)) && tree.contains(Slot(4), Slot(4)));
        assert!(!tree.contains(Slot(4), Slot(2)) && !tree.contains(Slot(0), Slot(4)));
        assert!(tree.is_leaf(Slot(1)) && !tree.is_leaf(Slot(3)));
        assert_eq!(tree.len(), 5);
    }

    #[test]
    fn refuses_what_is_no_tree() {
        let chain = |n: u8| -> Vec<TreeState> {
            (0..n)
                .map(|i| state(i.checked_sub(1), (i + 1 < n).then_some(i + 1)))
                .collect()
        };
        for (states, error) in [
            (vec![], TreeError::Empty),
            (
                vec![state(None, None); 257],
                TreeError::TooMany { count: 257 },
            ),
            (
                vec![state(7, None)],
                TreeError::Unknown {
                    state: Slot(0),
                    named: Slot(7),
                },
            ),
            (
                vec![state(None, 7)],
                TreeError::Unknown {
                    state: Slot(0),
                    named: Slot(7),
                },
            ),
            (
                vec![state(None, None), state(0, None)],
                TreeError::NoStart { state: Slot(0) },
            ),
            (
                vec![state(None, 1), state(None, None)],
                TreeError::StartOutside {
                    state: Slot(0),
                    start: Slot(1),
                },
            ),
            (chain(9), TreeError::TooDeep { state: Slot(8) }),
            (
                vec![state(1, 1), state(0, 0)],
                TreeError::TooDeep { state: Slot(0) },
            ),
        ] {
            assert_eq!(Tree::build(&states), Err(error));
        }
        assert!(Tree::build(&chain(8)).is_ok());
        assert!(Tree::build(&vec![state(None, None); MAX_STATES]).is_ok());
    }
}
