//! What callers come back with: idempotency keys and their answers, confirmation codes (hashed), mail
//! links, and the files whose bytes are wanted.

use crate::statements::migration;

migration!();

const TABLES: [&str; 4] = [
    // In the order of time, so that old answers leave from one end.
    "CREATE TABLE answers (
        position INTEGER PRIMARY KEY,
        caller TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        status INTEGER NOT NULL,
        headers TEXT NOT NULL,
        body BLOB NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (caller, key)
    ) STRICT",
    "CREATE TABLE codes (
        case_id UUID NOT NULL,
        holder TEXT NOT NULL,
        action TEXT NOT NULL,
        hash BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        PRIMARY KEY (case_id, holder, action)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE mail_links (
        link_id UUID PRIMARY KEY,
        case_id UUID NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE files (
        sha256 TEXT NOT NULL,
        case_id UUID NOT NULL,
        file_id UUID NOT NULL,
        PRIMARY KEY (sha256, case_id, file_id)
    ) STRICT, WITHOUT ROWID",
];
