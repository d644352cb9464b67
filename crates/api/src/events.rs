//! `GET /v1/events`: what happens to the cases that the caller may see, as it is committed (server-sent events).

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use countersign_core::view::history_view;
use countersign_engine::ports::reader::EventRow;
use futures::{Stream, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::{sync::watch, time::Instant};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{EventDocument, Problems},
    request::{Asker, Params},
};

/// Events that are read at once.
const BLOCK: u32 = 200;
/// How often it looks by itself, for what other replicas have written.
const LOOK: Duration = Duration::from_secs(1);
/// How long it waits after a commit for others that come close behind.
const GATHER: Duration = Duration::from_millis(50);
/// After so long a stream ends, and the client comes again with `Last-Event-ID`: then it is asked anew who that is.
const LONGEST: Duration = Duration::from_mins(10);

/// The route of the events.
pub fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsParams {
    /// The `id` of the last event that was seen; with `0` everything comes that ever happened, without it what
    /// happens from now on. The header `Last-Event-ID` goes before it.
    after: Option<String>,
}

/// Every history entry that the caller may see, in the order of commits, none skipped.
///
/// A stream of server-sent events: `id` is where to go on, `event` is `entry`, `data` is the entry with its case. It
/// ends every ten minutes and when the server stops; clients come again with `Last-Event-ID`, as browsers do.
#[utoipa::path(get, path = "/v1/events", tag = "cases", operation_id = "follow_events",
    params(EventsParams, ("Last-Event-ID" = Option<String>, Header, description = "The last event that was seen")),
    responses((status = 200, body = EventDocument, content_type = "text/event-stream", description = "Events, each with this as its data"), Problems))]
pub async fn events(
    State(state): State<ApiState>,
    asker: Asker,
    Params(params): Params<EventsParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last = headers.get("last-event-id");
    let last = last.and_then(|last| last.to_str().ok()).map(str::to_owned);
    let written = state.engine.written();
    let after = match last.or(params.after) {
        Some(after) => after,
        None => state.engine.last_event().await?,
    };
    // A cursor that nobody gave is refused here, and not in the stream.
    let ahead = state.engine.events(&after, BLOCK).await?;
    let following = Following {
        ends_at: Instant::now() + LONGEST,
        state,
        asker,
        written,
        after,
        ahead: ahead.into(),
    };
    let answer = Sse::new(following.stream()).keep_alive(KeepAlive::default());
    let mut answer = answer.into_response();
    let plain = axum::http::HeaderValue::from_static("no");
    // Proxies that gather answers would keep events back.
    answer.headers_mut().insert("x-accel-buffering", plain);
    Ok(answer)
}

/// A stream under way.
struct Following {
    state: ApiState,
    asker: Asker,
    written: watch::Receiver<()>,
    after: String,
    ahead: VecDeque<EventRow>,
    ends_at: Instant,
}

impl Following {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, async |mut following| {
            let event = following.next().await?;
            Some((Ok(event), following))
        })
    }

    /// The next event; `None` when the stream ends. What goes wrong ends it too: the client comes again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some(row) = self.ahead.pop_front() {
                self.after.clone_from(&row.cursor);
                let event = self.event(&row).await;
                if let Some(event) = event.inspect_err(told).ok()? {
                    return Some(event);
                }
            }
            let more = self.state.engine.events(&self.after, BLOCK).await;
            self.ahead = more.inspect_err(told).ok()?.into();
            if self.ahead.is_empty() && !self.wait().await {
                return None;
            }
        }
    }

    /// Waits for something new; `false` when it is time to end.
    async fn wait(&mut self) -> bool {
        let stop = &self.state.stopping;
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep_until(self.ends_at) => return false,
            () = tokio::time::sleep(LOOK) => {},
            _ = self.written.changed() => tokio::time::sleep(GATHER).await,
        }
        true
    }

    /// The entry as the caller may read it; `None`: he may not.
    async fn event(&self, row: &EventRow) -> Result<Option<Event>, countersign_engine::Error> {
        let engine = &self.state.engine;
        let Some(scene) = engine.scene_of(row, &self.asker.actor).await? else {
            return Ok(None);
        };
        let entries = [row.entry.clone()];
        let view = |scene: &_| {
            shown(scene, self.asker.language, |viewer, workflow, case| {
                let entry = history_view(viewer, workflow, case, &entries).pop()?;
                Some(
                    json!({ "case": case.id, "number": case.number, "workflow": case.workflow, "entry": entry }),
                )
            })
        };
        let told = engine.fill(scene, view).await?.flatten();
        Ok(told.map(|told| {
            Event::default()
                .id(&row.cursor)
                .event("entry")
                .data(told.to_string())
        }))
    }
}

fn told(error: &countersign_engine::Error) {
    tracing::warn!(%error, "a stream of events has ended early");
}
