//! What the pages of operators share: who may see them, the tabs, and how long lists go on.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use countersign_core::{case::Channel, text::Language, time::Zone};
use countersign_engine::{Error, Manner, ports::store::Caller};
use maud::{Markup, html};

use crate::{
    WebState,
    door::{Posted, SignedIn},
    page::{Clockwork, Nav, Page, say, trouble},
};

/// Rows of a page.
pub const ROWS: u32 = 50;
/// How many "retry all" takes at once.
pub const ALL: u32 = 200;

/// Somebody who may see these pages.
pub struct Operator {
    /// Who.
    pub reader: SignedIn,
    /// Their language.
    pub language: Language,
}

impl FromRequestParts<WebState> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Response> {
        let reader = SignedIn::from_request_parts(parts, state).await?;
        match state.engine.must_operate(&reader.caller()) {
            Ok(()) => Ok(Self {
                language: reader.language(),
                reader,
            }),
            Err(error) => Err(trouble(&reader.visitor, &error)),
        }
    }
}

/// Which page of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Where cases stand.
    Overview,
    /// What needs somebody.
    Incidents,
    /// Mails and hook calls.
    Deliveries,
    /// What will fire.
    Timers,
    /// Versions of workflows.
    Versions,
    /// One case.
    Case,
}

impl Operator {
    /// How they ask.
    pub fn caller(&self) -> Caller {
        self.reader.caller()
    }

    /// The page for what did not work.
    pub fn trouble(&self, error: &Error) -> Response {
        trouble(&self.reader.visitor, error)
    }

    /// Tells moments in this zone.
    pub fn clock(&self, state: &WebState, zone: Zone) -> Clockwork {
        Clockwork {
            language: self.language,
            zone,
            now: state.engine.now(),
        }
    }

    /// A page of theirs, which is in order.
    pub fn page(&self, tab: Tab, body: &Markup) -> Response {
        self.page_as(StatusCode::OK, tab, body)
    }

    /// A page of theirs.
    pub fn page_as(&self, status: StatusCode, tab: Tab, body: &Markup) -> Response {
        let title = say(self.language, "Operate", "运维");
        let page = Page {
            visitor: &self.reader.visitor,
            status,
            nav: Nav::Operate,
            title,
        };
        page.around(&html! {
            @if tab != Tab::Case { h1 { (title) } }
            (tabs(self.language, tab))
            (body)
        })
    }
}

/// Whoever has sent a form, if they may.
pub fn sender(state: &WebState, posted: &Posted) -> Result<Caller, Error> {
    let person = posted.visitor.person.clone().ok_or(Error::NotAllowed)?;
    let caller = Caller::Person(person);
    state.engine.must_operate(&caller)?;
    Ok(caller)
}

/// Whether one of many could be tried again. One that cannot be, or that somebody else has just tried, does not stop the
/// rest.
pub fn could_be_tried<T>(retried: Result<T, Error>) -> Result<bool, Error> {
    match retried {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// How what is done on these pages has come.
pub fn manner() -> Manner {
    Manner::plain(Channel::Page)
}

/// "Nothing here", in a frame.
pub fn empty(title: &str, why: &str) -> Markup {
    html! { div.empty { h2 { (title) } p { (why) } } }
}

/// A line that says what was done.
pub fn done(language: Language, tried: Option<u32>) -> Markup {
    html! {
        @if let Some(tried) = tried {
            div.done role="status" { p { (say(language, "Tried again: ", "已重试：")) (tried) } }
        }
    }
}

fn tabs(language: Language, open: Tab) -> Markup {
    let tabs = [
        (Tab::Overview, "/operate", say(language, "Overview", "概览")),
        (
            Tab::Incidents,
            "/operate/incidents",
            say(language, "Incidents", "待处理事项"),
        ),
        (
            Tab::Deliveries,
            "/operate/deliveries",
            say(language, "Mails and hooks", "邮件与回调"),
        ),
        (
            Tab::Timers,
            "/operate/timers",
            say(language, "Timers", "定时器"),
        ),
        (
            Tab::Versions,
            "/operate/versions",
            say(language, "Versions", "版本"),
        ),
    ];
    html! {
        nav.tabs aria-label=(say(language, "Operate", "运维")) {
            @for (tab, href, title) in tabs {
                a href=(href) aria-current=[(tab == open).then_some("page")] { (title) }
            }
        }
    }
}
