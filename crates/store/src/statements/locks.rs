//! Statements that keep batches of several lanes and replicas apart, on PostgreSQL only: SQLite has one writer.
//! Rows of cases are locked in the order of their ids everywhere, so that nobody waits in a ring.

use super::Sql;

/// `[id]`, `[number]`: these cases are this batch's until it ends.
pub const CASES: Sql = Sql::new(
    "SELECT h.position FROM (
         SELECT c.id, c.position FROM {each ?1} i JOIN cases c ON c.id = i.value::uuid
         UNION
         SELECT c.id, c.position FROM {each ?2} n JOIN cases c ON c.number = n.value
     ) w JOIN heads h ON h.position = w.position ORDER BY w.id {lock h}",
);

/// `[id]`: these cases do not change until the batch ends.
pub const CASES_SHARED: Sql = Sql::new(
    "SELECT h.position FROM {each ?1} i
     JOIN cases c ON c.id = i.value::uuid JOIN heads h ON h.position = c.position
     ORDER BY c.id {share h}",
);

/// `[number of a name]`, in order: nobody else holds these names until the batch ends.
pub const NAMES: Sql = Sql::new("SELECT pg_advisory_xact_lock(n.value::bigint) FROM {each ?1} n");

/// `[number of a name]`, in order: nobody else holds these names alone until the batch ends.
pub const NAMES_SHARED: Sql =
    Sql::new("SELECT pg_advisory_xact_lock_shared(n.value::bigint) FROM {each ?1} n");

/// How the transaction guards itself → whether it is a new one, and whether the server takes no writes on this connection, as
/// one that was a primary. A replica that sleeps holds its locks for five seconds at
/// most, which is sooner than those who wait for them give up. A connection that came back inside an open
/// transaction would answer for writes that are later rolled back.
pub const GUARD: Sql = Sql::new(
    "SELECT pg_current_xact_id_if_assigned() IS NULL, current_setting('transaction_read_only') = 'on',
            set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '5s', true)",
);

/// Ends the connection that it is said on: where it leads to, nobody is to be led again.
pub const HANG_UP: &str = "SELECT pg_terminate_backend(pg_backend_pid())";

/// → whether the server that a connection leads to is a standby by now.
pub const IS_STANDBY: &str = "SELECT pg_is_in_recovery()";

macro_rules! plans {
    ($until_it_ends:literal) => {
        concat!(
            "SELECT set_config('jit', 'off', ",
            $until_it_ends,
            "),
                    set_config('enable_seqscan', 'off', ",
            $until_it_ends,
            "),
                    set_config('enable_hashjoin', 'off', ",
            $until_it_ends,
            "),
                    set_config('enable_mergejoin', 'off', ",
            $until_it_ends,
            "),
                    set_config('enable_material', 'off', ",
            $until_it_ends,
            "),
                    set_config('join_collapse_limit', '1', ",
            $until_it_ends,
            ")"
        )
    };
}

/// How statements are planned on a connection. Every statement finds its rows by a key, so a plan that walks a table is never
/// right, not even while the server believes that the table is small: it would keep that plan while the table grows. Joins
/// are made in the order in which they are written, as on SQLite: rows that travel with the statement come first, and what
/// they name is looked up.
pub const PLANS_OF_CONNECTION: &str = plans!("false");

/// How a transaction starts behind a pooler, where a connection of the server comes with what others have prepared on it, under
/// names that we give too, and keeps no settings of ours: the same until the transaction ends, and nothing prepared. To be sent
/// as it is.
pub const CLEAN: &str = concat!("DEALLOCATE ALL; ", plans!("true"));

/// One replica at a time brings the tables up to date, until its transaction ends.
pub const MIGRATING: Sql = Sql::new("SELECT pg_advisory_xact_lock(7237421843)");
