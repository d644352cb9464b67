//! How many cases stand where, counted by the database itself as they move, so that an operator's page costs the same
//! with a thousand cases and with a million. A count is kept for each day of opening, which tells the age of the oldest.
//! On PostgreSQL in shards, of which each transaction takes one that nobody holds, so that batches do not wait for each
//! other's counts; there a count may be zero, or below it where another shard has more.

use crate::statements::migration;

migration!(each);

const TABLES: [&str; 3] = [
    "CREATE TABLE standing (
        workflow TEXT NOT NULL,
        version INTEGER NOT NULL,
        state TEXT NOT NULL,
        lifecycle TEXT NOT NULL,
        day INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        cases INTEGER NOT NULL,
        PRIMARY KEY (workflow, version, state, lifecycle, day, shard)
    ) STRICT, WITHOUT ROWID",
    "INSERT INTO standing (workflow, version, state, lifecycle, day, shard, cases)
     SELECT workflow, version, state, lifecycle, opened_at / 86400000, 0, count(*) FROM cases
     WHERE lifecycle <> 'ended' GROUP BY workflow, version, state, lifecycle, opened_at / 86400000",
    // An operator looks at hook calls among many more mails.
    "CREATE INDEX deliveries_of_kind ON deliveries (kind, position)",
];

const SQLITE: [&str; 2] = [
    "CREATE TRIGGER standing_added AFTER INSERT ON cases WHEN new.lifecycle <> 'ended' BEGIN
        INSERT INTO standing (workflow, version, state, lifecycle, day, shard, cases)
        VALUES (new.workflow, new.version, new.state, new.lifecycle, new.opened_at / 86400000, 0, 1)
        ON CONFLICT DO UPDATE SET cases = cases + 1;
    END",
    "CREATE TRIGGER standing_changed AFTER UPDATE ON cases
     WHEN old.state <> new.state OR old.version <> new.version OR old.lifecycle <> new.lifecycle BEGIN
        UPDATE standing SET cases = cases - 1
        WHERE workflow = old.workflow AND version = old.version AND state = old.state
          AND lifecycle = old.lifecycle AND day = old.opened_at / 86400000 AND shard = 0;
        DELETE FROM standing
        WHERE workflow = old.workflow AND version = old.version AND state = old.state
          AND lifecycle = old.lifecycle AND day = old.opened_at / 86400000 AND shard = 0 AND cases = 0;
        INSERT INTO standing (workflow, version, state, lifecycle, day, shard, cases)
        SELECT new.workflow, new.version, new.state, new.lifecycle, new.opened_at / 86400000, 0, 1
        WHERE new.lifecycle <> 'ended'
        ON CONFLICT DO UPDATE SET cases = cases + 1;
    END",
];

const POSTGRES: [&str; 6] = [
    "ALTER TABLE standing SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1,
         autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)",
    // The lock is the transaction's own: asked again, it answers the same shard.
    "CREATE FUNCTION free_shard() RETURNS bigint LANGUAGE sql VOLATILE AS $$
        SELECT coalesce(
            (SELECT s FROM generate_series(0::bigint, 63) s
             WHERE pg_try_advisory_xact_lock('standing'::regclass::oid::bigint << 32 | s) LIMIT 1),
            pg_backend_pid() % 64)
     $$",
    "CREATE FUNCTION count_added_cases() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
        INSERT INTO standing (workflow, version, state, lifecycle, day, shard, cases)
        SELECT a.workflow, a.version, a.state, a.lifecycle, a.opened_at / 86400000, (SELECT free_shard()), count(*)
        FROM added a WHERE a.lifecycle <> 'ended'
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (workflow, version, state, lifecycle, day, shard)
        DO UPDATE SET cases = standing.cases + excluded.cases;
        RETURN NULL;
     END $$",
    "CREATE FUNCTION count_changed_cases() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
        INSERT INTO standing (workflow, version, state, lifecycle, day, shard, cases)
        SELECT m.workflow, m.version, m.state, m.lifecycle, m.day, (SELECT free_shard()), sum(m.n)::bigint
        FROM (SELECT a.workflow, a.version, a.state, a.lifecycle, a.opened_at / 86400000 AS day, 1 AS n FROM added a
              UNION ALL
              SELECT r.workflow, r.version, r.state, r.lifecycle, r.opened_at / 86400000, -1 FROM removed r) m
        WHERE m.lifecycle <> 'ended'
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.n) <> 0 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (workflow, version, state, lifecycle, day, shard)
        DO UPDATE SET cases = standing.cases + excluded.cases;
        RETURN NULL;
     END $$",
    "CREATE TRIGGER standing_added AFTER INSERT ON cases REFERENCING NEW TABLE AS added
     FOR EACH STATEMENT EXECUTE FUNCTION count_added_cases()",
    "CREATE TRIGGER standing_changed AFTER UPDATE ON cases REFERENCING OLD TABLE AS removed NEW TABLE AS added
     FOR EACH STATEMENT EXECUTE FUNCTION count_changed_cases()",
];
