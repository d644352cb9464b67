//! Statements of the outbox. A delivery that somebody holds is due when its lease ends, so that one
//! order serves both. One that has a lease waits: whatever else becomes of it takes the lease away.

use super::Sql;

macro_rules! receivers {
    () => {
        "WITH RECURSIVE receivers (receiver) AS (
             SELECT min(receiver) FROM deliveries WHERE status = 'waiting'
             UNION ALL
             SELECT (SELECT min(d.receiver) FROM deliveries d WHERE d.status = 'waiting' AND d.receiver > r.receiver)
             FROM receivers r WHERE r.receiver IS NOT NULL
         )
         "
    };
}
macro_rules! longest_due {
    () => {
        "SELECT d.position, d.due_at FROM deliveries d
             WHERE d.status = 'waiting' AND d.receiver = r.receiver AND d.due_at <= ?1
             ORDER BY d.due_at, d.position LIMIT ?3"
    };
}
macro_rules! not_full {
    () => {
        "WHERE r.receiver IS NOT NULL AND r.receiver NOT IN (SELECT f.value FROM {each ?2} f)
         ORDER BY 2, 1 LIMIT ?3"
    };
}

/// Now, receivers that are full, `limit` → positions, the longest due first. Receivers are found by
/// skipping from one to the next, and each is asked for its own longest due, so that none holds up another.
pub const DUE: Sql = Sql::each(
    concat!(
        receivers!(),
        "SELECT v.value->>0, v.value->>1 FROM receivers r,
         json_each((SELECT json_group_array(json_array(position, due_at)) FROM (",
        longest_due!(),
        "))) v ",
        not_full!()
    ),
    concat!(
        receivers!(),
        "SELECT v.position, v.due_at FROM receivers r CROSS JOIN LATERAL (",
        longest_due!(),
        ") v ON true ",
        not_full!()
    ),
);

/// `[position]`, end of the lease, now → the claimed. What another replica has claimed meanwhile is due no more.
pub const CLAIM: Sql = Sql::new(
    "UPDATE deliveries SET epoch = epoch + 1, attempts = attempts + 1, lease_until = ?2, due_at = ?2
     WHERE position IN (SELECT d.position FROM {rows} j CROSS JOIN deliveries d ON d.position = j.position
                        WHERE d.status = 'waiting' AND d.due_at <= ?3 ORDER BY d.position {skip d})
     RETURNING position, id, epoch, attempts, about, content",
)
.rows("position int");

/// Id, epoch, end of the lease.
pub const RENEW: Sql = Sql::new(
    "UPDATE deliveries SET lease_until = ?3, due_at = ?3
     WHERE id = ?1 AND epoch = ?2 AND lease_until IS NOT NULL",
);

/// Id, epoch, now.
pub const RELEASE: Sql = Sql::new(
    "UPDATE deliveries SET lease_until = NULL, due_at = ?3, attempts = attempts - 1
     WHERE id = ?1 AND epoch = ?2 AND lease_until IS NOT NULL",
);

/// `[[id, epoch, answer]]`, now → the ids of those that were still held.
pub const SUCCEEDED: Sql = Sql::new(
    "UPDATE deliveries SET status = 'sent', lease_until = NULL, sent_at = ?2, error = NULL, transcript = j.answer,
            content = CASE WHEN secret THEN NULL ELSE content END
     FROM {rows} j
     WHERE deliveries.id = j.id AND deliveries.epoch = j.epoch AND deliveries.lease_until IS NOT NULL
     RETURNING deliveries.id",
)
.rows("id uuid, epoch int, answer text");

/// Id, epoch, the next attempt, error, transcript.
pub const TRY_AGAIN: Sql = Sql::new(
    "UPDATE deliveries SET lease_until = NULL, due_at = ?3, error = ?4, transcript = ?5
     WHERE id = ?1 AND epoch = ?2 AND lease_until IS NOT NULL",
);

/// Id, epoch, error, transcript → the case, the receiver.
pub const DIED: Sql = Sql::new(
    "UPDATE deliveries SET status = 'dead', lease_until = NULL, error = ?3, transcript = ?4
     WHERE id = ?1 AND epoch = ?2 AND lease_until IS NOT NULL
     RETURNING case_id, receiver",
);

/// Id, now: what waits for its next attempt or is dead becomes due; what somebody holds is being tried.
pub const RETRY: Sql = Sql::new(
    "UPDATE deliveries SET attempts = CASE status WHEN 'dead' THEN 0 ELSE attempts END, status = 'waiting',
            due_at = CASE WHEN lease_until > ?2 THEN due_at ELSE ?2 END
     WHERE id = ?1 AND status IN ('waiting', 'dead') AND content IS NOT NULL",
);

/// Delivery, now.
pub const SETTLE: Sql =
    Sql::new("UPDATE incidents SET settled_at = ?2 WHERE delivery_id = ?1 AND settled_at IS NULL");

macro_rules! list {
    ($from:literal, $which:literal) => {
        Sql::new(concat!(
            "SELECT d.position, d.id, d.about, d.content, d.status, d.attempts, d.due_at, d.error, d.created_at, d.sent_at,
                 d.kind
             FROM ",
            $from,
            " WHERE d.position < ?1 AND (?2 IS NULL OR d.kind = ?2) AND (?3 IS NULL OR d.status = ?3)
               AND (?4 IS NULL OR d.case_id = ?4) AND ",
            $which,
            " ORDER BY d.position DESC LIMIT ?5"
        ))
    };
}

/// Before, kind?, status?, case?, `limit`: the same for all lists of deliveries. This one walks from the newest on.
pub const LIST: Sql = list!("deliveries d", "true");
/// Those of a case.
pub const LIST_OF_CASE: Sql = list!(
    "deliveries d INDEXED BY deliveries_of_case",
    "d.case_id = ?4"
);
/// Those that were given up.
pub const LIST_DEAD: Sql = list!(
    "deliveries d INDEXED BY deliveries_dead",
    "d.status = 'dead'"
);
/// Those that wait: few at a time.
pub const LIST_WAITING: Sql = list!(
    "deliveries d INDEXED BY deliveries_waiting",
    "d.status = 'waiting'"
);
/// Those of a kind.
pub const LIST_OF_KIND: Sql = list!("deliveries d INDEXED BY deliveries_of_kind", "d.kind = ?2");

/// The case of this number.
pub const CASE_OF_NUMBER: Sql = Sql::new("SELECT id FROM cases WHERE number = ?1");
