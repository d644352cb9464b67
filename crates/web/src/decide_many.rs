//! `POST /decide`: several cases of the inbox at once. Each is decided or refused by itself, and the page that follows
//! tells of each.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    case::Channel,
    command::{Act, Command, NewComment},
    outcome::Refusal,
    text::Language,
    view::refusal_text,
};
use countersign_engine::{Answered, Error, Manner, Scene, ports::store::CaseAddress};
use futures::future::join_all;
use maud::{Markup, html};

use crate::{
    WebState,
    door::{Posted, SignedIn},
    page::{Nav, Page, called, say},
};

/// How many cases are decided at once: those of one page.
const MOST: usize = 50;

/// Takes the form of the inbox.
pub async fn decide_many(State(state): State<WebState>, posted: Posted) -> Response {
    let Posted { visitor, fields } = posted;
    let Some(person) = visitor.person.clone() else {
        return Redirect::to("/sign-in").into_response();
    };
    let reader = SignedIn { visitor, person };
    let language = reader.language();
    let cases: Vec<&str> = fields.all("case").take(MOST).collect();
    let Some(action) = fields.text("do").filter(|_| !cases.is_empty()) else {
        return nothing_chosen(&reader);
    };
    let comment = fields.text("comment").map(|text| NewComment {
        at: None,
        text: text.to_owned(),
        internal: false,
    });
    let all = cases.iter().map(|case| {
        let act = Act {
            comments: comment.iter().cloned().collect(),
            ..Act::new(action)
        };
        one(&state, &reader, case, act)
    });
    let outcomes = join_all(all).await;
    let done = outcomes.iter().filter(|outcome| outcome.is_done).count();
    let title = say(language, "What became of each", "处理结果");
    Page::ok(&reader.visitor, Nav::Inbox, title).around(&html! {
        h1 { (title) }
        p role="status" { (done) " / " (outcomes.len()) (say(language, " done", " 项已完成")) }
        ul.outcomes { @for outcome in &outcomes { (outcome.shown(language)) } }
        p { a.button href="/" { (say(language, "To the inbox", "返回待办")) } }
    })
}

/// What became of one of them.
struct Outcome {
    case: String,
    is_done: bool,
    told: String,
}

impl Outcome {
    fn shown(&self, language: Language) -> Markup {
        let (class, sign, word) = if self.is_done {
            ("met", "✓", say(language, "done", "已完成"))
        } else {
            ("unmet", "✕", say(language, "not done", "未完成"))
        };
        html! {
            li class=(class) {
                span.sign aria-hidden="true" { (sign) } span.hidden { (word) ": " }
                span { a href={ "/cases/" (self.case) } { (self.case) } " · " (self.told) }
            }
        }
    }
}

async fn one(state: &WebState, reader: &SignedIn, case: &str, act: Act) -> Outcome {
    let language = reader.language();
    let manner = Manner::plain(Channel::Page);
    let (address, command) = (CaseAddress::parse(case), Command::Act(act));
    let answered = state
        .engine
        .command(reader.actor(), manner, address, command, None, None);
    let (is_done, told) = match answered.await {
        Ok(Answered::Fresh(scene)) => (true, state_of(&scene, language)),
        Ok(Answered::Replayed(_)) => (true, String::new()),
        Err(error) => (false, why(&error, language)),
    };
    Outcome {
        case: case.to_owned(),
        is_done,
        told,
    }
}

fn state_of(scene: &Scene, language: Language) -> String {
    let (Some(case), Some(workflow)) = (&scene.case, &scene.workflow) else {
        return String::new();
    };
    let state = workflow.states.find(case.state.as_str());
    let state = state.map_or(case.state.as_str(), |state| state.title.get(language));
    format!("{} · {state}", called(&case.title, &case.number))
}

fn why(error: &Error, language: Language) -> String {
    let said = |en, zh| say(language, en, zh).to_owned();
    match error {
        Error::Refused(refused) => match &refused.refusal {
            Refusal::Missing(missing) | Refusal::Invalid(missing) => {
                let told = missing.iter().map(|one| one.message.get(language));
                told.collect::<Vec<_>>().join(" ")
            }
            refusal => {
                let (_, why) = refusal_text(refusal, refused.workflow.as_deref());
                why.get(language).to_owned()
            }
        },
        Error::NotFound => said("There is no such case.", "没有该申请。"),
        error => {
            tracing::error!(%error, "one of several cases could not be decided");
            said(
                "That did not work. Please try again in a moment.",
                "操作未成功，请稍后重试。",
            )
        }
    }
}

fn nothing_chosen(reader: &SignedIn) -> Response {
    let language = reader.language();
    let title = say(language, "Nothing was chosen", "未作选择");
    let page = Page {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        ..Page::ok(&reader.visitor, Nav::Inbox, title)
    };
    page.around(&html! {
        h1 { (title) }
        p { (say(language, "Tick the cases and choose the decision. Nothing was changed.", "请勾选申请并选择决定。未做任何更改。")) }
        p { a.button href="/" { (say(language, "To the inbox", "返回待办")) } }
    })
}
