//! What the two databases say differently where cases are copied.

use super::super::database::Database;

/// Which of them.
#[derive(Debug, Clone, Copy)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub fn of(database: &Database) -> Self {
        match database {
            Database::Sqlite(_) => Self::Sqlite,
            Database::Postgres(_) => Self::Postgres,
        }
    }

    /// An id from a text of 32 digits.
    pub fn id(self, hex: &str) -> String {
        match self {
            Self::Sqlite => format!("unhex({hex})"),
            Self::Postgres => format!("({hex})::uuid"),
        }
    }

    /// The id `i` as people write it.
    pub fn dashed(self) -> String {
        if matches!(self, Self::Postgres) {
            return "i::uuid::text".to_owned();
        }
        let part = |from: u8, many: u8| format!("substr(i, {from}, {many})");
        let parts = [
            part(1, 8),
            part(9, 4),
            part(13, 4),
            part(17, 4),
            part(21, 12),
        ];
        parts.join(" || '-' || ")
    }

    /// The table `k` of numbers `n` and ids `i`: of the copies from this one to before that one.
    pub fn copies(self, opened: u64, middle: &str, from: u32, until: u32) -> String {
        match self {
            Self::Sqlite => format!(
                "WITH RECURSIVE c (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {until}),
                      k (n, i) AS (SELECT n, printf('%012x', {opened} + n) || '{middle}' || printf('%012x', n) FROM c)"
            ),
            Self::Postgres => format!(
                "WITH k (n, i) AS (
                     SELECT n, lpad(to_hex({opened} + n), 12, '0') || '{middle}' || lpad(to_hex(n), 12, '0')
                     FROM generate_series({from}::bigint, {until} - 1) n)"
            ),
        }
    }

    /// What answers the columns of a table in order.
    pub fn columns(self, table: &str) -> String {
        match self {
            Self::Sqlite => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
            Self::Postgres => format!(
                "SELECT column_name::text FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
            ),
        }
    }
}
