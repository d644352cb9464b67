//! `bench`: how fast a running server is, asked over HTTP as people ask.

use std::{net::ToSocketAddrs as _, path::Path, sync::Arc, time::Duration};

use countersign_bench::{Error, Report, Row, Story, plot, table};

use crate::{
    args::Bench,
    output,
    run::{Ended, Stopped},
};

/// Loads the server, and prints what came of it.
pub async fn run(arguments: Bench) -> Result<Ended, Stopped> {
    let address = arguments.url.trim_end_matches('/').strip_prefix("http://");
    let address = address
        .and_then(|host| host.to_socket_addrs().ok()?.next())
        .ok_or_else(|| {
            Stopped::new(format!("`{}` is no address of a server", arguments.url))
                .hint("give one like http://127.0.0.1:8080; TLS is not spoken")
        })?;
    let story = Arc::new(Story {
        applicant: arguments.applicant,
        reviewers: arguments.reviewers,
    });
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    let mut failed = 0;
    let length = Duration::from_secs(arguments.seconds);
    for connections in arguments.connections {
        let loaded = countersign_bench::run(address, connections, length, story.clone()).await;
        let measured = loaded.map_err(|error| stopped(&error))?;
        failed += measured.failed;
        if let Some(trouble) = &measured.trouble {
            output::note(format_args!(
                "{} were answered otherwise, first: {trouble}",
                measured.failed
            ));
        }
        let name = format!("{connections} connections");
        let row = |what: &str, value, unit| Row::value(format!("{what}, {name}"), value, unit);
        rows.extend([
            row("openings and decisions", measured.rate(), "1/s"),
            row("median", measured.latencies.at(0.5), "ms"),
            row("p99", measured.latencies.at(0.99), "ms"),
            row("longest", measured.latencies.at(1.0), "ms"),
        ]);
        lines.push((name, measured.latencies));
    }
    let report = Report::of(rows);
    output::text(table(&report.rows));
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&report).map_err(Stopped::new)?;
        write(path, &text)?;
    }
    if let Some(path) = &arguments.plot {
        write(path, &plot(&lines))?;
    }
    // Figures in which something was refused are of something else than was asked for.
    Ok(if failed == 0 {
        Ended::Well
    } else {
        Ended::Found
    })
}

fn stopped(error: &Error) -> Stopped {
    Stopped::by(error).hint("the server must run, and know the shipped `deal_registration`")
}

fn write(path: &Path, text: &str) -> Result<(), Stopped> {
    std::fs::write(path, text)
        .map_err(|error| Stopped::new(format!("{} cannot be written: {error}", path.display())))
}
