//! The order of histories on PostgreSQL, where a transaction's id is not enough. A transaction has its id from its first
//! lock on, and may wait for other locks afterwards: what it then writes follows what others wrote meanwhile, under
//! higher ids. So an entry goes by the highest id that its transaction could know to have committed, if that is above its
//! own: what follows from something never stands before it. It is still told only when nothing can come before it any
//! more, for what it goes by is never below its own transaction. And another server counts from anew: `feed` keeps which
//! server counted last, and how far what it counts stands ahead of its ids (see the store's `postgres/feed.rs`).

use crate::statements::migration;

migration!(on_postgres);

const POSTGRES: [&str; 3] = [
    "ALTER TABLE history ALTER COLUMN written_by SET DEFAULT
        (greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1))",
    "CREATE TABLE feed (server TEXT COLLATE \"C\" NOT NULL, ahead BIGINT NOT NULL)",
    "INSERT INTO feed (server, ahead) VALUES ('', 0)",
];
