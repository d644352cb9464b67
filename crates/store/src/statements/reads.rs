//! Statements of single reads: timers, tokens, links, files, incidents.

use super::{Sql, inputs::person};

/// A moment, `limit`.
pub const DUE: Sql = Sql::new(
    "SELECT case_id, due_at FROM timers WHERE due_at <= ?1 ORDER BY due_at, case_id LIMIT ?2",
);

/// The earliest due moment.
pub const NEXT_DUE: Sql = Sql::new("SELECT min(due_at) FROM timers");

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
       AND (t.service IS NOT NULL OR p.disabled = 0)",
));

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

/// Whether the store answers.
pub const PING: Sql = Sql::new("SELECT 1");

/// The version of SQLite that is built in.
pub const SQLITE_VERSION: Sql = Sql::new("SELECT sqlite_version()");

/// Reads the whole file → one row a fault, or one row `ok`.
pub const INTEGRITY: Sql = Sql::new("PRAGMA integrity_check");

/// → one row a reference that leads nowhere: table, row, table referred to, number of the reference.
pub const DANGLING: Sql = Sql::new("PRAGMA foreign_key_check");

/// Moves what it can from the log into the file, waiting for nobody → busy, pages in the log, pages moved.
pub const CHECKPOINT_PASSIVE: Sql = Sql::new("PRAGMA wal_checkpoint(PASSIVE)");

/// Moves everything, and lets the log begin anew → busy, pages in the log, pages moved.
pub const CHECKPOINT_RESTART: Sql = Sql::new("PRAGMA wal_checkpoint(RESTART)");
