//! Signing in as one of the demo's people: by one click on the page for signing in, or by the link that the demo prints.

use axum::{
    extract::{Path, State},
    response::Response,
};
use countersign_core::{case::GroupId, text::Text};
use countersign_engine::ports::store::Caller;
use maud::{Markup, html};

use super::{
    Posted, Visitor,
    sign_in::{dead_link, entered},
};
use crate::{
    WebState,
    page::{Nav, Page, say, trouble},
};

/// Somebody of the demo.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// What they do there.
    pub does: Text,
    /// Of which side: a partner's name; `None`: the vendor.
    pub partner: Option<String>,
}

/// A button for each, by side.
pub fn people(visitor: &Visitor, people: &[DemoPerson], to: &str) -> Markup {
    let language = visitor.language;
    let mut sides: Vec<Option<&str>> = Vec::new();
    for person in people {
        if !sides.contains(&person.partner.as_deref()) {
            sides.push(person.partner.as_deref());
        }
    }
    html! {
        p { (say(language, "This is a demo: come in as anybody. Open a second browser profile to be two people at once.", "这是演示系统，可任选一人登录。如需同时扮演两人，请使用另一个浏览器配置。")) }
        form method="post" action="/sign-in" {
            (visitor.seal())
            input type="hidden" name="to" value=(to);
            @for side in sides {
                h2 { (side.unwrap_or(say(language, "The vendor", "厂商"))) }
                div.people {
                    @for person in people.iter().filter(|person| person.partner.as_deref() == side) {
                        button.person type="submit" name="as" value=(person.id) {
                            span.who { (person.name) }
                            span.does { (person.does.get(language)) }
                        }
                    }
                }
            }
        }
    }
}

/// `GET /sign-in/{token}` (demo only): whom the token names, and a button. Looking signs nobody in.
pub async fn welcome(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Response {
    let (visitor, seed) = visitor.seeded();
    let person = match holder(&state, &token).await {
        Ok(Some(person)) => person,
        Ok(None) => return dead_link(&visitor),
        Err(error) => return trouble(&visitor, &error),
    };
    let language = visitor.language;
    let title = person.name.clone();
    let groups: Vec<&str> = person.groups.iter().map(GroupId::as_str).collect();
    let mut response = Page::ok(&visitor, Nav::Elsewhere, &title).around(&html! {
        div.narrow {
            h1 { (person.name) }
            dl {
                dt { (say(language, "Groups", "用户组")) } dd { (groups.join(", ")) }
                dt { (say(language, "Mail", "邮箱")) } dd { a href={ "/mailbox?to=" (person.email) } { (person.email) } }
            }
            form method="post" action={ "/sign-in/" (token) } {
                (visitor.seal())
                button type="submit" { (say(language, "Sign in as ", "登录为 ")) (person.name) }
            }
        }
    });
    if let Some(seed) = seed {
        let cookie = state.cookies.set(state.cookies.visit(), &seed);
        let name = axum::http::header::SET_COOKIE;
        response.headers_mut().append(name, cookie);
    }
    response
}

/// `POST /sign-in/{token}` (demo only): signs in as whom the token names.
pub async fn enter(
    State(state): State<WebState>,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let visitor = &posted.visitor;
    let session = match holder(&state, &token).await {
        Ok(Some(person)) => {
            let earlier = visitor.cookie.as_deref();
            state.engine.sign_in_as(&person.id, earlier).await
        }
        Ok(None) => return dead_link(visitor),
        Err(error) => Err(error),
    };
    match session {
        Ok(session) => entered(&state, &session, "/"),
        Err(error) => trouble(visitor, &error),
    }
}

/// A token opens no pages but in the demo.
async fn holder(
    state: &WebState,
    token: &str,
) -> Result<Option<countersign_core::case::Person>, countersign_engine::Error> {
    if state.demo.is_empty() {
        return Ok(None);
    }
    Ok(match state.engine.authenticate(token).await? {
        Some(Caller::Person(person)) => Some(person),
        Some(Caller::Service { .. }) | None => None,
    })
}
