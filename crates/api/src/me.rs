//! `GET /v1/me`: who the caller is.

use axum::{Json, extract::State};
use countersign_core::text::Language;
use countersign_engine::ports::store::Caller;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, away::AwayDocument, directory::RightName, documents::Problems, request::Asker,
};

/// Who the caller is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Me)]
pub struct MeDocument {
    /// The id of the person or service.
    pub id: String,
    /// `person` or `service`.
    pub kind: String,
    /// What people call them.
    pub name: String,
    /// Where mail goes; null for services.
    pub email: Option<String>,
    /// `en` or `zh`.
    pub language: String,
    /// The time zone (IANA name), if one is known.
    pub timezone: Option<String>,
    /// The organisation; null for the vendor's people and services.
    pub partner: Option<String>,
    /// Groups, in order of id.
    pub groups: Vec<String>,
    /// Whether the caller keeps people, groups, partners, tokens and workflows.
    pub administrator: bool,
    /// Whether the caller holds and moves cases, and sees every one of them.
    pub operator: bool,
    /// When the caller is away; null if not.
    pub away: Option<AwayDocument>,
    /// Rights of a service.
    pub rights: Vec<RightName>,
}

/// Who the caller is, with groups, rights and language.
#[utoipa::path(get, path = "/v1/me", tag = "people",
    responses((status = 200, body = MeDocument, description = "The caller"), Problems))]
pub async fn me(State(state): State<ApiState>, asker: Asker) -> Json<MeDocument> {
    let administrator = state.engine.must_administer(&asker.caller).is_ok();
    let operator = state.engine.must_operate(&asker.caller).is_ok();
    Json(match asker.caller {
        Caller::Person(person) => MeDocument {
            id: person.id.to_string(),
            kind: "person".to_owned(),
            name: person.name,
            email: Some(person.email),
            language: person.language.tag().to_owned(),
            timezone: person.timezone,
            partner: person.partner.map(|partner| partner.to_string()),
            groups: person.groups.iter().map(ToString::to_string).collect(),
            away: person.away.as_ref().map(AwayDocument::from),
            administrator,
            operator,
            rights: Vec::new(),
        },
        Caller::Service { id, rights } => MeDocument {
            id: id.to_string(),
            kind: "service".to_owned(),
            name: id.to_string(),
            email: None,
            language: Language::default().tag().to_owned(),
            timezone: None,
            partner: None,
            groups: Vec::new(),
            away: None,
            administrator,
            operator,
            rights: rights.into_iter().map(RightName::from).collect(),
        },
    })
}
