//! A form that was sent: only from a page of ours, and with the seal that this page was made with.

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts as _, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use maud::html;

use super::Visitor;
use crate::{
    WebState,
    page::{narrow, say},
};

/// The largest form without files, in bytes.
const MOST: usize = 1024 * 1024;

/// What was typed, in the order of the page. A name may come several times.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

/// A form of somebody.
#[derive(Debug)]
pub struct Posted {
    /// Who has sent it.
    pub visitor: Visitor,
    /// What was typed.
    pub fields: Fields,
}

impl Fields {
    /// Reads a form without files.
    pub fn read(bytes: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(bytes);
        let mut fields = Self::default();
        pairs.for_each(|(name, value)| fields.add(name.into_owned(), &value));
        fields
    }

    /// Adds what was typed. Browsers send line ends as CR LF, which nobody has typed.
    pub fn add(&mut self, name: String, value: &str) {
        self.0.push((name, value.replace("\r\n", "\n")));
    }

    /// The first value of this name.
    pub fn first(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(named, _)| named == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// The first value of this name, without spaces around it; `None` if nothing is left.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.first(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// Forgets what was typed under this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(named, _)| named != name);
    }

    /// All values of this name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(named, _)| named == name);
        named.map(|(_, value)| value.as_str())
    }

    /// All names that begin so, without that, and their values.
    pub fn under<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        let fields = self.0.iter();
        fields.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

impl FromRequest<WebState> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let bytes = to_bytes(body, MOST).await.map_err(|_| foreign(&visitor))?;
        let fields = Fields::read(&bytes);
        if visitor.has_sealed(fields.first("seal").unwrap_or_default()) {
            Ok(Self { visitor, fields })
        } else {
            Err(foreign(&visitor))
        }
    }
}

/// The page for a form that this browser's page did not send, or whose page is too old.
pub fn foreign(visitor: &Visitor) -> Response {
    let language = visitor.language;
    let title = say(language, "Please send it again", "请重新提交");
    narrow(
        visitor,
        StatusCode::FORBIDDEN,
        title,
        &html! {
            p {
                (say(
                    language,
                    "The page that this came from was open for too long, or belongs to another site. Nothing was changed. Go back, load the page again and repeat.",
                    "该页面已过期，或来自其他网站。未做任何更改。请返回、刷新页面后重试。",
                ))
            }
        },
    )
}

/// Lets nothing through that another site sent: what changes something comes from a page of ours. Mail links are not
/// asked: whoever has the secret in their address may send it from anywhere.
pub async fn from_here(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Result<Response, Response> {
    let path = request.uri().path();
    let is_link = path.starts_with("/l/") || path.starts_with("/stop-mails/");
    if *request.method() != Method::POST || is_link || is_ours(&state.origin, request.headers()) {
        return Ok(next.run(request).await);
    }
    let (mut parts, _) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &state).await?;
    Err(foreign(&visitor))
}

/// Whether a request comes from a page of this origin: the one that we are known by, or the very host that was asked.
fn is_ours(known_as: &str, headers: &HeaderMap) -> bool {
    let text =
        |value: Option<&HeaderValue>| -> Option<String> { Some(value?.to_str().ok()?.to_owned()) };
    let site = text(headers.get("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match text(headers.get(header::ORIGIN)) {
        Some(origin) => {
            let host = text(headers.get(header::HOST));
            let of_host = origin.split_once("://").map(|(_, host)| host.to_owned());
            origin == known_as || (host.is_some() && of_host == host)
        }
        // Browsers send it with every form; whatever is no browser has no cookies to abuse.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        is_ours("https://approve.example", &map)
    }

    #[test]
    fn only_pages_of_ours_send_forms() {
        let host = ("host", "127.0.0.1:8080");
        assert!(judged(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(judged(&[host, ("origin", "https://approve.example")]));
        assert!(judged(&[
            host,
            ("origin", "https://approve.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        for origin in ["https://evil.example", "null", "http://127.0.0.1:8081", ""] {
            assert!(!judged(&[host, ("origin", origin)]), "{origin}");
        }
        let same_site = ("sec-fetch-site", "same-site");
        assert!(!judged(&[
            host,
            ("origin", "https://approve.example"),
            same_site
        ]));
    }

    #[test]
    fn a_form_reads_as_it_was_typed() {
        let fields = Fields::read("a=1&a=2&text=%E5%A5%BD%0D%0A+x&do.b=".as_bytes());
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.first("text"), Some("好\n x"));
        assert_eq!(fields.text("do.b"), None);
        assert_eq!(fields.under("do.").collect::<Vec<_>>(), [("b", "")]);
    }
}
