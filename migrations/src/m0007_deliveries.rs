//! Mails and hook calls, and what needs an operator. A delivery that waits is found by its receiver
//! and the moment it is due; one that somebody holds is due when the lease ends.

use crate::statements::migration;

migration!();

const TABLES: [&str; 7] = [
    "CREATE TABLE deliveries (
        position INTEGER PRIMARY KEY,
        id UUID NOT NULL UNIQUE CHECK (length(id) = 16),
        case_id UUID,
        about TEXT,
        kind TEXT NOT NULL CHECK (kind IN ('mail', 'hook')),
        receiver TEXT NOT NULL,
        secret FLAG NOT NULL,
        content TEXT,
        status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'dead')),
        due_at INTEGER NOT NULL,
        lease_until INTEGER,
        epoch INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        error TEXT,
        transcript TEXT,
        created_at INTEGER NOT NULL,
        sent_at INTEGER
    ) STRICT",
    "CREATE INDEX deliveries_waiting ON deliveries (receiver, due_at) WHERE status = 'waiting'",
    "CREATE INDEX deliveries_dead ON deliveries (position) WHERE status = 'dead'",
    "CREATE INDEX deliveries_of_case ON deliveries (case_id)",
    "CREATE TABLE incidents (
        position INTEGER PRIMARY KEY,
        id UUID NOT NULL UNIQUE CHECK (length(id) = 16),
        case_id UUID,
        delivery_id UUID,
        incident TEXT NOT NULL,
        since INTEGER NOT NULL,
        settled_at INTEGER
    ) STRICT",
    "CREATE INDEX incidents_open ON incidents (position) WHERE settled_at IS NULL",
    "CREATE INDEX incidents_of_delivery ON incidents (delivery_id) WHERE settled_at IS NULL",
];
