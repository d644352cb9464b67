//! Lists as CSV (RFC 4180), safe to open in a spreadsheet.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

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
