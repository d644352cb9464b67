//! File names in `Content-Disposition` (RFC 6266, RFC 5987): read from uploads, written for downloads.
//! A name is only ever shown: bytes lie at their content address.

use std::fmt::Write as _;

use axum::http::{HeaderMap, HeaderValue, header};

use crate::Problem;

/// The longest name kept, in characters.
const NAME_MOST: usize = 200;

/// The name that an upload gives its file; `None`: it gives none. A folder before it is dropped, as RFC 6266
/// asks.
pub fn file_name(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(header::CONTENT_DISPOSITION) else {
        return Ok(None);
    };
    let parameters = parameters(value).ok_or_else(no_name)?;
    let given = |wanted: &str| {
        let mut found = parameters.iter().filter(|(name, _)| name == wanted);
        found.next().map(|(_, value)| value.as_str())
    };
    let name = match given("filename*") {
        Some(extended) => decoded(extended).ok_or_else(no_name)?,
        None => given("filename").ok_or_else(no_name)?.to_owned(),
    };
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if bare.chars().any(is_dangerous) || bare.chars().count() > NAME_MOST {
        return Err(bad_name());
    }
    if bare.is_empty() || bare.chars().all(|c| c == '.') {
        return Err(no_name());
    }
    Ok(Some(bare.to_owned()))
}

/// Control characters, and those that turn the direction of what is read.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The header that serves a file of this name: never shown in place.
pub fn attachment(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let mut value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            write!(value, "%{byte:02X}").expect("a String takes all");
        }
    }
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// The parameters behind the disposition's type, names in lower case.
fn parameters(value: &HeaderValue) -> Option<Vec<(String, String)>> {
    // Browsers and tools send UTF-8 in quoted names too, although the RFC knows only Latin-1 there.
    let text = std::str::from_utf8(value.as_bytes()).ok()?;
    let mut rest = text.split_once(';')?.1;
    let mut found = Vec::new();
    while !rest.trim().is_empty() {
        let (name, behind) = rest.split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        let behind = behind.trim_start();
        let (value, left) = match behind.strip_prefix('"') {
            Some(quoted) => quoted_string(quoted)?,
            None => behind
                .split_once(';')
                .map_or((behind.trim().to_owned(), ""), |(value, left)| {
                    (value.trim().to_owned(), left)
                }),
        };
        found.push((name, value));
        rest = left.trim_start().strip_prefix(';').unwrap_or(left);
    }
    Some(found)
}

/// A quoted string without its quotes, and what is behind it.
fn quoted_string(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

/// An extended value: `UTF-8'zh'%E5%8F%91`.
fn decoded(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn no_name() -> Problem {
    Problem::malformed(
        "Give the file a name: `Content-Disposition: attachment; filename=\"report.pdf\"`, or `filename*=UTF-8''…` for other letters.",
        "请提供文件名：`Content-Disposition: attachment; filename=\"report.pdf\"`；中文请用 `filename*=UTF-8''…`。",
    )
}

fn bad_name() -> Problem {
    Problem::malformed(
        format!("A file name has no control characters, and at most {NAME_MOST} characters."),
        format!("文件名不得含控制字符，且不超过 {NAME_MOST} 个字符。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_bytes(value).expect("a header value"),
        );
        file_name(&headers).ok().flatten()
    }

    #[test]
    fn names_are_read_as_rfc_6266_says() {
        for (header, name) in [
            (r#"attachment; filename="report.pdf""#, Some("report.pdf")),
            ("attachment; filename=report.pdf", Some("report.pdf")),
            (
                "attachment; filename=report.pdf; size=3",
                Some("report.pdf"),
            ),
            (
                "attachment;filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf",
                Some("发票.pdf"),
            ),
            (
                r#"attachment; filename="x.pdf"; filename*=utf-8'zh'%E5%8F%91.pdf"#,
                Some("发.pdf"),
            ),
            (r#"attachment; filename="发票.pdf""#, Some("发票.pdf")),
            (
                r#"attachment; filename="a \"b\"; c.pdf""#,
                Some(r#"a "b"; c.pdf"#),
            ),
            (r#"attachment; filename="../../etc/passwd""#, Some("passwd")),
            (r#"attachment; filename="C:\\dir\\x.pdf""#, Some("x.pdf")),
            ("attachment; filename*=UTF-8''a%0D%0Ab.pdf", None),
            ("attachment; filename*=UTF-8''a%00.pdf", None),
            ("attachment; filename*=UTF-8''fdp%E2%80%AEexe.pdf", None),
            ("attachment; filename*=ISO-8859-1''x.pdf", None),
            ("attachment; filename*=UTF-8''%ZZ", None),
            (r#"attachment; filename="..""#, None),
            (r#"attachment; filename=""#, None),
            ("attachment", None),
        ] {
            assert_eq!(read(header.as_bytes()).as_deref(), name, "{header}");
        }
        assert_eq!(
            read(format!("attachment; filename={}.pdf", "x".repeat(300)).as_bytes()),
            None
        );
        assert_eq!(file_name(&HeaderMap::new()).ok(), Some(None));
    }

    #[test]
    fn names_are_written_so_that_they_read_the_same() {
        for name in [
            "report.pdf",
            "发票 2026.pdf",
            r#"a"b\c;d.pdf"#,
            "100%.pdf",
            "ü'*().pdf",
        ] {
            let header = attachment(name);
            assert_eq!(
                read(header.as_bytes()).as_deref(),
                name.rsplit('\\').next(),
                "{header:?}"
            );
        }
    }
}
