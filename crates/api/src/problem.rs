//! Problems (RFC 9457): the one place that turns engine errors and refusals into HTTP answers. The
//! words are chosen by the reader's language at the very end, by [`localise`].

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use countersign_core::{
    outcome::{Last, Missing, Refusal},
    text::{Language, Text},
    view,
    workflow::Workflow,
};
use countersign_engine::Error;
use serde_json::{Map, Value as Json, json};
use tracing::error;

use crate::request::language_of;

/// What an answer says instead of what was asked for.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: Text,
    detail: Option<Text>,
    members: Vec<(&'static str, Member)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A member of a problem's own.
#[derive(Debug, Clone)]
enum Member {
    Plain(Json),
    Missing(Vec<Missing>),
}

impl Problem {
    /// A problem of this code.
    pub fn new(status: StatusCode, code: &'static str, title: Text) -> Self {
        Self { status, code, title, detail: None, members: Vec::new(), headers: Vec::new() }
    }

    /// With more words.
    #[must_use]
    pub fn detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    /// With a member of its own.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.members.push((name, Member::Plain(value.into())));
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Nothing that the caller may see is there.
    pub fn not_found() -> Self {
        let title = Text::new("Not found", "未找到");
        let detail = Text::new(
            "There is nothing here, or nothing that you may see.",
            "此处没有内容，或您无权查看。",
        );
        Self::new(StatusCode::NOT_FOUND, "not_found", title).detail(detail)
    }

    /// The caller's group or rights do not allow it.
    pub fn not_allowed() -> Self {
        Self::new(StatusCode::FORBIDDEN, "who", Text::new("Not yours to do", "无权操作"))
            .detail(Text::new("None of your roles or rights allows this.", "您的角色或权限不允许此操作。"))
    }

    /// No token, or one that opens nothing.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", Text::new("Who are you?", "未认证"))
            .detail(Text::new(
                "Send a valid token: `Authorization: Bearer …`.",
                "请提供有效令牌：`Authorization: Bearer …`。",
            ))
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// The body is not JSON, or a value in the request does not read.
    pub fn malformed(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", Text::new("The request does not read", "请求无法解析"))
            .detail(Text::new(en.into(), zh.into()))
    }

    /// A value that cannot be stored or meant.
    pub fn invalid(member: &str, why: Text) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", Text::new("A value cannot be taken", "数值无效"))
            .detail(why)
            .member("at", member)
    }

    /// More came than is taken.
    pub fn too_large(max_bytes: u64) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", Text::new("Too large", "内容过大"))
            .detail(Text::new(format!("At most {max_bytes} bytes are taken here."), format!("此处最多接受 {max_bytes} 字节。")))
            .member("max_bytes", max_bytes)
    }

    fn unavailable(code: &'static str, title: Text, detail: Text) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, title)
            .detail(detail)
            .header(header::RETRY_AFTER, HeaderValue::from_static("2"))
    }

    /// A defect: logged, and told without a word of what is inside.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Text::new("Our mistake", "服务内部错误"))
            .detail(Text::new("Something is wrong on our side; it has been recorded.", "服务出现问题，已记录。"))
    }

    /// The JSON of it, in this language.
    fn body(&self, language: Language) -> Json {
        let mut body = Map::new();
        body.insert("type".into(), format!("/errors/{}", self.code).into());
        body.insert("title".into(), self.title.get(language).into());
        body.insert("status".into(), self.status.as_u16().into());
        if let Some(detail) = &self.detail {
            body.insert("detail".into(), detail.get(language).into());
        }
        body.insert("code".into(), self.code.into());
        for (name, member) in &self.members {
            let value = match member {
                Member::Plain(value) => value.clone(),
                Member::Missing(missing) => missing.iter().map(|missing| missing_json(missing, language)).collect(),
            };
            body.insert((*name).into(), value);
        }
        body.into()
    }
}

fn missing_json(missing: &Missing, language: Language) -> Json {
    json!({
        "name": missing.name,
        "message": missing.message.get(language),
        "at": missing.at.as_ref().map(ToString::to_string),
    })
}

/// Carried as an extension: [`localise`] writes the body.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(self.headers.iter().cloned());
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a problem in the reader's language. The outermost layer.
pub async fn localise(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let body = problem.body(language).to_string();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.remove(header::CONTENT_LENGTH);
        *response.body_mut() = body.into();
    }
    response
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refused) => refusal(&refused.refusal, refused.workflow.as_deref()),
            Error::NotAllowed => Self::not_allowed(),
            Error::NotFound => Self::not_found(),
            Error::UnknownWorkflow { name, nearest } => unknown_workflow(&name, nearest.as_deref()),
            Error::Invalid { member, why } => Self::invalid(&member, why),
            Error::TooLarge { max_bytes } => Self::too_large(max_bytes),
            Error::KeyReused => key_reused(),
            Error::Overloaded => Self::unavailable(
                "overloaded",
                Text::new("Too busy", "服务繁忙"),
                Text::new("Too many requests are waiting. Nothing was done; try again soon.", "等待的请求过多。未做任何更改，请稍后重试。"),
            ),
            Error::Unavailable(source) => {
                error!(error = %source, cause = ?source.source, "the store cannot write");
                Self::unavailable(
                    "overloaded",
                    Text::new("Cannot be stored now", "暂时无法保存"),
                    Text::new("The store cannot write now. Nothing was done; try again soon.", "暂时无法写入。未做任何更改，请稍后重试。"),
                )
            }
            Error::OutcomeUnknown(source) => {
                error!(error = %source, cause = ?source.source, "the outcome of a commit is unknown");
                Self::unavailable(
                    "outcome_unknown",
                    Text::new("The outcome is unknown", "结果未知"),
                    Text::new(
                        "It may or may not have been done. Repeat the request with the same Idempotency-Key.",
                        "操作可能已完成，也可能未完成。请使用相同的 Idempotency-Key 重试。",
                    ),
                )
            }
            Error::Defect(what) => {
                error!(what, "a defect");
                Self::internal()
            }
        }
    }
}

fn key_reused() -> Problem {
    let title = Text::new("The key was used already", "幂等键已被使用");
    let detail = Text::new(
        "This Idempotency-Key belongs to another request of yours. Use a new one.",
        "该 Idempotency-Key 已用于您的另一请求，请更换。",
    );
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", title).detail(detail)
}

fn unknown_workflow(name: &str, nearest: Option<&str>) -> Problem {
    let title = Text::new("No such workflow", "没有该流程");
    let detail = Text::new(format!("There is no workflow `{name}`."), format!("没有名为 {name} 的流程。"));
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_workflow", title).detail(detail);
    match nearest {
        Some(nearest) => problem.member("nearest", nearest),
        None => problem,
    }
}

/// The answer of a refusal.
pub fn refusal(refusal: &Refusal, workflow: Option<&Workflow>) -> Problem {
    if matches!(refusal, Refusal::NotFound) {
        return Problem::not_found();
    }
    let status = match refusal {
        Refusal::NotFound | Refusal::UnknownAction { .. } => StatusCode::NOT_FOUND,
        Refusal::Stale { .. } => StatusCode::PRECONDITION_FAILED,
        Refusal::DeadLink => StatusCode::GONE,
        Refusal::Who { .. } | Refusal::Except => StatusCode::FORBIDDEN,
        Refusal::NotHere { .. } | Refusal::When | Refusal::Voted | Refusal::OnHold => StatusCode::CONFLICT,
        Refusal::Invalid(_) | Refusal::Missing(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::CodeNeeded => StatusCode::PRECONDITION_REQUIRED,
    };
    let (title, detail) = view::refusal_text(refusal, workflow);
    let mut problem = Problem::new(status, refusal.code(), title).detail(detail);
    match refusal {
        Refusal::UnknownAction { nearest: Some(nearest) } => problem.member("nearest", nearest.to_string()),
        Refusal::Stale { etag } => problem.member("etag", *etag),
        Refusal::Who { at: Some(at) } => problem.member("at", at.to_string()),
        Refusal::NotHere { state, last } => problem
            .member("state", state.as_str())
            .member("last", last.as_ref().map_or(Json::Null, last_json)),
        Refusal::Invalid(missing) | Refusal::Missing(missing) => {
            problem.members.push(("missing", Member::Missing(missing.clone())));
            problem
        }
        Refusal::NotFound
        | Refusal::UnknownAction { nearest: None }
        | Refusal::Who { at: None }
        | Refusal::DeadLink
        | Refusal::When
        | Refusal::Except
        | Refusal::Voted
        | Refusal::CodeNeeded
        | Refusal::OnHold => problem,
    }
}

fn last_json(last: &Last) -> Json {
    json!({ "what": last.what, "by": last.by.as_ref().map(view::doer_id), "when": last.when })
}
