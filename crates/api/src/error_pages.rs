//! `GET /errors/{code}`: the page of a code, from the binary: as HTML, or as Markdown if that is asked for.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use countersign_core::text::Language;
use maud::PreEscaped;
use pulldown_cmark::{Options, Parser, html};
use rust_embed::RustEmbed;

use crate::{
    Problem,
    docs::{DocsParams, sheet},
    documents::Problems,
    request::{Params, Path},
};

/// Where the Chinese part of a page begins.
const CHINESE: &str = "## 中文";

#[derive(RustEmbed)]
#[folder = "../../docs/errors"]
struct Pages;

/// The Markdown of a code's page.
pub fn source(code: &str) -> Option<String> {
    let page = Pages::get(&format!("{code}.md"))?;
    String::from_utf8(page.data.into_owned()).ok()
}

/// What a code means, and how to put it right: of problems and of the checker's findings.
#[utoipa::path(get, path = "/errors/{code}", tag = "service", operation_id = "read_error_page", security(()),
    params(("code" = String, Path, description = "The code", example = "refused"), DocsParams),
    responses((status = 200, description = "The page", content((String = "text/html"), (String = "text/markdown"))), Problems))]
pub async fn page(
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<DocsParams>,
) -> Result<Response, Problem> {
    let markdown = source(&code).ok_or_else(Problem::not_found)?;
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let mut ranges = accept
        .unwrap_or("")
        .split(',')
        .map(|range| range.split(';').next().unwrap_or("").trim());
    if ranges.find(|range| matches!(*range, "text/markdown" | "text/html" | "*/*"))
        == Some("text/markdown")
    {
        let kind = (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/markdown; charset=utf-8"),
        );
        return Ok(([kind], markdown).into_response());
    }
    let language = params.language(&headers);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
            ),
        ),
    ];
    Ok((headers, as_html(&code, &markdown, language)).into_response())
}

/// A page of our own text: nothing in it comes from outside. A page is written in English first and then, after its
/// heading, in Chinese; the title says both, with a dot between.
fn as_html(code: &str, markdown: &str, language: Language) -> String {
    let (english, chinese) = markdown.split_once(CHINESE).unwrap_or((markdown, markdown));
    let (first, english) = english.split_once('\n').unwrap_or((english, ""));
    let title = first.trim_start_matches('#').trim();
    let (title_en, title_zh) = title.split_once(" · ").unwrap_or((title, title));
    let heading = match language {
        Language::En => title_en.to_owned(),
        Language::Zh => format!("{code}：{title_zh}"),
    };
    let text = match language {
        Language::En => english,
        Language::Zh => chinese,
    };
    let (other, tag, name) = match language {
        Language::En => ("zh", "zh-Hans", "中文"),
        Language::Zh => ("en", "en", "English"),
    };
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(text, Options::ENABLE_TABLES));
    let body = maud::html! { main {
        p { a href={ "/errors/" (code) "?lang=" (other) } lang=(tag) hreflang=(tag) { (name) } }
        h1 { (heading) }
        (PreEscaped(body))
    } };
    sheet(language, &heading, &body).into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_page_is_served_as_html_and_as_markdown() {
        let mut markdown = HeaderMap::new();
        markdown.insert(header::ACCEPT, HeaderValue::from_static("text/markdown"));
        for file in Pages::iter() {
            let code = file
                .strip_suffix(".md")
                .expect("a page is Markdown")
                .to_owned();
            for (headers, kind) in [
                (HeaderMap::new(), "text/html"),
                (markdown.clone(), "text/markdown"),
            ] {
                let page = page(Path(code.clone()), headers, Params(DocsParams::default()))
                    .await
                    .expect("it is there");
                let served = page.headers()[header::CONTENT_TYPE].to_str().expect("text");
                assert!(served.starts_with(kind), "{code}: {served}");
            }
        }
        for stranger in ["nothing", "../README", "refused.md"] {
            assert!(
                page(
                    Path(stranger.to_owned()),
                    HeaderMap::new(),
                    Params(DocsParams::default()),
                )
                .await
                .is_err()
            );
        }
    }

    #[test]
    fn a_page_is_told_in_one_language_and_leads_to_the_other() {
        for file in Pages::iter() {
            let code = file.strip_suffix(".md").expect("a page is Markdown");
            let markdown = source(code).expect("it is there");
            let english = as_html(code, &markdown, Language::En);
            assert!(
                !english.contains("中文</h2>") && !english.contains(" · 尚"),
                "{code}"
            );
            assert!(
                english.contains(&format!("/errors/{code}?lang=zh")),
                "{code}"
            );
            let chinese = as_html(code, &markdown, Language::Zh);
            assert!(chinese.contains("lang=\"zh-Hans\""), "{code}");
            assert!(chinese.contains(&format!("<h1>{code}：")), "{code}");
            assert!(!chinese.contains("How to put it right"), "{code}");
            assert_eq!(chinese.matches("<h1>").count(), 1, "{code}");
        }
    }
}
