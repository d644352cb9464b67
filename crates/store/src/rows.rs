//! How values lie in rows: moments as milliseconds, ids as 16 bytes, the rest as text or JSON.

use countersign_core::{outcome::Subject, time::Time};
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetable};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// Stands for "no moment" where an order needs one, after all others.
pub const NEVER: i64 = i64::MAX;

/// A moment as it is stored.
pub fn millis(time: Time) -> i64 {
    time.timestamp_millis()
}

/// A moment that may be missing, as it is stored in an order.
pub fn millis_or_never(time: Option<Time>) -> i64 {
    time.map_or(NEVER, millis)
}

/// A stored moment.
pub fn time(millis: i64) -> Time {
    Time::from_timestamp_millis(millis).unwrap_or(Time::MAX_UTC)
}

/// A stored moment; `None` where there is none.
pub fn time_unless_never(millis: i64) -> Option<Time> {
    (millis != NEVER).then(|| time(millis))
}

/// An id as rows name it in JSON; the statement turns it into bytes.
pub fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// Bytes as rows name them in JSON.
pub fn hex_bytes(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing into a text cannot fail");
    }
    text
}

/// A subject as rows name it.
pub fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Person(id) => person_subject(id.as_str()),
        Subject::Group(id) => group_subject(id.as_str()),
        Subject::Partner(id) => partner_subject(id.as_str()),
    }
}

/// One person as a subject.
pub fn person_subject(id: &str) -> String {
    format!("person:{id}")
}

/// A group as a subject.
pub fn group_subject(id: &str) -> String {
    format!("group:{id}")
}

/// A partner as a subject.
pub fn partner_subject(id: &str) -> String {
    format!("partner:{id}")
}

/// A value as JSON text.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, DbErr> {
    serde_json::to_string(value).map_err(|error| DbErr::Json(error.to_string()))
}

/// A value from JSON text.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|error| DbErr::Json(error.to_string()))
}

/// A column of a row.
pub fn get<T: TryGetable, I: ColIdx>(row: &QueryResult, column: I) -> Result<T, DbErr> {
    row.try_get_by(column)
}

/// A column with JSON.
pub fn get_json<T: DeserializeOwned, I: ColIdx>(row: &QueryResult, column: I) -> Result<T, DbErr> {
    from_json(&get::<String, _>(row, column)?)
}

/// A column with a small count.
pub fn get_u32<I: ColIdx>(row: &QueryResult, column: I) -> Result<u32, DbErr> {
    u32::try_from(get::<i64, _>(row, column)?).map_err(|error| DbErr::Type(error.to_string()))
}

/// A column with a count.
pub fn get_u64<I: ColIdx>(row: &QueryResult, column: I) -> Result<u64, DbErr> {
    u64::try_from(get::<i64, _>(row, column)?).map_err(|error| DbErr::Type(error.to_string()))
}

/// A column with a flag.
pub fn get_bool<I: ColIdx>(row: &QueryResult, column: I) -> Result<bool, DbErr> {
    get(row, column)
}

/// A column with 32 or 16 bytes.
pub fn get_bytes<const N: usize, I: ColIdx>(
    row: &QueryResult,
    column: I,
) -> Result<[u8; N], DbErr> {
    let bytes: Vec<u8> = get(row, column)?;
    bytes
        .try_into()
        .map_err(|_| DbErr::Type(format!("{N} bytes were expected")))
}

/// A count as it is stored.
pub fn count(count: u64) -> Result<i64, DbErr> {
    i64::try_from(count).map_err(|error| DbErr::Type(error.to_string()))
}
