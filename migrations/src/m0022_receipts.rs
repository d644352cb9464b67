//! Finding an entry of the history by its hash, so that a receipt can be checked. Eight bytes tell entries apart nearly
//! always and keep small what every commit writes to.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] = ["CREATE INDEX history_by_hash ON history (substr(hash, 1, 8))"];
