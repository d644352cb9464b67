//! `/sign-in/provider`: to an OpenID provider to sign in there, and back. The way back is the one GET that signs somebody in:
//! the provider can send a browser no other way. It does so only for the browser that has begun it, once, and soon.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_engine::{
    NotSignedIn,
    ports::identity::{IdentityError, Returned},
};
use maud::html;
use serde::Deserialize;

use super::{
    Visitor,
    cookies::cookie,
    sign_in::{entered, within},
};
use crate::{
    WebState,
    page::{narrow, say, trouble},
};

/// Where the provider sends browsers back to.
pub const WAY_BACK: &str = "/sign-in/provider/back";

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct To {
    to: Option<String>,
}

/// What a browser brings back.
#[derive(Default, Deserialize)]
pub struct Brought {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// `GET /sign-in/provider`: to the provider. Nothing is changed here.
pub async fn to_provider(
    State(state): State<WebState>,
    visitor: Visitor,
    Query(To { to }): Query<To>,
) -> Response {
    match state.engine.begin_sign_in(within(to.as_deref())).await {
        Ok(begun) => {
            let mut response = Redirect::to(&begun.address).into_response();
            let cookies = state.cookies;
            let cookie = cookies.set_briefly(cookies.elsewhere(), &begun.cookie);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(why) => not_signed_in(&visitor, why),
    }
}

/// `GET /sign-in/provider/back`.
pub async fn back(
    State(state): State<WebState>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(brought): Query<Brought>,
) -> Response {
    let cookies = state.cookies;
    let kept = cookie(&headers, cookies.elsewhere());
    let (Some(kept), Some(code), Some(given)) = (kept, brought.code, brought.state) else {
        return not_signed_in(&visitor, NotSignedIn::NotBegun);
    };
    let returned = Returned {
        code,
        issuer: brought.iss,
    };
    let earlier = visitor.cookie.as_deref();
    let finished = state
        .engine
        .finish_sign_in(kept, &given, &returned, earlier);
    let mut response = match finished.await {
        Ok((session, to)) => entered(&state, &session, within(Some(&to))),
        Err(why) => not_signed_in(&visitor, why),
    };
    let gone = cookies.remove(cookies.elsewhere());
    response.headers_mut().append(header::SET_COOKIE, gone);
    response
}

fn not_signed_in(visitor: &Visitor, why: NotSignedIn) -> Response {
    let language = visitor.language;
    let (status, told) = match why {
        NotSignedIn::Engine(error) => return trouble(visitor, &error),
        NotSignedIn::NotBegun => (
            StatusCode::BAD_REQUEST,
            say(
                language,
                "This sign-in was begun in another browser, took too long, or was given up. Please begin again.",
                "此次登录由其他浏览器发起、已超时或已取消，请重新登录。",
            ),
        ),
        NotSignedIn::Nobody => (
            StatusCode::FORBIDDEN,
            say(
                language,
                "Your account is good, but nobody here is known by it. Ask an administrator to add you.",
                "您的账号有效，但系统中没有对应的用户，请联系管理员添加。",
            ),
        ),
        NotSignedIn::Provider(IdentityError::Refused(_)) => (
            StatusCode::FORBIDDEN,
            say(
                language,
                "The provider's answer could not be trusted. Please begin again.",
                "无法信任登录服务的应答，请重新登录。",
            ),
        ),
        NotSignedIn::Provider(IdentityError::Unavailable(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            say(
                language,
                "The provider cannot be reached now. Please try again in a moment.",
                "暂时无法连接登录服务，请稍后重试。",
            ),
        ),
    };
    let title = say(language, "You are not signed in", "未能登录");
    narrow(
        visitor,
        status,
        title,
        &html! {
            p { (told) }
            p { a href="/sign-in" { (say(language, "To the sign-in", "返回登录")) } }
        },
    )
}
