//! What limits count, and the series of case numbers. `limit_counts` is for `within`: counted at a
//! moment and never given back; `limit_places` is for `while`: held by a case until released.

use crate::statements::migration;

migration!();

const TABLES: [&str; 3] = [
    "CREATE TABLE limit_counts (
        workflow TEXT NOT NULL,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        case_id UUID NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (workflow, name, key, at, case_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE limit_places (
        workflow TEXT NOT NULL,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        case_id UUID NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (workflow, name, key, case_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE numbers (
        series TEXT PRIMARY KEY,
        last INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];
