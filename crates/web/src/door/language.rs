//! Which language a page is in: `?lang=`, else the cookie, else what the browser asks for.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
    middleware::Next,
    response::Response,
};
use countersign_core::text::Language;

use super::cookies::{self, cookie};
use crate::WebState;

/// The language of a request about which nothing else is known.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// What the address asks for.
    pub asked: Option<Language>,
    /// That, else what the cookie or the browser says.
    pub language: Language,
}

impl Wanted {
    /// What a request says.
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        Self {
            asked: asked_for(uri),
            language: language_of(uri, headers),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// The language of a request.
pub fn language_of(uri: &Uri, headers: &HeaderMap) -> Language {
    asked_for(uri)
        .or_else(|| cookie(headers, cookies::LANGUAGE)?.parse().ok())
        .or_else(|| accepted(headers))
        .unwrap_or_default()
}

/// What the address asks for.
fn asked_for(uri: &Uri) -> Option<Language> {
    let query = uri.query()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == "lang")?.1.parse().ok()
}

/// The first of the browser's languages that we speak; browsers send them in order.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut tags = accepted
        .split(',')
        .map(|range| range.split(';').next().unwrap_or_default().trim());
    tags.find_map(|tag| tag.parse().ok())
}

/// Keeps a language that was asked for by the address, in the browser. Nothing else is changed by a GET.
pub async fn remember_language(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let asked = asked_for(request.uri());
    let mut response = next.run(request).await;
    if let Some(language) = asked {
        let kept: HeaderValue = state.cookies.set(cookies::LANGUAGE, language.tag());
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_comes_before_the_cookie_and_that_before_the_browser() {
        let of = |uri: &'static str, cookie: Option<&'static str>, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            if let Some(cookie) = cookie {
                headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            }
            language_of(&Uri::from_static(uri), &headers)
        };
        let chinese = Some("countersign_language=zh");
        assert_eq!(of("/?lang=en", chinese, "zh-CN"), Language::En);
        assert_eq!(of("/?lang=fr", chinese, "en"), Language::Zh);
        assert_eq!(of("/", None, "fr, zh-CN;q=0.9, en;q=0.8"), Language::Zh);
        assert_eq!(of("/?q=lang", None, "fr"), Language::En);
    }
}
