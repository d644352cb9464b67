//! Subscriptions to what happens: where it is posted, and how far each has come. Secrets are not there: they are derived
//! from the server's key and the generation.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE TABLE webhooks (
        id UUID PRIMARY KEY,
        url TEXT NOT NULL,
        events TEXT NOT NULL,
        generation INTEGER NOT NULL,
        overlap_until INTEGER,
        created_at INTEGER NOT NULL,
        failing_since INTEGER,
        disabled TEXT,
        cursor TEXT NOT NULL
    ) STRICT, WITHOUT ROWID"];
