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

use countersign_bench::{Error, Latencies, Load, Report, Row, loads, plot, table};

use crate::Arguments;

/// How many open cases a quick run makes on a server at most.
const QUICK_ON_A_SERVER: u32 = 100_000;

/// What all measurements share.
pub struct Run<'a> {
    arguments: &'a Arguments,
    rows: Vec<Row>,
    loads: Vec<Load>,
    lines: Vec<(String, Latencies)>,
    begun: Instant,
}

/// Measures everything, or what was asked for, and writes it down.
pub async fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut run = Run {
        arguments,
        rows: Vec::new(),
        loads: Vec::new(),
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
        timers::measure(&mut run, None, few.as_ref()).await?;
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

/// The same on PostgreSQL.
async fn on_postgres(run: &mut Run<'_>) -> Result<(), Error> {
    let named = run.arguments.postgres.clone();
    let Some(server) = named.or_else(|| std::env::var("COUNTERSIGN_POSTGRES").ok()) else {
        run.say("PostgreSQL is LEFT OUT: name a server with --postgres");
        return Ok(());
    };
    let few = decisions::measure(run, Some(&server)).await?;
    timers::measure(run, Some(&server), Some(&few)).await?;
    large::measure(run, Some(&server), &few).await
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
        Duration::from_secs(if self.arguments.quick { 3 } else { 15 })
    }

    /// How many open cases the large database has. A server is loaded more slowly than a file.
    fn cases(&self, place: Option<&str>) -> u32 {
        let all = self.arguments.cases;
        if self.arguments.quick && place.is_some() {
            all.min(QUICK_ON_A_SERVER)
        } else {
            all
        }
    }

    fn say(&self, words: &str) {
        eprintln!("{:>6.1} s  {words}", self.begun.elapsed().as_secs_f64());
    }

    fn load(&mut self, load: Load) {
        let words = loads(std::slice::from_ref(&load));
        self.say(words.lines().last().unwrap_or_default());
        self.loads.push(load);
    }

    fn row(&mut self, row: Row) {
        let words = table(std::slice::from_ref(&row));
        self.say(words.lines().last().unwrap_or_default());
        self.rows.push(row);
    }

    #[expect(clippy::print_stdout, reason = "the table is what the program is for")]
    fn end(self) -> Result<(), Error> {
        let report = Report {
            loads: self.loads,
            ..Report::of(self.rows)
        };
        println!(
            "{}\n{}\n\n{}\n{}",
            report.date,
            report.machine,
            table(&report.rows),
            loads(&report.loads)
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
