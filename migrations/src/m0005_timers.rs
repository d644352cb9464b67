//! When the next timer of each case is due: one small row a case that has any.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE TABLE timers (
        case_id UUID PRIMARY KEY,
        due_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX timers_due ON timers (due_at, case_id)",
];
