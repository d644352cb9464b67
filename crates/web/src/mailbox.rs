//! `GET /mailbox` (demo only): the mails that were kept instead of sent, as text, with working links.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::{text::Language, time::Time};
use maud::html;
use serde::Deserialize;

use crate::{WebState, page::bare};

/// How many mails are shown.
const SHOWN: usize = 100;

/// Mails that were kept instead of sent.
pub trait Mailbox: Send + Sync {
    /// Those to this address (all if `None`), the newest first.
    fn mails(&self, to: Option<&str>) -> Vec<ShownMail>;
}

/// A mail that was kept instead of sent.
#[derive(Debug, Clone)]
pub struct ShownMail {
    /// Whom it is to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// When it was sent.
    pub sent_at: Time,
    /// Its buttons: the action, and where it leads.
    pub links: Vec<(String, String)>,
}

/// Whose mails.
#[derive(Debug, Deserialize)]
pub struct To {
    to: Option<String>,
}

/// The mails, the newest first.
pub async fn mailbox(State(state): State<WebState>, Query(To { to }): Query<To>) -> Response {
    let Some(mailbox) = &state.mailbox else {
        return crate::link::not_open(&countersign_engine::Error::NotFound);
    };
    let mails = mailbox.mails(to.as_deref());
    let body = html! {
        p lang="zh" { "演示邮箱：邮件未真正发出，仅在此显示。" }
        p { "Mails of this demo. None has left the machine." }
        @if mails.is_empty() { p { "No mail yet." } }
        @for mail in mails.iter().take(SHOWN) {
            article {
                h2 { (mail.subject) }
                p { (mail.to) " · " time { (mail.sent_at.format("%Y-%m-%d %H:%M:%S UTC")) } }
                pre { (mail.text) }
                @for (action, url) in &mail.links { p { a href=(url) { (action) } } }
            }
        }
    };
    bare(StatusCode::OK, Language::En, "Mailbox", &body)
}
