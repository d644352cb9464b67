//! Statements of moves of all cases of a version.

use super::Sql;

/// Workflow, run, progress, now, since when one that was not noted is forsaken: written where none is under way.
pub const BEGIN: Sql = Sql::new(
    "INSERT INTO moves (workflow, run, progress, is_over, noted_at) VALUES (?1, ?2, ?3, FALSE, ?4)
     ON CONFLICT (workflow) DO UPDATE SET run = excluded.run, progress = excluded.progress, is_over = FALSE,
         noted_at = excluded.noted_at
     WHERE moves.is_over OR moves.noted_at < ?5",
);

/// Workflow, run, progress, whether it is over, now: written where no other has begun.
pub const NOTE: Sql = Sql::new(
    "UPDATE moves SET progress = ?3, is_over = ?4, noted_at = ?5 WHERE workflow = ?1 AND run = ?2",
);

/// Workflow → progress, when it was noted.
pub const LAST: Sql = Sql::new("SELECT progress, noted_at FROM moves WHERE workflow = ?1");
