//! How long many requests took.

use std::time::Duration;

/// All of them, in microseconds.
#[derive(Debug, Clone, Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    /// One more.
    pub fn add(&mut self, took: Duration) {
        self.0
            .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// Those of another one too.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// In order, so that [`Self::at`] can be asked.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_unstable();
        self
    }

    /// How many milliseconds this part of all took at most: 0.5 is the median. Of none: 0.
    pub fn at(&self, part: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else {
            return 0.0;
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list, rounded"
        )]
        let place = (last as f64 * part).round() as usize;
        f64::from(self.0[place.min(last)]) / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_all_are_found() {
        let mut all = Latencies::default();
        for ms in (1..=100).rev() {
            all.add(Duration::from_millis(ms));
        }
        let all = all.sorted();
        for (part, ms) in [(0.0, 1.0), (0.99, 99.0), (1.0, 100.0)] {
            assert!((all.at(part) - ms).abs() < f64::EPSILON, "{part}");
        }
        assert!((all.at(0.5) - 50.5).abs() <= 0.5);
        assert!(Latencies::default().at(0.5).abs() < f64::EPSILON);
    }
}
