//! Statements that write what a batch has besides cases.

use super::Sql;

/// `[case]` → the rows of those cases.
pub const WAITING: Sql = Sql::new(
    "SELECT w.subject, w.due_at, w.since, w.case_id, w.role, w.but
     FROM json_each(?1) j CROSS JOIN waiting w ON w.case_id = unhex(j.value)",
);

/// `[[subject, due_at, since, case, role]]`. The case comes first: from it the rest is found.
pub const REMOVE_WAITING: Sql = Sql::new(
    "DELETE FROM waiting INDEXED BY waiting_of_case WHERE (case_id, subject, due_at, since, role) IN
         (SELECT unhex(j.value->>3), j.value->>0, j.value->>1, j.value->>2, j.value->>4 FROM json_each(?1) j)",
);

/// `[[subject, due_at, since, case, role, but?]]`.
pub const PUT_WAITING: Sql = Sql::new(
    "INSERT INTO waiting (subject, due_at, since, case_id, role, but)
     SELECT j.value->>0, j.value->>1, j.value->>2, unhex(j.value->>3), j.value->>4, j.value->>5
     FROM json_each(?1) j WHERE true
     ON CONFLICT DO UPDATE SET but = excluded.but",
);

/// `[[subject, case]]`.
pub const PUT_ACCESS: Sql = Sql::new(
    "INSERT INTO access (subject, case_id) SELECT j.value->>0, unhex(j.value->>1) FROM json_each(?1) j WHERE true
     ON CONFLICT DO NOTHING",
);

/// `[[person, case, at]]`.
pub const PUT_ACTED: Sql = Sql::new(
    "INSERT INTO acted (person, case_id, at)
     SELECT j.value->>0, unhex(j.value->>1), j.value->>2 FROM json_each(?1) j WHERE true
     ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
);

/// `[case]`.
pub const REMOVE_ASSIGNMENTS: Sql = Sql::new(
    "DELETE FROM assignments WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)",
);

/// `[[case, person, ballots]]`.
pub const PUT_ASSIGNMENTS: Sql = Sql::new(
    "INSERT INTO assignments (case_id, person, ballots)
     SELECT unhex(j.value->>0), j.value->>1, j.value->>2 FROM json_each(?1) j",
);

/// `[[case, due_at]]`.
pub const PUT_TIMERS: Sql = Sql::new(
    "INSERT INTO timers (case_id, due_at) SELECT unhex(j.value->>0), j.value->>1 FROM json_each(?1) j WHERE true
     ON CONFLICT DO UPDATE SET due_at = excluded.due_at WHERE due_at <> excluded.due_at",
);

/// `[case]`.
pub const REMOVE_TIMERS: Sql =
    Sql::new("DELETE FROM timers WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)");

/// `[case]`.
pub const REMOVE_WATCHES: Sql =
    Sql::new("DELETE FROM watches WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)");

/// `[[watch, case]]`.
pub const PUT_WATCHES: Sql = Sql::new(
    "INSERT INTO watches (watch, case_id) SELECT j.value->>0, unhex(j.value->>1) FROM json_each(?1) j WHERE true
     ON CONFLICT DO NOTHING",
);

/// `[watch]`, a moment: the timers of the cases that watch one of these are due then at the latest.
pub const WAKE: Sql = Sql::new(
    "INSERT INTO timers (case_id, due_at)
     SELECT w.case_id, ?2 FROM json_each(?1) j CROSS JOIN watches w ON w.watch = j.value WHERE true
     ON CONFLICT DO UPDATE SET due_at = excluded.due_at WHERE due_at > excluded.due_at",
);

/// `[[case, opening]]`.
pub const PUT_CHILDREN: Sql = Sql::new(
    "INSERT INTO children (case_id, opening) SELECT unhex(j.value->>0), j.value->>1 FROM json_each(?1) j WHERE true
     ON CONFLICT DO NOTHING",
);

/// `[case]`.
pub const REMOVE_CHILDREN: Sql =
    Sql::new("DELETE FROM children WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)");

/// `[[workflow, limit, key, at, case, amount]]`.
pub const COUNT: Sql = Sql::new(
    "INSERT INTO limit_counts (workflow, name, key, at, case_id, amount)
     SELECT j.value->>0, j.value->>1, j.value->>2, j.value->>3, unhex(j.value->>4), j.value->>5
     FROM json_each(?1) j WHERE true
     ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
);

/// `[[workflow, limit, key, case, amount]]`.
pub const HOLD: Sql = Sql::new(
    "INSERT INTO limit_places (workflow, name, key, case_id, amount)
     SELECT j.value->>0, j.value->>1, j.value->>2, unhex(j.value->>3), j.value->>4
     FROM json_each(?1) j WHERE true
     ON CONFLICT DO UPDATE SET amount = excluded.amount",
);

/// `[[workflow, limit, key, case]]`.
pub const RELEASE: Sql = Sql::new(
    "DELETE FROM limit_places WHERE (case_id, workflow, name, key) IN
         (SELECT unhex(j.value->>3), j.value->>0, j.value->>1, j.value->>2 FROM json_each(?1) j)",
);

/// `[[link, case]]`.
pub const PUT_LINKS: Sql = Sql::new(
    "INSERT INTO mail_links (link_id, case_id) SELECT unhex(j.value->>0), unhex(j.value->>1)
     FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING",
);

/// `[[sha256, case, file]]`.
pub const PUT_FILES: Sql = Sql::new(
    "INSERT INTO files (sha256, case_id, file_id) SELECT j.value->>0, unhex(j.value->>1), unhex(j.value->>2)
     FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING",
);

/// `[[id, case?, delivery?, incident, since]]`.
pub const ADD_INCIDENTS: Sql = Sql::new(
    "INSERT INTO incidents (id, case_id, delivery_id, incident, since)
     SELECT unhex(j.value->>0), unhex(j.value->>1), unhex(j.value->>2), j.value->>3, j.value->>4
     FROM json_each(?1) j",
);

/// `[[case, cause]]`, now.
pub const SETTLE_INCIDENTS: Sql = Sql::new(
    "UPDATE incidents SET settled_at = ?2 WHERE position IN (
         SELECT i.position FROM json_each(?1) j CROSS JOIN incidents i ON i.case_id = unhex(j.value->>0)
         WHERE i.settled_at IS NULL AND i.incident->>'cause' = j.value->>1)",
);

/// `[[caller, key, fingerprint, status, headers, body as text?, body as hex?, at]]`.
pub const ADD_ANSWERS: Sql = Sql::new(
    "INSERT INTO answers (caller, key, fingerprint, status, headers, body, at)
     SELECT j.value->>0, j.value->>1, unhex(j.value->>2), j.value->>3, j.value->>4,
            coalesce(CAST(j.value->>5 AS BLOB), unhex(j.value->>6)), j.value->>7
     FROM json_each(?1) j WHERE true
     ON CONFLICT DO NOTHING",
);

/// Case, holder, action, hash, `expires_at`, tries.
pub const PUT_CODE: Sql = Sql::new(
    "INSERT INTO codes (case_id, holder, action, hash, expires_at, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, tries = excluded.tries",
);

/// Case, holder, action.
pub const COUNT_TRY: Sql = Sql::new(
    "UPDATE codes SET tries = tries + 1 WHERE case_id = ?1 AND holder = ?2 AND action = ?3",
);

/// Case, holder, action.
pub const REMOVE_CODE: Sql =
    Sql::new("DELETE FROM codes WHERE case_id = ?1 AND holder = ?2 AND action = ?3");

/// `[[id, case?, about?, kind, receiver, secret, content, created_at]]`; due at once.
pub const ADD_DELIVERIES: Sql = Sql::new(
    "INSERT INTO deliveries (id, case_id, about, kind, receiver, secret, content, status, due_at, epoch, attempts,
                             created_at)
     SELECT unhex(j.value->>0), unhex(j.value->>1), j.value->>2, j.value->>3, j.value->>4, j.value->>5, j.value->>6,
            'waiting', j.value->>7, 0, 0, j.value->>7
     FROM json_each(?1) j",
);

/// A moment, `limit`: removes answers that were kept from before it, the oldest first.
pub const REMOVE_ANSWERS: Sql = Sql::new(
    "DELETE FROM answers WHERE position IN (SELECT a.position FROM answers a ORDER BY a.position LIMIT ?2) AND at < ?1",
);

/// A moment: removes codes that could be used until then at most.
pub const REMOVE_CODES: Sql = Sql::new("DELETE FROM codes WHERE expires_at <= ?1");
