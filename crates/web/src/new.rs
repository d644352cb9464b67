//! `/new`: start something. What may be opened, and what it asks for first, is the workflow's word.

mod belonging;

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    case::Channel,
    command::{Opening, Patch},
    reading::Reading,
    text::Language,
    workflow::{Form, Requirement, Workflow},
};
use countersign_engine::{Answered, Error, Fitting, Manner, may_open, ports::store::CaseAddress};
use maud::{Markup, html};
use serde_json::Value as Json;

use belonging::{field, fitting, picked};

use crate::{
    WebState,
    case::{Choices, Fault, Inputs, Typed, choices_of, inputs, patch_of},
    door::{Fields, Posted, SignedIn},
    page::{Clockwork, Nav, Page, say, trouble},
};

/// `GET /new`: the workflows, those that this person may open first.
pub async fn list(State(state): State<WebState>, reader: SignedIn) -> Response {
    let language = reader.language();
    let caller = reader.caller();
    let workflows = state.engine.registry().all_newest();
    let (open, closed): (Vec<_>, Vec<_>) = workflows
        .iter()
        .partition(|workflow| may_open(workflow, &caller));
    let title = say(language, "Start something new", "新建申请");
    Page::ok(&reader.visitor, Nav::New, title).around(&html! {
        h1 { (title) }
        @if open.is_empty() { p.none { (say(language, "There is nothing that you may open.", "没有您可以发起的流程。")) } }
        ul.cards { @for workflow in open { (card(language, workflow, true)) } }
        @if !closed.is_empty() {
            details.more {
                summary { (say(language, "What others open", "由他人发起的流程")) " (" (closed.len()) ")" }
                ul.cards { @for workflow in closed { (card(language, workflow, false)) } }
            }
        }
    })
}

fn card(language: Language, workflow: &Workflow, may: bool) -> Markup {
    html! {
        li.card {
            h2 { a href={ "/workflows/" (workflow.id) } { (workflow.title.get(language)) } }
            @if let Some(about) = &workflow.about { p { (about.get(language)) } }
            @if may {
                p { a.button href={ "/new/" (workflow.id) } { (say(language, "Start", "开始")) span.hidden { " " (workflow.title.get(language)) } } }
            } @else {
                p.why { (say(language, "Opened by: ", "可发起者：")) (openers(language, workflow)) }
            }
        }
    }
}

/// The roles that open it.
fn openers(language: Language, workflow: &Workflow) -> String {
    let roles = workflow.open.who.roles.iter().map(|role| {
        let known = workflow.roles.get(role);
        known
            .map_or(role.as_str(), |role| role.title.get(language))
            .to_owned()
    });
    let system = workflow
        .open
        .who
        .system
        .then(|| say(language, "services", "外部服务").to_owned());
    let all: Vec<String> = roles.chain(system).collect();
    if all.is_empty() {
        return say(language, "another case", "其他申请").to_owned();
    }
    all.join(say(language, ", ", "、"))
}

/// `GET /new/{workflow}`: what it asks for first, and a button.
pub async fn show(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(workflow): Path<String>,
) -> Response {
    page(
        &state,
        &reader,
        &workflow,
        StatusCode::OK,
        &Typed::default(),
    )
    .await
}

async fn page(
    state: &WebState,
    reader: &SignedIn,
    workflow: &str,
    status: StatusCode,
    typed: &Typed,
) -> Response {
    let language = reader.language();
    let workflow = match state.engine.workflow(workflow) {
        Ok(workflow) if may_open(&workflow, &reader.caller()) => workflow,
        Ok(_) => return trouble(&reader.visitor, &Error::NotAllowed),
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let choices = match choices(state, reader, &workflow).await {
        Ok(choices) => choices,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let belonging = match fitting(state, reader, &workflow).await {
        Ok(belonging) => belonging,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let title = workflow.title.get(language);
    let page = Page {
        visitor: &reader.visitor,
        status,
        nav: Nav::New,
        title,
    };
    let with = Inputs {
        clock: Clockwork {
            language,
            zone: workflow.surroundings.zone,
            now: state.engine.now(),
        },
        choices: &choices,
        typed,
        prefix: "",
    };
    page.around(&html! {
        div.narrow {
            h1 { (title) }
            @if let Some(about) = &workflow.about { p { (about.get(language)) } }
            (problem(language, typed))
            form.stacked method="post" action={ "/new/" (workflow.id) } novalidate {
                (reader.visitor.seal())
                @for link in picked(&workflow) {
                    (field(language, link, belonging.get(&link.name).unwrap_or(&Fitting::default()), typed))
                }
                @for form in first_forms(&workflow) {
                    section.form id=(form.name) {
                        h2 { (form.title.get(language)) }
                        (inputs(with, form, &Json::Null, |field| field.derived.is_none()))
                    }
                }
                button type="submit" { (workflow.open.title.get(language)) }
            }
        }
    })
}

fn problem(language: Language, typed: &Typed) -> Markup {
    html! {
        @if typed.notice.is_some() || !typed.faults.is_empty() {
            div.problem role="alert" tabindex="-1" autofocus {
                @if let Some(notice) = &typed.notice { p { (notice) } }
                @if !typed.faults.is_empty() {
                    h2 { (say(language, "There is still something to see to", "还有需要处理的内容")) }
                    ul { @for fault in &typed.faults { li { a href={ "#" (fault.at) } { (fault.message) } } } }
                }
            }
        }
    }
}

/// The forms that opening asks for.
fn first_forms(workflow: &Workflow) -> Vec<&Form> {
    let required = workflow.open.require.iter();
    let forms = required.filter_map(|word| match word {
        Requirement::Form(form) => workflow.forms.get(form),
        _ => None,
    });
    forms.collect()
}

async fn choices(
    state: &WebState,
    reader: &SignedIn,
    workflow: &Workflow,
) -> Result<Choices, Error> {
    let actor = reader.actor();
    state
        .engine
        .read(&actor, |inputs| {
            let reading = Reading::new(inputs, &actor);
            let forms = first_forms(workflow).into_iter();
            let choices = choices_of(forms, &reading, reader.language());
            if reading.is_complete() {
                Ok(choices)
            } else {
                Err(reading.missing())
            }
        })
        .await
}

/// `POST /new/{workflow}`: opens it, and goes there.
pub async fn open(
    State(state): State<WebState>,
    Path(workflow): Path<String>,
    posted: Posted,
) -> Response {
    let Posted { visitor, fields } = posted;
    let Some(person) = visitor.person.clone() else {
        return Redirect::to("/sign-in").into_response();
    };
    let reader = SignedIn { visitor, person };
    match opened(&state, &reader, &workflow, &fields).await {
        Ok(number) => Redirect::to(&format!("/cases/{number}")).into_response(),
        Err(Error::Refused(refused)) => {
            let language = reader.language();
            let of = refused.workflow.as_deref();
            let typed = Typed::refused(fields, &refused.refusal, of, language);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&state, &reader, &workflow, status, &typed).await
        }
        Err(Error::Invalid { member, why }) => {
            let typed = Typed {
                fields: Some(fields),
                faults: vec![Fault {
                    at: member,
                    message: why.get(reader.language()).to_owned(),
                }],
                ..Typed::default()
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&state, &reader, &workflow, status, &typed).await
        }
        Err(error) => trouble(&reader.visitor, &error),
    }
}

async fn opened(
    state: &WebState,
    reader: &SignedIn,
    name: &str,
    fields: &Fields,
) -> Result<String, Error> {
    let workflow = state.engine.workflow(name)?;
    let zone = workflow.surroundings.zone;
    let mut data = Patch::new();
    for form in first_forms(&workflow) {
        data.extend(patch_of(form, "", fields, zone, |field| {
            field.derived.is_none()
        }));
    }
    let mut links = BTreeMap::new();
    for link in picked(&workflow).map(|link| &link.name) {
        if let Some(number) = fields.text(&format!("link.{link}")) {
            let address = CaseAddress::parse(number);
            let found = state.engine.look(&reader.actor(), &address).await;
            let case = match found {
                Ok(scene) => scene.case,
                Err(Error::NotFound) => None,
                Err(error) => return Err(error),
            };
            let case = case.ok_or_else(|| no_case(link))?;
            links.insert(link.clone(), case.id);
        }
    }
    let opening = Opening {
        data,
        links,
        ..Opening::default()
    };
    let manner = Manner::plain(Channel::Page);
    let answered = state
        .engine
        .open_case(reader.actor(), manner, name, opening)
        .await?;
    match answered {
        Answered::Fresh(scene) => {
            let case = scene.case.ok_or(Error::NotFound)?;
            Ok(case.number.clone())
        }
        Answered::Replayed(_) => Err(Error::NotFound),
    }
}

fn no_case(link: &str) -> Error {
    Error::Invalid {
        member: link.to_owned(),
        why: countersign_core::text::Text::new(
            "There is no such case, or none that you may see.",
            "没有该申请，或您无权查看。",
        ),
    }
}
