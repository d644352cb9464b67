//! `doctor`: everything that a server needs, a line each, with what to do about it. It changes nothing, and may run beside a
//! server.

mod around;
mod files;
mod store;

use std::fmt;

use countersign_config::Settings;

use crate::{
    args::Serve,
    output,
    run::{Ended, Stopped},
};

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and should be looked at.
    Warn,
    /// A server would not do its work.
    Fail,
}

/// What was found out about one thing.
#[derive(Debug)]
struct Finding {
    about: &'static str,
    verdict: Verdict,
    what: String,
    /// What to do, where something is.
    cure: Option<String>,
}

impl Finding {
    fn new(about: &'static str, verdict: Verdict, what: impl Into<String>) -> Self {
        Self {
            about,
            verdict,
            what: what.into(),
            cure: None,
        }
    }

    fn ok(about: &'static str, what: impl Into<String>) -> Self {
        Self::new(about, Verdict::Ok, what)
    }

    fn warn(about: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            cure: Some(cure.into()),
            ..Self::new(about, Verdict::Warn, what)
        }
    }

    fn fail(about: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            cure: Some(cure.into()),
            ..Self::new(about, Verdict::Fail, what)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        write!(f, "{verdict:<5} {:<11} {}", self.about, self.what)?;
        if let Some(cure) = &self.cure {
            write!(f, "\n                  → {cure}")?;
        }
        Ok(())
    }
}

/// Looks at everything, and tells each as it is found.
pub async fn run(serve: Serve) -> Result<Ended, Stopped> {
    let settings = match super::serve::settings(&serve) {
        Ok(settings) => settings,
        Err(stopped) => {
            let cure = stopped.hint.unwrap_or_else(|| {
                "put that right; config/default.toml tells of every setting".to_owned()
            });
            output::line(Finding::fail("settings", stopped.what, cure));
            return Ok(Ended::Found);
        }
    };
    let mut worst = Verdict::Ok;
    let mut tell = |findings: Vec<Finding>| {
        for finding in findings {
            if finding.verdict == Verdict::Fail || worst == Verdict::Ok {
                worst = finding.verdict;
            }
            output::line(finding);
        }
    };
    tell(vec![of_settings(&settings)]);
    tell(vec![around::key(&settings)]);
    tell(store::findings(&settings).await);
    tell(around::disk(&settings));
    tell(around::bucket(&settings).await.into_iter().collect());
    tell(vec![around::mail(&settings).await]);
    tell(vec![files::workflows(&settings).await]);
    tell(around::hooks(&settings).await);
    Ok(match worst {
        Verdict::Ok | Verdict::Warn => Ended::Well,
        Verdict::Fail => Ended::Found,
    })
}

fn of_settings(settings: &Settings) -> Finding {
    let url = &settings.server.public_url;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    if url.scheme() == "http" && !local {
        return Finding::warn(
            "settings",
            format!("`server.public_url` is {url}: cookies and links travel unencrypted"),
            "put a proxy with TLS in front, and name it with https://",
        );
    }
    Finding::ok(
        "settings",
        format!("listens on {}, reached at {url}", settings.server.listen),
    )
}
