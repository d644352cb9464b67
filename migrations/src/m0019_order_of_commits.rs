//! The order in which transactions wrote to histories. SQLite has one writer, so there the position tells it; on
//! PostgreSQL a lower position may become visible after a higher one.

use crate::statements::migration;

migration!(on_postgres);

const POSTGRES: [&str; 2] = [
    "ALTER TABLE history ADD COLUMN written_by BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)",
    "CREATE INDEX history_written ON history (written_by, position)",
];
