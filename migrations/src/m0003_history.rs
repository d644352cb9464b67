//! History: append-only in the order of commits, each entry chained to the case's one before, without
//! an index that random cases would write to. What can be erased lies beside it.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE TABLE history (
        position INTEGER PRIMARY KEY,
        case_id UUID NOT NULL,
        entry INTEGER NOT NULL,
        earlier INTEGER,
        hash BLOB NOT NULL,
        previous BLOB,
        body TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE history_personal (
        position INTEGER PRIMARY KEY,
        salt BLOB NOT NULL,
        body TEXT NOT NULL
    ) STRICT",
];
