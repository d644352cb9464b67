//! Statements that load what steps need. Each row begins with the place of what was asked for.

use super::Sql;

macro_rules! person {
    () => {
        "p.id, p.name, p.email, p.language, p.timezone, p.partner, p.disabled,
         (SELECT json_group_array(m.group_id) FROM members m WHERE m.person = p.id), p.attributes,
         (SELECT json_array(a.from_at, a.until_at, a.substitute) FROM absences a WHERE a.person = p.id),
         (SELECT json_group_array(json_array(a.person, a.from_at, a.until_at)) FROM absences a
          WHERE a.substitute = p.id)"
    };
}
pub(super) use person;

/// `[id]`.
pub const PEOPLE: Sql = Sql::new(concat!(
    "SELECT j.key, ",
    person!(),
    " FROM json_each(?1) j CROSS JOIN people p ON p.id = j.value"
));

/// `[address in lower case]`; of several people with one address the first.
pub const ADDRESSES: Sql = Sql::new(concat!(
    "SELECT j.key, ",
    person!(),
    " FROM json_each(?1) j
     CROSS JOIN people p ON p.id = (SELECT min(o.id) FROM people o WHERE o.address = j.value)"
));

/// `[group]` → its enabled members, in order of id.
pub const MEMBERS: Sql = Sql::new(concat!(
    "SELECT j.key, ",
    person!(),
    " FROM json_each(?1) j
     CROSS JOIN members g ON g.group_id = j.value
     CROSS JOIN people p ON p.id = g.person
     WHERE p.disabled = 0 ORDER BY j.key, p.id"
));

/// `[partner]` → its enabled people, in order of id.
pub const COLLEAGUES: Sql = Sql::new(concat!(
    "SELECT j.key, ",
    person!(),
    " FROM json_each(?1) j CROSS JOIN people p ON p.partner = j.value
     WHERE p.disabled = 0 ORDER BY j.key, p.id"
));

/// `[id]`.
pub const PARTNERS: Sql = Sql::new(
    "SELECT j.key, p.id, p.name FROM json_each(?1) j CROSS JOIN partners p ON p.id = j.value",
);

/// `[[kind, subject]]`.
pub const FACTS: Sql = Sql::new(
    "SELECT j.key, f.version, f.body FROM json_each(?1) j
     CROSS JOIN facts f ON f.kind = j.value->>0 AND f.subject = j.value->>1
     WHERE f.version = (SELECT max(o.version) FROM facts o WHERE o.kind = f.kind AND o.subject = f.subject)",
);

/// `[name]`.
pub const LISTS: Sql = Sql::new(
    "SELECT j.key, l.version, l.digest, l.entries FROM json_each(?1) j CROSS JOIN lists l ON l.name = j.value
     WHERE l.version = (SELECT max(o.version) FROM lists o WHERE o.name = l.name)",
);

macro_rules! found {
    ($whose:literal) => {
        concat!(
            "SELECT c.id FROM cases c
             CROSS JOIN heads h ON h.position = c.position
             CROSS JOIN contents t ON t.position = h.content_at
             WHERE c.workflow = ?1 AND ",
            $whose,
            " AND c.id <> ?3
             AND (json_array_length(?4) = 0 OR EXISTS (SELECT 1 FROM json_each(?4) s
                  WHERE c.state = s.value OR substr(c.state, 1, length(s.value) + 1) = s.value || '.'))
             AND NOT EXISTS (SELECT 1 FROM json_each(?5) m
                  WHERE (t.content -> (m.value->>0)) IS NOT (m.value->>1))
             ORDER BY c.id DESC LIMIT ?6"
        )
    };
}

/// Workflow, partner (not looked at), but this case, `[state]`, `[[path, JSON text]]`, `limit` → ids, the newest first.
pub const FOUND: Sql = Sql::new(found!("?2 IS NULL"));

/// The same of one partner, or of cases that have none.
pub const FOUND_OF_PARTNER: Sql = Sql::new(found!("c.partner IS ?2"));

/// `[[workflow, limit, key, since?]]`.
pub const USAGE: Sql = Sql::new(
    "SELECT j.key, CASE WHEN j.value->>3 IS NULL
         THEN (SELECT coalesce(sum(l.amount), 0) FROM limit_places l
               WHERE l.workflow = j.value->>0 AND l.name = j.value->>1 AND l.key = j.value->>2)
         ELSE (SELECT coalesce(sum(l.amount), 0) FROM limit_counts l
               WHERE l.workflow = j.value->>0 AND l.name = j.value->>1 AND l.key = j.value->>2 AND l.at > j.value->>3)
         END
     FROM json_each(?1) j",
);

/// `[[workflow, limit, beginning of the key, end of such keys, since?]]` → what each place is held for, and how often.
pub const HOLDERS: Sql = Sql::new(
    "SELECT j.key, substr(l.key, length(j.value->>2) + 1) AS held_for, count(*) FROM json_each(?1) j
     CROSS JOIN limit_places l ON l.workflow = j.value->>0 AND l.name = j.value->>1
                              AND l.key > j.value->>2 AND l.key < j.value->>3
     WHERE j.value->>4 IS NULL GROUP BY j.key, held_for
     UNION ALL
     SELECT j.key, substr(l.key, length(j.value->>2) + 1) AS held_for, count(*) FROM json_each(?1) j
     CROSS JOIN limit_counts l ON l.workflow = j.value->>0 AND l.name = j.value->>1
                              AND l.key > j.value->>2 AND l.key < j.value->>3
     WHERE l.at > j.value->>4 GROUP BY j.key, held_for",
);

/// `[person]`.
pub const LOAD: Sql = Sql::new(
    "SELECT j.key, (SELECT coalesce(sum(a.ballots), 0) FROM assignments a WHERE a.person = j.value)
     FROM json_each(?1) j",
);

/// `[case]` → what opens each.
pub const CHILDREN: Sql = Sql::new(
    "SELECT c.opening FROM json_each(?1) j CROSS JOIN children c ON c.case_id = unhex(j.value)",
);

/// `[[caller, key]]`.
pub const ANSWERS: Sql = Sql::new(
    "SELECT j.key, a.fingerprint, a.status, a.headers, a.body, a.at FROM json_each(?1) j
     CROSS JOIN answers a ON a.caller = j.value->>0 AND a.key = j.value->>1",
);

/// Case, holder, action.
pub const CODE: Sql = Sql::new(
    "SELECT hash, expires_at, tries FROM codes WHERE case_id = ?1 AND holder = ?2 AND action = ?3",
);

/// Series, count → the last number taken.
pub const TAKE_NUMBERS: Sql = Sql::new(
    "INSERT INTO numbers (series, last) VALUES (?1, ?2)
     ON CONFLICT (series) DO UPDATE SET last = last + excluded.last RETURNING last",
);
