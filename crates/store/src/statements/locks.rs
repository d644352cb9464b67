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

/// How the transaction guards itself → whether it is a new one. A replica that sleeps holds its locks for five seconds at
/// most, which is sooner than those who wait for them give up. A connection that came back inside an open
/// transaction would answer for writes that are later rolled back.
pub const GUARD: Sql = Sql::new(
    "SELECT pg_current_xact_id_if_assigned() IS NULL,
            set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '5s', true)",
);

/// One replica at a time brings the tables up to date.
pub const TAKE_MIGRATING: Sql = Sql::new("SELECT pg_advisory_lock(7237421843)");

/// It has.
pub const GIVE_BACK_MIGRATING: Sql = Sql::new("SELECT pg_advisory_unlock(7237421843)");
