//! Waiting for something to become true, with a deadline: what suites do in place of sleeping.

use std::time::{Duration, Instant};

/// How long at most; generous, for a machine that is busy with other suites.
const DEADLINE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(20);

/// Looks until there is something to see.
///
/// # Panics
/// When the deadline has passed.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(begun.elapsed() < DEADLINE, "not seen in time: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
