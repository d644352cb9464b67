//! Decisions: votes that decide, each on a case of its own in no order, over HTTP, against the store without the product,
//! against one transaction a request, and against HTTP without a store.

use std::{path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use countersign_bench::{
    Connection, Deeds, Error, Load, Measured, Openings, Row, Server, Site, Story, Votes, ask,
    opened,
};

use super::{
    Run, copies,
    database::Database,
    floor::Floor,
    raw::{self, Decided, Way},
    usage::{self, Machine, Usage},
};

/// How many connections there are.
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// How many connections write to a server where each request is a transaction.
const POOL: usize = 32;
/// How many open cases the small database has. Each decision takes one away.
const FEW: u32 = 60_000;

/// A database with cases to decide.
pub struct Cases {
    /// Where the program is.
    pub site: Site,
    /// Where the cases are.
    pub database: Database,
    /// What a decision of it writes.
    pub decided: Arc<Decided>,
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
        let (site, database) = place_for(run, server, &run.arguments.workflows).await?;
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
            decided: Arc::new(written),
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

/// A site with these workflows, on a file of its own, or on a new database of this server.
pub async fn place_for(
    run: &Run<'_>,
    server: Option<&str>,
    workflows: &Path,
) -> Result<(Site, Database), Error> {
    let (program, under) = (&run.arguments.program, &run.arguments.under);
    let Some(server) = server else {
        let site = Site::new(program, under, workflows)?;
        let file = Database::Sqlite(site.database());
        return Ok((site, file));
    };
    let database = Database::on_server(server).await?;
    let more = format!("[database]\nurl = {:?}\n", database.address());
    Ok((Site::with(program, under, workflows, &more)?, database))
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
        let before = Before::of(&server);
        let length = if connections == 1 {
            Duration::from_secs(2)
        } else {
            run.length()
        };
        let measured = cases.decide(&server, connections, length).await?;
        rates[at] = measured.rate();
        let load = format!("{name}, {connections} connections");
        tell(run, load, &measured, before);
    }
    stories(run, &cases, &server).await?;
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

/// The other deeds: cases that are opened and submitted at once, and the whole story of them with its decision.
async fn stories(run: &mut Run<'_>, cases: &Cases, server: &Server) -> Result<(), Error> {
    let (applicant, name) = (cases.site.applicant.clone(), cases.database.name());
    let story = Story {
        applicant: applicant.clone(),
        reviewers: cases.site.reviewers.clone(),
    };
    let (story, opening): (Arc<dyn Deeds>, Arc<dyn Deeds>) =
        (Arc::new(story), Arc::new(Openings { applicant }));
    let of_story = CONNECTIONS.map(|many| ("opened and submitted, then decided", many, &story));
    let of_opening = ("opened and submitted", 64, &opening);
    for (what, connections, deeds) in of_story.into_iter().chain([of_opening]) {
        let before = Before::of(server);
        let length = run.length() / 2;
        let measured =
            countersign_bench::run(server.address, connections, length, deeds.clone()).await?;
        if let Some(trouble) = measured.trouble {
            return Err(Error::Defect(trouble));
        }
        let load = format!("{name}, {what}, {connections} connections");
        run.load(before.load(load, &measured));
    }
    Ok(())
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
    let before = Before::of(first);
    let (mut mine, others) = tokio::try_join!(
        countersign_bench::run(first.address, 32, run.length(), mine),
        countersign_bench::run(second.address, 32, run.length(), theirs),
    )?;
    mine.join(others);
    let of_first =
        "PostgreSQL, 2 replicas with 32 connections each, processors and memory of the first";
    tell(run, of_first.to_owned(), &mine, before);
    second.stop()?;
    if let Some(trouble) = mine.trouble {
        return Err(Error::Defect(trouble));
    }
    let rate = mine.rate();
    let row = Row::value(
        "decisions over HTTP, PostgreSQL, 2 replicas with 32 connections each",
        rate,
        "1/s",
    );
    run.row(row.against("one replica", alone).ratio_at_least(0.95));
    Ok(())
}

/// The raw store in batches of 64 and of 256, and one transaction a request. A file has one writer whoever asks; a server
/// takes as many as a pool has connections, whose commits share what they wait for.
async fn without_the_product(run: &mut Run<'_>, cases: &mut Cases) -> Result<[f64; 3], Error> {
    run.say("the store without the product");
    let pool = match cases.database {
        Database::Sqlite(_) => 1,
        Database::Postgres(_) => POOL,
    };
    let mut rates = [0.0; 3];
    for (at, (batch, writers)) in [(64, 1), (256, 1), (1, pool)].into_iter().enumerate() {
        let taken = cases.take(15_000);
        let length = run.length();
        let way = Way {
            batch,
            writers,
            length,
        };
        rates[at] = raw::write(&cases.database, &cases.decided, taken, way).await?;
        let store = cases.database.name();
        let name = match batch {
            1 => format!("one transaction a request, {store}, {writers} at once, without HTTP"),
            more => format!("raw store, {store}, batches of {more}"),
        };
        run.row(Row::value(name, rates[at], "decisions/s"));
    }
    Ok(rates)
}

/// What was used before a load began.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    server: u32,
    used: Usage,
    machine: Machine,
}

impl Before {
    /// Until now, by this server.
    pub fn of(server: &Server) -> Self {
        Self {
            server: server.id(),
            used: usage::of(server.id()),
            machine: Machine::now(),
        }
    }

    /// This load, which has just ended.
    fn load(&self, name: String, measured: &Measured) -> Load {
        let (machine, disk) = Machine::now().busy_since(&self.machine);
        let used = usage::of(self.server);
        let part = |part| measured.latencies.at(part);
        Load {
            name,
            rate: measured.rate(),
            p50: part(0.5),
            p99: part(0.99),
            max: part(1.0),
            processors: (used.cpu - self.used.cpu) / measured.seconds,
            written: (used.written - self.used.written) * 1e3 / measured.rate() / measured.seconds,
            resident: used.resident,
            machine,
            disk,
        }
    }
}

/// Rate, latencies and what they cost. At once after the load.
pub fn tell(run: &mut Run, name: String, measured: &Measured, before: Before) {
    let load = before.load(name.clone(), measured);
    if measured.connections == 64 {
        let row = Row::value(format!("p99 latency, {name}"), load.p99, "ms");
        run.row(row.against("p50", load.p50).ratio_at_most(10.0));
    }
    run.lines.push((name, measured.latencies.clone()));
    run.load(load);
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
