//! What is measured, row by row, and what is said while it goes on.

mod copies;
mod database;
mod decisions;
mod floor;
mod large;
mod pages;
mod programs;
mod raw;
mod timers;
mod usage;

use std::{
    fs,
    time::{Duration, Instant},
};

use countersign_bench::{Error, Latencies, Report, Row, plot, table};

use crate::Arguments;

/// What all measurements share.
pub struct Run<'a> {
    arguments: &'a Arguments,
    rows: Vec<Row>,
    lines: Vec<(String, Latencies)>,
    begun: Instant,
}

/// Measures everything, or what was asked for, and writes it down.
pub async fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut run = Run {
        arguments,
        rows: Vec::new(),
        lines: Vec::new(),
        begun: Instant::now(),
    };
    if run.wants("programs") {
        programs::measure(&mut run)?;
    }
    let few = if run.wants("decisions") || run.wants("large") {
        Some(decisions::measure(&mut run, None).await?)
    } else {
        None
    };
    if run.wants("timers") {
        timers::measure(&mut run, few.as_ref()).await?;
    }
    if run.wants("large")
        && let Some(few) = &few
    {
        large::measure(&mut run, None, few).await?;
    }
    if run.wants("postgres") {
        on_postgres(&mut run).await?;
    }
    run.end()
}

/// The same on PostgreSQL. Ten minutes of loading make the large database there: not in a quick run.
async fn on_postgres(run: &mut Run<'_>) -> Result<(), Error> {
    let named = run.arguments.postgres.clone();
    let Some(server) = named.or_else(|| std::env::var("COUNTERSIGN_POSTGRES").ok()) else {
        run.say("PostgreSQL is LEFT OUT: name a server with --postgres");
        return Ok(());
    };
    let few = decisions::measure(run, Some(&server)).await?;
    if !run.arguments.quick {
        large::measure(run, Some(&server), &few).await?;
    }
    Ok(())
}

impl Run<'_> {
    fn wants(&self, part: &str) -> bool {
        self.arguments
            .only
            .as_deref()
            .is_none_or(|only| only == part)
    }

    /// How long one load goes on.
    fn length(&self) -> Duration {
        Duration::from_secs(if self.arguments.quick { 4 } else { 15 })
    }

    fn say(&self, words: &str) {
        eprintln!("{:>6.1} s  {words}", self.begun.elapsed().as_secs_f64());
    }

    fn row(&mut self, row: Row) {
        let words = table(std::slice::from_ref(&row));
        self.say(words.lines().last().unwrap_or_default());
        self.rows.push(row);
    }

    #[expect(clippy::print_stdout, reason = "the table is what the program is for")]
    fn end(self) -> Result<(), Error> {
        let report = Report::of(self.rows);
        println!(
            "{}\n{}\n\n{}",
            report.date,
            report.machine,
            table(&report.rows)
        );
        let write = |path: &std::path::Path, text: String| {
            fs::write(path, text).map_err(|source| Error::File {
                path: path.display().to_string(),
                source,
            })
        };
        if let Some(path) = &self.arguments.json {
            let text = serde_json::to_string_pretty(&report)
                .map_err(|error| Error::Defect(error.to_string()))?;
            write(path, text)?;
        }
        if let Some(path) = &self.arguments.plot {
            write(path, plot(&self.lines))?;
        }
        Ok(())
    }
}
