//! The frame of the pages of somebody who is signed in: where one can go, who one is, the language, and out.

use axum::{http::StatusCode, response::Response};
use countersign_core::text::Language;
use maud::{Markup, html};

use super::{
    bare::{answer, head, tag},
    say,
};
use crate::door::Visitor;

/// Which entry of the navigation is the reader's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// What waits.
    Inbox,
    /// All cases.
    Cases,
    /// Start something.
    New,
    /// Operators.
    Operate,
    /// None of them.
    Elsewhere,
}

/// A page of somebody who is signed in.
pub struct Page<'a> {
    /// Who reads it.
    pub visitor: &'a Visitor,
    /// Its status.
    pub status: StatusCode,
    /// Where it is.
    pub nav: Nav,
    /// In the browser's title.
    pub title: &'a str,
}

impl<'a> Page<'a> {
    /// A page that is in order.
    pub fn ok(visitor: &'a Visitor, nav: Nav, title: &'a str) -> Self {
        Self {
            visitor,
            status: StatusCode::OK,
            nav,
            title,
        }
    }

    /// The page around this body, which has its `h1` in it.
    pub fn around(&self, body: &Markup) -> Response {
        let language = self.visitor.language;
        let markup = html! {
            (head(language, self.title, true))
            body {
                a.skip href="#main" { (say(language, "Skip to content", "跳到正文")) }
                (self.top(language))
                main #main tabindex="-1" { (body) }
            }
        };
        answer(self.status, markup, "same-origin")
    }

    fn top(&self, language: Language) -> Markup {
        let entries = [
            (Nav::Inbox, "/", say(language, "Inbox", "待办")),
            (Nav::Cases, "/cases", say(language, "Cases", "全部申请")),
            (Nav::New, "/new", say(language, "New", "新建")),
        ];
        let operates = self.visitor.operates.then(|| {
            let title = say(language, "Operate", "运维");
            (Nav::Operate, "/operate", title)
        });
        html! {
            header.top {
                a.brand href="/" { "Countersign" }
                @if self.visitor.person.is_some() {
                    nav aria-label=(say(language, "Main", "主导航")) {
                        @for (nav, href, title) in entries.into_iter().chain(operates) {
                            a href=(href) aria-current=[(nav == self.nav).then_some("page")] { (title) }
                        }
                    }
                }
                div.who {
                    (self.visitor.language_switch())
                    @if let Some(person) = &self.visitor.person {
                        a.name href="/me" lang=[other_script(&person.name, language)] { (person.name) }
                        form method="post" action="/sign-out" {
                            (self.visitor.seal())
                            button.quiet type="submit" { (say(language, "Sign out", "退出")) }
                        }
                    }
                }
            }
        }
    }
}

/// The language of a name that is not written in the reader's.
fn other_script(name: &str, language: Language) -> Option<&'static str> {
    let chinese = name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    (chinese && language != Language::Zh).then_some(tag(Language::Zh))
}

/// A narrow page under this heading, beside the ways of the navigation: a form, or something that is said.
pub fn narrow(visitor: &Visitor, status: StatusCode, title: &str, body: &Markup) -> Response {
    let page = Page {
        visitor,
        status,
        nav: Nav::Elsewhere,
        title,
    };
    page.around(&html! {
        div.narrow {
            h1 { (title) }
            (body)
        }
    })
}
