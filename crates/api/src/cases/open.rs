//! `POST /v1/cases`: open a case.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use countersign_core::{
    case::{CaseId, Channel, PersonId},
    command::{Act, Opening, Patch},
    name::Name,
    outcome::Refusal,
    text::Text,
};
use countersign_engine::{Error, ports::store::CaseAddress};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::act::act_body;
use crate::{
    ApiState, Problem,
    answer::CaseAnswer,
    documents::{Problems, Written},
    request::{StrictBody, Write},
};

/// What opens a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// The workflow.
    pub workflow: String,
    /// First values of forms.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub data: Patch,
    /// Related cases, by link: ids or numbers.
    #[serde(default)]
    pub links: BTreeMap<String, String>,
    /// An action to take in the same transaction: its name, or a body with `id`.
    #[serde(default)]
    pub action: Option<Then>,
    /// Whose case it is, when a service opens it.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
}

/// An action to take at once: its name, or a body with `id`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Then {
    /// Just this.
    Name(String),
    /// This, with what is supplied.
    Body(Box<ThenBody>),
}

act_body! {
    /// An action body with its name.
    ThenBody {
        /// The action.
        id: String,
    }
}

/// By hand, so that a mistake in it is told as anywhere else.
impl<'de> Deserialize<'de> for Then {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::String(name) => Ok(Self::Name(name)),
            body @ Json::Object(_) => {
                let body = serde_json::from_value(body).map_err(D::Error::custom)?;
                Ok(Self::Body(Box::new(body)))
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {
                Err(D::Error::custom("`action` is a name, or a body with `id`"))
            }
        }
    }
}

impl StrictBody for OpenBody {}

/// Open a case.
#[utoipa::path(post, path = "/v1/cases", tag = "cases", operation_id = "open_case", request_body = OpenBody,
    responses((status = 201, body = Written, description = "The case and the receipt"), Problems))]
pub async fn open(
    State(state): State<ApiState>,
    write: Write<OpenBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let mut links = BTreeMap::new();
    for (link, address) in body.links {
        let name = Name::parse(&link).map_err(|_| no_link(&link))?;
        links.insert(
            name,
            linked(&state, &head.asker.actor, &link, &address).await?,
        );
    }
    let then = body.action.map(|then| match then {
        Then::Name(id) => Act::new(id),
        // No code can have been mailed for a case that is not there yet.
        Then::Body(mut body) => {
            let id = std::mem::take(&mut body.id);
            body.into_act(id).0
        }
    });
    let opening = Opening {
        data: body.data,
        links,
        on_behalf_of: body.on_behalf_of.map(PersonId::new),
        then,
        parent: None,
    };
    let answer = CaseAnswer {
        status: StatusCode::CREATED,
        ..CaseAnswer::ok(head.asker.language)
    };
    let manner = head.manner(Channel::Api, answer.kept());
    let answered = state
        .engine
        .open_case(head.asker.actor, manner, &body.workflow, opening)
        .await?;
    answer.respond(&state.engine, answered).await
}

/// The id of a case that the caller names and may see.
async fn linked(
    state: &ApiState,
    actor: &countersign_core::case::Actor,
    link: &str,
    address: &str,
) -> Result<CaseId, Problem> {
    match state.engine.look(actor, &CaseAddress::parse(address)).await {
        Ok(scene) => scene.case.map(|case| case.id).ok_or_else(|| no_case(link)),
        Err(Error::NotFound) => Err(no_case(link)),
        Err(error) => Err(error.into()),
    }
}

fn no_case(link: &str) -> Problem {
    let why = Text::new(
        "There is no such case, or none that you may see.",
        "没有该申请，或您无权查看。",
    );
    Problem::invalid(link, why)
}

fn no_link(link: &str) -> Problem {
    let why = Text::new(
        format!("`{link}` is not a link of this workflow."),
        format!("该流程没有名为 {link} 的关联。"),
    );
    Error::refused(Refusal::Invalid(vec![countersign_core::outcome::Missing {
        name: link.to_owned(),
        message: why,
        at: None,
    }]))
    .into()
}
