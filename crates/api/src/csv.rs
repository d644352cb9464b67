//! Lists as CSV (RFC 4180), safe to open in a spreadsheet.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value as Json};

/// No page of a list is larger.
const PAGE_BYTES: usize = 64 << 20;

/// A layer that gives any list as CSV to whoever asks for it. What its rows consist of are the columns.
pub async fn offer(request: Request, next: Next) -> Response {
    let wanted = request.method() == Method::GET && is_wanted(request.headers());
    let response = next.run(request).await;
    let json = HeaderValue::from_static("application/json");
    let is_json = response.headers().get(header::CONTENT_TYPE) == Some(&json);
    if !wanted || !is_json || response.status() != StatusCode::OK {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, PAGE_BYTES).await else {
        return crate::Problem::internal().into_response();
    };
    match serde_json::from_slice(&bytes).ok().as_ref().and_then(page) {
        Some(table) => csv_answer(
            &table.columns,
            table.rows.iter().map(Vec::as_slice),
            table.next,
        ),
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}

/// A page of a list, ready to be written as CSV.
struct Table<'a> {
    columns: Vec<&'a str>,
    rows: Vec<Vec<String>>,
    next: Option<&'a str>,
}

/// Columns, rows and cursor of what is a page of a list.
fn page(document: &Json) -> Option<Table<'_>> {
    let items = document.get("items")?.as_array()?;
    let next = document.get("next_cursor")?.as_str();
    let members = || items.iter().filter_map(Json::as_object);
    let mut columns: Vec<&str> = Vec::new();
    for name in members().flat_map(Map::keys) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    if columns.is_empty() {
        let rows = items.iter().map(|item| vec![cell(Some(item))]).collect();
        let columns = vec!["item"];
        return Some(Table {
            columns,
            rows,
            next,
        });
    }
    let row = |item: &Map<String, Json>| columns.iter().map(|name| cell(item.get(*name))).collect();
    let rows = members().map(row).collect();
    Some(Table {
        columns,
        rows,
        next,
    })
}

fn cell(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Whether the caller asks for CSV rather than JSON.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let mut ranges = accept
        .unwrap_or("")
        .split(',')
        .map(|range| range.split(';').next().unwrap_or("").trim());
    ranges.find(|range| matches!(*range, "text/csv" | "application/json" | "*/*"))
        == Some("text/csv")
}

/// A page as CSV; where it goes on is said in a header.
pub fn csv_answer<'r>(
    columns: &[&str],
    rows: impl IntoIterator<Item = &'r [String]>,
    next_cursor: Option<&str>,
) -> Response {
    let mut text = String::new();
    line(&mut text, columns.iter().copied());
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    let kind = (
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    let mut response = ([kind], text).into_response();
    if let Some(next) = next_cursor.and_then(|next| HeaderValue::try_from(next).ok()) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("next-cursor"), next);
    }
    response
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push('"');
        // A cell that begins so would be reckoned as a formula.
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            text.push('\'');
        }
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (cell, written) in [
            ("Northwind", r#""Northwind""#),
            (r#"a "b", c"#, r#""a ""b"", c""#),
            ("=1+1", r#""'=1+1""#),
            ("@SUM(A1)", r#""'@SUM(A1)""#),
            ("-3", r#""'-3""#),
            ("两\n行", "\"两\n行\""),
        ] {
            let mut text = String::new();
            line(&mut text, [cell].into_iter());
            assert_eq!(text, format!("{written}\r\n"));
        }
    }

    #[test]
    fn the_members_of_rows_are_the_columns() {
        let document = serde_json::json!({
            "items": [
                { "entry": 1, "what": "opened", "changes": [] },
                { "entry": 2, "what": null, "text": "两\n行" },
            ],
            "next_cursor": "2",
        });
        let Table {
            columns,
            rows,
            next,
        } = page(&document).expect("a page");
        assert_eq!(columns, ["entry", "what", "changes", "text"]);
        assert_eq!(rows, [["1", "opened", "[]", ""], ["2", "", "", "两\n行"]]);
        assert_eq!(next, Some("2"));
        let names = serde_json::json!({ "items": ["rita"], "next_cursor": null });
        let Table { columns, rows, .. } = page(&names).expect("a page");
        assert_eq!(
            (columns, rows),
            (vec!["item"], vec![vec!["rita".to_owned()]])
        );
        assert!(page(&serde_json::json!({ "id": 1 })).is_none());
    }

    #[test]
    fn csv_comes_only_when_it_is_asked_for_first() {
        for (accept, wanted) in [
            ("text/csv", true),
            ("text/csv;q=0.9, */*;q=0.1", true),
            ("*/*", false),
            ("application/json, text/csv", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(is_wanted(&headers), wanted, "{accept}");
        }
        assert!(!is_wanted(&HeaderMap::new()));
    }
}
