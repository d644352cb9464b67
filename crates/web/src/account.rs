//! `/account`: somebody's own: who they are here, and the app that shows their confirmation codes. Looking keeps nothing: a new
//! app is kept by its first code.

use std::fmt::Write as _;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{case::Person, text::Language};
use countersign_engine::Error;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, EcLevel, QrCode};

use crate::{
    WebState,
    door::{Posted, SignedIn, Visitor},
    page::{narrow, say, trouble},
};

/// Free modules around a code, without which readers do not find it.
const MARGIN: usize = 4;

/// `GET /account`.
pub async fn account(State(state): State<WebState>, reader: SignedIn) -> Response {
    answer(&state, &reader.visitor, &reader.person, None).await
}

/// `POST /account/app`: keeps a new app by its first code.
pub async fn put_app(State(state): State<WebState>, posted: Posted) -> Response {
    let Some(person) = posted.visitor.person.clone() else {
        return trouble(&posted.visitor, &Error::NotAllowed);
    };
    let salt = posted.fields.first("salt").unwrap_or_default();
    let code = code_of(&posted);
    let kept = async {
        let is_fresh = state
            .engine
            .signed_in_lately(posted.visitor.cookie.as_deref().unwrap_or_default())
            .await?;
        let put = state.engine.put_authenticator(&person.id, salt, &code);
        Ok(is_fresh && put.await?)
    };
    match kept.await {
        Ok(true) => Redirect::to("/account").into_response(),
        Ok(false) => answer(&state, &posted.visitor, &person, Some(salt)).await,
        Err(error) => trouble(&posted.visitor, &error),
    }
}

/// `POST /account/app/remove`: takes it away by a code of it.
pub async fn remove_app(State(state): State<WebState>, posted: Posted) -> Response {
    let Some(person) = posted.visitor.person.clone() else {
        return trouble(&posted.visitor, &Error::NotAllowed);
    };
    let code = code_of(&posted);
    match state.engine.remove_authenticator(&person.id, &code).await {
        Ok(true) => Redirect::to("/account").into_response(),
        Ok(false) => answer(&state, &posted.visitor, &person, Some("")).await,
        Err(error) => trouble(&posted.visitor, &error),
    }
}

fn code_of(posted: &Posted) -> String {
    let typed = posted.fields.first("code").unwrap_or_default();
    typed
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

/// What of an app can be done now.
enum Now {
    /// There is one: it can be taken away.
    HasApp,
    /// There is none, and one can be set up.
    MaySetUp,
    /// There is none, and who one is must be proved again first.
    MustSignIn,
}

/// `wrong` is the salt of the app whose code was wrong.
async fn answer(
    state: &WebState,
    visitor: &Visitor,
    person: &Person,
    wrong: Option<&str>,
) -> Response {
    let now = async {
        if state.engine.authenticator(&person.id).await?.is_some() {
            return Ok(Now::HasApp);
        }
        let cookie = visitor.cookie.as_deref().unwrap_or_default();
        Ok(if state.engine.signed_in_lately(cookie).await? {
            Now::MaySetUp
        } else {
            Now::MustSignIn
        })
    };
    match now.await {
        Ok(now) => page(state, visitor, person, &now, wrong),
        Err(error) => trouble(visitor, &error),
    }
}

fn page(
    state: &WebState,
    visitor: &Visitor,
    person: &Person,
    now: &Now,
    wrong: Option<&str>,
) -> Response {
    let language = visitor.language;
    let title = say(language, "Your account", "我的账户");
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    narrow(
        visitor,
        status,
        title,
        &html! {
            dl {
                dt { (say(language, "Name", "姓名")) } dd { (person.name) }
                dt { (say(language, "Mail", "邮箱")) } dd { (person.email) }
            }
            @if wrong.is_some() && !matches!(now, Now::MustSignIn) {
                div.problem role="alert" tabindex="-1" autofocus { p { (say(language, "That is not the code that the app shows now, or it was used before. Wait for the next one; after five wrong codes none counts for an hour.", "验证码不正确，或已使用过。请等待下一个验证码；连续五次错误后，一小时内不再接受验证码。")) } }
            }
            h2 { (say(language, "Confirmation codes by an app", "用应用生成验证码")) }
            @match now {
                Now::HasApp => (kept(visitor, language)),
                Now::MaySetUp => (new(state, visitor, person, wrong)),
                Now::MustSignIn => (sign_in_first(visitor, language)),
            }
        },
    )
}

fn kept(visitor: &Visitor, language: Language) -> Markup {
    html! {
        p { (say(language, "Your app shows your codes; none are mailed to you.", "验证码由您的应用生成，不再发送邮件。")) }
        form.stacked method="post" action="/account/app/remove" {
            (visitor.seal())
            (code_field(language))
            button.second type="submit" { (say(language, "Take the app away", "移除该应用")) }
        }
        p { (say(language, "If you have lost the app, ask an administrator to take it away: codes are mailed again then.", "如已无法使用该应用，请联系管理员移除，之后验证码将重新通过邮件发送。")) }
    }
}

fn sign_in_first(visitor: &Visitor, language: Language) -> Markup {
    html! {
        p { (say(language, "An app is set up within 15 minutes after signing in, so that nobody who finds this page open can do it. Sign out, sign in again, and come back here.", "为防止他人利用已打开的页面，只能在登录后 15 分钟内启用应用。请退出并重新登录，再回到此页。")) }
        form.stacked method="post" action="/sign-out" {
            (visitor.seal())
            input type="hidden" name="to" value="/account";
            button type="submit" { (say(language, "Sign out and in again", "退出并重新登录")) }
        }
    }
}

fn new(state: &WebState, visitor: &Visitor, person: &Person, wrong: Option<&str>) -> Markup {
    let language = visitor.language;
    let (salt, secret) = match wrong.filter(|salt| !salt.is_empty()) {
        Some(salt) => (
            salt.to_owned(),
            state.engine.authenticator_secret(&person.id, salt),
        ),
        None => state.engine.new_authenticator(&person.id),
    };
    let name = utf8_percent_encode(&person.email, NON_ALPHANUMERIC);
    let address = format!("otpauth://totp/Countersign:{name}?secret={secret}&issuer=Countersign");
    let in_fours: Vec<String> = secret
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    html! {
        p { (say(language, "Some actions ask for a code. Instead of by mail you can have it from an app for one-time codes (TOTP). Let the app read this picture, or type the key.", "部分操作需要验证码。除邮件外，也可使用一次性验证码应用（TOTP）。请用应用扫描下图，或手动输入密钥。")) }
        (picture(&address, say(language, "The key as a picture for the app. The same key is below as text.", "供应用扫描的密钥图，文字密钥见下方。")))
        p { (say(language, "Key: ", "密钥：")) code { (in_fours.join(" ")) } }
        form.stacked method="post" action="/account/app" {
            (visitor.seal())
            input type="hidden" name="salt" value=(salt);
            (code_field(language))
            button type="submit" { (say(language, "Use the app", "启用应用")) }
        }
    }
}

fn code_field(language: Language) -> Markup {
    html! {
        div.field {
            label for="code" { (say(language, "The code that the app shows", "应用显示的验证码")) }
            input.short #code type="text" name="code" inputmode="numeric" autocomplete="one-time-code" required;
        }
    }
}

/// A QR code as SVG: dark on light whatever the colours of the page, for readers want it so.
fn picture(text: &str, title: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return html! {};
    };
    let (wide, colours) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (at, colour) in colours.iter().enumerate() {
        if *colour == Color::Dark {
            let (x, y) = (at % wide + MARGIN, at / wide + MARGIN);
            write!(path, "M{x} {y}h1v1h-1z").expect("writing into a text cannot fail");
        }
    }
    let size = wide + 2 * MARGIN;
    html! {
        svg.code role="img" aria-label=(title) viewBox={ "0 0 " (size) " " (size) } width="220" height="220" shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}
