//! Asking once, where nothing is measured: to make what is measured then.

use bytes::Bytes;

use crate::{Asked, Connection, Deeds, Error};

/// Opens a case; answers its id.
pub async fn opened(connection: &mut Connection, opening: &dyn Deeds) -> Result<String, Error> {
    let body = ask(connection, opening).await?;
    let body: serde_json::Value =
        serde_json::from_slice(&body).map_err(|error| Error::Defect(error.to_string()))?;
    let id = body["case"]["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| Error::Defect(format!("no case in {body}")))
}

/// Does the first of these deeds, and takes nothing but a good answer.
pub async fn ask(connection: &mut Connection, deeds: &dyn Deeds) -> Result<Bytes, Error> {
    let asked = deeds
        .next(0, None)
        .ok_or_else(|| Error::Defect("nothing to ask".to_owned()))?;
    good(connection, &asked).await
}

async fn good(connection: &mut Connection, asked: &Asked) -> Result<Bytes, Error> {
    let answer = connection.ask(asked).await?;
    if answer.status.is_success() {
        return Ok(answer.body);
    }
    Err(Error::Answer {
        what: format!("{} {}", asked.method, asked.path),
        status: answer.status.as_u16(),
        body: String::from_utf8_lossy(&answer.body)
            .chars()
            .take(400)
            .collect(),
    })
}
