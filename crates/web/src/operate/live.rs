//! `/operate/live`: tells a page that is open that something has changed, so that it asks for itself again. It tells
//! nothing else, and changes nothing.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderValue,
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, stream};
use tokio::{sync::watch, time::Instant};

use super::frame::Operator;
use crate::WebState;

/// How long it waits between two: people read slower than cases move.
const PAUSE: Duration = Duration::from_secs(2);
/// So often it tells even if nothing was written here: other replicas write, mails are given up, and time passes.
const AT_LEAST: Duration = Duration::from_secs(30);
/// How often it looks whether the server stops.
const LOOK: Duration = Duration::from_millis(500);
/// After so long the stream ends, and the page comes again: then it is asked anew who that is.
const LONGEST: Duration = Duration::from_mins(2);

/// `GET /operate/live`.
pub async fn live(State(state): State<WebState>, _operator: Operator) -> Response {
    let following = Following {
        written: state.engine.written(),
        ends_at: Instant::now() + LONGEST,
        state,
    };
    let stream = Sse::new(following.stream()).keep_alive(KeepAlive::default());
    let mut answer = stream.into_response();
    // Proxies that gather answers would keep events back.
    let plain = HeaderValue::from_static("no");
    answer.headers_mut().insert("x-accel-buffering", plain);
    answer
}

struct Following {
    state: WebState,
    written: watch::Receiver<()>,
    ends_at: Instant,
}

impl Following {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, async |mut following| {
            let changed = following.changed().await;
            changed.then(|| (Ok(Event::default().event("changed").data("1")), following))
        })
    }

    /// Waits for something new; `false` when it is time to end.
    async fn changed(&mut self) -> bool {
        let told = Instant::now();
        tokio::time::sleep(PAUSE).await;
        loop {
            if self.state.stopping.is_cancelled() || Instant::now() >= self.ends_at {
                return false;
            }
            if told.elapsed() >= AT_LEAST {
                return true;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                changed = self.written.changed() => return changed.is_ok(),
            }
        }
    }
}
