//! The directory: people, who is in which group, partners, and tokens (hashed).

use crate::statements::migration;

migration!();

const TABLES: [&str; 6] = [
    "CREATE TABLE people (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        address TEXT NOT NULL,
        language TEXT NOT NULL,
        timezone TEXT,
        partner TEXT,
        attributes TEXT NOT NULL,
        disabled FLAG NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX people_by_address ON people (address)",
    "CREATE TABLE members (
        group_id TEXT NOT NULL,
        person TEXT NOT NULL,
        PRIMARY KEY (group_id, person)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX members_by_person ON members (person, group_id)",
    "CREATE TABLE partners (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE tokens (
        id UUID PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        person TEXT,
        service TEXT,
        rights TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        CHECK ((person IS NULL) <> (service IS NULL))
    ) STRICT, WITHOUT ROWID",
];
