//! Which person signs in with which account of a provider: found by their address once, and from then on by what the
//! provider calls them, so that who takes over an address takes over no account.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE TABLE identities (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        person TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (issuer, subject),
        UNIQUE (person, issuer)
    ) STRICT, WITHOUT ROWID"];
