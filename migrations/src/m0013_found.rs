//! Cases by what they hold: a link that finds its cases looks through those of one workflow, or of one partner in it,
//! from the newest on. Both indexes grow with each opening and never change after it.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "CREATE INDEX cases_of_workflow ON cases (workflow, id)",
    "CREATE INDEX cases_of_partner ON cases (workflow, partner, id)",
];
