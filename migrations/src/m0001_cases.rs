//! Cases, in two tables by how often their rows change. `cases` has what lists show and changes when a
//! case moves; `heads` has the rest and changes with every command, behind the etag.

use crate::statements::migration;

migration!();

/// Moments are milliseconds since 1970 everywhere. No due time is the largest number, so that one
/// order serves cases with and without.
const TABLES: [&str; 3] = [
    "CREATE TABLE cases (
        position INTEGER PRIMARY KEY,
        id UUID NOT NULL UNIQUE CHECK (length(id) = 16),
        number TEXT NOT NULL UNIQUE,
        workflow TEXT NOT NULL,
        version INTEGER NOT NULL,
        partner TEXT,
        starter TEXT,
        opened_at INTEGER NOT NULL,
        title TEXT NOT NULL,
        state TEXT NOT NULL,
        lifecycle TEXT NOT NULL CHECK (lifecycle IN ('running', 'on_hold', 'ended')),
        ending TEXT CHECK ((ending IS NULL) = (lifecycle <> 'ended')),
        round INTEGER NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT",
    "CREATE INDEX cases_due ON cases (due_at, id)",
    "CREATE TABLE heads (
        position INTEGER PRIMARY KEY REFERENCES cases (position),
        etag INTEGER NOT NULL,
        history_at INTEGER NOT NULL,
        content_at INTEGER NOT NULL,
        control TEXT NOT NULL
    ) STRICT",
];
