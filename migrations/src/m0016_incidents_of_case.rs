//! Finds the open incidents of a case, so that those whose cause is gone are settled.

use crate::statements::migration;

migration!();

const TABLES: [&str; 1] =
    ["CREATE INDEX incidents_of_case ON incidents (case_id) WHERE settled_at IS NULL"];
