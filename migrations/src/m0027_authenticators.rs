//! Whose confirmation codes come from an app. The secret is not here: it is made of the salt under the server's key. The
//! last step that was used is, so that no code counts twice, and how often somebody has guessed.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE TABLE authenticators (
        person TEXT PRIMARY KEY,
        salt TEXT NOT NULL,
        last_step INTEGER NOT NULL,
        missed INTEGER NOT NULL,
        missed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];
