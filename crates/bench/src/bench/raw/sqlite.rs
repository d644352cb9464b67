//! What is read and written by hand, in SQLite's words.

use super::Statements;

pub const STATEMENTS: Statements = Statements {
    history: "SELECT json_array(entry, hex(hash), hex(previous), body) FROM history
        WHERE case_id = unhex('{id}') AND entry > 2",
    personal: "SELECT json_array(hex(p.salt), p.body) FROM history y JOIN history_personal p ON p.position = y.position
        WHERE y.case_id = unhex('{id}') AND y.entry > 2",
    content: "SELECT json_array(content) FROM contents WHERE case_id = unhex('{id}') ORDER BY position DESC LIMIT 1",
    head: "SELECT json_array(h.control, (SELECT s.words FROM searches s WHERE s.position = c.position),
            json_array(c.state, c.lifecycle, c.ending, c.round, c.due_at))
        FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = unhex('{id}')",
    waiting: "SELECT json_array(subject, due_at, since, role, but) FROM waiting WHERE case_id = unhex('{id}')",
    access: "SELECT json_array(subject) FROM access WHERE case_id = unhex('{id}')",
    acted: "SELECT json_array(person) FROM acted WHERE case_id = unhex('{id}')",
    deliveries: "SELECT json_array(about, kind, receiver, secret, content) FROM deliveries
        WHERE case_id = unhex('{id}') AND content NOT LIKE '%\"review_wanted\"%'",
    answer: "SELECT json_array(caller, hex(fingerprint), status, headers, CAST(body AS TEXT)) FROM answers
        ORDER BY position DESC LIMIT 1",
    mark_sent: "UPDATE deliveries INDEXED BY deliveries_of_case SET status = 'sent', attempts = 1, epoch = 1, sent_at = due_at
        WHERE status = 'waiting' AND case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)",
    // Hashes are different everywhere, as the product's are: their index costs a place for each.
    add_history: "INSERT INTO history (case_id, entry, earlier, hash, previous, body)
        SELECT unhex(j.value->>0), j.value->1->0->>0,
               (SELECT h.history_at FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = unhex(j.value->>0)),
               randomblob(32), unhex(j.value->1->0->>2), j.value->1->0->>3
        FROM json_each(?1) j",
    add_personal: "INSERT INTO history_personal (salt, body)
        SELECT unhex(j.value->1->1->>0), j.value->1->1->>1 FROM json_each(?1) j",
    add_contents: "INSERT INTO contents (case_id, earlier, revision, etag, content)
        SELECT unhex(j.value->>0),
               (SELECT h.content_at FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = unhex(j.value->>0)),
               2, 2, j.value->>1
        FROM json_each(?1) j",
    change_heads: "UPDATE heads SET etag = etag + 1, control = j.value->>1,
            history_at = history_at + 1, content_at = content_at + 1
        FROM json_each(?1) j
        WHERE heads.position = (SELECT c.position FROM cases c WHERE c.id = unhex(j.value->>0))",
    change_cases: "UPDATE cases SET state = j.value->1->>0, lifecycle = j.value->1->>1,
            ending = j.value->1->>2, round = j.value->1->>3, due_at = j.value->1->>4
        FROM json_each(?1) j WHERE cases.id = unhex(j.value->>0)",
    put_searches: "INSERT INTO searches (position, words)
        SELECT c.position, j.value->>1 FROM json_each(?1) j CROSS JOIN cases c ON c.id = unhex(j.value->>0) WHERE true
        ON CONFLICT (position) DO UPDATE SET words = excluded.words",
    remove_waiting: "DELETE FROM waiting INDEXED BY waiting_of_case
        WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)",
    put_waiting: "INSERT INTO waiting (case_id, subject, due_at, since, role, but)
        SELECT unhex(j.value->>0), j.value->1->>0, j.value->1->>1, j.value->1->>2, j.value->1->>3, j.value->1->>4
        FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING",
    put_access: "INSERT INTO access (case_id, subject)
        SELECT unhex(j.value->>0), j.value->1->>0 FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING",
    put_acted: "INSERT INTO acted (case_id, person, at)
        SELECT unhex(j.value->>0), j.value->1->>0, CAST(unixepoch('subsec') * 1000 AS INTEGER)
        FROM json_each(?1) j WHERE true
        ON CONFLICT DO UPDATE SET at = excluded.at",
    remove_timers: "DELETE FROM timers WHERE case_id IN (SELECT unhex(j.value) FROM json_each(?1) j)",
    add_deliveries: "INSERT INTO deliveries
            (id, case_id, about, kind, receiver, secret, content, status, due_at, epoch, attempts, created_at)
        SELECT randomblob(16), unhex(j.value->>0), j.value->1->>0, j.value->1->>1, j.value->1->>2, j.value->1->>3,
               j.value->1->>4, 'waiting', unixepoch() * 1000, 0, 0, unixepoch() * 1000
        FROM json_each(?1) j",
    add_answers: "INSERT INTO answers (caller, key, fingerprint, status, headers, body, at)
        SELECT j.value->1->>0, hex(randomblob(12)), unhex(j.value->1->>1), j.value->1->>2, j.value->1->>3,
               CAST(j.value->1->>4 AS BLOB), unixepoch() * 1000
        FROM json_each(?1) j",
};
