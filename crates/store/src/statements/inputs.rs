//! Statements that load what steps need. Each row begins with the place of what was asked for.

use super::Sql;

macro_rules! person {
    () => {
        "p.id, p.name, p.email, p.language, p.timezone, p.partner, p.disabled,
         coalesce(CAST((SELECT json_group_array(m.group_id) FROM members m WHERE m.person = p.id) AS TEXT), '[]'),
         p.attributes,
         CAST((SELECT json_array(a.from_at, a.until_at, a.substitute) FROM absences a WHERE a.person = p.id) AS TEXT),
         coalesce(CAST((SELECT json_group_array(json_array(a.person, a.from_at, a.until_at)) FROM absences a
                        WHERE a.substitute = p.id) AS TEXT), '[]'), p.mail"
    };
}
pub(super) use person;

/// `[id]`.
pub const PEOPLE: Sql = Sql::new(concat!(
    "SELECT j.place, ",
    person!(),
    " FROM {rows} j CROSS JOIN people p ON p.id = j.id"
))
.rows("id text");

/// `[address in lower case]`; of several people with one address the first.
pub const ADDRESSES: Sql = Sql::new(concat!(
    "SELECT j.place, ",
    person!(),
    " FROM {rows} j
     CROSS JOIN people p ON p.id = (SELECT min(o.id) FROM people o WHERE o.address = j.address)"
))
.rows("address text");

/// `[group]` → its enabled members, in order of id.
pub const MEMBERS: Sql = Sql::new(concat!(
    "SELECT j.place, ",
    person!(),
    " FROM {rows} j
     CROSS JOIN members g ON g.group_id = j.id
     CROSS JOIN people p ON p.id = g.person
     WHERE NOT p.disabled ORDER BY j.place, p.id"
))
.rows("id text");

/// `[partner]` → its enabled people, in order of id.
pub const COLLEAGUES: Sql = Sql::new(concat!(
    "SELECT j.place, ",
    person!(),
    " FROM {rows} j CROSS JOIN people p ON p.partner = j.id
     WHERE NOT p.disabled ORDER BY j.place, p.id"
))
.rows("id text");

/// `[id]`.
pub const PARTNERS: Sql =
    Sql::new("SELECT j.place, p.id, p.name FROM {rows} j CROSS JOIN partners p ON p.id = j.id")
        .rows("id text");

/// `[[kind, subject]]`.
pub const FACTS: Sql = Sql::new(
    "SELECT j.place, f.version, f.body FROM {rows} j
     CROSS JOIN facts f ON f.kind = j.kind AND f.subject = j.subject
     WHERE f.version = (SELECT max(o.version) FROM facts o WHERE o.kind = f.kind AND o.subject = f.subject)",
)
.rows("kind text, subject text");

/// `[name]`.
pub const LISTS: Sql = Sql::new(
    "SELECT j.place, l.version, l.digest, l.entries FROM {rows} j CROSS JOIN lists l ON l.name = j.name
     WHERE l.version = (SELECT max(o.version) FROM lists o WHERE o.name = l.name)",
)
.rows("name text");

macro_rules! found {
    ($whose:literal, $tracks:literal, $matches:literal) => {
        concat!(
            "SELECT c.id FROM cases c
             CROSS JOIN heads h ON h.position = c.position
             CROSS JOIN contents t ON t.position = h.content_at
             WHERE c.workflow = ?1 AND ",
            $whose,
            " AND c.id <> ?3
             AND (json_array_length({json ?4}) = 0 OR EXISTS (SELECT 1 FROM {each ?4} s
                  WHERE c.state = s.value OR substr(c.state, 1, length(s.value) + 1) = s.value || '.')
                  OR EXISTS (SELECT 1 FROM {each ?4} s CROSS JOIN ",
            $tracks,
            " k ON true
                  WHERE k.value = s.value OR substr(k.value, 1, length(s.value) + 1) = s.value || '.'))
             AND NOT EXISTS (",
            $matches,
            ")
             ORDER BY c.id DESC LIMIT ?6"
        )
    };
}

/// The JSON of a value is compared as it was written, by the same writer: that of the field, or of an entry of the list
/// that it holds.
macro_rules! found_on_both {
    ($whose:literal) => {
        Sql::each(
            found!(
                $whose,
                "json_each(h.control, '$.tracks')",
                "SELECT 1 FROM json_each(?5) m
                  WHERE (t.content -> ((m.value->>0) || (m.value->>1))) IS NOT (m.value->>2)
                  AND NOT EXISTS (SELECT 1 FROM json_each(t.content, m.value->>0) e
                       WHERE json_type(t.content, m.value->>0) = 'array'
                       AND (t.content -> (e.fullkey || (m.value->>1))) = (m.value->>2))"
            ),
            found!(
                $whose,
                "json_each_text({json h.control} -> 'tracks')",
                "SELECT 1 FROM json_array_elements(?5::json) m
                  CROSS JOIN LATERAL (SELECT
                       {json t.content} #> string_to_array(substr(m.value->>0, 3), '.') AS field,
                       string_to_array(substr(m.value->>1, 2), '.') AS member,
                       CAST({json m.value->>2} AS TEXT) AS wanted) f ON true
                  WHERE (f.field #> f.member)::text IS DISTINCT FROM f.wanted
                  AND NOT EXISTS (SELECT 1 FROM json_array_elements(
                           CASE json_typeof(f.field) WHEN 'array' THEN f.field ELSE '[]' END) e
                       WHERE (e.value #> f.member)::text = f.wanted)"
            ),
        )
    };
}

/// Workflow, partner (not looked at), but this case, `[state]`, `[[path, member, JSON text]]`, `limit` → ids, the newest first.
pub const FOUND: Sql = found_on_both!("?2 IS NULL");

/// The same of one partner.
pub const FOUND_OF_PARTNER: Sql = found_on_both!("c.partner = ?2");

/// The same of cases that have no partner.
pub const FOUND_OF_NOBODY: Sql = found_on_both!("?2 IS NULL AND c.partner IS NULL");

/// `[[workflow, limit, key, since?]]`.
pub const USAGE: Sql = Sql::new(
    "SELECT j.place, CAST(CASE WHEN j.since IS NULL
         THEN (SELECT coalesce(sum(l.amount), 0) FROM limit_places l
               WHERE l.workflow = j.workflow AND l.name = j.name AND l.key = j.key)
         ELSE (SELECT coalesce(sum(l.amount), 0) FROM limit_counts l
               WHERE l.workflow = j.workflow AND l.name = j.name AND l.key = j.key AND l.at > j.since)
         END AS BIGINT)
     FROM {rows} j",
)
.rows("workflow text, name text, key text, since int");

/// `[[workflow, limit, beginning of the key, end of such keys, since?]]` → what each place is held for, and how often.
pub const HOLDERS: Sql = Sql::new(
    "SELECT j.place, substr(l.key, length(j.first) + 1) AS held_for, count(*) FROM {rows} j
     CROSS JOIN limit_places l ON l.workflow = j.workflow AND l.name = j.name AND l.key > j.first AND l.key < j.behind
     WHERE j.since IS NULL GROUP BY j.place, held_for
     UNION ALL
     SELECT j.place, substr(l.key, length(j.first) + 1) AS held_for, count(*) FROM {rows} j
     CROSS JOIN limit_counts l ON l.workflow = j.workflow AND l.name = j.name AND l.key > j.first AND l.key < j.behind
     WHERE l.at > j.since GROUP BY j.place, held_for",
)
.rows("workflow text, name text, first text, behind text, since int");

/// `[person]`.
pub const LOAD: Sql = Sql::new(
    "SELECT j.place, CAST((SELECT coalesce(sum(a.ballots), 0) FROM assignments a WHERE a.person = j.person) AS BIGINT)
     FROM {rows} j",
)
.rows("person text");

/// `[case]` → what opens each.
pub const CHILDREN: Sql = Sql::new(
    "SELECT c.opening FROM {rows} j CROSS JOIN children c ON c.case_id = j.id ORDER BY c.case_id {lock c}",
)
.rows("id uuid");

/// `[[caller, key]]`.
pub const ANSWERS: Sql = Sql::new(
    "SELECT j.place, a.fingerprint, a.status, a.headers, a.body, a.at FROM {rows} j
     CROSS JOIN answers a ON a.caller = j.caller AND a.key = j.key",
)
.rows("caller text, key text");

/// Case, holder, action.
pub const CODE: Sql = Sql::new(
    "SELECT hash, expires_at, tries FROM codes WHERE case_id = ?1 AND holder = ?2 AND action = ?3",
);

/// Series, count → the last number taken.
pub const TAKE_NUMBERS: Sql = Sql::new(
    "INSERT INTO numbers (series, last) VALUES (?1, ?2)
     ON CONFLICT (series) DO UPDATE SET last = numbers.last + excluded.last RETURNING last",
);
