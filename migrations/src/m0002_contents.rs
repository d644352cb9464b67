//! Contents of cases: append-only, each whole, chained to the one before, so that writing one touches
//! the table's end only. `searches` holds the words that a case is found by.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE TABLE contents (
        position INTEGER PRIMARY KEY,
        case_id UUID NOT NULL,
        earlier INTEGER,
        revision INTEGER NOT NULL,
        etag INTEGER NOT NULL,
        content TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE searches (
        position INTEGER PRIMARY KEY REFERENCES cases (position),
        words TEXT NOT NULL
    ) STRICT",
];
