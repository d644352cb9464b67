//! `/v1/links/{token}`: mail links. Looking changes nothing; only a POST acts.

use axum::{
    Json,
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use chrono::{DateTime, Utc};
use countersign_core::{
    case::{Actor, Channel, MailLink},
    text::Language,
    view::MissingView,
};
use countersign_engine::{LinkScene, Manner, Scene, link_expires};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    answer::{CaseAnswer, offers, shown},
    cases::ActBody,
    documents::{MissingDocument, Problems, Written},
    request::{Path, drain, key_of, language_of, strict, whole},
};

/// What a mail link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Link)]
pub struct LinkDocument {
    /// The case, in short.
    pub case: LinkCaseDocument,
    /// The action that it takes.
    pub action: String,
    /// What stands on the button.
    pub action_title: String,
    /// Who holds it: a person's id, or the address that it was mailed to.
    pub person: String,
    /// Whether it would succeed now, but for what is asked with it.
    pub allowed: bool,
    /// What is missing for it.
    pub missing: Vec<MissingDocument>,
    /// A text to tick (`confirm: true`); absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confirm: Option<String>,
    /// Forms that are filled in with it; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
    /// Whether a comment must come with it; absent if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub comment_needed: bool,
    /// Whether a one-time code will be mailed first; absent if not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub code_needed: bool,
    /// When it dies of itself; null: not before the case moves on.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A case, as the holder of a link may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LinkCase)]
pub struct LinkCaseDocument {
    /// Its number.
    pub number: String,
    /// What it is called.
    pub title: String,
}

/// What a mail link is for. Opening it changes nothing, however often.
#[utoipa::path(get, path = "/v1/links/{token}", tag = "links", operation_id = "read_link", security(()),
    params(("token" = String, Path, description = "The secret part of the link")),
    responses((status = 200, body = LinkDocument, description = "What it is for"), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Json<LinkDocument>, Problem> {
    let LinkScene { scene, link, actor } = state.engine.open_link(&token).await?;
    let language = if headers.contains_key(axum::http::header::ACCEPT_LANGUAGE) {
        language_of(&headers)
    } else {
        link.language
    };
    let document = |scene: &Scene| document(scene, &link, &actor, language);
    let document = state.engine.fill(scene, document).await?;
    Ok(Json(document.ok_or_else(Problem::not_found)?))
}

fn document(
    scene: &Scene,
    link: &MailLink,
    actor: &Actor,
    language: Language,
) -> Result<Option<LinkDocument>, countersign_core::context::Needs> {
    shown(scene, language, |viewer, workflow, case| {
        let (offers, _) = offers(scene, viewer, workflow, case);
        let offer = offers.into_iter().find(|offer| offer.id == link.action);
        let title = workflow.action_title(link.state.as_str(), &link.action, language);
        let confirm = offer.as_ref().and_then(|offer| offer.confirm.as_ref());
        LinkDocument {
            case: LinkCaseDocument {
                number: case.number.clone(),
                title: case.title.clone(),
            },
            action: link.action.to_string(),
            action_title: title.unwrap_or_else(|| link.action.to_string()),
            person: holder(actor),
            allowed: offer.as_ref().is_some_and(|offer| offer.allowed),
            confirm: confirm.map(|text| text.get(language).to_owned()),
            comment_needed: offer.as_ref().is_some_and(|offer| offer.comment),
            code_needed: offer.as_ref().is_some_and(|offer| offer.code),
            forms: offer
                .iter()
                .flat_map(|offer| &offer.forms)
                .map(ToString::to_string)
                .collect(),
            missing: offer
                .iter()
                .flat_map(|offer| &offer.missing)
                .map(|missing| MissingView::new(missing, language))
                .map(|MissingView { name, message, at }| MissingDocument { name, message, at })
                .collect(),
            expires_at: link_expires(workflow, case, link),
        }
    })
}

fn holder(actor: &Actor) -> String {
    match actor {
        Actor::LinkHolder(holder) => match &holder.person {
            Some(person) => person.id.to_string(),
            None => holder.email.clone(),
        },
        Actor::Person(person) => person.id.to_string(),
        Actor::Service(id) => id.to_string(),
        Actor::Machine => String::new(),
    }
}

/// Take the action of a mail link, as its holder. The link is the proof of who it is: no token is needed.
#[utoipa::path(post, path = "/v1/links/{token}", tag = "links", operation_id = "answer_link", request_body = ActBody, security(()),
    params(("token" = String, Path, description = "The secret part of the link")),
    responses((status = 200, body = Written, description = "The case, as the holder of the link sees it, and the receipt"), Problems))]
pub async fn answer(
    State(state): State<ApiState>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let Some(link) = state.engine.link_tokens().verify(&token) else {
        // A forged link is told nothing, not even what is wrong with its body.
        drain(&mut body.into_data_stream()).await;
        return Err(Problem::not_found());
    };
    let bytes = whole(body).await?;
    let key = key_of(&parts, &format!("link:{link}"), &bytes)?;
    let body: ActBody = strict(&parts.headers, &bytes)?;
    let answer = CaseAnswer::ok(language_of(&parts.headers));
    let manner = Manner {
        channel: Channel::Link,
        key,
        render: Some(answer.kept()),
    };
    // The link knows its action.
    let (act, code) = body.into_act(String::new());
    let answered = state.engine.answer_link(&token, manner, act, code).await?;
    answer.respond(&state.engine, answered).await
}
