//! What the pure crates cost, by `cargo bench -p countersign-bench`: checking and testing workflows, lowering, expressions,
//! steps, and refusing what would cost too much. Not for what needs a database or a connection.

mod bombs;
mod expressions;
mod generated;
mod steps;
mod workflows;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20)
        .configure_from_args();
    workflows::measure(&mut criterion);
    expressions::measure(&mut criterion);
    steps::measure(&mut criterion);
    bombs::measure(&mut criterion);
    criterion.final_summary();
}
