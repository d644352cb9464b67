//! What handlers share, and the ports that the composition root fills.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use countersign_core::time::{Length, Time};
use countersign_engine::{Answered, Engine, Manner};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use crate::Limiter;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The workflows' folder.
    pub reload: Arc<dyn Reload>,
    /// The mails that were kept; in `demo` and tests only.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Whether calls may go to an address; else why not.
    pub judge_url: Arc<JudgeUrl>,
    /// How many requests are taken.
    pub limits: Arc<Limiter>,
    /// A clock that can be moved; in `demo` and tests only.
    pub clock: Option<Arc<dyn MovableClock>>,
    /// Set when the service stops: answers without an end end then.
    pub stopping: CancellationToken,
}

/// Says why no call may go to an address.
pub type JudgeUrl = dyn Fn(&str) -> Result<(), String> + Send + Sync;

/// The workflows' folder: publishes it again, checks a text among its files, and has the templates.
#[async_trait]
pub trait Reload: Send + Sync {
    /// What was published, and the answer that was kept for it. `how` says of the news how the request came.
    async fn reload(&self, how: &HowReloaded)
    -> Result<(serde_json::Value, Answered), NotReloaded>;

    /// The findings of the checker on one file's text, as JSON.
    fn check(&self, text: &str) -> serde_json::Value;

    /// The file to fill in of this path, relative to the folder.
    fn template(&self, path: &str) -> Option<Vec<u8>>;
}

/// How a request to publish came, with the answer that is kept for this news.
pub type HowReloaded = dyn Fn(&serde_json::Value) -> Manner + Send + Sync;

/// Why nothing was published.
#[derive(Debug)]
pub enum NotReloaded {
    /// The findings of the checker: an array, as `POST /v1/workflows/check` answers them.
    Findings(serde_json::Value),
    /// What else is wrong with the files.
    Files(String),
    /// The engine could not.
    Engine(countersign_engine::Error),
}

/// Mails that were kept instead of sent.
pub trait Mailbox: Send + Sync {
    /// Those to this address (all if `None`), the newest first.
    fn mails(&self, to: Option<&str>) -> Vec<KeptMail>;
}

/// A mail that was kept instead of sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptMail {
    /// The delivery.
    pub id: String,
    /// Whom it is to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its HTML.
    pub html: String,
    /// When it was sent (RFC 3339).
    pub sent_at: DateTime<Utc>,
    /// The message that it was made from.
    pub message: String,
    /// The number of its case.
    pub case: Option<String>,
    /// Its buttons.
    pub links: Vec<KeptLink>,
}

/// A button of a mail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptLink {
    /// The action.
    pub action: String,
    /// Where the button leads.
    pub url: String,
}

/// A clock that can be moved forward.
#[async_trait]
pub trait MovableClock: Send + Sync {
    /// Moves the clock and returns when all that is due by then, mail included, has taken effect.
    async fn advance(&self, by: &Length) -> Time;
}
