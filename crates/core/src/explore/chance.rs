//! Chances that come out the same for the same seed: stories that are made up can be told again. Not for secrets.

use crate::history::Hash;

/// A stream of choices that follows from its seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream of a text.
    pub fn of(text: &str) -> Self {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&Hash::of(text.as_bytes()).bytes()[..8]);
        Self(u64::from_be_bytes(bytes))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this; 0 of none.
    pub fn below(&mut self, number: usize) -> usize {
        let number = u64::try_from(number.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % number).unwrap_or(0)
    }

    /// Whether it happens, so many times of a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        things.get(self.below(things.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn a_seed_gives_the_same_choices_and_another_gives_others() {
        let stream = |seed| {
            let mut chance = Chance::new(seed);
            (0..20).map(|_| chance.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(stream(7), stream(7));
        assert_ne!(stream(7), stream(8));
        let mut seen = [false; 6];
        let mut chance = Chance::of("dice");
        (0..200).for_each(|_| seen[chance.below(6)] = true);
        assert_eq!(seen, [true; 6]);
    }
}
