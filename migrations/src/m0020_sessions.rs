//! Who is signed in to the pages (the cookie's hash), and the passwords of local accounts (hashed).

use crate::statements::migration;

migration!();

const TABLES: [&str; 4] = [
    "CREATE TABLE sessions (
        hash BLOB PRIMARY KEY,
        person TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX sessions_of_person ON sessions (person)",
    "CREATE INDEX sessions_by_end ON sessions (expires_at)",
    "CREATE TABLE passwords (
        person TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        set_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];
