//! Moments as answers and histories write them.

/// Milliseconds since 1970 of `2026-11-23T01:00:00.123Z`; 0 where it is none.
pub fn millis(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).map_or(0, |time| time.timestamp_millis())
}
