//! The OpenAPI document: what is said once for all operations, and where it is served.

use std::sync::OnceLock;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use utoipa::{
    OpenApi as _,
    openapi::{
        Content, ContentBuilder, HttpMethod, ObjectBuilder, OpenApi, RefOr, Required,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{SchemaType, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{KeptMail, documents::ProblemDocument};

/// The head of the document.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "An approval engine: cases move through workflows by actions, votes and timers. \
            Problems are RFC 9457; writes can be repeated safely under an `Idempotency-Key`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "cases", description = "Cases: open, edit, act, vote, comment, and what happened"),
        (name = "materials", description = "Uploaded files"),
        (name = "links", description = "Mail links"),
        (name = "workflows", description = "Definitions, forms and pictures"),
        (name = "people", description = "People, groups and partners"),
        (name = "facts", description = "Typed data of the host system"),
        (name = "tokens", description = "API tokens"),
        (name = "operators", description = "For who keeps the service running"),
        (name = "demo", description = "In `demo` and tests only"),
        (name = "service", description = "The service itself"),
    ),
    components(schemas(ProblemDocument, KeptMail)),
    security(("bearer" = [])),
)]
struct Head;

/// What the routes are added to.
pub fn head() -> OpenApi {
    Head::openapi()
}

/// Adds what holds for all operations: the security scheme, the headers of writes, and that lists come as CSV too.
pub fn finished(mut document: OpenApi) -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API token of a person or of a service."))
        .build();
    let components = document.components.get_or_insert_with(Default::default);
    components
        .security_schemes
        .insert("bearer".to_owned(), SecurityScheme::Http(bearer).into());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let is_write = !matches!(method, HttpMethod::Get | HttpMethod::Head);
            let is_kept = is_write && !NOT_KEPT.contains(&path.as_str());
            if method == HttpMethod::Get {
                lists_as_csv(operation);
            }
            let parameters = operation.parameters.get_or_insert_with(Vec::new);
            if is_kept {
                parameters.push(idempotency_key().into());
            }
            if is_write && path.starts_with("/v1/cases/{case}") {
                parameters.push(if_match().into());
            }
        }
    }
    document
}

/// A page of a list comes as CSV to whoever asks for that.
fn lists_as_csv(operation: &mut Operation) {
    let Some(RefOr::T(good)) = operation.responses.responses.get_mut("200") else {
        return;
    };
    let is_list = good.content.values().any(|content| match content {
        RefOr::T(Content {
            schema: Some(RefOr::Ref(schema)),
            ..
        }) => schema.ref_location.contains("/Items_"),
        RefOr::T(_) | RefOr::Ref(_) => false,
    });
    if is_list {
        let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        let csv = ContentBuilder::new().schema(Some(text)).build();
        good.content.insert("text/csv".to_owned(), csv.into());
        good.description
            .push_str(". As CSV, the header `Next-Cursor` says where it goes on");
    }
}

/// Writes that keep no answer: what they do may be done twice without harm.
const NOT_KEPT: [&str; 6] = [
    "/v1/webhooks/{id}/test",
    "/v1/workflows/reload",
    "/v1/workflows/check",
    "/v1/deliveries/{id}/retry",
    "/v1/incidents/{id}/retry",
    "/v1/clock",
];

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .min_length(Some(1))
        .max_length(Some(128));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The same request under the same key takes effect once, and gets the same answer for 30 days."))
        .schema(Some(text))
        .build()
}

fn if_match() -> Parameter {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The `ETag` of the case that the caller believes in; refused as `stale` if it has changed since."))
        .schema(Some(text))
        .build()
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "service", operation_id = "openapi", security(()),
    responses((status = 200, body = Value, description = "OpenAPI 3.1")))]
pub async fn openapi_json() -> Response {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    let text = DOCUMENT.get_or_init(|| crate::openapi().to_pretty_json().unwrap_or_default());
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    )];
    (kind, text.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    /// `UPDATE_OPENAPI=1 cargo test -p countersign-api` writes it anew.
    #[test]
    fn the_committed_document_is_current() {
        let current = crate::openapi().to_pretty_json().unwrap() + "\n";
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(COMMITTED, &current).unwrap();
        }
        let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
        assert!(
            committed == current,
            "run UPDATE_OPENAPI=1 cargo test -p countersign-api, and look at the difference"
        );
    }

    #[test]
    fn every_operation_says_what_it_is_for_what_it_answers_and_who_may_ask() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = format!("{method} {path}");
                assert!(operation["summary"].is_string(), "{name} has no summary");
                assert!(
                    ids.insert(operation["operationId"].to_string()),
                    "{name}: its id is taken"
                );
                let answers = operation["responses"].as_object().unwrap();
                let good = answers
                    .iter()
                    .find(|(status, _)| status.starts_with('2'))
                    .unwrap()
                    .1;
                for (_, content) in good["content"].as_object().unwrap() {
                    assert!(content["schema"].is_object(), "{name} has no schema");
                }
                let may_fail = !matches!(path.as_str(), "/healthz" | "/openapi.json");
                assert_eq!(answers.contains_key("4XX"), may_fail, "{name}");
                let body = &operation["requestBody"];
                assert!(
                    body.is_null() || body["content"].is_object(),
                    "{name} has a body without a schema"
                );
            }
        }
        assert!(document["components"]["securitySchemes"]["bearer"].is_object());
        assert_eq!(document["security"][0]["bearer"], serde_json::json!([]));
    }

    #[test]
    fn each_list_has_rows_of_its_own_kind_and_comes_as_csv_too() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        for (path, item) in [
            ("/v1/cases", "CaseSummary"),
            ("/v1/inbox", "CaseSummary"),
            ("/v1/cases/{case}/history", "Entry"),
            ("/v1/cases/{case}/timers", "Timer"),
            ("/v1/deliveries", "Delivery"),
            ("/v1/tokens", "Token"),
            ("/v1/mailbox", "KeptMail"),
        ] {
            let content = &document["paths"][path]["get"]["responses"]["200"]["content"];
            let page = format!("#/components/schemas/Items_{item}");
            assert_eq!(
                content["application/json"]["schema"]["$ref"],
                page.as_str(),
                "{path}"
            );
            assert!(content["text/csv"].is_object(), "{path}");
        }
    }

    #[test]
    fn every_schema_that_is_pointed_to_is_there() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for pointed in text.split("#/components/schemas/").skip(1) {
            let name = pointed.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name} is not there");
        }
    }
}
