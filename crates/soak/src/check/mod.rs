//! The checker: reads ledgers, hook calls and every table that promises stand in, and says which promises were broken. It
//! takes nobody's word for anything, the product's least of all.

mod chains;
mod deliveries;
mod requests;
mod rows;
mod timers;

pub use rows::Database;

use crate::{error::Error, findings::Findings, ledger::Ledgers, sink::Call};

/// What was checked.
#[derive(Debug, Default)]
pub struct Checked {
    /// Requests that were answered well.
    pub answered: usize,
    /// Cases there are.
    pub cases: usize,
    /// Entries of their histories.
    pub entries: usize,
    /// Timers that fired.
    pub fired: usize,
    /// How late each of them was committed, in milliseconds, rising; as far as the database tells.
    pub late: Vec<i64>,
    /// Hook calls that came.
    pub calls: usize,
}

/// Checks everything, once the product has nothing left to do.
pub async fn check(
    database: &Database,
    ledger: &Ledgers,
    calls: &[Call],
) -> Result<(Checked, Findings), Error> {
    let rows = database.read().await?;
    let mut findings = Findings::default();
    let cases = chains::check(&rows, &mut findings);
    let answered = requests::check(ledger, &cases, &mut findings);
    let mut late = timers::check(&cases, calls, &mut findings);
    late.sort_unstable();
    deliveries::check(&rows, &cases, calls, &mut findings);
    let checked = Checked {
        answered,
        cases: cases.len(),
        entries: rows.entries.len(),
        fired: late.len(),
        late,
        calls: calls.len(),
    };
    Ok((checked, findings))
}
