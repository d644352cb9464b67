//! Statements that write what a batch has besides cases.

use super::Sql;

/// `[case]` → the rows of those cases.
pub const WAITING: Sql = Sql::new(
    "SELECT w.subject, w.due_at, w.since, w.case_id, w.role, w.but
     FROM {rows} j CROSS JOIN waiting w ON w.case_id = j.id",
)
.rows("id uuid");

/// `[[subject, due_at, since, case, role]]`. The case comes first: from it the rest is found.
pub const REMOVE_WAITING: Sql = Sql::new(
    "DELETE FROM waiting INDEXED BY waiting_of_case WHERE (case_id, subject, due_at, since, role) IN
         (SELECT j.case_id, j.subject, j.due_at, j.since, j.role FROM {rows} j)",
)
.rows("subject text, due_at int, since int, case_id uuid, role text");

/// `[[subject, due_at, since, case, role, but?]]`.
pub const PUT_WAITING: Sql = Sql::new(
    "INSERT INTO waiting (subject, due_at, since, case_id, role, but)
     SELECT j.subject, j.due_at, j.since, j.case_id, j.role, j.but FROM {rows} j WHERE true
     ON CONFLICT (subject, due_at, since, case_id, role) DO UPDATE SET but = excluded.but",
)
.rows("subject text, due_at int, since int, case_id uuid, role text, but text");

/// `[[subject, case]]`.
pub const PUT_ACCESS: Sql = Sql::new(
    "INSERT INTO access (subject, case_id) SELECT j.subject, j.case_id FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("subject text, case_id uuid");

/// `[[subject, case]]`.
pub const REMOVE_ACCESS: Sql = Sql::new(
    "DELETE FROM access WHERE (subject, case_id) IN (SELECT j.subject, j.case_id FROM {rows} j)",
)
.rows("subject text, case_id uuid");

/// `[[person, case, at]]`.
pub const PUT_ACTED: Sql = Sql::new(
    "INSERT INTO acted (person, case_id, at) SELECT j.person, j.case_id, j.at FROM {rows} j WHERE true
     ON CONFLICT (person, case_id) DO UPDATE SET at = excluded.at WHERE excluded.at > acted.at",
)
.rows("person text, case_id uuid, at int");

/// `[case]`.
pub const REMOVE_ASSIGNMENTS: Sql =
    Sql::new("DELETE FROM assignments WHERE case_id IN (SELECT j.id FROM {rows} j)")
        .rows("id uuid");

/// `[[case, person, ballots]]`.
pub const PUT_ASSIGNMENTS: Sql = Sql::new(
    "INSERT INTO assignments (case_id, person, ballots) SELECT j.case_id, j.person, j.ballots FROM {rows} j",
)
.rows("case_id uuid, person text, ballots int");

/// `[[case, due_at]]`.
pub const PUT_TIMERS: Sql = Sql::new(
    "INSERT INTO timers (case_id, due_at) SELECT j.case_id, j.due_at FROM {rows} j WHERE true ORDER BY j.case_id
     ON CONFLICT (case_id) DO UPDATE SET due_at = excluded.due_at WHERE timers.due_at <> excluded.due_at",
)
.rows("case_id uuid, due_at int");

/// `[case]`.
pub const REMOVE_TIMERS: Sql =
    Sql::new("DELETE FROM timers WHERE case_id IN (SELECT j.id FROM {rows} j)").rows("id uuid");

/// `[case]`.
pub const REMOVE_WATCHES: Sql =
    Sql::new("DELETE FROM watches WHERE case_id IN (SELECT j.id FROM {rows} j)").rows("id uuid");

/// `[[watch, case]]`.
pub const PUT_WATCHES: Sql = Sql::new(
    "INSERT INTO watches (watch, case_id) SELECT j.watch, j.case_id FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("watch text, case_id uuid");

/// `[watch]`, a moment: the timers of the cases that watch one of these are due then at the latest.
pub const WAKE: Sql = Sql::new(
    "INSERT INTO timers (case_id, due_at)
     SELECT DISTINCT w.case_id, CAST(?2 AS BIGINT) FROM {each ?1} j CROSS JOIN watches w ON w.watch = j.value WHERE true
     ORDER BY w.case_id
     ON CONFLICT (case_id) DO UPDATE SET due_at = excluded.due_at WHERE timers.due_at > excluded.due_at",
);

/// `[[case, opening]]`.
pub const PUT_CHILDREN: Sql = Sql::new(
    "INSERT INTO children (case_id, opening) SELECT j.case_id, j.opening FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("case_id uuid, opening text");

/// `[case]`.
pub const REMOVE_CHILDREN: Sql =
    Sql::new("DELETE FROM children WHERE case_id IN (SELECT j.id FROM {rows} j)").rows("id uuid");

/// `[[workflow, limit, key, at, case, amount]]`.
pub const COUNT: Sql = Sql::new(
    "INSERT INTO limit_counts (workflow, name, key, at, case_id, amount)
     SELECT j.workflow, j.name, j.key, j.at, j.case_id, j.amount FROM {rows} j WHERE true
     ON CONFLICT (workflow, name, key, at, case_id) DO UPDATE SET amount = limit_counts.amount + excluded.amount",
)
.rows("workflow text, name text, key text, at int, case_id uuid, amount int");

/// `[[workflow, limit, key, case, amount]]`.
pub const HOLD: Sql = Sql::new(
    "INSERT INTO limit_places (workflow, name, key, case_id, amount)
     SELECT j.workflow, j.name, j.key, j.case_id, j.amount FROM {rows} j WHERE true
     ON CONFLICT (workflow, name, key, case_id) DO UPDATE SET amount = excluded.amount",
)
.rows("workflow text, name text, key text, case_id uuid, amount int");

/// `[[workflow, limit, key, case]]`.
pub const RELEASE: Sql = Sql::new(
    "DELETE FROM limit_places WHERE (case_id, workflow, name, key) IN
         (SELECT j.case_id, j.workflow, j.name, j.key FROM {rows} j)",
)
.rows("workflow text, name text, key text, case_id uuid");

/// `[[link, case]]`.
pub const PUT_LINKS: Sql = Sql::new(
    "INSERT INTO mail_links (link_id, case_id) SELECT j.link_id, j.case_id FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("link_id uuid, case_id uuid");

/// `[[sha256, case, file]]`.
pub const PUT_FILES: Sql = Sql::new(
    "INSERT INTO files (sha256, case_id, file_id) SELECT j.sha256, j.case_id, j.file_id FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("sha256 text, case_id uuid, file_id uuid");

/// `[[id, case?, delivery?, incident, since]]`.
pub const ADD_INCIDENTS: Sql = Sql::new(
    "INSERT INTO incidents (id, case_id, delivery_id, incident, since)
     SELECT j.id, j.case_id, j.delivery_id, j.incident, j.since FROM {rows} j",
)
.rows("id uuid, case_id uuid, delivery_id uuid, incident text, since int");

/// `[[case, cause]]`, now.
pub const SETTLE_INCIDENTS: Sql = Sql::new(
    "UPDATE incidents SET settled_at = ?2 WHERE position IN (
         SELECT i.position FROM {rows} j CROSS JOIN incidents i ON i.case_id = j.case_id
         WHERE i.settled_at IS NULL AND {json i.incident}->>'cause' = j.cause)",
)
.rows("case_id uuid, cause text");

/// `[[caller, key, fingerprint, status, headers, body as text?, body as hex?, at]]`.
pub const ADD_ANSWERS: Sql = Sql::new(
    "INSERT INTO answers (caller, key, fingerprint, status, headers, body, at)
     SELECT j.caller, j.key, j.fingerprint, j.status, j.headers, coalesce(j.words, j.bytes), j.at
     FROM {rows} j WHERE true
     ON CONFLICT DO NOTHING",
)
.rows("caller text, key text, fingerprint bytes, status int, headers text, words utf8, bytes bytes, at int");

/// Case, holder, action, hash, `expires_at`, tries.
pub const PUT_CODE: Sql = Sql::new(
    "INSERT INTO codes (case_id, holder, action, hash, expires_at, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (case_id, holder, action)
     DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, tries = excluded.tries",
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
     SELECT j.id, j.case_id, j.about, j.kind, j.receiver, j.secret, j.content, 'waiting', j.due_at, 0, 0, j.at
     FROM {rows} j",
)
.rows("id uuid, case_id uuid, about text, kind text, receiver text, secret bool, content text, at int, due_at int");

/// `[[id, person, about, content, due_at]]`.
pub const HOLD_MAILS: Sql = Sql::new(
    "INSERT INTO held_mails (id, person, about, content, due_at)
     SELECT j.id, j.person, j.about, j.content, j.due_at FROM {rows} j",
)
.rows("id uuid, person text, about text, content text, due_at int");

/// A moment, `limit` → people who have held mails that are due.
pub const HELD_FOR: Sql = Sql::new(
    "SELECT DISTINCT h.person FROM held_mails h INDEXED BY held_mails_due WHERE h.due_at <= ?1 ORDER BY h.person LIMIT ?2",
);

/// Person, a moment: takes what is held for them until then.
pub const TAKE_HELD: Sql = Sql::new(
    "DELETE FROM held_mails WHERE person = ?1 AND due_at <= ?2 RETURNING position, id, about, content",
);

/// `[delivery]`, now: those that nobody has begun to send never will be.
pub const UNSEND: Sql = Sql::new(
    "UPDATE deliveries SET status = 'sent', sent_at = ?2, transcript = 'Not sent: it was settled before its time came.'
     WHERE id IN (SELECT j.id FROM {rows} j) AND status = 'waiting' AND lease_until IS NULL AND attempts = 0",
)
.rows("id uuid");

/// Person, language, time zone, habits.
pub const PUT_MAIL: Sql =
    Sql::new("UPDATE people SET language = ?2, timezone = ?3, mail = ?4 WHERE id = ?1");

/// A moment, `limit`: removes answers that were kept from before it, the oldest first.
pub const REMOVE_ANSWERS: Sql = Sql::new(
    "DELETE FROM answers WHERE position IN (SELECT a.position FROM answers a ORDER BY a.position LIMIT ?2) AND at < ?1",
);

/// A moment: removes sessions that have ended by then.
pub const REMOVE_SESSIONS: Sql = Sql::new("DELETE FROM sessions WHERE expires_at <= ?1");

/// A moment: removes codes that could be used until then at most.
pub const REMOVE_CODES: Sql = Sql::new("DELETE FROM codes WHERE expires_at <= ?1");

/// A provider, what it calls somebody, the person, since when. Who has another account of it keeps that.
pub const PUT_IDENTITY: Sql = Sql::new(
    "INSERT INTO identities (issuer, subject, person, since) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
);

/// Person, salt, the step that was used.
pub const PUT_AUTHENTICATOR: Sql = Sql::new(
    "INSERT INTO authenticators (person, salt, last_step, missed, missed_at) VALUES (?1, ?2, ?3, 0, 0)
     ON CONFLICT (person) DO UPDATE SET salt = excluded.salt, last_step = excluded.last_step, missed = 0",
);

/// Person.
pub const REMOVE_AUTHENTICATOR: Sql = Sql::new("DELETE FROM authenticators WHERE person = ?1");

/// Person, step: none is written where it, or a later one, was used.
pub const STEP_AUTHENTICATOR: Sql = Sql::new(
    "UPDATE authenticators SET last_step = ?2, missed = 0 WHERE person = ?1 AND last_step < ?2",
);

/// Person, now, since when guesses count.
pub const MISS_AUTHENTICATOR: Sql = Sql::new(
    "UPDATE authenticators SET missed = CASE WHEN missed_at > ?3 THEN missed + 1 ELSE 1 END, missed_at = ?2
     WHERE person = ?1",
);
