//! `GET /errors/{code}`: the page of a code, from the binary: as HTML, or as Markdown if that is asked for.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use pulldown_cmark::{Options, Parser, html};
use rust_embed::RustEmbed;

use crate::{Problem, documents::Problems, request::Path};

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
    params(("code" = String, Path, description = "The code", example = "refused")),
    responses((status = 200, description = "The page", content((String = "text/html"), (String = "text/markdown"))), Problems))]
pub async fn page(Path(code): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
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
    Ok((headers, as_html(&code, &markdown)).into_response())
}

/// A page of our own text: nothing in it comes from outside.
fn as_html(code: &str, markdown: &str) -> String {
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(markdown, Options::ENABLE_TABLES));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{code}</title><link rel=\"stylesheet\" href=\"/docs/style.css\"></head>\n<body><main>\n{body}</main></body>\n</html>\n"
    )
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
                let page = page(Path(code.clone()), headers)
                    .await
                    .expect("it is there");
                let served = page.headers()[header::CONTENT_TYPE].to_str().expect("text");
                assert!(served.starts_with(kind), "{code}: {served}");
            }
        }
        for stranger in ["nothing", "../README", "refused.md"] {
            assert!(
                page(Path(stranger.to_owned()), HeaderMap::new())
                    .await
                    .is_err()
            );
        }
    }
}
