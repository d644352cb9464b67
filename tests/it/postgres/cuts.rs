//! Connections that are cut right when the server has committed, so that its answer is lost: what was asked under a key
//! is answered all the same, and has happened once.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use countersign_tests::{Answer, Product, postgres};
use futures::future::join_all;
use reqwest::{Method, Url};
use serde_json::json;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixStream},
};

use super::{count_cases, deal};

/// How a client says that a transaction is to be kept.
const COMMIT: &[u8] = b"COMMIT\0";

/// A way to the server that cuts every so many commits' answers off.
struct Cuts {
    /// Where it leads in.
    url: String,
    /// Each how many-th answer is cut; 0 for none.
    each: Arc<AtomicU32>,
    made: Arc<AtomicU32>,
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

impl Cuts {
    /// Before this database, cutting nothing yet.
    async fn before(database: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = Url::parse(database).expect("a URL");
        let url = format!(
            "postgres://{}@{address}{}",
            server.username(),
            server.path()
        );
        let (each, made) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let seen = Arc::new(AtomicU32::new(0));
        let cuts = Self {
            url,
            each: each.clone(),
            made: made.clone(),
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, each, made, seen) =
                    (server.clone(), each.clone(), made.clone(), seen.clone());
                tokio::spawn(async move {
                    let is_cut = move || {
                        let each = each.load(Ordering::Relaxed);
                        each > 0 && seen.fetch_add(1, Ordering::Relaxed) % each == 0
                    };
                    if carry(client, reach(&server).await, is_cut).await {
                        made.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        cuts
    }
}

/// The server itself: on a socket where `?host=` names its folder.
async fn reach(server: &Url) -> Box<dyn Duplex> {
    let socket = server.query_pairs().find(|(name, _)| name == "host");
    if let Some((_, folder)) = socket {
        let socket = UnixStream::connect(format!("{folder}/.s.PGSQL.5432")).await;
        return Box::new(socket.expect("the server's socket"));
    }
    let host = server.host_str().expect("a host");
    let stream = TcpStream::connect((host, server.port().unwrap_or(5432))).await;
    Box::new(stream.expect("the server"))
}

/// Carries everything to and fro until one side ends, or an answer to a commit is cut off: then true.
async fn carry(
    mut client: TcpStream,
    mut server: Box<dyn Duplex>,
    is_cut: impl Fn() -> bool,
) -> bool {
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return false };
                let message = &asked[..length];
                if server.write_all(message).await.is_err() {
                    return false;
                }
                if message.windows(COMMIT.len()).any(|part| part == COMMIT) && is_cut() {
                    // The server has done it when it answers, and nobody hears of it.
                    let _ = server.read(&mut answered).await;
                    return true;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return false };
                if client.write_all(&answered[..length]).await.is_err() {
                    return false;
                }
            }
        }
    }
}

const OPENED: usize = 60;

/// Without a key nobody can tell whether it was done: the server says so, and does not do it once more.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_told_to_be_unknown_where_there_is_no_key() {
    let Some(server) = postgres::server() else {
        return;
    };
    let cuts = Cuts::before(&postgres::database(&server).await).await;
    let product = Product::start_on(&cuts.url).await;
    let pat = product.as_("pat");
    cuts.each.store(3, Ordering::Relaxed);
    let mut unknown = 0;
    for _ in 0..OPENED / 4 {
        let body = json!({ "workflow": "deal_registration", "data": deal("5") });
        let sent = (0..4).map(|_| pat.post("/v1/cases", body.clone()));
        for answer in join_all(sent).await {
            if answer.status == 201 {
                continue;
            }
            assert!(answer.headers.contains_key("retry-after"));
            answer.refused(503, "outcome_unknown");
            unknown += 1;
        }
    }
    cuts.each.store(0, Ordering::Relaxed);
    assert!(unknown > 5, "answers were cut off");
    assert_eq!(count_cases(&pat).await, OPENED, "each was done, and once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_answered_under_its_key_and_happens_once() {
    let Some(server) = postgres::server() else {
        return;
    };
    let cuts = Cuts::before(&postgres::database(&server).await).await;
    let product = Product::start_on(&cuts.url).await;
    let pat = product.as_("pat");
    cuts.each.store(3, Ordering::Relaxed);
    let send = |n: usize| {
        let request = pat
            .request(Method::POST, "/v1/cases")
            .header("idempotency-key", format!("open-{n}"));
        let body = json!({ "workflow": "deal_registration", "data": deal("5") });
        Answer::of(request.json(&body))
    };
    for block in 0..OPENED / 4 {
        for answer in join_all((0..4).map(|n| send(block * 4 + n))).await {
            answer.created();
        }
    }
    cuts.each.store(0, Ordering::Relaxed);
    assert!(
        cuts.made.load(Ordering::Relaxed) > 5,
        "answers were cut off"
    );
    assert_eq!(count_cases(&pat).await, OPENED);
}
