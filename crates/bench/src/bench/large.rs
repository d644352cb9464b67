//! The same with a million open cases: start, memory, decisions on cases in no order, and the pages that people open.

use std::{sync::Arc, time::Duration};

use countersign_bench::{Error, Inbox, Row, Server};

use super::{
    Run,
    decisions::{Before, Cases, Few, tell},
    pages::Looks,
    raw::{self, Way},
    usage,
};

/// With a large database, in a file or on this server.
pub async fn measure(run: &mut Run<'_>, place: Option<&str>, few: &Few) -> Result<(), Error> {
    let many = run.cases(place);
    let before = Looks::of_few(run, place).await?;
    run.say(&format!("making the database of {many} open cases"));
    let mut cases = Cases::make(run, place, many).await?;
    let name = cases.database.name();
    run.say("it is made");
    let server = cases.site.serve()?;
    let started = server.started_in.as_secs_f64();
    run.row(
        Row::value(
            format!("start with {many} open cases, {name}"),
            started,
            "s",
        )
        .at_most(2.0),
    );
    // Before the load, whose mails are sent for a while after it: what is compared is the number of cases.
    let looks = Looks::measure(run, &server, &cases).await?;
    looks.against(run, &before, many, name);
    search(run, &server, &cases, many).await?;
    for (connections, before) in [(64, few.rate), (256, few.rate_at_256)] {
        let from = Before::of(&server);
        let measured = cases.decide(&server, connections, run.length()).await?;
        let load = format!("{name}, {many} cases, {connections} connections");
        tell(run, load, &measured, from);
        let row = Row::value(
            format!("decisions/s with {many} open cases, {name}, {connections} connections"),
            measured.rate(),
            "decisions/s",
        );
        run.row(row.against("few open cases", before).ratio_at_least(0.85));
    }
    let used = usage::of(server.id());
    run.row(
        Row::value(
            format!("memory under load with {many} open cases, {name}"),
            used.resident,
            "MB",
        )
        .at_most(200.0),
    );
    server.stop()?;
    run.say("the store without the product");
    let taken = cases.take(cases.left() / 2);
    let way = Way {
        batch: 256,
        writers: 1,
        length: run.length(),
    };
    let rate = raw::write(&cases.database, &cases.decided, taken, way).await?;
    let row = format!("raw store with {many} open cases, {name}, batches of 256");
    run.row(Row::value(row, rate, "decisions/s"));
    if let Some(server) = place {
        cases.database.drop(server).await?;
    }
    Ok(())
}

/// How long somebody waits who looks for a word.
async fn search(run: &mut Run<'_>, server: &Server, cases: &Cases, many: u32) -> Result<(), Error> {
    let (site, name) = (&cases.site, cases.database.name());
    for (words, path) in [
        ("that is rare", "/v1/cases?q=2026-00001777777"),
        ("that nothing has", "/v1/cases?q=zanzibar"),
    ] {
        for (who, token) in [
            ("reviewer", &site.reviewers[0]),
            ("operator", &site.operator),
        ] {
            let took = look(server, path, token).await?;
            run.row(Row::value(
                format!("search for a word {words}, {who}, {many} open cases, {name}"),
                took,
                "ms",
            ));
        }
    }
    Ok(())
}

/// How many milliseconds a list takes, in the middle.
async fn look(server: &Server, path: &str, token: &str) -> Result<f64, Error> {
    let deeds = Arc::new(Inbox::new(path, vec![token.to_owned()]));
    let length = Duration::from_secs(1);
    let measured = countersign_bench::run(server.address, 1, length, deeds).await?;
    match measured.trouble {
        Some(trouble) => Err(Error::Defect(trouble)),
        None => Ok(measured.latencies.at(0.5)),
    }
}
