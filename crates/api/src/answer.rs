//! Answers of writes: the case as its caller now sees it, and the receipt. The same function makes
//! the fresh answer and the one that is kept under the request's key.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_core::{
    case::{Case, Channel},
    command::Code,
    context::{Context, Needs},
    reading::Reading,
    step,
    text::Language,
    view::{self, CaseView, Offer, Tally, Viewer},
    workflow::Workflow,
};
use countersign_engine::{Answered, Engine, Render, Rendered, Scene, ports::store::StoredAnswer};
use serde_json::{Value as Json, json};

use crate::Problem;

/// Shows the case of a scene to its actor, in a way of the caller's choice.
pub fn shown<T>(
    scene: &Scene,
    language: Language,
    show: impl Fn(&Viewer<'_>, &Workflow, &Case) -> T,
) -> Result<Option<T>, Needs> {
    let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
        return Ok(None);
    };
    let reading = Reading::new(&scene.inputs, &scene.actor).holding(&case.held);
    let viewer = Viewer {
        actor: &scene.actor,
        language,
        now: scene.now,
        reading: &reading,
    };
    let shown = show(&viewer, workflow, case);
    if reading.is_complete() {
        Ok(Some(shown))
    } else {
        Err(reading.missing())
    }
}

/// In which explanations are dry runs: nothing is supplied, and nothing comes of it.
pub fn context(scene: &Scene) -> Context<'_> {
    Context {
        now: scene.now,
        actor: &scene.actor,
        channel: Channel::Api,
        if_match: None,
        code: Code::Absent,
        inputs: &scene.inputs,
        seed: [0; 32],
    }
}

/// What `step` says of a case to its viewer: the actions there are for him, and the running count.
pub fn offers(
    scene: &Scene,
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
) -> (Vec<Offer>, Option<Tally>) {
    let context = context(scene);
    let offers = step::offers(workflow, case, &context, viewer.reading);
    (
        offers,
        step::tally(workflow, case, &context, viewer.reading),
    )
}

/// The case of a scene as its actor sees it.
pub fn case_view(scene: &Scene, language: Language) -> Result<Option<CaseView>, Needs> {
    shown(scene, language, |viewer, workflow, case| {
        let (offers, tally) = offers(scene, viewer, workflow, case);
        view::case_view(viewer, workflow, case, &offers, tally.as_ref())
    })
}

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
