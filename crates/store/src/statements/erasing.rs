//! Statements that erase what is personal about somebody. Rare: what they walk is not indexed for them.

use super::Sql;

/// Person.
pub const PERSON: Sql = Sql::new(
    "UPDATE people SET name = id, email = '', address = 'erased:' || id, timezone = NULL, attributes = '{}', disabled = TRUE
     WHERE id = ?1",
);

/// Person.
pub const MEMBERSHIPS: Sql = Sql::new("DELETE FROM members WHERE person = ?1");

/// Person: their absence, and those in which they stood in.
pub const ABSENCES: Sql = Sql::new("DELETE FROM absences WHERE person = ?1");

/// Person.
pub const STANDING_IN: Sql =
    Sql::new("UPDATE absences SET substitute = NULL WHERE substitute = ?1");

/// Person.
pub const TOKENS: Sql = Sql::new("DELETE FROM tokens WHERE person = ?1");

/// Person.
pub const SESSIONS: Sql = Sql::new("DELETE FROM sessions WHERE person = ?1");

/// Person.
pub const PASSWORD: Sql = Sql::new("DELETE FROM passwords WHERE person = ?1");

/// Person.
pub const AUTHENTICATOR: Sql = Sql::new("DELETE FROM authenticators WHERE person = ?1");

/// Person.
pub const IDENTITIES: Sql = Sql::new("DELETE FROM identities WHERE person = ?1");

/// The caller as keys name it.
pub const ANSWERS: Sql = Sql::new("DELETE FROM answers WHERE caller = ?1");

/// Person: the personal part of the entries that they made, found by the chains of the cases that they acted on.
pub const HISTORY: Sql = Sql::new(
    "WITH RECURSIVE chain (position, earlier) AS (
         SELECT y.position, y.earlier FROM acted a
         CROSS JOIN cases c ON c.id = a.case_id
         CROSS JOIN heads h ON h.position = c.position
         CROSS JOIN history y ON y.position = h.history_at
         WHERE a.person = ?1
         UNION ALL
         SELECT y.position, y.earlier FROM chain k CROSS JOIN history y ON y.position = k.earlier
     )
     DELETE FROM history_personal WHERE position IN (
         SELECT k.position FROM chain k CROSS JOIN history y ON y.position = k.position
         WHERE {json y.body}->'actor'->>'person' = ?1)",
);

/// Person: mails that wait to go with others.
pub const HELD: Sql = Sql::new("DELETE FROM held_mails WHERE person = ?1");

/// Person, by whom, why, when.
pub const RECORD: Sql =
    Sql::new("INSERT INTO erasures (person, erased_by, reason, at) VALUES (?1, ?2, ?3, ?4)");

/// Person → by whom, why, when.
pub const RECORDS: Sql = Sql::new(
    "SELECT e.erased_by, e.reason, e.at FROM erasures e WHERE e.person = ?1 ORDER BY e.position",
);

/// Person, `limit` → mails that still say something.
pub const MAILS: Sql = Sql::new(
    "SELECT d.id FROM deliveries d
     WHERE d.kind = 'mail' AND {json d.content}->'to'->>'person' = ?1 LIMIT ?2",
);

/// `[delivery]`.
pub const WIPE: Sql = Sql::new(
    "UPDATE deliveries SET content = NULL, lease_until = NULL, transcript = NULL,
            error = CASE status WHEN 'sent' THEN NULL ELSE 'The data of its receiver were erased.' END,
            status = CASE status WHEN 'waiting' THEN 'dead' ELSE status END
     WHERE id IN (SELECT j.id FROM {rows} j)",
)
.rows("id uuid");

/// `[delivery]`, now, a message: nobody is needed for them any more.
pub const SETTLE: Sql = Sql::each(
    "UPDATE incidents SET settled_at = coalesce(settled_at, ?2), incident = json_set(incident, '$.message', json(?3))
     WHERE delivery_id IN (SELECT j.id FROM {rows} j)",
    "UPDATE incidents SET settled_at = coalesce(settled_at, ?2),
            incident = (incident::jsonb || jsonb_build_object('message', ?3::jsonb))::text
     WHERE delivery_id IN (SELECT j.id FROM {rows} j)",
)
.rows("id uuid");
