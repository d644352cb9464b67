//! Child cases that wait to be opened: what the parent's step wants, kept in its transaction and removed in that of the
//! opening. A row of `timers` under the same id makes it due.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE TABLE children (
        case_id UUID PRIMARY KEY CHECK (length(case_id) = 16),
        opening TEXT NOT NULL
    ) STRICT, WITHOUT ROWID"];
