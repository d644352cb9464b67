//! Decisions: votes that decide, each on a case of its own in no order, over HTTP, against the store without the product,
//! against one transaction a request, and against HTTP without a store.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use countersign_bench::{
    Connection, Error, Measured, Openings, Row, Server, Site, Votes, ask, opened,
};

use super::{
    Run, copies,
    database::Database,
    floor::Floor,
    raw::{self, Decided},
    usage,
};

/// How many connections there are.
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// How many open cases the small database has. Each decision takes one away.
const FEW: u32 = 60_000;

/// A database with cases to decide.
pub struct Cases {
    /// Where the program is.
    pub site: Site,
    /// Where the cases are.
    pub database: Database,
    /// What a decision of it writes.
    pub decided: Decided,
    /// Where its reviewers set their passwords.
    pub passwords: Vec<String>,
    /// Those that wait for a decision, in no order.
    waiting: Vec<String>,
}

/// What later measurements are compared with.
pub struct Few {
    /// Decisions a second at 64 connections.
    pub rate: f64,
    /// The same at 256.
    pub rate_at_256: f64,
}

impl Cases {
    /// A database of so many cases in review: a file, or a database on this server.
    pub async fn make(run: &Run<'_>, server: Option<&str>, many: u32) -> Result<Self, Error> {
        let arguments = run.arguments;
        let (site, database) = match server {
            None => {
                let site = Site::new(&arguments.program, &arguments.under, &arguments.workflows)?;
                let file = Database::Sqlite(site.database());
                (site, file)
            }
            Some(server) => {
                let database = Database::on_server(server).await?;
                let url = database.address();
                let more = format!("[database]\nurl = {url:?}\n");
                let (program, under) = (&arguments.program, &arguments.under);
                let site = Site::with(program, under, &arguments.workflows, &more)?;
                (site, database)
            }
        };
        let passwords = super::pages::passwords(&site)?;
        let server = site.serve()?;
        let mut connection = Connection::open(server.address).await?;
        let opening = Openings {
            applicant: site.applicant.clone(),
        };
        let decided = opened(&mut connection, &opening).await?;
        let vote = Votes::new(vec![decided.clone()], site.reviewers.clone());
        ask(&mut connection, &vote).await?;
        // The delivery of the outcome is part of what is written.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let template = opened(&mut connection, &opening).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.stop()?;
        let written = Decided::read(&database, &decided).await?;
        let mut waiting = copies::multiply(&database, &template, many).await?;
        shuffle(&mut waiting);
        Ok(Self {
            site,
            database,
            decided: written,
            passwords,
            waiting,
        })
    }

    /// Takes cases to decide.
    pub fn take(&mut self, many: usize) -> Vec<String> {
        let from = self.waiting.len().saturating_sub(many);
        self.waiting.split_off(from)
    }

    /// Some that wait, which stay.
    pub fn some(&self, many: usize) -> Vec<String> {
        let from = self.waiting.len().saturating_sub(many);
        self.waiting[from..].to_vec()
    }

    /// How many wait.
    pub fn left(&self) -> usize {
        self.waiting.len()
    }

    /// Decides at so many connections; what is not decided waits on.
    pub async fn decide(
        &mut self,
        server: &Server,
        connections: usize,
        length: Duration,
    ) -> Result<Measured, Error> {
        let cases = self.take(self.waiting.len());
        let votes = Votes::new(cases.clone(), self.site.reviewers.clone());
        let measured =
            countersign_bench::run(server.address, connections, length, Arc::new(votes)).await?;
        self.waiting = cases;
        self.waiting
            .drain(..(measured.done + measured.failed + connections).min(self.waiting.len()));
        if measured.failed > 0 || measured.done == 0 {
            let trouble = measured.trouble.unwrap_or_default();
            return Err(Error::Defect(format!(
                "{} decisions failed: {trouble}",
                measured.failed
            )));
        }
        Ok(measured)
    }
}

/// Decides with a small database, in a file or on this server.
pub async fn measure(run: &mut Run<'_>, place: Option<&str>) -> Result<Few, Error> {
    let mut cases = Cases::make(run, place, FEW).await?;
    let name = cases.database.name();
    run.say(&format!("a small database, {name}"));
    let server = cases.site.serve()?;
    let after_start = usage::of(server.id()).resident;
    let memory = Row::value(format!("memory after the start, {name}"), after_start, "MB");
    run.row(memory.at_most(100.0));
    let mut rates = [0.0; 4];
    for (at, connections) in CONNECTIONS.into_iter().enumerate() {
        let before = usage::of(server.id());
        let length = if connections == 1 {
            Duration::from_secs(2)
        } else {
            run.length()
        };
        let measured = cases.decide(&server, connections, length).await?;
        let after = usage::of(server.id());
        rates[at] = measured.rate();
        let load = format!("{name}, {connections} connections");
        tell(run, &load, &measured, before, after);
    }
    if place.is_some() {
        second_replica(run, &mut cases, &server, rates[2]).await?;
    } else {
        let body = sample(&server, &mut cases).await?;
        floor(run, body).await?;
    }
    server.stop()?;
    let raw_rates = without_the_product(run, &mut cases).await?;
    compare(run, &cases.database, rates, raw_rates);
    if let Some(server) = place {
        cases.database.drop(server).await?;
    }
    Ok(Few {
        rate: rates[2],
        rate_at_256: rates[3],
    })
}

/// What the product makes of what the store can.
fn compare(run: &mut Run<'_>, database: &Database, rates: [f64; 4], raw_rates: [f64; 3]) {
    let name = database.name();
    let of_raw = match database {
        Database::Sqlite(_) => 0.7,
        Database::Postgres(_) => 0.5,
    };
    for (at, connections) in [(2, 64), (3, 256)] {
        let name = format!("decisions over HTTP, {name}, {connections} connections");
        let row = Row::value(&name, rates[at], "1/s");
        let raw = row.clone().against("raw store", raw_rates[at - 2]);
        run.row(raw.ratio_at_least(of_raw));
        let naive = row.against("one transaction a request", raw_rates[2]);
        run.row(naive.ratio_at_least(5.0));
    }
}

/// The same load, half of it at another replica.
async fn second_replica(
    run: &mut Run<'_>,
    cases: &mut Cases,
    first: &Server,
    alone: f64,
) -> Result<(), Error> {
    let second = cases.site.serve()?;
    let each = cases.left() / 8;
    let halves = [cases.take(each), cases.take(each)];
    let [mine, theirs] =
        halves.map(|half| Arc::new(Votes::new(half, cases.site.reviewers.clone())));
    let (mine, others) = tokio::try_join!(
        countersign_bench::run(first.address, 32, run.length(), mine),
        countersign_bench::run(second.address, 32, run.length(), theirs),
    )?;
    second.stop()?;
    if let Some(trouble) = mine.trouble.or(others.trouble) {
        return Err(Error::Defect(trouble));
    }
    let both = mine.done + others.done;
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = both as f64 / mine.seconds.max(others.seconds);
    let row = Row::value(
        "decisions over HTTP, PostgreSQL, 2 replicas with 32 connections each",
        rate,
        "1/s",
    );
    run.row(row.against("one replica", alone).ratio_at_least(0.95));
    Ok(())
}

/// The raw store in batches of 64 and of 256, and one transaction a request.
async fn without_the_product(run: &mut Run<'_>, cases: &mut Cases) -> Result<[f64; 3], Error> {
    run.say("the store without the product");
    let mut rates = [0.0; 3];
    for (at, batch) in [64, 256, 1].into_iter().enumerate() {
        let taken = cases.take(15_000);
        let database = &cases.database;
        rates[at] = raw::write(database, &cases.decided, &taken, batch, run.length()).await?;
        let store = database.name();
        let name = match batch {
            1 => format!("one transaction a request, {store}, without HTTP"),
            more => format!("raw store, {store}, batches of {more}"),
        };
        run.row(Row::value(name, rates[at], "decisions/s"));
    }
    Ok(rates)
}

/// Rate, latencies and what they cost.
pub fn tell(
    run: &mut Run,
    name: &str,
    measured: &Measured,
    before: usage::Usage,
    after: usage::Usage,
) {
    let part = |part| measured.latencies.at(part);
    run.say(&format!(
        "{name}: {:.0} decisions/s; p50 {:.1} ms, p99 {:.1}, max {:.1}; {:.2} processors, {:.1} KB written each, {:.0} MB",
        measured.rate(),
        part(0.5),
        part(0.99),
        part(1.0),
        (after.cpu - before.cpu) / measured.seconds,
        (after.written - before.written) * 1e3 / measured.rate() / measured.seconds,
        after.resident,
    ));
    run.lines
        .push((name.to_owned(), measured.latencies.clone()));
    if measured.connections == 64 {
        let row =
            Row::value(format!("p99 latency, {name}"), part(0.99), "ms").against("p50", part(0.5));
        run.row(row.ratio_at_most(10.0));
    }
}

/// The same requests, with nothing behind them.
async fn floor(run: &mut Run<'_>, answer: Bytes) -> Result<(), Error> {
    let floor = Floor::start(answer)?;
    let votes = Votes::new(
        vec!["01a20000-0000-7000-8000-000000000000".to_owned(); 400_000],
        vec!["x".repeat(48)],
    );
    let measured =
        countersign_bench::run(floor.address, 64, Duration::from_secs(2), Arc::new(votes)).await?;
    run.row(Row::value(
        "HTTP without a store, 64 connections",
        measured.rate(),
        "requests/s",
    ));
    Ok(())
}

/// An answer to a decision.
async fn sample(server: &Server, cases: &mut Cases) -> Result<Bytes, Error> {
    let votes = Votes::new(cases.take(1), cases.site.reviewers.clone());
    let mut connection = Connection::open(server.address).await?;
    ask(&mut connection, &votes).await
}

/// Puts a list in no order, the same in each run.
fn shuffle(list: &mut [String]) {
    let mut state = 88_172_645_463_325_252_u64;
    for at in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state % (at as u64 + 1)).unwrap_or_default();
        list.swap(at, other);
    }
}
