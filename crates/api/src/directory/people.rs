//! `GET` and `PUT /v1/people/{id}`: people, as the host system supplies them.

use axum::{Json, extract::State, response::Response};
use countersign_core::{
    case::{GroupId, PartnerId, PersonId},
    text::{Language, Text},
};
use countersign_engine::{
    Error,
    ports::directory::{DirectoryChange, PersonRecord},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json_};
use utoipa::ToSchema;

use super::{change, must_be_kept};
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path, StrictBody, Write},
};

/// A person, as they are to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// What people call them.
    name: String,
    /// Where mail goes.
    email: String,
    /// The language that they read: `en` or `zh`.
    #[schema(value_type = String, example = "en")]
    language: Language,
    /// Their time zone (IANA name); the workflow's if missing.
    #[serde(default)]
    timezone: Option<String>,
    /// Their organisation; none for the vendor's people.
    #[serde(default)]
    partner: Option<String>,
    /// More about them, by name.
    #[serde(default)]
    #[schema(value_type = Object)]
    attributes: Map<String, Json_>,
    /// Whether they have left: they can no longer sign in or act, and get no mail.
    #[serde(default)]
    disabled: bool,
}

impl StrictBody for PersonBody {}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Person)]
pub struct PersonDocument {
    /// The id that the host system gives.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// `en` or `zh`.
    pub language: String,
    /// Their time zone (IANA name); null: the workflow's.
    pub timezone: Option<String>,
    /// Their organisation; null for the vendor's people.
    pub partner: Option<String>,
    /// More about them, by name.
    #[schema(value_type = Object)]
    pub attributes: Map<String, Json_>,
    /// Whether they have left.
    pub disabled: bool,
    /// Their groups, in order of id.
    pub groups: Vec<String>,
}

impl PersonDocument {
    fn new(record: &PersonRecord, groups: &[GroupId]) -> Self {
        Self {
            id: record.id.to_string(),
            name: record.name.clone(),
            email: record.email.clone(),
            language: record.language.tag().to_owned(),
            timezone: record.timezone.clone(),
            partner: record.partner.as_ref().map(ToString::to_string),
            attributes: record.attributes.clone(),
            disabled: record.disabled,
            groups: groups.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A person of the directory. Everybody may read themselves.
#[utoipa::path(get, path = "/v1/people/{id}", tag = "people", operation_id = "read_person",
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = PersonDocument, description = "The person"), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<Json<PersonDocument>, Problem> {
    let (record, groups) = state
        .engine
        .person_record(&asker.caller, &PersonId::new(id))
        .await?;
    Ok(Json(PersonDocument::new(&record, &groups)))
}

/// Make a person as the body says. Groups are kept apart.
#[utoipa::path(put, path = "/v1/people/{id}", tag = "people", operation_id = "put_person", request_body = PersonBody,
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = PersonDocument, description = "The person"), Problems))]
pub async fn put(
    State(state): State<ApiState>,
    Path(id): Path<String>,
    write: Write<PersonBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    must_be_kept(&state, &head, &id, &body.name)?;
    must_be_address(&body.email)?;
    let timezone = body
        .timezone
        .as_deref()
        .map(str::parse::<chrono_tz::Tz>)
        .transpose();
    if timezone.is_err() {
        let why = Text::new(
            "There is no such time zone. An example: `Asia/Shanghai`.",
            "没有该时区。例如：`Asia/Shanghai`。",
        );
        return Err(Problem::invalid("timezone", why));
    }
    let partner = body.partner.map(PartnerId::new);
    if let Some(partner) = &partner
        && state.engine.reader().partner(partner).await?.is_none()
    {
        let why = Text::new(
            "There is no such partner. Put the partner first.",
            "没有该伙伴。请先创建伙伴。",
        );
        return Err(Problem::invalid("partner", why));
    }
    let record = PersonRecord {
        id: PersonId::new(id),
        name: body.name,
        email: body.email,
        language: body.language,
        timezone: body.timezone,
        partner,
        attributes: body.attributes,
        disabled: body.disabled,
    };
    let groups = match state
        .engine
        .person_record(&head.asker.caller, &record.id)
        .await
    {
        Ok((_, groups)) => groups,
        Err(Error::NotFound) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let document = PersonDocument::new(&record, &groups);
    change(&state, head, DirectoryChange::PutPerson(record), &document).await
}

/// One that a mail server could take: nothing that could end a header, and a part on each side of `@`.
fn must_be_address(email: &str) -> Result<(), Problem> {
    let parts = email.rsplit_once('@');
    let fits = email.len() <= 254
        && email.chars().all(|c| {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(c, '<' | '>' | ',' | ';' | '"' | '\\')
        })
        && parts.is_some_and(|(local, domain)| {
            !local.is_empty() && local.len() <= 64 && !domain.is_empty() && !local.contains('@')
        });
    if fits {
        return Ok(());
    }
    Err(Problem::invalid(
        "email",
        Text::new("This is no mail address.", "不是有效的邮箱地址。"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_carry_a_header() {
        for (address, fits) in [
            ("rita@example.com", true),
            ("r.i+t-a@sub.example.com", true),
            ("魏@例子.中国", true),
            ("rita", false),
            ("@example.com", false),
            ("rita@", false),
            ("a@b@example.com", false),
            ("rita@example.com\r\nBcc: x@example.com", false),
            ("rita@example.com, x@example.com", false),
            ("<rita@example.com>", false),
        ] {
            assert_eq!(must_be_address(address).is_ok(), fits, "{address}");
        }
    }
}
