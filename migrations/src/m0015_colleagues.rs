//! The people of a partner, to whom a role of the whole partner writes.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE INDEX people_of_partner ON people (partner, id)"];
