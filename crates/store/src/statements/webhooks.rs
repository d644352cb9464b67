//! Statements of subscriptions to events.

use super::Sql;

/// All of them: there are few.
pub const ALL: Sql = Sql::new(
    "SELECT w.id, w.url, w.events, w.generation, w.overlap_until, w.created_at, w.failing_since, w.disabled, w.cursor
     FROM webhooks w ORDER BY w.id",
);

/// Id, url, events, generation, end of the overlap, made at, failing since, why disabled, cursor; that of a known one stays.
pub const PUT: Sql = Sql::new(
    "INSERT INTO webhooks (id, url, events, generation, overlap_until, created_at, failing_since, disabled, cursor)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
     ON CONFLICT (id) DO UPDATE SET url = excluded.url, events = excluded.events, generation = excluded.generation,
         overlap_until = excluded.overlap_until, failing_since = excluded.failing_since, disabled = excluded.disabled",
);

/// Id.
pub const REMOVE: Sql = Sql::new("DELETE FROM webhooks WHERE id = ?1");

/// Id, cursor.
pub const MOVE: Sql = Sql::new("UPDATE webhooks SET cursor = ?2 WHERE id = ?1");

/// Id, failing since, why disabled.
pub const TELL: Sql =
    Sql::new("UPDATE webhooks SET failing_since = ?2, disabled = ?3 WHERE id = ?1");

/// Id, cursor before, cursor after.
pub const ADVANCE: Sql =
    Sql::new("UPDATE webhooks SET cursor = ?3 WHERE id = ?1 AND cursor = ?2 AND disabled IS NULL");
