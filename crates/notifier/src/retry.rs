//! When a failed delivery is tried again: ever later, spread by chance so that a receiver coming back
//! is not met by everything at once, and at last never. Pure: chance is an argument.

use std::time::Duration;

use countersign_engine::ports::deliveries::Next;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// Nobody makes a delivery wait longer than this, whatever `Retry-After` says.
const LONGEST: Duration = Duration::from_secs(24 * HOUR);

/// The waits between attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    waits: Vec<Duration>,
}

impl Backoff {
    /// One wait after each failed attempt; when they are used up, the delivery is dead.
    pub fn new(waits: impl Into<Vec<Duration>>) -> Self {
        Self {
            waits: waits.into(),
        }
    }

    /// How often a delivery is tried in all.
    pub fn attempts(&self) -> u32 {
        u32::try_from(self.waits.len()).unwrap_or(u32::MAX - 1) + 1
    }

    /// What follows the failure of this attempt (counted from 1). `chance` in `0.0..1.0` moves the
    /// wait by up to a fifth either way; a longer wait that the receiver asked for is kept.
    pub fn after(&self, attempt: u32, asked: Option<Duration>, chance: f64) -> Next {
        let index = attempt.max(1) as usize - 1;
        let Some(wait) = self.waits.get(index) else {
            return Next::Dead;
        };
        let spread = wait.mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0));
        // Whole milliseconds, as all times of the product.
        let spread = Duration::from_millis(u64::try_from(spread.as_millis()).unwrap_or(u64::MAX));
        Next::RetryAfter(spread.max(asked.unwrap_or_default()).min(LONGEST))
    }
}

/// Ten attempts over about a day: a receiver that is down overnight still gets everything.
impl Default for Backoff {
    fn default() -> Self {
        let seconds = [
            5,
            30,
            2 * MINUTE,
            10 * MINUTE,
            30 * MINUTE,
            HOUR,
            3 * HOUR,
            6 * HOUR,
            12 * HOUR,
        ];
        Self::new(seconds.map(Duration::from_secs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn waits_grow_to_about_a_day_and_then_it_is_dead() {
        let backoff = Backoff::default();
        let waits: Vec<u64> = (1..=backoff.attempts())
            .map_while(|attempt| match backoff.after(attempt, None, 0.5) {
                Next::RetryAfter(wait) => Some(wait.as_secs()),
                Next::Dead => None,
            })
            .collect();
        assert_eq!(
            waits,
            [5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200]
        );
        let all = waits.iter().sum::<u64>();
        assert!((20 * HOUR..26 * HOUR).contains(&all), "{all} s");
        assert_eq!(backoff.attempts(), 10);
        assert_eq!(backoff.after(10, None, 0.5), Next::Dead);
        assert_eq!(backoff.after(u32::MAX, None, 0.5), Next::Dead);
    }

    #[test]
    fn chance_moves_a_wait_by_a_fifth_at_most() {
        let backoff = Backoff::new([seconds(100)]);
        let table = [
            (0.0, 80),
            (0.25, 90),
            (0.5, 100),
            (1.0, 120),
            (-7.0, 80),
            (9.0, 120),
        ];
        for (chance, expected) in table {
            let Next::RetryAfter(wait) = backoff.after(1, None, chance) else {
                panic!("dead at {chance}")
            };
            assert!(
                wait.abs_diff(seconds(expected)) <= Duration::from_millis(1),
                "{chance}: {wait:?}"
            );
        }
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_wait_but_not_for_ever() {
        let backoff = Backoff::new([seconds(100)]);
        let table = [(1, 100), (300, 300), (10 * 24 * HOUR, 24 * HOUR)];
        for (asked, expected) in table {
            assert_eq!(
                backoff.after(1, Some(seconds(asked)), 0.5),
                Next::RetryAfter(seconds(expected))
            );
        }
        assert_eq!(backoff.after(2, Some(seconds(1)), 0.5), Next::Dead);
    }
}
