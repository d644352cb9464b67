//! Answers of writes: the case as its caller now sees it, and the receipt. The same function makes
//! the fresh answer and the one that is kept under the request's key.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_core::{context::Needs, text::Language, view::CaseView};
use countersign_engine::{Answered, Engine, Render, Rendered, Scene, ports::store::StoredAnswer};
pub use countersign_engine::{case_view, offers, shown};
use serde_json::{Value as Json, json};

use crate::Problem;

/// More members of an answer, by what the case has become.
pub type More = Arc<dyn Fn(&CaseView) -> Option<(&'static str, Json)> + Send + Sync>;

/// How a write on a case is answered.
#[derive(Clone)]
pub struct CaseAnswer {
    /// 201 for creation, else 200.
    pub status: StatusCode,
    /// In this language.
    pub language: Language,
    /// With this besides.
    pub more: Option<More>,
}

impl CaseAnswer {
    /// A plain 200.
    pub fn ok(language: Language) -> Self {
        Self {
            status: StatusCode::OK,
            language,
            more: None,
        }
    }

    /// Makes the answer of a scene.
    pub fn render(&self, scene: &Scene) -> Result<Rendered, Needs> {
        let Some(case) = case_view(scene, self.language)? else {
            return Ok(json_answer(self.status, &json!({})));
        };
        let mut headers = vec![
            (
                header::CONTENT_TYPE.to_string(),
                "application/json".to_owned(),
            ),
            (header::ETAG.to_string(), format!("\"{}\"", case.etag)),
        ];
        if self.status == StatusCode::CREATED {
            headers.push((
                header::LOCATION.to_string(),
                format!("/v1/cases/{}", case.id),
            ));
        }
        let mut body = json!({ "case": case, "receipt": scene.receipt });
        if let Some((name, value)) = self.more.as_ref().and_then(|more| more(&case)) {
            body[name] = value;
        }
        Ok(Rendered {
            status: self.status.as_u16(),
            headers,
            body: body.to_string().into_bytes(),
        })
    }

    /// For the lane: makes the answer that is kept.
    pub fn kept(&self) -> Render {
        let answer = self.clone();
        Render(Arc::new(move |scene| answer.render(scene)))
    }

    /// The response to what a request came to.
    pub async fn respond(&self, engine: &Engine, answered: Answered) -> Result<Response, Problem> {
        match answered {
            Answered::Replayed(answer) => replayed(answer),
            Answered::Fresh(scene) => {
                let rendered = match scene.rendered.clone() {
                    Some(rendered) => rendered,
                    None => engine.fill(*scene, |scene| self.render(scene)).await?,
                };
                response(rendered)
            }
        }
    }
}

/// How a write that is about no case is answered: always so.
#[derive(Debug, Clone)]
pub struct Plain {
    /// 201 for creation, else 200.
    pub status: StatusCode,
    /// The body.
    pub body: Json,
}

impl Plain {
    /// For the lane: the answer that is kept.
    pub fn kept(&self) -> Render {
        let rendered = json_answer(self.status, &self.body);
        Render(Arc::new(move |_| Ok(rendered.clone())))
    }

    /// The response to what a request came to.
    pub fn respond(&self, answered: Answered) -> Result<Response, Problem> {
        match answered {
            Answered::Replayed(answer) => replayed(answer),
            Answered::Fresh(_) => response(json_answer(self.status, &self.body)),
        }
    }
}

/// An answer of JSON.
pub fn json_answer(status: StatusCode, body: &Json) -> Rendered {
    Rendered {
        status: status.as_u16(),
        headers: vec![(
            header::CONTENT_TYPE.to_string(),
            "application/json".to_owned(),
        )],
        body: body.to_string().into_bytes(),
    }
}

/// The first answer to a request again.
fn replayed(answer: StoredAnswer) -> Result<Response, Problem> {
    let StoredAnswer {
        status,
        headers,
        body,
        ..
    } = answer;
    let mut response = response(Rendered {
        status,
        headers,
        body,
    })?;
    mark_replayed(&mut response);
    Ok(response)
}

/// Says that it was given before.
pub fn mark_replayed(response: &mut Response) {
    let replayed = HeaderName::from_static("idempotency-replayed");
    response
        .headers_mut()
        .insert(replayed, HeaderValue::from_static("true"));
}

/// The response that an answer stands for.
fn response(rendered: Rendered) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(rendered.status).map_err(|_| Problem::internal())?;
    let mut response = Response::new(Body::from(rendered.body));
    *response.status_mut() = status;
    for (name, value) in rendered.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}
