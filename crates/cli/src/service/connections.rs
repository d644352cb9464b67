//! Connections: takes them in, serves HTTP/1.1 on each, and lets them end. It is not for what requests ask.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request},
};
use hyper::{body::Frame, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

/// How long connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the head of a request to arrive whole, and for the next request to begin.
    pub head: Duration,
    /// For a connection without a request under way to end, once it has been told that the service stops.
    pub farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            farewell: Duration::from_millis(500),
        }
    }
}

/// Serves until it is told to stop, then finishes the requests that are under way.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, peer)) => {
                let served = connection(stream, peer, router.clone(), patience, stop.clone());
                connections.spawn(served);
            }
            Err(error) => not_accepted(&error).await,
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// A client that has gone is its own business; without a file descriptor left, others have to end first.
async fn not_accepted(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        tracing::error!(%error, "no connection can be taken in");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let under_way = UnderWay::default();
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let counted = under_way.one_more();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = router.clone().oneshot(request);
        async move {
            let response = answered.await?;
            Ok::<_, std::convert::Infallible>(response.map(|body| Counted {
                body,
                _counted: counted,
            }))
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience.head);
    let mut served = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = served.as_mut() => Some(ended),
        () = stop.cancelled() => None,
    };
    let ended = match ended {
        Some(ended) => Some(ended),
        None => {
            served.as_mut().graceful_shutdown();
            tokio::select! {
                ended = served => Some(ended),
                () = under_way.none_for(patience.farewell) => None,
            }
        }
    };
    if let Some(Err(error)) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// How many requests of a connection are under way: from the end of their head to the end of their answer.
#[derive(Debug, Clone, Default)]
struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    fn one_more(&self) -> Counting {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counting(self.clone())
    }

    /// Returns when this long, or longer, no request was under way.
    async fn none_for(&self, patience: Duration) {
        loop {
            tokio::time::sleep(patience).await;
            if self.0.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    }
}

/// Counts one request while it is kept.
struct Counting(UnderWay);

impl Drop for Counting {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of an answer, which keeps its request under way.
struct Counted {
    body: Body,
    _counted: Counting,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        task::JoinHandle,
        time::{Instant, timeout},
    };

    const SOON: Duration = Duration::from_secs(10);

    struct Served {
        address: SocketAddr,
        stop: CancellationToken,
        ended: JoinHandle<()>,
    }

    async fn served(head: Duration) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let router = Router::new().route("/", get(|| async { "here" })).route(
            "/long",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(900)).await;
                "at last"
            }),
        );
        let patience = Patience {
            head,
            farewell: Duration::from_millis(200),
        };
        let ended = tokio::spawn(serve(listener, router, patience, stop.clone()));
        Served {
            address,
            stop,
            ended,
        }
    }

    async fn sent(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(text.as_bytes()).await.expect("it reads");
        stream
    }

    async fn heard(stream: &mut TcpStream) -> String {
        let mut heard = Vec::new();
        let read = timeout(SOON, stream.read_to_end(&mut heard)).await;
        read.expect("it hangs up").expect("it can be read");
        String::from_utf8_lossy(&heard).into_owned()
    }

    #[tokio::test]
    async fn a_head_that_does_not_arrive_whole_is_waited_for_only_so_long() {
        let served = served(Duration::from_millis(100)).await;
        let mut half = sent(served.address, "GET / HTTP/1.1\r\nHost: h").await;
        heard(&mut half).await;
        let mut idle = sent(served.address, "GET / HTTP/1.1\r\nHost: here\r\n\r\n").await;
        let said = heard(&mut idle).await;
        assert!(
            said.starts_with("HTTP/1.1 200") && said.ends_with("here"),
            "{said}"
        );
    }

    #[tokio::test]
    async fn a_stop_waits_for_requests_and_not_for_heads() {
        let served = served(SOON * 10).await;
        let mut half = sent(served.address, "GET / HTTP/1.1\r\nHost: h").await;
        let mut long = sent(served.address, "GET /long HTTP/1.1\r\nHost: here\r\n\r\n").await;
        // Answered only after both others have been taken in and begun.
        let mut whole = sent(
            served.address,
            "GET / HTTP/1.1\r\nConnection: close\r\nHost: here\r\n\r\n",
        )
        .await;
        assert!(heard(&mut whole).await.ends_with("here"));
        tokio::time::sleep(Duration::from_millis(100)).await;

        let told = Instant::now();
        served.stop.cancel();
        let said = heard(&mut long).await;
        assert!(said.ends_with("at last"), "{said}");
        timeout(SOON, served.ended)
            .await
            .expect("it ends")
            .expect("well");
        assert!(
            told.elapsed() < Duration::from_secs(5),
            "{:?}",
            told.elapsed()
        );
        assert_eq!(heard(&mut half).await, "");
        assert!(TcpStream::connect(served.address).await.is_err());
    }
}
