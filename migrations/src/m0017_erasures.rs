//! Whose personal data were erased, by whom, when and why: the record that an erasure leaves.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE TABLE erasures (
        position INTEGER PRIMARY KEY,
        person TEXT NOT NULL,
        erased_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX erasures_of_person ON erasures (person, position)",
];
