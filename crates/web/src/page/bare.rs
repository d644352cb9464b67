//! A page by itself, without the frame of those who are signed in: for mail links, and for signing in.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_core::text::Language;
use maud::{DOCTYPE, Markup, html};

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");
const KEYS: &str = include_str!("keys.js");
const DRAFTS: &str = include_str!("drafts.js");
const LIVE: &str = include_str!("live.js");
const PICTURE: &str = include_str!("picture.js");

/// Nothing from elsewhere, no script or style within the page, and in nobody's frame.
const POLICY: &str = "default-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page with one heading. Its address holds a secret, and is told to nobody.
pub fn bare(status: StatusCode, language: Language, title: &str, body: &Markup) -> Response {
    let markup = html! {
        (head(language, title, false))
        body.bare {
            main #main {
                h1 { (title) }
                (body)
            }
        }
    };
    answer(status, markup, "no-referrer")
}

/// The beginning of every page, up to its body; with shortcuts or without.
pub fn head(language: Language, title: &str, shortcuts: bool) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(tag(language));
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="robots" content="noindex";
            meta name="color-scheme" content="light dark";
            title { (title) " · Countersign" }
            link rel="stylesheet" href="/assets/style.css";
            link rel="icon" type="image/svg+xml" href="/assets/icon.svg";
            script src="/assets/drafts.js" defer {}
            @if shortcuts { script src="/assets/keys.js" defer {} }
        }
    }
}

/// The tag of a language in HTML.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh-Hans",
    }
}

/// The response with the headers that keep a page to itself.
pub fn answer(status: StatusCode, markup: Markup, referrer: &'static str) -> Response {
    let mut response = (status, markup).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, referrer),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// `GET /assets/style.css`.
pub async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

/// `GET /assets/keys.js`: shortcuts, which no page needs.
pub async fn keys() -> Response {
    asset("text/javascript; charset=utf-8", KEYS)
}

/// `GET /assets/drafts.js`: keeps what was typed, which no page needs.
pub async fn drafts() -> Response {
    asset("text/javascript; charset=utf-8", DRAFTS)
}

/// `GET /assets/live.js`: keeps what changes up to date, which no page needs.
pub async fn live() -> Response {
    asset("text/javascript; charset=utf-8", LIVE)
}

/// `GET /assets/picture.js`: shows the part of a wide drawing that matters, which no page needs.
pub async fn picture() -> Response {
    asset("text/javascript; charset=utf-8", PICTURE)
}

/// `GET /assets/icon.svg`.
pub async fn icon() -> Response {
    asset("image/svg+xml", ICON)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, text).into_response()
}
