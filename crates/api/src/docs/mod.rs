//! `GET /docs`: the OpenAPI document as a page to read, from the binary: no script, nothing from elsewhere. What the document
//! says is the handlers'.

mod chinese;
mod described;
mod operation;
mod parameters;
mod shape;

use std::sync::OnceLock;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use countersign_core::text::{Language, Piece, Text, pieces};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::IntoParams;

use crate::{
    Problem,
    documents::Problems,
    request::{Params, language_of},
    router,
};

const STYLE: &str = include_str!("style.css");
/// Nothing but the style sheet beside it.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocsParams {
    /// `en` or `zh`; what the reader's browser asks for if missing.
    lang: Option<String>,
}

impl DocsParams {
    /// The language that was chosen, else the one that the reader's browser asks for.
    pub fn language(&self, headers: &HeaderMap) -> Language {
        let chosen = self.lang.as_deref().and_then(|tag| tag.parse().ok());
        chosen.unwrap_or_else(|| language_of(headers))
    }
}

/// The API as a page to read, from the same document as `/openapi.json`.
#[utoipa::path(get, path = "/docs", tag = "service", operation_id = "read_docs", security(()), params(DocsParams),
    responses((status = 200, body = String, content_type = "text/html", description = "The page"), Problems))]
pub async fn page(
    headers: HeaderMap,
    Params(params): Params<DocsParams>,
) -> Result<Response, Problem> {
    static ENGLISH: OnceLock<String> = OnceLock::new();
    static CHINESE: OnceLock<String> = OnceLock::new();
    let language = params.language(&headers);
    let made = match language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    };
    let text = made.get_or_init(|| whole(language).into_string());
    Ok(served("text/html; charset=utf-8", text))
}

/// The style sheet of the page.
#[utoipa::path(get, path = "/docs/style.css", tag = "service", operation_id = "read_docs_style", security(()),
    responses((status = 200, body = String, content_type = "text/css", description = "The style sheet"), Problems))]
pub async fn style() -> Response {
    served("text/css; charset=utf-8", STYLE)
}

fn served(kind: &'static str, text: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ),
    ];
    (headers, text.to_owned()).into_response()
}

/// The document, and who reads it.
struct Reading {
    document: Json,
    language: Language,
}

impl Reading {
    fn say(&self, en: &'static str, zh: &'static str) -> String {
        Text::new(en, zh).get(self.language).to_owned()
    }

    /// What a reference of the document leads to; anything else is itself.
    fn resolved<'a>(&'a self, shape: &'a Json) -> &'a Json {
        let path = shape["$ref"]
            .as_str()
            .and_then(|path| path.strip_prefix('#'));
        path.and_then(|path| self.document.pointer(path))
            .unwrap_or(shape)
    }
}

/// A text with what stands between backticks as code.
fn prose(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece { Piece::Words(words) => (words), Piece::Code(typed) => code { (typed) } }
        }
    }
}

/// What the document says in English, in the reader's language; `chinese` where it is told, else in English.
fn in_own(reading: &Reading, english: &str, chinese: Option<&str>) -> Markup {
    let own = match reading.language {
        Language::En => None,
        Language::Zh => chinese,
    };
    html! {
        @match own {
            Some(text) => (prose(text)),
            None if english.is_empty() => "",
            None => span lang="en" { (prose(english)) },
        }
    }
}

fn whole(language: Language) -> Markup {
    let document = serde_json::to_value(router::openapi()).unwrap_or_default();
    let reading = Reading { document, language };
    let tags = reading.document["tags"].as_array();
    let tags: Vec<&Json> = tags.into_iter().flatten().collect();
    let title = reading.say("The HTTP API", "HTTP 接口");
    let body = html! {
        (top(&reading, &title, &tags))
        main {
            (introduction(&reading))
            @for tag in &tags { (operation::of_tag(&reading, tag)) }
        }
    };
    sheet(language, &title, &body)
}

/// A page of texts for readers, in the looks of this one.
pub(crate) fn sheet(language: Language, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(match language { Language::En => "en", Language::Zh => "zh-Hans" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Countersign" }
                link rel="stylesheet" href="/docs/style.css";
            }
            body { (body) }
        }
    }
}

fn top(reading: &Reading, title: &str, tags: &[&Json]) -> Markup {
    let (other, tag, name) = match reading.language {
        Language::En => ("zh", "zh-Hans", "中文"),
        Language::Zh => ("en", "en", "English"),
    };
    html! {
        header {
            h1 { (title) }
            p { a href={ "/docs?lang=" (other) } lang=(tag) hreflang=(tag) { (name) } " · " a href="/openapi.json" { "openapi.json" } }
            nav aria-label=(reading.say("Parts", "目录")) {
                ul { @for tag in tags { @if let Some(name) = tag["name"].as_str() {
                    li { a href={ "#" (name) } { (operation::tag_title(name, reading.language)) } }
                } } }
            }
        }
    }
}

fn introduction(reading: &Reading) -> Markup {
    let lines = [
        (
            "Send `Authorization: Bearer <token>`. Money is a string, a moment is RFC 3339 in UTC.",
            "请求须带 Authorization: Bearer <token>。金额为字符串，时间为 UTC 的 RFC 3339 格式。",
        ),
        (
            "Writes may be repeated under an `Idempotency-Key`: they take effect once.",
            "写操作可带 Idempotency-Key 重复发送，只生效一次。",
        ),
        (
            "A refusal is RFC 9457 with a `code`; each code has its page at /errors/{code}.",
            "拒绝以 RFC 9457 返回并带 code，每个 code 在 /errors/{code} 有说明页。",
        ),
        (
            "Lists take `limit` and `cursor`; with `Accept: text/csv` they come as CSV.",
            "列表支持 limit 与 cursor；Accept: text/csv 时返回 CSV。",
        ),
    ];
    html! {
        section.card {
            ul { @for (en, zh) in lines { li { (prose(&reading.say(en, zh))) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_on_the_page_in_both_languages() {
        let document = serde_json::to_value(router::openapi()).expect("it serialises");
        let paths = document["paths"].as_object().expect("paths");
        for language in [Language::En, Language::Zh] {
            let page = whole(language).into_string();
            for (path, item) in paths {
                for method in item.as_object().expect("operations").keys() {
                    let id = item[method]["operationId"].as_str().expect("an id");
                    assert!(page.contains(&format!("id=\"{id}\"")), "{method} {path}");
                }
            }
            assert!(!page.contains("<script") && !page.contains(" style="));
        }
        let chinese = whole(Language::Zh).into_string();
        assert!(chinese.contains("HTTP 接口"));
        assert!(
            !chinese.contains("<span lang=\"en\">"),
            "all of it is in Chinese"
        );
    }
}
