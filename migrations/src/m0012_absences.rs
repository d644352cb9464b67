//! When people are away, and who acts for them meanwhile: one row a person.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE TABLE absences (
        person TEXT PRIMARY KEY,
        from_at INTEGER NOT NULL,
        until_at INTEGER NOT NULL,
        substitute TEXT
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX absences_of_substitute ON absences (substitute, person)",
];
