//! A form of a case that somebody sent whose session had ended meanwhile: nothing is done with it, and what was typed stands on
//! the page, for it is nowhere else. It is shown to the browser alone whose page it came from.

use axum::{extract::Request, http::StatusCode, response::Response};
use countersign_core::text::Language;
use maud::html;

use super::{incoming, words::spelt};
use crate::{
    door::{Visitor, foreign, sign_in_for},
    page::{narrow, say},
};

/// Who sent this is not signed in any more.
pub async fn lapsed(visitor: &Visitor, number: &str, request: Request) -> Response {
    let read = incoming::read(request, |_, _, _, _| async { Ok(()) });
    let Ok(Ok(fields)) = read.await else {
        return foreign(visitor);
    };
    if !visitor.had_sealed(fields.first("seal").unwrap_or_default()) {
        return foreign(visitor);
    }
    let language = visitor.language;
    let typed: Vec<(String, &str)> = fields
        .under("")
        .filter(|(name, text)| is_text(name) && !text.trim().is_empty())
        .map(|(name, text)| (called(language, name), text))
        .collect();
    let title = say(language, "Please sign in again", "请重新登录");
    narrow(
        visitor,
        StatusCode::UNAUTHORIZED,
        title,
        &html! {
            p { (say(language, "Your session has ended, and nothing was sent.", "您的会话已结束，内容未提交。")) }
            @if !typed.is_empty() {
                section.kept {
                    h2 { (say(language, "What you had typed", "您填写的内容")) }
                    p { (say(language, "Copy it: it is kept nowhere else.", "请先复制：这些内容未保存在其他地方。")) }
                    dl.inner { @for (title, text) in &typed { dt { (title) } dd.prose { (text) } } }
                }
            }
            p { a.button href=(sign_in_for(&format!("/cases/{number}"))) { (say(language, "Sign in and go back to the case", "登录并返回申请")) } }
        },
    )
}

/// What people type; not what the page had in it, and no code.
fn is_text(name: &str) -> bool {
    let ours = [
        "seal",
        "seen",
        "send",
        "save",
        "say",
        "do",
        "turn",
        "take_back",
        "internal",
        "code",
    ];
    !ours.contains(&name) && !name.starts_with("confirm.")
}

/// A field by its last name, spelt out: who is not signed in is told nothing of the case, its titles neither.
fn called(language: Language, name: &str) -> String {
    match name {
        "comment" => say(language, "Comment", "意见").to_owned(),
        name if name.starts_with("reply.") => say(language, "Reply", "回复").to_owned(),
        name => spelt(name.rsplit(['.', '/']).next().unwrap_or(name)),
    }
}
