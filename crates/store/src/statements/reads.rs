//! Statements of single reads: timers, tokens, links, files, incidents.

use super::{Sql, inputs::person};

/// A moment, `limit`.
pub const DUE: Sql = Sql::new(
    "SELECT case_id, due_at FROM timers WHERE due_at <= ?1 ORDER BY due_at, case_id LIMIT ?2",
);

/// A cause, `limit` → the cases with an open incident of it.
pub const CASES_WITH_INCIDENT: Sql = Sql::new(
    "SELECT i.case_id FROM incidents i
     WHERE i.settled_at IS NULL AND i.position > 0 AND i.case_id IS NOT NULL AND {json i.incident}->>'cause' = ?1
     ORDER BY i.position LIMIT ?2",
);

/// A moment, `limit`, until when → the cases, the earliest due first. For PostgreSQL: what is claimed is due again then, if
/// nobody has fired it; what somebody else is claiming is left out.
pub const CLAIM: Sql = Sql::new(
    "WITH due AS (SELECT t.case_id, t.due_at FROM timers t WHERE t.due_at <= ?1
                  ORDER BY t.due_at, t.case_id LIMIT ?2 {skip t}),
          claimed AS (UPDATE timers t SET due_at = ?3 FROM due WHERE t.case_id = due.case_id
                      RETURNING t.case_id, due.due_at)
     SELECT c.case_id FROM claimed c ORDER BY c.due_at, c.case_id",
);

/// A claim may be lost with the server: it is made again. What it stands for is durable.
pub const NOT_DURABLE: Sql = Sql::new("SELECT set_config('synchronous_commit', 'off', true)");

/// → workflow, version, state, how many cases, how many on hold, the first day. Counts of several shards belong together.
pub const STANDING: Sql = Sql::new(
    "SELECT days.workflow, days.version, days.state, CAST(sum(days.cases) AS BIGINT),
            CAST(sum(CASE days.lifecycle WHEN 'on_hold' THEN days.cases ELSE 0 END) AS BIGINT), min(days.day)
     FROM (SELECT workflow, version, state, lifecycle, day, CAST(sum(cases) AS BIGINT) AS cases FROM standing
           GROUP BY workflow, version, state, lifecycle, day HAVING sum(cases) > 0) days
     GROUP BY days.workflow, days.version, days.state ORDER BY days.workflow, days.version, days.state",
);

/// Now, how many are looked at → workflow, version, state, how many of those are late.
pub const LATE: Sql = Sql::new(
    "SELECT c.workflow, c.version, c.state, count(*)
     FROM (SELECT o.position FROM cases o INDEXED BY cases_due
           WHERE o.due_at <= ?1 ORDER BY o.due_at, o.id LIMIT ?2) n
     CROSS JOIN cases c ON c.position = n.position
     GROUP BY c.workflow, c.version, c.state",
);

/// The earliest due moment.
pub const NEXT_DUE: Sql = Sql::new("SELECT min(due_at) FROM timers");

macro_rules! pulse {
    () => {
        "SELECT (SELECT min(due_at) FROM timers),
                (SELECT min(due_at) FROM (SELECT due_at FROM deliveries WHERE status = 'waiting' LIMIT 100000) w),
                (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE status = 'waiting' LIMIT 100000) w),
                (SELECT count(*) FROM deliveries WHERE status = 'dead'),
                (SELECT count(*) FROM incidents WHERE settled_at IS NULL), "
    };
}

/// → the next timer, the next delivery, deliveries that wait (so many at most) and that are given up, open incidents, and
/// the ages in milliseconds of the oldest snapshot of this database and of the oldest transaction that has written anywhere on the
/// server, as far as we may know of them.
pub const PULSE: Sql = Sql::each(
    concat!(pulse!(), "0, 0"),
    concat!(
        pulse!(),
        "(SELECT coalesce(max(floor(extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)), 0)::bigint
          FROM pg_stat_activity a
          WHERE a.backend_xmin IS NOT NULL AND a.datname = current_database() AND a.pid <> pg_backend_pid()),
         (SELECT coalesce(max(floor(extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)), 0)::bigint
          FROM pg_stat_activity a WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid())"
    ),
);

/// Subject, after, `limit`.
pub const WAITING_FOR: Sql = Sql::new(
    "SELECT DISTINCT case_id FROM waiting INDEXED BY waiting_of_case WHERE case_id > ?2 AND subject = ?1
     ORDER BY case_id LIMIT ?3",
);

/// A token's hash, now.
pub const CALLER: Sql = Sql::new(concat!(
    "SELECT t.service, t.rights, ",
    person!(),
    " FROM tokens t LEFT JOIN people p ON p.id = t.person
     WHERE t.hash = ?1 AND (t.expires_at IS NULL OR t.expires_at > ?2)
       AND (t.service IS NOT NULL OR NOT p.disabled)",
));

/// The hash of a cookie, now.
pub const SIGNED_IN: Sql = Sql::new(concat!(
    "SELECT ",
    person!(),
    " FROM sessions s JOIN people p ON p.id = s.person
     WHERE s.hash = ?1 AND s.expires_at > ?2 AND NOT p.disabled",
));

/// Person → salt, last step, how many codes were wrong lately, the last of them.
pub const AUTHENTICATOR: Sql =
    Sql::new("SELECT salt, last_step, missed, missed_at FROM authenticators WHERE person = ?1");

/// A provider and what it calls somebody → the person.
pub const IDENTITY: Sql =
    Sql::new("SELECT person FROM identities WHERE issuer = ?1 AND subject = ?2");

/// A link.
pub const CASE_OF_LINK: Sql = Sql::new("SELECT case_id FROM mail_links WHERE link_id = ?1");

/// The SHA-256 of every file that some case has.
pub const WANTED_FILES: Sql = Sql::new("SELECT DISTINCT sha256 FROM files ORDER BY sha256");

/// After, `limit`.
pub const INCIDENTS: Sql = Sql::new(
    "SELECT i.position, i.id, i.incident, i.delivery_id, i.since, c.id, c.number, c.workflow, c.version, c.title
     FROM incidents i LEFT JOIN cases c ON c.id = i.case_id
     WHERE i.settled_at IS NULL AND i.position > ?1 ORDER BY i.position LIMIT ?2",
);

/// Id.
pub const INCIDENT: Sql = Sql::new(
    "SELECT i.position, i.id, i.incident, i.delivery_id, i.since, c.id, c.number, c.workflow, c.version, c.title
     FROM incidents i LEFT JOIN cases c ON c.id = i.case_id WHERE i.id = ?1",
);

/// Id and version of each published workflow.
pub const PUBLISHED: Sql = Sql::new("SELECT id, version FROM workflows ORDER BY id, version");

/// Whether the store answers.
/// → how durable a commit is: 0 on one disk, 1 with a standby that commits do not wait for, 2 with one whose disk they wait for.
pub const PING: Sql = Sql::each(
    "SELECT 0",
    "SELECT CASE WHEN current_setting('synchronous_standby_names') = '' THEN 0::bigint
                 WHEN current_setting('synchronous_commit') IN ('on', 'remote_apply') THEN 2 ELSE 1 END",
);

/// The version of SQLite that is built in.
pub const SQLITE_VERSION: Sql = Sql::new("SELECT sqlite_version()");

/// Reads the whole file → one row a fault, or one row `ok`.
pub const INTEGRITY: Sql = Sql::new("PRAGMA integrity_check");

/// A file that is empty or not there: copies everything into it, as it is at one moment.
pub const COPY: Sql = Sql::new("VACUUM INTO ?1");

/// → one row a reference that leads nowhere: table, row, table referred to, number of the reference.
pub const DANGLING: Sql = Sql::new("PRAGMA foreign_key_check");

/// Moves what it can from the log into the file, waiting for nobody → busy, pages in the log, pages moved.
pub const CHECKPOINT_PASSIVE: Sql = Sql::new("PRAGMA wal_checkpoint(PASSIVE)");

/// Moves everything, and lets the log begin anew → busy, pages in the log, pages moved.
pub const CHECKPOINT_RESTART: Sql = Sql::new("PRAGMA wal_checkpoint(RESTART)");

/// What time it is on the server, in milliseconds. For PostgreSQL.
pub const TIME: Sql =
    Sql::new("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint");

/// Version, fsync, full page writes, synchronous commit, encoding, whether it is a standby, synchronous standbys. For
/// PostgreSQL.
pub const SERVER: Sql = Sql::new(
    "SELECT current_setting('server_version_num')::bigint, current_setting('fsync'), current_setting('full_page_writes'),
         current_setting('synchronous_commit'), current_setting('server_encoding'), pg_is_in_recovery(),
         current_setting('synchronous_standby_names')",
);

/// The process of the server that serves this connection. For PostgreSQL.
pub const BACKEND: Sql = Sql::new("SELECT pg_backend_pid()::bigint");

/// A number → the same. For PostgreSQL.
pub const ECHO: Sql = Sql::new("SELECT ?1::bigint");

/// How often the connection has prepared the statement before. For PostgreSQL.
pub const PREPARED: Sql = Sql::new(
    "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT pg_backend_pid()::bigint'",
);
