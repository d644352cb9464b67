//! What a soak has found: broken promises, each with the case and the reason.

use std::{collections::BTreeMap, fmt};

/// A promise of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// What was answered is there.
    NothingLost,
    /// One request has one effect.
    NothingDoubled,
    /// Versions and entries count from 1 without gaps, each chained to the one before.
    NoGaps,
    /// The stored state is what the history comes to.
    Folds,
    /// A timer takes effect once, and not before it is due.
    Timers,
    /// A delivery arrives at least once, always under the same id.
    Deliveries,
    /// Whoever asks once more is served.
    Served,
}

/// Broken promises, the first few of each kind in words.
#[derive(Debug, Default)]
pub struct Findings {
    of: BTreeMap<Promise, Vec<String>>,
}

/// How many of one kind are told.
const TOLD: usize = 5;

impl Findings {
    /// Adds one.
    pub fn add(&mut self, promise: Promise, says: impl Into<String>) {
        self.of.entry(promise).or_default().push(says.into());
    }

    /// Adds those of another.
    pub fn join(&mut self, other: Self) {
        for (promise, mut says) in other.of {
            self.of.entry(promise).or_default().append(&mut says);
        }
    }

    /// Forgets those of other promises: what was looked at does not bear on them.
    pub fn only(&mut self, promises: &[Promise]) {
        self.of.retain(|promise, _| promises.contains(promise));
    }

    /// Whether every promise was kept.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether this promise was broken.
    pub fn has(&self, promise: Promise) -> bool {
        self.of.contains_key(&promise)
    }

    /// How often this promise was broken.
    pub fn count(&self, promise: Promise) -> usize {
        self.of.get(&promise).map_or(0, Vec::len)
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingLost => "lost",
            Self::NothingDoubled => "doubled",
            Self::NoGaps => "gap or broken chain",
            Self::Folds => "history does not come to the stored state",
            Self::Timers => "timer early, lost or twice",
            Self::Deliveries => "delivery lost, or under another id",
            Self::Served => "not served",
        })
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (promise, all) in &self.of {
            writeln!(f, "FOUND {} × {promise}", all.len())?;
            for one in all.iter().take(TOLD) {
                writeln!(f, "      {one}")?;
            }
        }
        Ok(())
    }
}
