//! `/password/{token}`: somebody sets their password by the link that an administrator has given them.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::Response,
};
use countersign_engine::{Error, ports::directory::PersonRecord};
use maud::html;

use super::{
    Posted, Visitor,
    sign_in::{dead_link, entered},
};
use crate::{
    WebState,
    page::{narrow, say, trouble},
};

/// The form.
pub async fn show_password(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Response {
    match state.engine.password_owner(&token).await {
        Ok(person) => form(&state, visitor, &token, &person, None),
        Err(Error::NotFound) => dead_link(&visitor),
        Err(error) => trouble(&visitor, &error),
    }
}

/// Sets it, and signs in.
pub async fn set_password(
    State(state): State<WebState>,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let Posted { visitor, fields } = posted;
    let password = fields.first("password").unwrap_or_default();
    let person = match state.engine.password_owner(&token).await {
        Ok(person) => person,
        Err(Error::NotFound) => return dead_link(&visitor),
        Err(error) => return trouble(&visitor, &error),
    };
    if fields.first("again") != Some(password) {
        let why = say(
            visitor.language,
            "The two are not the same.",
            "两次输入不一致。",
        );
        return form(&state, visitor, &token, &person, Some(why));
    }
    let set = state.engine.set_password(&token, password.to_owned()).await;
    let session = match set {
        Ok(id) => {
            let earlier = visitor.cookie.as_deref();
            state.engine.sign_in_as(&id, earlier).await
        }
        Err(Error::Invalid { why, .. }) => {
            let why = why.get(visitor.language);
            return form(&state, visitor, &token, &person, Some(why));
        }
        Err(Error::NotFound) => return dead_link(&visitor),
        Err(error) => Err(error),
    };
    match session {
        Ok(session) => entered(&state, &session, "/"),
        Err(error) => trouble(&visitor, &error),
    }
}

fn form(
    state: &WebState,
    visitor: Visitor,
    token: &str,
    person: &PersonRecord,
    wrong: Option<&str>,
) -> Response {
    let (visitor, seed) = visitor.seeded();
    let language = visitor.language;
    let title = say(language, "Set your password", "设置密码");
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let mut response = narrow(
        &visitor,
        status,
        title,
        &html! {
            p { (say(language, "For ", "用户：")) strong { (person.name) } }
            @if let Some(wrong) = wrong {
                div.problem role="alert" tabindex="-1" autofocus { p { (wrong) } }
            }
            form.stacked method="post" action={ "/password/" (token) } {
                (visitor.seal())
                // For password managers, which look for a text.
                input type="text" name="name" autocomplete="username" value=(person.email) aria-label=(say(language, "Account", "账号")) readonly hidden;
                div.field {
                    label for="password" { (say(language, "New password", "新密码")) }
                    p.hint #rule { (say(language, "At least 12 characters. A short sentence is a good one.", "至少 12 个字符，建议使用一句短语。")) }
                    input #password type="password" name="password" autocomplete="new-password" minlength="12" aria-describedby="rule" required;
                }
                div.field {
                    label for="again" { (say(language, "The same again", "再次输入")) }
                    input #again type="password" name="again" autocomplete="new-password" required;
                }
                button type="submit" { (say(language, "Set the password and sign in", "设置并登录")) }
            }
        },
    );
    if let Some(seed) = seed {
        let cookie = state.cookies.set(state.cookies.visit(), &seed);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
