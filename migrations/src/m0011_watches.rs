//! What cases are woken for: facts and other cases that they read while they wait. A change of one of
//! them makes the timers of these cases due at once, in its own transaction.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE TABLE watches (
        watch TEXT NOT NULL,
        case_id UUID NOT NULL,
        PRIMARY KEY (watch, case_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX watches_of_case ON watches (case_id)",
];
