//! Signing in on the pages, as somebody does who was given the link for their password.

use std::net::SocketAddr;

use bytes::Bytes;
use hyper::Method;

use crate::{Asked, Connection, Error};

/// Of who is measured with; it is no secret.
const PASSWORD: &str = "as long as a sentence";

/// Sets the password by this link's path, which signs in; answers the cookies of the session.
pub async fn sign_in(address: SocketAddr, path: &str) -> Result<String, Error> {
    let mut connection = Connection::open(address).await?;
    let mut asked = Asked {
        method: Method::GET,
        path: path.to_owned(),
        token: String::new(),
        cookies: Some(String::new()),
        key: None,
        body: Bytes::new(),
    };
    let form = connection.ask(&asked).await?;
    let text = String::from_utf8_lossy(&form.body);
    let sealed = text
        .split_once("name=\"seal\" value=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let Some((seal, _)) = sealed else {
        return Err(Error::Answer {
            what: "GET /password".to_owned(),
            status: form.status.as_u16(),
            body: text.chars().take(400).collect(),
        });
    };
    let password = PASSWORD.replace(' ', "+");
    asked.method = Method::POST;
    asked.cookies = Some(form.cookies.join("; "));
    asked.body = Bytes::from(format!("seal={seal}&password={password}&again={password}"));
    let entered = connection.ask(&asked).await?;
    let session: Vec<String> = entered
        .cookies
        .into_iter()
        .filter(|cookie| !cookie.ends_with('='))
        .collect();
    if entered.status.is_redirection() && !session.is_empty() {
        return Ok(session.join("; "));
    }
    Err(Error::Answer {
        what: "POST /password".to_owned(),
        status: entered.status.as_u16(),
        body: String::from_utf8_lossy(&entered.body)
            .chars()
            .take(400)
            .collect(),
    })
}
