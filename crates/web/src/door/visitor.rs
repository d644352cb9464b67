//! Who looks at a page: the language, and the person whose session the cookie names.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse as _, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_core::{
    case::{Actor, Person},
    text::Language,
};
use countersign_engine::ports::store::Caller;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use super::{cookies::cookie, language::language_of};
use crate::{WebState, page::trouble};

/// Somebody who looks at a page.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The language of the page.
    pub language: Language,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Whether they are an operator.
    pub operates: bool,
    /// The path and query of the page.
    pub here: String,
    /// The cookie by which they are signed in.
    pub cookie: Option<String>,
    /// What the forms of this browser are sealed with.
    seed: Option<String>,
    /// The cookie of a session that has ended.
    ended: Option<String>,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The same as any visitor.
    pub visitor: Visitor,
    /// Who.
    pub person: Person,
}

impl Visitor {
    /// Of a request.
    pub async fn of(parts: &Parts, state: &WebState) -> Result<Self, countersign_engine::Error> {
        let headers = &parts.headers;
        let cookie_of = |name| cookie(headers, name).map(ToOwned::to_owned);
        let session = cookie_of(state.cookies.session());
        let person = match &session {
            Some(session) => state.engine.signed_in(session).await?,
            None => None,
        };
        let ended = session.clone().filter(|_| person.is_none());
        let signed_in = session.filter(|_| person.is_some());
        let caller = person.clone().map(Caller::Person);
        let here = parts.uri.path_and_query();
        Ok(Self {
            language: language_of(&parts.uri, headers),
            operates: caller.is_some_and(|caller| state.engine.must_operate(&caller).is_ok()),
            person,
            here: here.map_or("/", |here| here.as_str()).to_owned(),
            seed: signed_in
                .clone()
                .or_else(|| cookie_of(state.cookies.visit())),
            cookie: signed_in,
            ended,
        })
    }

    /// The same with a seed for forms, and the cookie to set if it is new.
    pub fn seeded(mut self) -> (Self, Option<String>) {
        if self.seed.is_some() {
            return (self, None);
        }
        let seed = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        self.seed = Some(seed.clone());
        (self, Some(seed))
    }

    /// What stands in every form: that it was made for this browser.
    pub fn seal(&self) -> Markup {
        html! { input type="hidden" name="seal" value=(self.seal_text()); }
    }

    /// Whether a form was made for this browser.
    pub fn has_sealed(&self, seal: &str) -> bool {
        Self::is_seal_of(self.seed.as_deref(), seal)
    }

    /// Whether a form was made for this browser in the session that has ended since.
    pub fn had_sealed(&self, seal: &str) -> bool {
        Self::is_seal_of(self.ended.as_deref(), seal)
    }

    fn is_seal_of(seed: Option<&str>, seal: &str) -> bool {
        seed.is_some_and(|seed| Sha256::digest(seal) == Sha256::digest(Self::sealed_by(seed)))
    }

    fn seal_text(&self) -> String {
        Self::sealed_by(self.seed.as_deref().unwrap_or_default())
    }

    fn sealed_by(seed: &str) -> String {
        let digest = Sha256::new()
            .chain_update("countersign form")
            .chain_update(seed);
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }

    /// The link to this page in the other language.
    pub fn language_switch(&self) -> Markup {
        let (other, tag, title) = match self.language {
            Language::En => ("zh", "zh-Hans", "中文"),
            Language::Zh => ("en", "en", "English"),
        };
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let kept = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
        let query: Vec<&str> = kept.collect();
        let joint = if query.is_empty() { "" } else { "&" };
        let href = format!("{path}?{}{joint}lang={other}", query.join("&"));
        html! { a.language href=(href) lang=(tag) hreflang=(tag) { (title) } }
    }
}

impl SignedIn {
    /// How they act on cases.
    pub fn actor(&self) -> Actor {
        Actor::Person(self.person.clone())
    }

    /// How they ask for what is no case.
    pub fn caller(&self) -> Caller {
        Caller::Person(self.person.clone())
    }

    /// Their language.
    pub fn language(&self) -> Language {
        self.visitor.language
    }
}

impl FromRequestParts<WebState> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Response> {
        match Self::of(parts, state).await {
            Ok(visitor) => Ok(visitor),
            Err(error) => Err(trouble(&Self::nobody(parts), &error)),
        }
    }
}

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        match visitor.person.clone() {
            Some(person) => Ok(Self { visitor, person }),
            None => Err(to_sign_in(&visitor)),
        }
    }
}

impl Visitor {
    fn nobody(parts: &Parts) -> Self {
        Self {
            language: language_of(&parts.uri, &parts.headers),
            person: None,
            operates: false,
            here: "/".to_owned(),
            cookie: None,
            seed: None,
            ended: None,
        }
    }
}

/// To the page for signing in, and back from there.
fn to_sign_in(visitor: &Visitor) -> Response {
    if visitor.here == "/" {
        return Redirect::to("/sign-in").into_response();
    }
    Redirect::to(&sign_in_for(&visitor.here)).into_response()
}

/// The page for signing in, which goes on to `to`.
pub fn sign_in_for(to: &str) -> String {
    format!("/sign-in?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC))
}
