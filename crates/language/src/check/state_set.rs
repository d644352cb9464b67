//! A set of states in a few words of memory: there are never more than 256, and ways between them are followed often.

use countersign_core::{machine::Slot, workflow::StateId};

/// Bits of a word.
const WORD: usize = 64;

/// Some of the states of one workflow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StateSet([u64; 4]);

impl StateSet {
    /// Whether it is among them.
    pub(super) fn contains(&self, state: StateId) -> bool {
        let (word, bit) = place(state);
        self.0[word] & bit != 0
    }

    /// Adds it. Whether it was not there.
    pub(super) fn insert(&mut self, state: StateId) -> bool {
        let (word, bit) = place(state);
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    /// Those that are in one or the other.
    pub(super) fn with(mut self, other: &Self) -> Self {
        for (word, others) in self.0.iter_mut().zip(other.0) {
            *word |= others;
        }
        self
    }

    /// Those that are in this one and not in the other.
    pub(super) fn without(mut self, other: &Self) -> Self {
        for (word, others) in self.0.iter_mut().zip(other.0) {
            *word &= !others;
        }
        self
    }

    /// Those that are in both.
    pub(super) fn both(mut self, other: &Self) -> Self {
        for (word, others) in self.0.iter_mut().zip(other.0) {
            *word &= others;
        }
        self
    }

    /// Whether there is one in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        !self.both(other).is_empty()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// In the order of the file.
    pub(super) fn iter(&self) -> impl Iterator<Item = StateId> + use<> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let word = rest.iter().position(|word| *word != 0)?;
            let bit = rest[word].trailing_zeros() as usize;
            rest[word] &= rest[word] - 1;
            u8::try_from(word * WORD + bit).ok().map(Slot)
        })
    }
}

impl FromIterator<StateId> for StateSet {
    fn from_iter<I: IntoIterator<Item = StateId>>(states: I) -> Self {
        let mut set = Self::default();
        set.extend(states);
        set
    }
}

impl Extend<StateId> for StateSet {
    fn extend<I: IntoIterator<Item = StateId>>(&mut self, states: I) {
        for state in states {
            self.insert(state);
        }
    }
}

fn place(state: StateId) -> (usize, u64) {
    (state.index() / WORD, 1 << (state.index() % WORD))
}
