//! `GET /mailbox` (demo only): the mails that were kept instead of sent, as their receivers would see them, with working
//! links. A mail is drawn in a frame of its own, which runs nothing and whose links lead the whole window.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use countersign_core::{text::Language, time::Time};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    WebState,
    door::Visitor,
    page::{Clockwork, Nav, Page, not_there, say},
};

/// How many mails are shown.
const SHOWN: usize = 100;

/// A mail has its styles within it, and nothing else: no script, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; \
sandbox allow-top-navigation-by-user-activation";

/// Mails that were kept instead of sent.
pub trait Mailbox: Send + Sync {
    /// Those to this address (all if `None`), the newest first.
    fn mails(&self, to: Option<&str>) -> Vec<ShownMail>;
}

/// A mail that was kept instead of sent.
#[derive(Debug, Clone)]
pub struct ShownMail {
    /// The delivery.
    pub id: String,
    /// Whom it is to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its HTML: a whole document.
    pub html: String,
    /// When it was sent.
    pub sent_at: Time,
}

/// Whose mails.
#[derive(Debug, Deserialize)]
pub struct To {
    to: Option<String>,
}

/// The mails, the newest first.
pub async fn mailbox(
    State(state): State<WebState>,
    visitor: Visitor,
    Query(To { to }): Query<To>,
) -> Response {
    let Some(mailbox) = &state.mailbox else {
        return not_there(&visitor);
    };
    let to = to.as_deref().map(str::trim).filter(|to| !to.is_empty());
    let mails = mailbox.mails(to);
    let language = visitor.language;
    let clock = Clockwork {
        language,
        zone: chrono_tz::UTC,
        now: state.engine.now(),
    };
    let title = say(language, "Mailbox", "邮箱");
    let all = mailbox.mails(None);
    Page::ok(&visitor, Nav::Elsewhere, title).around(&html! {
        h1 { (title) }
        p.lead {
            (say(
                language,
                "The mails of this demo, as their receivers would see them. None has left the machine; their links work.",
                "演示系统的邮件，与收件人看到的一致。邮件未真正发出，其中的链接可以使用。",
            ))
        }
        (choice(language, &all, to))
        @if mails.is_empty() {
            div.empty { p { (say(language, "No mail yet.", "暂无邮件。")) } }
        }
        @for (place, mail) in mails.iter().take(SHOWN).enumerate() { (one(&clock, mail, place == 0)) }
    })
}

/// `GET /mailbox/{id}`: one mail as its receiver sees it, for the frame.
pub async fn mail(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    let mails = state.mailbox.as_ref().map(|mailbox| mailbox.mails(None));
    let mut mails = mails.into_iter().flatten();
    let Some(mail) = mails.find(|mail| mail.id == id) else {
        return not_there(&visitor);
    };
    let framed = mail
        .html
        .replacen("<head>", "<head><base target=\"_top\">", 1);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    (StatusCode::OK, headers, framed).into_response()
}

/// Whose mails are shown: everybody who was written to, with how many.
fn choice(language: Language, all: &[ShownMail], to: Option<&str>) -> Markup {
    let mut receivers: BTreeMap<&str, usize> = BTreeMap::new();
    for mail in all {
        *receivers.entry(&mail.to).or_default() += 1;
    }
    html! {
        form.filters method="get" action="/mailbox" {
            div.field {
                label for="to" { (say(language, "Mails to", "收件人")) }
                select #to name="to" {
                    option value="" { (say(language, "Everybody", "所有人")) " (" (all.len()) ")" }
                    @for (receiver, count) in receivers {
                        @let is_chosen = to.is_some_and(|to| to.eq_ignore_ascii_case(receiver));
                        option value=(receiver) selected[is_chosen] { (receiver) " (" (count) ")" }
                    }
                }
            }
            button.second type="submit" { (say(language, "Show", "查看")) }
        }
    }
}

/// A mail, closed but for the newest: what is closed is not loaded.
fn one(clock: &Clockwork, mail: &ShownMail, is_open: bool) -> Markup {
    let language = clock.language;
    html! {
        details.mail open[is_open] {
            summary {
                strong { (mail.subject) }
                span.by { (mail.to) " · " (clock.moment(mail.sent_at)) }
            }
            iframe src={ "/mailbox/" (mail.id) } title=(mail.subject) loading="lazy"
                sandbox="allow-top-navigation-by-user-activation" {}
            details {
                summary { (say(language, "As plain text", "纯文本")) }
                pre { (mail.text) }
            }
        }
    }
}
