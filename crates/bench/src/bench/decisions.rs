//! Decisions: votes that decide, each on a case of its own in no order, over HTTP, against the store without the product,
//! against one transaction a request, and against HTTP without a store.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use countersign_bench::{Asked, Connection, Error, Measured, Openings, Row, Server, Site, Votes};
use hyper::Method;

use super::{
    Run, copies,
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
    /// Where it is.
    pub site: Site,
    /// What a decision of it writes.
    pub decided: Decided,
    /// Those that wait for a decision, in no order.
    waiting: Vec<String>,
}

/// What later measurements are compared with.
pub struct Few {
    /// Decisions a second at 64 connections.
    pub rate: f64,
    /// The same at 256.
    pub rate_at_256: f64,
    /// Milliseconds for an inbox page.
    pub inbox: f64,
}

impl Cases {
    /// A database of so many cases in review.
    pub async fn make(run: &Run<'_>, many: u32) -> Result<Self, Error> {
        let site = Site::new(
            &run.arguments.program,
            &run.arguments.under,
            &run.arguments.workflows,
        )?;
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
        let written = Decided::read(&site.database(), &decided).await?;
        let mut waiting = copies::multiply(&site.database(), &template, many).await?;
        shuffle(&mut waiting);
        Ok(Self {
            site,
            decided: written,
            waiting,
        })
    }

    /// Takes cases to decide.
    pub fn take(&mut self, many: usize) -> Vec<String> {
        let from = self.waiting.len().saturating_sub(many);
        self.waiting.split_off(from)
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

pub async fn measure(run: &mut Run<'_>) -> Result<Few, Error> {
    run.say("making the small database");
    let mut cases = Cases::make(run, FEW).await?;
    let server = cases.site.serve()?;
    let after_start = usage::of(server.id());
    run.row(Row::value("memory after the start", after_start.resident, "MB").at_most(100.0));
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
        tell(
            run,
            &format!("SQLite, {connections} connections"),
            &measured,
            before,
            after,
        );
    }
    let inbox = super::large::inbox(&server, &cases.site, run).await?;
    let body = sample(&server, &mut cases).await?;
    server.stop()?;
    let raw_rates = without_the_product(run, &mut cases).await?;
    floor(run, body).await?;
    let naive = raw_rates[2];
    for (at, connections) in [(2, 64), (3, 256)] {
        let name = format!("decisions over HTTP, SQLite FULL, {connections} connections");
        let row = Row::value(&name, rates[at], "1/s");
        let raw = row.clone().against("raw store", raw_rates[at - 2]);
        run.row(raw.ratio_at_least(0.7));
        run.row(
            row.against("one transaction a request", naive)
                .ratio_at_least(5.0),
        );
    }
    Ok(Few {
        rate: rates[2],
        rate_at_256: rates[3],
        inbox,
    })
}

/// The raw store in batches of 64 and of 256, and one transaction a request.
async fn without_the_product(run: &mut Run<'_>, cases: &mut Cases) -> Result<[f64; 3], Error> {
    run.say("the store without the product");
    let mut rates = [0.0; 3];
    for (at, batch) in [64, 256, 1].into_iter().enumerate() {
        let taken = cases.take(15_000);
        let database = cases.site.database();
        rates[at] = raw::write(&database, &cases.decided, &taken, batch, run.length()).await?;
        let name = match batch {
            1 => "one transaction a request, without HTTP".to_owned(),
            more => format!("raw store, SQLite FULL, batches of {more}"),
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

async fn ask(
    connection: &mut Connection,
    deeds: &dyn countersign_bench::Deeds,
) -> Result<Bytes, Error> {
    let asked = deeds
        .next(0, None)
        .ok_or_else(|| Error::Defect("nothing to ask".to_owned()))?;
    good(connection, &asked).await
}

/// Asks, and takes nothing but a good answer.
pub async fn good(connection: &mut Connection, asked: &Asked) -> Result<Bytes, Error> {
    let answer = connection.ask(asked).await?;
    if answer.status.is_success() {
        return Ok(answer.body);
    }
    Err(Error::Answer {
        what: format!("{} {}", Method::as_str(&asked.method), asked.path),
        status: answer.status.as_u16(),
        body: String::from_utf8_lossy(&answer.body)
            .chars()
            .take(400)
            .collect(),
    })
}

/// Opens a case; answers its id.
pub async fn opened(
    connection: &mut Connection,
    opening: &dyn countersign_bench::Deeds,
) -> Result<String, Error> {
    let body = ask(connection, opening).await?;
    let body: serde_json::Value =
        serde_json::from_slice(&body).map_err(|error| Error::Defect(error.to_string()))?;
    let id = body["case"]["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| Error::Defect(format!("no case in {body}")))
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
