//! Statements that read and write cases, their contents and history.

use super::Sql;

/// `[hex id]` → place in the array, control, content.
pub const BY_ID: Sql = Sql::new(
    "SELECT j.key, h.control, t.content FROM json_each(?1) j
     CROSS JOIN cases c ON c.id = unhex(j.value)
     CROSS JOIN heads h ON h.position = c.position
     CROSS JOIN contents t ON t.position = h.content_at",
);

/// `[number]` → place in the array, control, content.
pub const BY_NUMBER: Sql = Sql::new(
    "SELECT j.key, h.control, t.content FROM json_each(?1) j
     CROSS JOIN cases c ON c.number = j.value
     CROSS JOIN heads h ON h.position = c.position
     CROSS JOIN contents t ON t.position = h.content_at",
);

/// The last positions of history and contents.
pub const LAST_POSITIONS: Sql = Sql::new(
    "SELECT coalesce((SELECT max(position) FROM history), 0), coalesce((SELECT max(position) FROM contents), 0)",
);

/// `[[position, case, entry, earlier?, hash, previous?, body]]`; without `earlier` it follows what the
/// case's head names.
pub const ADD_HISTORY: Sql = Sql::new(
    "INSERT INTO history (position, case_id, entry, earlier, hash, previous, body)
     SELECT j.value->>0, unhex(j.value->>1), j.value->>2,
            coalesce(j.value->>3, (SELECT h.history_at FROM cases c JOIN heads h ON h.position = c.position
                                   WHERE c.id = unhex(j.value->>1))),
            unhex(j.value->>4), unhex(j.value->>5), j.value->>6
     FROM json_each(?1) j",
);

/// `[[position, salt, body]]`.
pub const ADD_PERSONAL: Sql = Sql::new(
    "INSERT INTO history_personal (position, salt, body)
     SELECT j.value->>0, unhex(j.value->>1), j.value->>2 FROM json_each(?1) j",
);

/// `[[position, case, revision, etag, content]]`.
pub const ADD_CONTENTS: Sql = Sql::new(
    "INSERT INTO contents (position, case_id, earlier, revision, etag, content)
     SELECT j.value->>0, unhex(j.value->>1),
            (SELECT h.content_at FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = unhex(j.value->>1)),
            j.value->>2, j.value->>3, j.value->>4
     FROM json_each(?1) j",
);

/// `[[case, number, workflow, version, partner, starter, opened_at, title, state, lifecycle, ending,
/// round, due_at]]`.
pub const ADD_CASES: Sql = Sql::new(
    "INSERT INTO cases (id, number, workflow, version, partner, starter, opened_at, title, state, lifecycle,
                        ending, round, due_at)
     SELECT unhex(j.value->>0), j.value->>1, j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6,
            j.value->>7, j.value->>8, j.value->>9, j.value->>10, j.value->>11, j.value->>12
     FROM json_each(?1) j WHERE true
     ON CONFLICT DO NOTHING",
);

/// `[[case, etag, history_at, content_at, control]]`.
pub const ADD_HEADS: Sql = Sql::new(
    "INSERT INTO heads (position, etag, history_at, content_at, control)
     SELECT c.position, j.value->>1, j.value->>2, j.value->>3, j.value->>4
     FROM json_each(?1) j CROSS JOIN cases c ON c.id = unhex(j.value->>0) WHERE true
     ON CONFLICT DO NOTHING",
);

/// `[[case, etag_before, etag, history_at?, content_at?, control]]`; a head whose etag is another stays.
pub const CHANGE_HEADS: Sql = Sql::new(
    "UPDATE heads SET etag = j.value->>2, control = j.value->>5,
            history_at = coalesce(j.value->>3, heads.history_at),
            content_at = coalesce(j.value->>4, heads.content_at)
     FROM json_each(?1) j
     WHERE heads.position = (SELECT c.position FROM cases c WHERE c.id = unhex(j.value->>0))
       AND heads.etag = j.value->>1",
);

/// `[[case, version, partner, title, state, lifecycle, ending, round, due_at]]`; rows that say the same
/// already are not touched.
pub const CHANGE_CASES: Sql = Sql::new(
    "UPDATE cases SET version = n.version, partner = n.partner, title = n.title, state = n.state,
            lifecycle = n.lifecycle, ending = n.ending, round = n.round, due_at = n.due_at
     FROM (SELECT unhex(j.value->>0) AS id, j.value->>1 AS version, j.value->>2 AS partner, j.value->>3 AS title,
                  j.value->>4 AS state, j.value->>5 AS lifecycle, j.value->>6 AS ending, j.value->>7 AS round,
                  j.value->>8 AS due_at
           FROM json_each(?1) j) n
     WHERE cases.id = n.id
       AND (cases.version, cases.partner, cases.title, cases.state, cases.lifecycle, cases.ending, cases.round, cases.due_at)
           IS NOT (n.version, n.partner, n.title, n.state, n.lifecycle, n.ending, n.round, n.due_at)",
);

/// `[[case, words]]`.
pub const PUT_SEARCHES: Sql = Sql::new(
    "INSERT INTO searches (position, words)
     SELECT c.position, j.value->>1 FROM json_each(?1) j CROSS JOIN cases c ON c.id = unhex(j.value->>0) WHERE true
     ON CONFLICT (position) DO UPDATE SET words = excluded.words",
);

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
     SELECT t.content FROM chain k CROSS JOIN contents t ON t.position = k.position
     WHERE k.revision <= ?2 ORDER BY k.position DESC LIMIT 1",
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
     SELECT y.body, y.hash, y.previous, p.body, p.salt FROM chain k
     CROSS JOIN history y ON y.position = k.position
     LEFT JOIN history_personal p ON p.position = k.position
     WHERE k.entry > ?2 ORDER BY k.entry LIMIT ?3",
);
