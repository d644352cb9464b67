//! What `doctor` asks of the database: whether it answers, its migrations, its clock, and what needs an operator in it.

use std::sync::Arc;

use chrono::TimeDelta;
use countersign_config::Settings;
use countersign_engine::ports::{
    Clock as _, Reader, SystemClock,
    reader::{CaseQuery, DeliveryQuery, DeliveryStatus, Durability},
    store::Viewer,
};
use countersign_store::{Error, postgres, sqlite};

use super::Finding;
use crate::{commands::serve::not_opened, service::StoreAt};

/// How many of a list are counted.
const COUNTED: u32 = 200;

/// Everything about the database.
pub async fn findings(settings: &Settings) -> Vec<Finding> {
    let at = StoreAt::of(&settings.database);
    if let StoreAt::File(file) = &at
        && !file.exists()
    {
        let what = format!("{} is not there yet", file.display());
        return vec![Finding::warn(
            "database",
            what,
            "it is made at the first start; is this the right folder?",
        )];
    }
    if let StoreAt::Server(url) = &at
        && let Err(error) = postgres::examine(url).await
    {
        return vec![refused("database", &error)];
    }
    let reader = match at.look().await {
        Ok(reader) => reader,
        Err(error) => return vec![refused("database", &error)],
    };
    let mut found = Vec::new();
    let durability = match reader.ping().await {
        Ok(durability) => durability,
        Err(error) => {
            let cure = "look at its log, and at `database.url`";
            return vec![Finding::fail("database", error.to_string(), cure)];
        }
    };
    found.push(Finding::ok(
        "database",
        match &at {
            StoreAt::File(file) => format!("{} answers", file.display()),
            StoreAt::Server(_) => "the server answers".to_owned(),
        },
    ));
    found.push(kept(durability));
    found.push(migrations(&at).await);
    found.push(clock(&at, &reader).await);
    found.push(people(&reader).await);
    found.push(incidents(&reader).await);
    found.push(deliveries(&reader).await);
    found
}

/// What stands in the way of opening something, and what would be right.
pub fn refused(about: &'static str, error: &Error) -> Finding {
    let stopped = not_opened(error);
    let cure = stopped
        .hint
        .unwrap_or_else(|| "docs/operating/serve.md tells how it is set up".to_owned());
    Finding::fail(about, stopped.what, cure)
}

/// Where a commit is before it is answered.
fn kept(durability: Durability) -> Finding {
    match durability {
        Durability::Disk => Finding::ok(
            "durability",
            "a commit is on the database's disk before it is answered",
        ),
        Durability::Standby => Finding::ok(
            "durability",
            "a commit is on the disks of the primary and of the named standbys before it is answered",
        ),
        Durability::StandbyBehind => Finding::warn(
            "durability",
            "standbys are named in `synchronous_standby_names`, and commits do not wait for their disks",
            "`ALTER DATABASE … SET synchronous_commit = on`: else what was answered may be lost with the primary",
        ),
    }
}

async fn migrations(at: &StoreAt) -> Finding {
    let pending = match at {
        StoreAt::File(file) => sqlite::pending(file).await,
        StoreAt::Server(url) => postgres::pending(url).await,
    };
    match pending {
        Ok(pending) if pending.is_empty() => Finding::ok("migrations", "the tables are up to date"),
        Ok(pending) => Finding::warn(
            "migrations",
            format!(
                "{} are missing, up to {}",
                pending.len(),
                pending.last().map_or("", String::as_str)
            ),
            "the next start applies them; take a backup first, or run `countersign database migrate`",
        ),
        Err(error) => refused("migrations", &error),
    }
}

/// A clock that is behind what was written already would make time go back.
async fn clock(at: &StoreAt, reader: &Arc<dyn Reader>) -> Finding {
    let now = SystemClock.now();
    let newest = CaseQuery {
        limit: 1,
        ..CaseQuery::default()
    };
    let newest = reader.cases(&Viewer::Operator, &newest).await;
    let newest = newest
        .ok()
        .and_then(|page| Some(page.items.first()?.opened_at));
    let whose = match at {
        StoreAt::File(_) => "this machine's",
        StoreAt::Server(_) => "the database server's (this machine's is compared)",
    };
    match newest {
        Some(newest) if newest > now + TimeDelta::seconds(5) => Finding::fail(
            "clock",
            format!("it is {now}, and a case was opened at {newest}"),
            "set the clock by NTP before the server starts",
        ),
        Some(_) | None => Finding::ok(
            "clock",
            format!("{whose}: {}", now.format("%Y-%m-%d %H:%M:%S UTC")),
        ),
    }
}

async fn people(reader: &Arc<dyn Reader>) -> Finding {
    match reader.tokens().await {
        Ok(tokens) if tokens.is_empty() => Finding::warn(
            "people",
            "nobody has a token",
            "`countersign people add ID --name … --email … --admin`, then `countersign tokens create ID`",
        ),
        Ok(tokens) => Finding::ok("people", format!("{} tokens", tokens.len())),
        Err(error) => Finding::fail("people", error.to_string(), "bring the tables up to date"),
    }
}

async fn incidents(reader: &Arc<dyn Reader>) -> Finding {
    match reader.incidents(None, COUNTED).await {
        Ok(page) => match page.items.first() {
            None => Finding::ok("incidents", "none is open"),
            Some(oldest) => Finding::warn(
                "incidents",
                format!(
                    "{}{} open; the oldest since {}: {}",
                    page.items.len(),
                    if page.next_cursor.is_some() {
                        " or more"
                    } else {
                        ""
                    },
                    oldest.since.format("%Y-%m-%d %H:%M UTC"),
                    oldest.incident.message.en
                ),
                "operators see and retry them at /operate, or `GET /v1/incidents`",
            ),
        },
        Err(error) => Finding::fail(
            "incidents",
            error.to_string(),
            "bring the tables up to date",
        ),
    }
}

async fn deliveries(reader: &Arc<dyn Reader>) -> Finding {
    let dead = DeliveryQuery {
        status: Some(DeliveryStatus::Dead),
        limit: COUNTED,
        ..DeliveryQuery::default()
    };
    let waiting = DeliveryQuery {
        status: Some(DeliveryStatus::Waiting),
        ..dead.clone()
    };
    let (dead, waiting) = match (
        reader.deliveries(&dead).await,
        reader.deliveries(&waiting).await,
    ) {
        (Ok(dead), Ok(waiting)) => (dead.items.len(), waiting.items),
        (Err(error), _) | (_, Err(error)) => {
            return Finding::fail(
                "deliveries",
                error.to_string(),
                "bring the tables up to date",
            );
        }
    };
    let failing = waiting.iter().filter(|row| row.error.is_some()).count();
    let what = format!(
        "{} wait, {failing} of them after a failure; {dead} were given up",
        waiting.len()
    );
    if dead + failing == 0 {
        Finding::ok("deliveries", what)
    } else {
        Finding::warn(
            "deliveries",
            what,
            "`GET /v1/deliveries?status=dead` says why; retry them when the cause is gone",
        )
    }
}
