//! `/sign-in`: with a password; in the demo, as one of its people.

use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::case::PersonId;
use countersign_engine::NewSession;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{Posted, Visitor, demo};
use crate::{
    WebState,
    page::{Nav, Page, narrow, say, trouble},
};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct To {
    to: Option<String>,
}

/// The form.
pub async fn show_sign_in(
    State(state): State<WebState>,
    visitor: Visitor,
    Query(To { to }): Query<To>,
) -> Response {
    let to = within(to.as_deref());
    if visitor.person.is_some() {
        return Redirect::to(to).into_response();
    }
    form(&state, visitor, StatusCode::OK, to, None)
}

/// Signs in, or says that it was not right and nothing more.
pub async fn sign_in(State(state): State<WebState>, posted: Posted) -> Response {
    let Posted { visitor, fields } = posted;
    let to = within(fields.first("to")).to_owned();
    let earlier = visitor.cookie.as_deref();
    let demo = fields.first("as").filter(|who| state.is_demo_person(who));
    let made = match demo {
        Some(who) => {
            let made = state.engine.sign_in_as(&PersonId::new(who), earlier).await;
            made.map(Some)
        }
        None => {
            let name = fields.first("name").unwrap_or_default();
            let password = fields.first("password").unwrap_or_default().to_owned();
            state.engine.sign_in(name, password, earlier).await
        }
    };
    match made {
        Ok(Some(session)) => entered(&state, &session, &to),
        Ok(None) => {
            let name = fields.first("name");
            form(&state, visitor, StatusCode::UNAUTHORIZED, &to, name)
        }
        Err(error) => trouble(&visitor, &error),
    }
}

/// On to where one wanted to go, signed in.
pub fn entered(state: &WebState, session: &NewSession, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    let cookies = state.cookies;
    headers.append(
        header::SET_COOKIE,
        cookies.set(cookies.session(), &session.cookie),
    );
    headers.append(header::SET_COOKIE, cookies.remove(cookies.visit()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An address of ours to go on to: never another site.
pub fn within(to: Option<&str>) -> &str {
    let is_ours = |to: &&str| {
        let plain = to
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        plain && to.starts_with('/') && !to.starts_with("//")
    };
    to.filter(is_ours).unwrap_or("/")
}

/// `wrong` is the name that was given with a password that is not its.
fn form(
    state: &WebState,
    visitor: Visitor,
    status: StatusCode,
    to: &str,
    wrong: Option<&str>,
) -> Response {
    let (visitor, seed) = visitor.seeded();
    let language = visitor.language;
    let title = say(language, "Sign in", "登录");
    let page = Page {
        visitor: &visitor,
        status,
        nav: Nav::Elsewhere,
        title,
    };
    let is_demo = !state.demo.is_empty();
    let mut response = page.around(&html! {
        div.narrow[!is_demo] {
            h1 { (title) }
            @if wrong.is_some() {
                div.problem role="alert" tabindex="-1" autofocus {
                    p { (say(language, "Name and password do not belong together. Try again, or ask an administrator for a new password.", "用户名与密码不符。请重试，或请管理员重设密码。")) }
                }
            }
            @if let Some(provider) = state.engine.provider() {
                @let here = utf8_percent_encode(to, NON_ALPHANUMERIC);
                p { a.button href={ "/sign-in/provider?to=" (here) } { (say(language, "Sign in with ", "使用以下账号登录：")) (provider.title()) } }
            }
            @if !is_demo {
                (with_password(&visitor, to, wrong))
            } @else {
                (demo::people(&visitor, &state.demo, to))
                details.more open[wrong.is_some()] {
                    summary { (say(language, "With a password", "使用密码")) }
                    (with_password(&visitor, to, wrong))
                }
            }
        }
    });
    if let Some(seed) = seed {
        let cookie = state.cookies.set(state.cookies.visit(), &seed);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn with_password(visitor: &Visitor, to: &str, name: Option<&str>) -> Markup {
    let language = visitor.language;
    html! {
        form.stacked.narrow method="post" action="/sign-in" {
            (visitor.seal())
            input type="hidden" name="to" value=(to);
            div.field {
                label for="name" { (say(language, "E-mail address or name", "邮箱或用户名")) }
                input #name type="text" name="name" value=[name] autocomplete="username" required;
            }
            div.field {
                label for="password" { (say(language, "Password", "密码")) }
                input #password type="password" name="password" autocomplete="current-password" required;
            }
            button type="submit" { (say(language, "Sign in", "登录")) }
        }
    }
}

/// For links that sign somebody in and are none, or none any more: which of the two is not told.
pub fn dead_link(visitor: &Visitor) -> Response {
    let language = visitor.language;
    let title = say(language, "This link does not work", "链接无效");
    narrow(
        visitor,
        StatusCode::NOT_FOUND,
        title,
        &html! {
            p { (say(language, "Such links work once, and not for long: this one has been used, is too old, or is not complete. An administrator can give you a new one.", "此类链接仅在有效期内可使用一次：它可能已被使用、已过期或不完整。如有需要，请向管理员索取新链接。")) }
            p { a href="/sign-in" { (say(language, "Sign in", "登录")) } }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (to, leads) in [
            (
                Some("/cases/DR-2026-00042?tab=1"),
                "/cases/DR-2026-00042?tab=1",
            ),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some("/\nx"), "/"),
            (Some(""), "/"),
            (None, "/"),
        ] {
            assert_eq!(within(to), leads, "{to:?}");
        }
    }
}
