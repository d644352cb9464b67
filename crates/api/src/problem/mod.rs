//! Problems (RFC 9457): what an answer says instead of what was asked for. Which engine error becomes
//! which problem is `from_engine`'s; the words are chosen by the reader's language at the very end.

mod code;
mod from_engine;
mod localise;

pub use code::Code;
pub use localise::localise;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_core::{
    outcome::Missing,
    text::{Language, Text},
};
use serde_json::{Map, Value as Json, json};

use crate::limits::TooMany;

/// What an answer says instead of what was asked for.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: Option<Text>,
    members: Vec<(&'static str, Member)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A member of a problem's own.
#[derive(Debug, Clone)]
enum Member {
    Plain(Json),
    Missing(Vec<Lack>),
}

/// One thing that is missing or wrong.
#[derive(Debug, Clone)]
struct Lack {
    name: String,
    message: Text,
    at: Option<String>,
}

impl Lack {
    fn json(&self, language: Language) -> Json {
        json!({ "name": self.name, "message": self.message.get(language), "at": self.at })
    }
}

impl From<Missing> for Lack {
    fn from(missing: Missing) -> Self {
        Self {
            name: missing.name,
            message: missing.message,
            at: missing.at.as_ref().map(ToString::to_string),
        }
    }
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            members: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// With more words.
    #[must_use]
    pub fn detail(mut self, en: impl Into<String>, zh: impl Into<String>) -> Self {
        self.detail = Some(Text::new(en, zh));
        self
    }

    /// With a member of its own.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.members.push((name, Member::Plain(value.into())));
        self
    }

    /// With `missing`: one entry for each thing that is missing or wrong.
    #[must_use]
    pub fn missing(mut self, missing: Vec<Missing>) -> Self {
        let missing = missing.into_iter().map(Lack::from).collect();
        self.members.push(("missing", Member::Missing(missing)));
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
        self.code.status()
    }

    /// Its code.
    pub fn kind(&self) -> Code {
        self.code
    }

    /// Nothing that the caller may see is there. Always the same words, so that nobody learns of what
    /// is not theirs.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound).detail(
            "There is nothing here, or nothing that you may see.",
            "此处没有内容，或您无权查看。",
        )
    }

    /// The caller's group or rights do not allow it.
    pub fn not_allowed() -> Self {
        Self::new(Code::Who).detail(
            "None of your groups or rights allows this.",
            "您的组或权限不允许此操作。",
        )
    }

    /// No token, or one that opens nothing.
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated)
            .detail(
                "Send a valid token: `Authorization: Bearer …`.",
                "请提供有效令牌：`Authorization: Bearer …`。",
            )
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// The request does not read.
    pub fn malformed(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::new(Code::Malformed).detail(en, zh)
    }

    /// A cursor that no page of this list gave.
    pub fn foreign_cursor() -> Self {
        Self::malformed(
            "The cursor is not one that this list gave.",
            "该游标不是此列表给出的。",
        )
    }

    /// A value that cannot be stored or meant, and the member that has it.
    pub fn invalid(member: &str, why: Text) -> Self {
        let (en, zh) = (why.en.clone(), why.zh.clone());
        let lack = Lack {
            name: member.to_owned(),
            message: why,
            at: Some(member.to_owned()),
        };
        let mut problem = Self::new(Code::Invalid).detail(en, zh);
        problem
            .members
            .push(("missing", Member::Missing(vec![lack])));
        problem
    }

    /// More came than is taken.
    pub fn too_large(max_bytes: u64) -> Self {
        Self::new(Code::TooLarge)
            .detail(
                format!("At most {max_bytes} bytes are taken here."),
                format!("此处最多接受 {max_bytes} 字节。"),
            )
            .member("max_bytes", max_bytes)
    }

    /// A body of another type than is taken.
    pub fn unsupported_media_type(taken: &[&str]) -> Self {
        let taken = taken.join(", ");
        Self::new(Code::UnsupportedMediaType)
            .detail(format!("Send it as {taken}."), format!("请使用 {taken}。"))
    }

    /// The address does not take this method; `Allow` says which it takes.
    pub fn method_not_allowed() -> Self {
        Self::new(Code::MethodNotAllowed).detail(
            "The header `Allow` names the methods that this address takes.",
            "响应头 `Allow` 列出了该地址接受的方法。",
        )
    }

    /// More came than is taken.
    fn rate_limited(retry_after: u64) -> Self {
        Self::new(Code::RateLimited)
            .detail(
                format!("Wait for {retry_after} s, then go on more slowly."),
                format!("请等待 {retry_after} 秒，并放慢请求。"),
            )
            .header(header::RETRY_AFTER, HeaderValue::from(retry_after))
    }

    /// Nothing was done, and it may be tried again soon.
    fn unavailable(code: Code) -> Self {
        Self::new(code).header(header::RETRY_AFTER, HeaderValue::from_static("2"))
    }

    /// A defect: logged, and told without a word of what is inside.
    pub fn internal() -> Self {
        Self::new(Code::Internal).detail(
            "Nothing was changed. The fault has been recorded under the number of the request.",
            "未做任何更改。故障已按请求编号记录。",
        )
    }

    /// The JSON of it, in this language, for an answer that has several.
    pub fn json(&self, language: Language) -> Json {
        self.body(language, None)
    }

    /// The JSON of it, in this language.
    fn body(&self, language: Language, request: Option<&str>) -> Json {
        let mut body = Map::new();
        body.insert(
            "type".into(),
            format!("/errors/{}", self.code.code()).into(),
        );
        body.insert("title".into(), self.code.title().get(language).into());
        body.insert("status".into(), self.status().as_u16().into());
        if let Some(detail) = &self.detail {
            body.insert("detail".into(), detail.get(language).into());
        }
        body.insert("code".into(), self.code.code().into());
        for (name, member) in &self.members {
            let value = match member {
                Member::Plain(value) => value.clone(),
                Member::Missing(missing) => {
                    missing.iter().map(|lack| lack.json(language)).collect()
                }
            };
            body.insert((*name).into(), value);
        }
        if let (Code::Internal, Some(request)) = (self.code, request) {
            body.insert("request".into(), request.into());
        }
        body.into()
    }
}

impl From<TooMany> for Problem {
    fn from(refused: TooMany) -> Self {
        Self::rate_limited(refused.retry_after)
    }
}

/// Carried as an extension: [`localise`] writes the body.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.headers_mut().extend(self.headers.iter().cloned());
        response.extensions_mut().insert(self);
        response
    }
}
