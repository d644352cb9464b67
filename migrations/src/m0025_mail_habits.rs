//! How people want their mail, and the mails that wait to go together with others in a daily one.

use crate::statements::migration;

migration!();

const TABLES: [&str; 4] = [
    "ALTER TABLE people ADD COLUMN mail TEXT",
    "CREATE TABLE held_mails (
        position INTEGER PRIMARY KEY,
        id UUID NOT NULL,
        person TEXT NOT NULL,
        about TEXT,
        content TEXT NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX held_mails_due ON held_mails (due_at)",
    "CREATE INDEX held_mails_of ON held_mails (person, due_at)",
];
