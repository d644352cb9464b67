//! How far the last move of a workflow's cases to another version has come, for every replica to tell.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE TABLE moves (
        workflow TEXT PRIMARY KEY,
        run UUID NOT NULL,
        progress TEXT NOT NULL,
        is_over FLAG NOT NULL,
        noted_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];
