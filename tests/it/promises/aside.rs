//! Another program on the product's database: for what only it can do to the product, and for reading what is committed.

use countersign_tests::Product;
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};

/// Its connection.
pub(super) struct Aside(DatabaseConnection);

impl Aside {
    pub(super) async fn of(product: &Product) -> Self {
        let connected = Database::connect(product.database_url()).await;
        Self(connected.expect("the database opens"))
    }

    fn is_shared(&self) -> bool {
        self.0.get_database_backend() == DbBackend::Postgres
    }

    /// Keeps every batch from going on until this is given up.
    pub(super) async fn hold(&self) -> DatabaseTransaction {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let held = self.0.begin_with_options(options).await;
        let held = held.expect("the only writer");
        if self.is_shared() {
            let lock = "LOCK TABLE cases, answers IN ACCESS EXCLUSIVE MODE";
            held.execute_unprepared(lock).await.expect("nobody writes");
        }
        held
    }

    /// From now on no row of `cases` can be inserted or updated so.
    pub(super) async fn poison(&self, how: &str, when: &str) {
        let text = if self.is_shared() {
            format!(
                "CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$;
                 CREATE TRIGGER poisoned BEFORE {how} ON cases FOR EACH ROW
                     WHEN ({when}) EXECUTE FUNCTION poisoned()"
            )
        } else {
            format!(
                "CREATE TRIGGER poisoned BEFORE {how} ON cases WHEN {when}
                 BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
            )
        };
        let made = self.0.execute_unprepared(&text).await;
        made.expect("a trigger is made");
    }

    /// Now they can be again.
    pub(super) async fn heal(&self) {
        let of = if self.is_shared() { " ON cases" } else { "" };
        let text = format!("DROP TRIGGER poisoned{of}");
        let dropped = self.0.execute_unprepared(&text).await;
        dropped.expect("the trigger is dropped");
    }

    /// What is committed.
    pub(super) async fn rows(&self, text: &str) -> Vec<QueryResult> {
        let asked = Statement::from_string(self.0.get_database_backend(), text);
        self.0.query_all_raw(asked).await.expect("it answers")
    }

    /// How many cases are committed.
    pub(super) async fn cases(&self) -> usize {
        let rows = self.rows("SELECT count(*) FROM cases").await;
        let cases: i64 = rows[0].try_get_by_index(0).expect("a number");
        usize::try_from(cases).expect("a count")
    }
}
