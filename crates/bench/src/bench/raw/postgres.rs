//! What is read and written by hand, in PostgreSQL's words.

use super::Statements;

pub const STATEMENTS: Statements = Statements {
    history: "SELECT json_build_array(entry, encode(hash, 'hex'), encode(previous, 'hex'), body)::text FROM history
        WHERE case_id = '{id}' AND entry > 2",
    personal: "SELECT json_build_array(encode(p.salt, 'hex'), p.body)::text
        FROM history y JOIN history_personal p ON p.position = y.position
        WHERE y.case_id = '{id}' AND y.entry > 2",
    content: "SELECT json_build_array(content)::text FROM contents WHERE case_id = '{id}' ORDER BY position DESC LIMIT 1",
    head: "SELECT json_build_array(h.control, (SELECT s.words FROM searches s WHERE s.position = c.position),
            json_build_array(c.state, c.lifecycle, c.ending, c.round, c.due_at))::text
        FROM cases c JOIN heads h ON h.position = c.position WHERE c.id = '{id}'",
    waiting: "SELECT json_build_array(subject, due_at, since, role, but)::text FROM waiting WHERE case_id = '{id}'",
    access: "SELECT json_build_array(subject)::text FROM access WHERE case_id = '{id}'",
    acted: "SELECT json_build_array(person)::text FROM acted WHERE case_id = '{id}'",
    deliveries: "SELECT json_build_array(about, kind, receiver, secret, content)::text FROM deliveries
        WHERE case_id = '{id}' AND content NOT LIKE '%\"review_wanted\"%'",
    answer: "SELECT json_build_array(caller, encode(fingerprint, 'hex'), status, headers, convert_from(body, 'UTF8'))::text
        FROM answers ORDER BY position DESC LIMIT 1",
    // By the index over cases: were `status` to be seen as the other index has it, the server would walk all that wait, for it
    // counted them when none did.
    mark_sent: "UPDATE deliveries SET status = 'sent', attempts = 1, epoch = 1, sent_at = due_at
        WHERE status || '' = 'waiting'
            AND case_id IN (SELECT (j.value)::uuid FROM jsonb_array_elements_text($1::jsonb) j (value))",
    // Hashes are different everywhere, as the product's are: their index costs a place for each.
    add_history: "INSERT INTO history (case_id, entry, earlier, hash, previous, body)
        SELECT (j.value->>0)::uuid, (j.value->1->0->>0)::bigint,
               (SELECT h.history_at FROM cases c JOIN heads h ON h.position = c.position
                WHERE c.id = (j.value->>0)::uuid),
               sha256(uuid_send(gen_random_uuid())), decode(j.value->1->0->>2, 'hex'), j.value->1->0->>3
        FROM jsonb_array_elements($1::jsonb) j (value)",
    // The product takes the positions of the history; here they come of the sequence, which nobody else uses.
    add_personal: "INSERT INTO history_personal (position, salt, body)
        SELECT nextval('history_position_seq'), decode(j.value->1->1->>0, 'hex'), j.value->1->1->>1
        FROM jsonb_array_elements($1::jsonb) j (value)",
    add_contents: "INSERT INTO contents (case_id, earlier, revision, etag, content)
        SELECT (j.value->>0)::uuid,
               (SELECT h.content_at FROM cases c JOIN heads h ON h.position = c.position
                WHERE c.id = (j.value->>0)::uuid),
               2, 2, j.value->>1
        FROM jsonb_array_elements($1::jsonb) j (value)",
    change_heads: "UPDATE heads SET etag = etag + 1, control = j.value->>1,
            history_at = history_at + 1, content_at = content_at + 1
        FROM jsonb_array_elements($1::jsonb) j (value) JOIN cases c ON c.id = (j.value->>0)::uuid
        WHERE heads.position = c.position",
    change_cases: "UPDATE cases SET state = j.value->1->>0, lifecycle = j.value->1->>1,
            ending = j.value->1->>2, round = (j.value->1->>3)::bigint, due_at = (j.value->1->>4)::bigint
        FROM jsonb_array_elements($1::jsonb) j (value) WHERE cases.id = (j.value->>0)::uuid",
    put_searches: "INSERT INTO searches (position, words)
        SELECT c.position, j.value->>1
        FROM jsonb_array_elements($1::jsonb) j (value) JOIN cases c ON c.id = (j.value->>0)::uuid
        ON CONFLICT (position) DO UPDATE SET words = excluded.words",
    remove_waiting: "DELETE FROM waiting
        WHERE case_id IN (SELECT (j.value)::uuid FROM jsonb_array_elements_text($1::jsonb) j (value))",
    put_waiting: "INSERT INTO waiting (case_id, subject, due_at, since, role, but)
        SELECT (j.value->>0)::uuid, j.value->1->>0, (j.value->1->>1)::bigint, (j.value->1->>2)::bigint,
               j.value->1->>3, j.value->1->>4
        FROM jsonb_array_elements($1::jsonb) j (value) ON CONFLICT DO NOTHING",
    put_access: "INSERT INTO access (case_id, subject)
        SELECT (j.value->>0)::uuid, j.value->1->>0
        FROM jsonb_array_elements($1::jsonb) j (value) ON CONFLICT DO NOTHING",
    put_acted: "INSERT INTO acted (case_id, person, at)
        SELECT (j.value->>0)::uuid, j.value->1->>0, (extract(epoch FROM now()) * 1000)::bigint
        FROM jsonb_array_elements($1::jsonb) j (value)
        ON CONFLICT (person, case_id) DO UPDATE SET at = excluded.at",
    remove_timers: "DELETE FROM timers
        WHERE case_id IN (SELECT (j.value)::uuid FROM jsonb_array_elements_text($1::jsonb) j (value))",
    add_deliveries: "INSERT INTO deliveries
            (id, case_id, about, kind, receiver, secret, content, status, due_at, epoch, attempts, created_at)
        SELECT gen_random_uuid(), (j.value->>0)::uuid, j.value->1->>0, j.value->1->>1, j.value->1->>2,
               (j.value->1->>3)::boolean, j.value->1->>4, 'waiting', (extract(epoch FROM now()) * 1000)::bigint, 0, 0,
               (extract(epoch FROM now()) * 1000)::bigint
        FROM jsonb_array_elements($1::jsonb) j (value)",
    add_answers: "INSERT INTO answers (caller, key, fingerprint, status, headers, body, at)
        SELECT j.value->1->>0, gen_random_uuid()::text, decode(j.value->1->>1, 'hex'), (j.value->1->>2)::bigint,
               j.value->1->>3, convert_to(j.value->1->>4, 'UTF8'), (extract(epoch FROM now()) * 1000)::bigint
        FROM jsonb_array_elements($1::jsonb) j (value)",
};
