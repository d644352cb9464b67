//! Statements that read and write cases, their contents and history.

use super::Sql;

/// `[id]` → place in the array, control, content.
pub const BY_ID: Sql = Sql::new(
    "SELECT j.place, h.control, t.content FROM {rows} j
     CROSS JOIN cases c ON c.id = j.id
     CROSS JOIN heads h ON h.position = c.position
     CROSS JOIN contents t ON t.position = h.content_at",
)
.rows("id uuid");

/// `[number]` → place in the array, control, content.
pub const BY_NUMBER: Sql = Sql::new(
    "SELECT j.place, h.control, t.content FROM {rows} j
     CROSS JOIN cases c ON c.number = j.number
     CROSS JOIN heads h ON h.position = c.position
     CROSS JOIN contents t ON t.position = h.content_at",
)
.rows("number text");

/// How many of history, how many of contents → kind (0 for history, 1 for contents) and position of each. SQLite has one
/// writer, so they are those behind the last; on PostgreSQL they rise within a batch only.
pub const POSITIONS: Sql = Sql::each(
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < max(?1, ?2))
     SELECT 0, (SELECT coalesce(max(position), 0) FROM history) + i FROM n WHERE i <= ?1
     UNION ALL SELECT 1, (SELECT coalesce(max(position), 0) FROM contents) + i FROM n WHERE i <= ?2",
    "SELECT 0::bigint, nextval('history_position_seq') FROM generate_series(1, ?1)
     UNION ALL SELECT 1::bigint, nextval('contents_position_seq') FROM generate_series(1, ?2)",
);

/// `[[position, case, entry, earlier?, hash, previous?, body]]`; without `earlier` it follows what the
/// case's head names.
pub const ADD_HISTORY: Sql = Sql::new(
    "INSERT INTO history (position, case_id, entry, earlier, hash, previous, body)
     SELECT j.position, j.case_id, j.entry,
            coalesce(j.earlier, (SELECT h.history_at FROM cases c JOIN heads h ON h.position = c.position
                                 WHERE c.id = j.case_id)),
            j.hash, j.previous, j.body
     FROM {rows} j",
)
.rows("position int, case_id uuid, entry int, earlier int, hash bytes, previous bytes, body text");

/// `[[position, salt, body]]`.
pub const ADD_PERSONAL: Sql = Sql::new(
    "INSERT INTO history_personal (position, salt, body) SELECT j.position, j.salt, j.body FROM {rows} j",
)
.rows("position int, salt bytes, body text");

/// `[[position, case, revision, etag, content]]`.
pub const ADD_CONTENTS: Sql = Sql::new(
    "INSERT INTO contents (position, case_id, earlier, revision, etag, content)
     SELECT j.position, j.case_id,
            (SELECT h.content_at FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = j.case_id),
            j.revision, j.etag, j.content
     FROM {rows} j",
)
.rows("position int, case_id uuid, revision int, etag int, content text");

/// `[[case, number, workflow, version, partner, starter, opened_at, title, state, lifecycle, ending,
/// round, due_at]]`.
pub const ADD_CASES: Sql = Sql::new(
    "INSERT INTO cases (id, number, workflow, version, partner, starter, opened_at, title, state, lifecycle,
                        ending, round, due_at)
     SELECT j.id, j.number, j.workflow, j.version, j.partner, j.starter, j.opened_at, j.title, j.state, j.lifecycle,
            j.ending, j.round, j.due_at
     FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows(
    "id uuid, number text, workflow text, version int, partner text, starter text, opened_at int, title text, \
     state text, lifecycle text, ending text, round int, due_at int",
);

/// `[[case, etag, history_at, content_at, control]]`.
pub const ADD_HEADS: Sql = Sql::new(
    "INSERT INTO heads (position, etag, history_at, content_at, control)
     SELECT c.position, j.etag, j.history_at, j.content_at, j.control
     FROM {rows} j CROSS JOIN cases c ON c.id = j.id WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("id uuid, etag int, history_at int, content_at int, control text");

macro_rules! change_heads {
    () => {
        "UPDATE heads SET etag = j.etag, control = j.control,
                history_at = coalesce(j.history_at, heads.history_at),
                content_at = coalesce(j.content_at, heads.content_at)
         FROM {rows} j "
    };
}

/// `[[case, etag_before, etag, history_at?, content_at?, control]]`; a head whose etag is another stays.
pub const CHANGE_HEADS: Sql = Sql::each(
    concat!(
        change_heads!(),
        "WHERE heads.position = (SELECT c.position FROM cases c WHERE c.id = j.id) AND heads.etag = j.before"
    ),
    concat!(
        change_heads!(),
        "JOIN cases c ON c.id = j.id WHERE heads.position = c.position AND heads.etag = j.before"
    ),
)
.rows("id uuid, before int, etag int, history_at int, content_at int, control text");

/// `[[case, version, partner, title, state, lifecycle, ending, round, due_at]]`; rows that say the same
/// already are not touched.
pub const CHANGE_CASES: Sql = Sql::new(
    "UPDATE cases SET version = n.version, partner = n.partner, title = n.title, state = n.state,
            lifecycle = n.lifecycle, ending = n.ending, round = n.round, due_at = n.due_at
     FROM {rows} n
     WHERE cases.id = n.id
       AND (cases.version, cases.partner, cases.title, cases.state, cases.lifecycle, cases.ending, cases.round, cases.due_at)
           IS DISTINCT FROM (n.version, n.partner, n.title, n.state, n.lifecycle, n.ending, n.round, n.due_at)",
)
.rows(
    "id uuid, version int, partner text, title text, state text, lifecycle text, ending text, round int, due_at int",
);

/// `[[case, words]]`.
pub const PUT_SEARCHES: Sql = Sql::new(
    "INSERT INTO searches (position, words)
     SELECT c.position, j.words FROM {rows} j CROSS JOIN cases c ON c.id = j.id WHERE true
     ON CONFLICT (position) DO UPDATE SET words = excluded.words",
)
.rows("id uuid, words text");

/// Case, revision → the content that was in force at it, found by walking back from the last.
pub const CONTENT_AT: Sql = Sql::new(
    "WITH RECURSIVE chain (position, revision, earlier) AS (
         SELECT t.position, t.revision, t.earlier FROM cases c
         CROSS JOIN heads h ON h.position = c.position
         CROSS JOIN contents t ON t.position = h.content_at
         WHERE c.id = ?1
         UNION ALL
         SELECT t.position, t.revision, t.earlier FROM chain k CROSS JOIN contents t ON t.position = k.earlier
         WHERE k.revision > ?2
     )
     SELECT t.content FROM contents t
     WHERE t.position = (SELECT max(k.position) FROM chain k WHERE k.revision <= ?2)",
);

/// A hash → the entry that has it, and its case.
pub const BY_HASH: Sql = Sql::new(
    "SELECT y.body, y.hash, y.previous, p.body, p.salt, y.case_id FROM history y
     LEFT JOIN history_personal p ON p.position = y.position
     WHERE substr(y.hash, 1, 8) = substr(?1, 1, 8) AND y.hash = ?1",
);

/// Case, `after`, `limit` → entries after that one, found by walking back from the last.
pub const HISTORY: Sql = Sql::new(
    "WITH RECURSIVE chain (position, entry, earlier) AS (
         SELECT y.position, y.entry, y.earlier FROM cases c
         CROSS JOIN heads h ON h.position = c.position
         CROSS JOIN history y ON y.position = h.history_at
         WHERE c.id = ?1
         UNION ALL
         SELECT y.position, y.entry, y.earlier FROM chain k CROSS JOIN history y ON y.position = k.earlier
         WHERE k.entry > ?2 + 1
     )
     SELECT y.body, y.hash, y.previous, p.body, p.salt, k.entry FROM chain k
     CROSS JOIN history y ON y.position = k.position
     LEFT JOIN history_personal p ON p.position = k.position
     WHERE k.entry > ?2 ORDER BY k.entry LIMIT ?3",
);
