//! What pages share, and what the composition root fills in.

use std::sync::Arc;

use countersign_engine::Engine;
use tokio_util::sync::CancellationToken;

use crate::{DemoPerson, Mailbox, door::Cookies, workflow::Stories};

/// What pages share. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The mails that were kept; in `demo` and tests only.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Runs the scenario tests of workflows; none where there are no files.
    pub stories: Option<Arc<dyn Stories>>,
    /// Who can sign in by a click; in `demo` and tests only, else nobody.
    pub demo: Arc<[DemoPerson]>,
    /// Scheme and host by which people reach the pages.
    pub origin: Arc<str>,
    /// How cookies are called and kept.
    pub cookies: Cookies,
    /// Cancelled when the server stops: what goes on by itself ends then.
    pub stopping: CancellationToken,
}

impl WebState {
    /// Pages that are reached at this address.
    pub fn new(engine: Arc<Engine>, url: &str) -> Self {
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let end = url[after_scheme..].find('/');
        let origin = end.map_or(url, |end| &url[..after_scheme + end]);
        Self {
            engine,
            mailbox: None,
            stories: None,
            demo: Arc::new([]),
            origin: origin.into(),
            cookies: Cookies {
                secure: origin.starts_with("https://"),
            },
            stopping: CancellationToken::new(),
        }
    }

    /// Whether somebody of this id can sign in by a click.
    pub fn is_demo_person(&self, id: &str) -> bool {
        self.demo.iter().any(|person| person.id == id)
    }
}
