//! `/stop-mails/{token}`: mails of a kind are stopped by the address in their head. A mail program posts to it by one click
//! (RFC 8058); whoever opens it sees a button. Looking changes nothing.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::{
    case::{Person, Purpose},
    text::Language,
};
use maud::html;

use crate::{
    WebState,
    door::Wanted,
    link::not_open,
    page::{bare, say},
};

/// What would be stopped, and the button.
pub async fn show(
    State(state): State<WebState>,
    Path(token): Path<String>,
    wanted: Wanted,
) -> Response {
    match state.engine.stoppable(&token).await {
        Ok((person, purpose)) => {
            let language = wanted.asked.unwrap_or(person.language);
            let title = say(language, "Stop these mails", "停止此类邮件");
            let body = html! {
                p { (what(purpose, language)) }
                form method="post" action={ "/stop-mails/" (token) "?lang=" (language.tag()) } {
                    button type="submit" { (title) }
                }
            };
            bare(StatusCode::OK, language, title, &body)
        }
        Err(error) => not_open(&error, wanted.language),
    }
}

/// Stops them.
pub async fn stop(
    State(state): State<WebState>,
    Path(token): Path<String>,
    wanted: Wanted,
) -> Response {
    match state.engine.stop_mails(&token).await {
        Ok((person, purpose)) => stopped(&person, purpose, wanted),
        Err(error) => not_open(&error, wanted.language),
    }
}

fn stopped(person: &Person, purpose: Purpose, wanted: Wanted) -> Response {
    let language = wanted.asked.unwrap_or(person.language);
    let title = say(language, "They are stopped", "已停止");
    let body = html! {
        p { (what(purpose, language)) }
        p { a href="/me" { (say(language, "Choose what mail you get", "选择接收哪些邮件")) } }
    };
    bare(StatusCode::OK, language, title, &body)
}

fn what(purpose: Purpose, language: Language) -> &'static str {
    match purpose {
        Purpose::Daily => say(
            language,
            "Without the daily mail, each thing that waits for you is mailed at once.",
            "停止每日汇总邮件后，待您处理的事项将逐一即时发送。",
        ),
        Purpose::Remind => say(
            language,
            "Without reminders, you are mailed once when it is your turn.",
            "停止提醒邮件后，轮到您处理时仅发送一次邮件。",
        ),
        Purpose::Settled | Purpose::Ask | Purpose::Tell => say(
            language,
            "Without these, you are not told when somebody else has done what you were asked for.",
            "停止此类邮件后，他人已办结的事项将不再通知您。",
        ),
    }
}
