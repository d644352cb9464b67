//! The pages that people open, signed in: the inbox, a case, and the same case of the API.

use std::{sync::Arc, time::Duration};

use countersign_bench::{Deeds, Error, Inbox, Pages, REVIEWERS, Row, Server};

use super::{Run, decisions::Cases};

/// How many connections look.
const CONNECTIONS: usize = 4;
/// How many different cases are looked at.
const CASES: usize = 300;
/// How many open cases there are where there are few.
const FEW: u32 = 1000;

/// Milliseconds in the middle, each.
#[derive(Debug)]
pub struct Looks {
    /// The page of the inbox.
    inbox: f64,
    /// The page of a case.
    case: f64,
    /// The inbox of the API.
    api_inbox: f64,
    /// A case of the API.
    api_case: f64,
}

impl Looks {
    /// With few open cases, in a file or in a database on this server.
    pub async fn of_few(run: &Run<'_>, place: Option<&str>) -> Result<Self, Error> {
        let cases = Cases::make(run, place, FEW).await?;
        let server = cases.site.serve()?;
        let looks = Self::measure(run, &server, &cases).await?;
        server.stop()?;
        if let Some(place) = place {
            cases.database.drop(place).await?;
        }
        Ok(looks)
    }

    /// Of what is open now.
    pub async fn measure(run: &Run<'_>, server: &Server, cases: &Cases) -> Result<Self, Error> {
        let mut sessions = Vec::new();
        for path in &cases.passwords {
            sessions.push(countersign_bench::sign_in(server.address, path).await?);
        }
        let of_case = cases.some(CASES).into_iter();
        let pages = of_case.map(|id| format!("/cases/{id}")).collect();
        let case = Pages::new(pages, sessions.clone());
        let inbox = Pages::new(vec!["/".to_owned()], sessions);
        let Some(first) = cases.some(1).pop() else {
            return Err(Error::Defect("no case to look at".to_owned()));
        };
        let listed = |path: &str| Inbox::new(path, cases.site.reviewers.clone());
        let api_inbox = listed("/v1/inbox?section=your_turn");
        let api_case = listed(&format!("/v1/cases/{first}"));
        let looks = Self {
            inbox: middle(server, Arc::new(inbox)).await?,
            case: middle(server, Arc::new(case)).await?,
            api_inbox: middle(server, Arc::new(api_inbox)).await?,
            api_case: middle(server, Arc::new(api_case)).await?,
        };
        run.say(&format!("medians of pages: {looks:?} ms"));
        Ok(looks)
    }

    /// With many open cases, against these with few.
    pub fn against(&self, run: &mut Run<'_>, few: &Self, many: u32, name: &str) {
        for (what, now, before) in [
            ("page of the inbox", self.inbox, few.inbox),
            ("page of a case", self.case, few.case),
            ("inbox of the API", self.api_inbox, few.api_inbox),
            ("case of the API", self.api_case, few.api_case),
        ] {
            let row = Row::value(
                format!("{what} with {many} open cases, {name}, median"),
                now,
                "ms",
            );
            let few = format!("{FEW} open cases");
            run.row(row.against(&few, before).ratio_at_most(2.0));
        }
    }
}

/// The paths on which reviewers set their passwords. While no server runs.
pub fn passwords(site: &countersign_bench::Site) -> Result<Vec<String>, Error> {
    let paths = REVIEWERS.iter().map(|id| site.password_path(id));
    paths.collect()
}

async fn middle(server: &Server, deeds: Arc<dyn Deeds>) -> Result<f64, Error> {
    let length = Duration::from_secs(1);
    let measured = countersign_bench::run(server.address, CONNECTIONS, length, deeds).await?;
    match measured.trouble {
        Some(trouble) => Err(Error::Defect(trouble)),
        None => Ok(measured.latencies.at(0.5)),
    }
}
