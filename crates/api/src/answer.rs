//! Answers of writes: the case as its caller now sees it, and the receipt. The same function makes
//! the fresh answer and the one that is kept under the request's key.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_core::{
    case::Channel,
    context::{Context, Needs},
    command::Code,
    reading::Reading,
    step,
    text::Language,
    view::{self, CaseView},
};
use countersign_engine::{Answered, Engine, Render, Rendered, Scene};
use serde_json::{Value as Json, json};

use crate::{Problem, request::Written};

/// The case of a scene as its actor sees it.
pub fn case_view(scene: &Scene, language: Language) -> Result<Option<CaseView>, Needs> {
    let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
        return Ok(None);
    };
    let context = Context {
        now: scene.now,
        actor: &scene.actor,
        channel: Channel::Api,
        if_match: None,
        code: Code::Absent,
        inputs: &scene.inputs,
        seed: [0; 32],
    };
    let offers = step::offers(workflow, case, &context)?;
    let tally = step::tally(workflow, case, &context)?;
    let reading = Reading::new(&scene.inputs, &scene.actor);
    let viewer = view::Viewer { actor: &scene.actor, language, now: scene.now, reading: &reading };
    let shown = view::case_view(&viewer, workflow, case, offers, tally);
    if reading.is_complete() { Ok(Some(shown)) } else { Err(reading.missing()) }
}

/// More members of an answer, by what the case has become.
pub type More = Arc<dyn Fn(&CaseView) -> Option<(&'static str, Json)> + Send + Sync>;

/// How a write on a case is answered.
#[derive(Clone)]
pub struct Answer {
    /// 201 for creation, else 200.
    pub status: StatusCode,
    /// In this language.
    pub language: Language,
    /// With this besides.
    pub more: Option<More>,
}

impl Answer {
    /// A plain 200.
    pub fn ok(language: Language) -> Self {
        Self { status: StatusCode::OK, language, more: None }
    }

    /// Makes the answer of a scene.
    pub fn render(&self, scene: &Scene) -> Result<Rendered, Needs> {
        let Some(case) = case_view(scene, self.language)? else {
            return Ok(Rendered { status: self.status.as_u16(), headers: Vec::new(), body: b"{}".to_vec() });
        };
        let mut headers = vec![
            (header::CONTENT_TYPE.to_string(), "application/json".to_owned()),
            (header::ETAG.to_string(), format!("\"{}\"", case.etag)),
        ];
        if self.status == StatusCode::CREATED {
            headers.push((header::LOCATION.to_string(), format!("/v1/cases/{}", case.id)));
        }
        let mut body = json!({ "case": case, "receipt": scene.receipt });
        if let Some((name, value)) = self.more.as_ref().and_then(|more| more(&case)) {
            body[name] = value;
        }
        Ok(Rendered { status: self.status.as_u16(), headers, body: body.to_string().into_bytes() })
    }

    /// For the lane: makes the answer that is kept.
    pub fn kept(&self) -> Render {
        let answer = self.clone();
        Render(Arc::new(move |scene| answer.render(scene)))
    }

    /// The response to what a request came to.
    pub async fn respond(&self, engine: &Engine, answered: Answered) -> Result<Response, Problem> {
        let (rendered, replayed) = match answered {
            Answered::Replayed(answer) => {
                let rendered = Rendered { status: answer.status, headers: answer.headers, body: answer.body };
                (rendered, true)
            }
            Answered::Fresh(scene) => match scene.rendered.clone() {
                Some(rendered) => (rendered, false),
                None => (engine.fill(*scene, |scene| self.render(scene)).await?, false),
            },
        };
        response(rendered, replayed)
    }
}

/// A command's manner with its answer.
pub fn manner(head: &Written, answer: &Answer) -> countersign_engine::Manner {
    head.manner(Channel::Api, answer.kept())
}

/// The response that an answer stands for.
pub fn response(rendered: Rendered, replayed: bool) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(rendered.status).map_err(|_| Problem::internal())?;
    let mut response = Response::new(Body::from(rendered.body));
    *response.status_mut() = status;
    for (name, value) in rendered.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    if replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}
