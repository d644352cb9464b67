//! What cases are judged by, in all its versions: facts of the host system, reference lists, and
//! published workflows.

use crate::statements::migration;

migration!();

const TABLES: [&str; 3] = [
    "CREATE TABLE facts (
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, subject, version)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE lists (
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        digest BLOB NOT NULL,
        entries TEXT NOT NULL,
        PRIMARY KEY (name, version)
    ) STRICT",
    "CREATE TABLE workflows (
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        path TEXT NOT NULL,
        files TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (id, version)
    ) STRICT",
];
