//! Statements of the inbox. A person's turn is found in the order of the index of each of their subjects
//! and merged, so that an inbox of a million cases opens as fast as one of ten.
//!
//! Values: 1 subjects, 2 to 4 the cursor, 5 the person, 6 `limit`, 7 the partner that they are walled
//! into, 8 their own subject, 9 since when (`DONE`), 10 the only workflow, 11 by when it is due.

use super::{Sql, lists::row};

/// Whether a row of `waiting` lets the viewer act: not excluded, and within the wall.
macro_rules! may {
    ($w:literal) => {
        concat!(
            "(",
            $w,
            ".but IS NULL OR NOT EXISTS (SELECT 1 FROM {each ",
            $w,
            ".but} b WHERE b.value = ?5))
             AND (?7 IS NULL OR c.partner = ?7 OR ",
            $w,
            ".subject = ?8)"
        )
    };
}

macro_rules! my_turn {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM waiting w WHERE w.case_id = c.id AND w.subject IN (SELECT s.value FROM {each ?1} s)
                     AND c.lifecycle = 'running' AND ", may!("w"), ")"
        )
    };
}

/// Whether the viewer still sees the case, which they had to do with: it may have been hidden from them since. Operators
/// see every case within their wall.
macro_rules! seen {
    () => {
        "(EXISTS (SELECT 1 FROM access x WHERE x.case_id = c.id AND x.subject IN (SELECT s.value FROM {each ?1} s)
                  AND (?7 IS NULL OR c.partner = ?7 OR x.subject = ?8))
          OR ((?7 IS NULL OR c.partner = ?7) AND 'group:operators' IN (SELECT s.value FROM {each ?1} s)))"
    };
}

/// The first turns of one subject `s`.
macro_rules! turns {
    () => {
        concat!(
            "SELECT w.due_at, w.since, w.case_id FROM waiting w CROSS JOIN cases c ON c.id = w.case_id
             WHERE w.subject = s.value AND (w.due_at, w.since, w.case_id) > (?2, ?3, ?4)
               AND (?10 IS NULL OR c.workflow = ?10) AND (?11 IS NULL OR w.due_at <= ?11)
               AND c.lifecycle = 'running' AND ", may!("w"), "
               AND NOT EXISTS (SELECT 1 FROM waiting o WHERE o.case_id = w.case_id
                   AND o.subject IN (SELECT t.value FROM {each ?1} t)
                   AND (o.due_at, o.since) < (w.due_at, w.since) AND ", may!("o"), ")
             ORDER BY w.due_at, w.since, w.case_id LIMIT ?6"
        )
    };
}

macro_rules! merged {
    () => {
        ") n
         CROSS JOIN cases c ON c.id = n.id CROSS JOIN heads h ON h.position = c.position
         ORDER BY n.due, n.since, n.id LIMIT ?6"
    };
}

/// The viewer may act now: the first due first. A case that waits in several ways comes once.
pub const YOUR_TURN: Sql = Sql::each(
    concat!(
        row!(),
        ", n.due, n.since FROM (
             SELECT DISTINCT v.value->>0 AS due, v.value->>1 AS since, unhex(v.value->>2) AS id
             FROM json_each(?1) s, json_each((
                 SELECT json_group_array(json_array(due_at, since, hex(case_id))) FROM (",
        turns!(),
        "))) v",
        merged!()
    ),
    concat!(
        row!(),
        ", n.due, n.since FROM (
             SELECT DISTINCT v.due_at AS due, v.since, v.case_id AS id
             FROM {each ?1} s CROSS JOIN LATERAL (",
        turns!(),
        ") v ON true",
        merged!()
    ),
);

/// The viewer had to do with it, others must act now: the first due first.
pub const WAITING: Sql = Sql::new(concat!(
    row!(),
    ", c.due_at, c.opened_at FROM acted a
     CROSS JOIN cases c ON c.id = a.case_id CROSS JOIN heads h ON h.position = c.position
     WHERE a.person = ?5 AND (?10 IS NULL OR c.workflow = ?10) AND (?11 IS NULL OR c.due_at <= ?11)
       AND c.lifecycle <> 'ended' AND (c.due_at, c.opened_at, c.id) > (?2, ?3, ?4)
       AND ",
    seen!(),
    "
       AND EXISTS (SELECT 1 FROM waiting w WHERE w.case_id = c.id)
       AND NOT ",
    my_turn!(),
    "
     ORDER BY c.due_at, c.opened_at, c.id LIMIT ?6"
));

/// The viewer acted on it lately, and it is not their turn: the last first.
pub const DONE: Sql = Sql::new(concat!(
    row!(),
    ", a.at, a.at FROM acted a INDEXED BY acted_lately
     CROSS JOIN cases c ON c.id = a.case_id CROSS JOIN heads h ON h.position = c.position
     WHERE a.person = ?5 AND (?10 IS NULL OR c.workflow = ?10) AND (?11 IS NULL OR c.due_at <= ?11)
       AND a.at >= ?9 AND (a.at, a.case_id) < (?2, ?4)
       AND ",
    seen!(),
    "
       AND NOT ",
    my_turn!(),
    "
     ORDER BY a.at DESC, a.case_id DESC LIMIT ?6"
));
