//! Strict JSON bodies: no unknown member, no member twice, nothing ignored.

use std::fmt;

use axum::http::{HeaderMap, header};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value as Json};

use crate::{Problem, problem::Code};

/// A body that can be read strictly. Types derive `Deserialize` with `deny_unknown_fields`.
pub trait StrictBody: DeserializeOwned {
    /// Media types that are taken.
    const TYPES: &'static [&'static str] = &["application/json"];
    /// What an empty body stands for; `None`: it must not be empty.
    const EMPTY: Option<&'static str> = None;
}

/// No body, or an empty object.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl StrictBody for Nothing {
    const EMPTY: Option<&'static str> = Some("{}");
}

/// Reads a body.
pub fn strict<T: StrictBody>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Problem> {
    let text = match T::EMPTY {
        Some(empty) if bytes.is_empty() => empty.as_bytes(),
        Some(_) | None => {
            check_type(headers, T::TYPES)?;
            bytes
        }
    };
    let Once(value) = serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::malformed(
            format!("The body is not JSON that can be read: {error}."),
            format!("请求体不是可读取的 JSON（第 {line} 行第 {column} 列）。"),
        )
    })?;
    serde_json::from_value(value).map_err(|error| wrong_shape(&error.to_string()))
}

fn check_type(headers: &HeaderMap, taken: &[&str]) -> Result<(), Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let essence = given.split(';').next().unwrap_or("").trim();
    if taken
        .iter()
        .any(|taken| taken.eq_ignore_ascii_case(essence))
    {
        return Ok(());
    }
    Err(Problem::unsupported_media_type(taken))
}

/// Tells an unknown member from a value of the wrong type, by serde's fixed wording.
pub fn wrong_shape(error: &str) -> Problem {
    let unknown = error
        .split_once("unknown field `")
        .and_then(|(_, rest)| rest.split_once('`'));
    let Some((member, rest)) = unknown else {
        return Problem::malformed(
            format!("It has not the form wanted: {error}."),
            format!("格式不符：{error}。"),
        );
    };
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let nearest = nearest(member, &known);
    let known = known.join(", ");
    let problem = Problem::new(Code::UnknownMember)
        .detail(
            format!("`{member}` is not known here. Known: {known}."),
            format!("此处没有 {member}。可用：{known}。"),
        )
        .member("member", member);
    match nearest {
        Some(nearest) => problem.member("nearest", nearest),
        None => problem,
    }
}

/// The known word that somebody probably meant.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), *known));
    near.min()
        .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
        .map(|(_, known)| known)
}

/// A JSON value in which no member occurs twice.
struct Once(Json);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Once, E> {
        Ok(Once(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once(Json::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Once(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Once, A::Error> {
        let mut map = Map::new();
        while let Some((name, Once(value))) = members.next_entry::<String, Once>()? {
            if map.contains_key(&name) {
                return Err(serde::de::Error::custom(format_args!(
                    "`{name}` is given twice"
                )));
            }
            map.insert(name, value);
        }
        Ok(Once(map.into()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(default)]
        comment: String,
    }

    impl StrictBody for Body {
        const EMPTY: Option<&'static str> = Some("{}");
    }

    fn read(media_type: &'static str, body: &str) -> Result<String, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        strict::<Body>(&headers, body.as_bytes())
            .map(|body| body.comment)
            .map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn nothing_in_a_body_is_ignored() {
        let json = "application/json; charset=utf-8";
        assert_eq!(read(json, r#"{"comment":"好"}"#), Ok("好".to_owned()));
        assert_eq!(read("text/plain", ""), Ok(String::new()));
        assert_eq!(read("text/plain", "{}"), Err(415));
        assert_eq!(read(json, r#"{"coment":"x"}"#), Err(400));
        assert_eq!(read(json, r#"{"comment":"x","comment":"y"}"#), Err(400));
        assert_eq!(read(json, r#"{"comment":"#), Err(400));
        assert_eq!(read(json, r#"{"comment":1}"#), Err(400));
    }
}
