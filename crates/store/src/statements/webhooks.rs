//! Statements of subscriptions to events.

use super::Sql;

/// All of them: there are few.
pub const ALL: Sql = Sql::new(
    "SELECT id, url, events, generation, overlap_until, created_at, failing_since, disabled, cursor
     FROM webhooks hooks ORDER BY id",
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

/// Receiver, now: what was given up is due again.
pub const REVIVE: Sql = Sql::new(
    "UPDATE deliveries INDEXED BY deliveries_dead SET status = 'waiting', attempts = 0, due_at = ?2
     WHERE status = 'dead' AND receiver = ?1 AND content IS NOT NULL",
);

/// Receiver.
pub const FORGET_WAITING: Sql =
    Sql::new("DELETE FROM deliveries WHERE status = 'waiting' AND receiver = ?1");

/// Receiver.
pub const FORGET_DEAD: Sql = Sql::new(
    "DELETE FROM deliveries INDEXED BY deliveries_dead WHERE status = 'dead' AND receiver = ?1",
);

/// Delivery.
pub const FORGET: Sql = Sql::new("DELETE FROM deliveries WHERE id = ?1");

/// Cause, now.
pub const SETTLE: Sql = Sql::new(
    "UPDATE incidents INDEXED BY incidents_open SET settled_at = ?2
     WHERE settled_at IS NULL AND case_id IS NULL AND {json incident}->>'cause' = ?1",
);

/// Cause, what is told now.
pub const TELL_ANEW: Sql = Sql::new(
    "UPDATE incidents INDEXED BY incidents_open SET incident = ?2
     WHERE settled_at IS NULL AND case_id IS NULL AND {json incident}->>'cause' = ?1",
);
