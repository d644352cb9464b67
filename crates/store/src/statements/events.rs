//! The entries of all cases in the order of commits, and on PostgreSQL what that order goes by.

use super::Sql;

/// Cursor, `limit` → entries of all cases after it, in the order of commits. On PostgreSQL only of transactions that
/// nothing can come before any more.
pub const EVENTS: Sql = Sql::each(
    "SELECT y.body, y.hash, y.previous, p.body, p.salt, y.case_id, 0, y.position
     FROM history y LEFT JOIN history_personal p ON p.position = y.position
     WHERE y.position > ?2 AND ?1 >= 0 ORDER BY y.position LIMIT ?3",
    "SELECT y.body, y.hash, y.previous, p.body, p.salt, y.case_id, y.written_by, y.position
     FROM history y LEFT JOIN history_personal p ON p.position = y.position
     WHERE (y.written_by, y.position) > (?1, ?2)
       AND y.written_by < (SELECT f.ahead FROM feed f) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     ORDER BY y.written_by, y.position LIMIT ?3",
);

/// The cursor behind everything that is written.
pub const LAST_EVENT: Sql = Sql::each(
    "SELECT 0, coalesce(max(position), 0) FROM history",
    "SELECT f.ahead + pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807 FROM feed f",
);

/// → which server counted last, and which one this is. One that takes over from another has another timeline.
pub const IDENTITY: Sql = Sql::new(
    "SELECT f.server, s.system_identifier::text || '/' || c.timeline_id::text
     FROM feed f, pg_control_system() s, pg_control_checkpoint() c",
);

/// Waits for whoever is writing to histories, and keeps others from beginning to.
pub const STOP_WRITERS: Sql = Sql::new("LOCK TABLE history IN ACCESS EXCLUSIVE MODE");

/// → how far the count stands ahead of ids of transactions, an id that none has yet that has committed, and the highest
/// that an entry goes by.
pub const REACHED: Sql = Sql::new(
    "SELECT f.ahead, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
            coalesce((SELECT max(y.written_by) FROM history y), 0)
     FROM feed f",
);

/// Server, how far ahead it counts.
pub const SET_FEED: Sql = Sql::new("UPDATE feed SET server = ?1, ahead = ?2");

/// Entries go so far ahead of ids of transactions from now on. See migration 28 for what they go by.
pub fn counting_ahead(ahead: i64) -> String {
    format!(
        "ALTER TABLE history ALTER COLUMN written_by SET DEFAULT ({ahead} +
         greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1))"
    )
}
