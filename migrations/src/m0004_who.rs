//! Who has to do with a case: who may act now (the inbox), who may see it, who acted on it and when,
//! and who is assigned to an open ballot. Subjects read `person:pat`, `group:finance`, `partner:acme`.

use crate::statements::migration;

migration!();

const TABLES: [&str; 7] = [
    // In the order in which an inbox shows them: due first, those without due time last, then oldest.
    "CREATE TABLE waiting (
        subject TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        since INTEGER NOT NULL,
        case_id UUID NOT NULL,
        role TEXT NOT NULL,
        but TEXT,
        PRIMARY KEY (subject, due_at, since, case_id, role)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX waiting_of_case ON waiting (case_id)",
    "CREATE TABLE access (
        subject TEXT NOT NULL,
        case_id UUID NOT NULL,
        PRIMARY KEY (subject, case_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE acted (
        person TEXT NOT NULL,
        case_id UUID NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (person, case_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX acted_lately ON acted (person, at, case_id)",
    "CREATE TABLE assignments (
        case_id UUID NOT NULL,
        person TEXT NOT NULL,
        ballots INTEGER NOT NULL,
        PRIMARY KEY (case_id, person)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX assignments_of_person ON assignments (person, ballots)",
];
