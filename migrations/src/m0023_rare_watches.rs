//! What PostgreSQL's planner cannot know about `watches`: very many cases watch the same group, and yet what changes is
//! mostly watched by few or none. Told that each watch is rare, it looks a watch up by the index; left to its statistics, it
//! reads the whole table at each decision.

use crate::statements::migration;

migration!(on_postgres);

const POSTGRES: [&str; 1] = ["ALTER TABLE watches ALTER COLUMN watch SET (n_distinct = -0.1)"];
