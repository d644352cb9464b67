//! `PgBouncer` in transaction mode before the server: refused where statements are prepared for longer than a transaction,
//! and where the address says that they are not, everybody gets the answer to what he asked.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    process::{Child, Command, Stdio},
};

use countersign_tests::{Product, Site, eventually, left_out, postgres};
use futures::future::join_all;
use reqwest::Url;
use serde_json::json;
use tempfile::TempDir;

use super::{count, deal, evaluation};

const PROGRAM: &str = "/usr/sbin/pgbouncer";

/// A running pooler; ended when dropped.
struct Pooler {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    /// Starts one before this server; none where it is not installed.
    async fn start(server: &str) -> Option<Self> {
        if !Path::new(PROGRAM).exists() {
            left_out(
                "PgBouncer",
                "run `cargo xtask prerequisites` as root on Debian",
            );
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let settings = folder.path().join("pgbouncer.ini");
        fs::write(&settings, configured(server, port)).expect("it is written");
        let mut command = Command::new(PROGRAM);
        // It refuses to run as root: it runs as whoever owns the server's socket.
        if let Some(owner) = socket(server).and_then(|folder| fs::metadata(folder).ok()) {
            for path in [folder.path(), &settings] {
                chown(path, Some(owner.uid()), Some(owner.gid())).expect("it is given away");
            }
            command.uid(owner.uid()).gid(owner.gid());
        }
        let child = command
            .arg("-q")
            .arg(&settings)
            .current_dir("/")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let listens = async || TcpStream::connect(("127.0.0.1", port)).ok().map(drop);
        eventually("the pooler listens", listens).await;
        Some(Self {
            child,
            port,
            _folder: folder,
        })
    }

    /// The address of a database behind it.
    fn url(&self, database: &str) -> String {
        let url = Url::parse(database).expect("an address");
        let user = url.username();
        format!("postgres://{user}@127.0.0.1:{}{}", self.port, url.path())
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the server's socket, if it has one.
fn socket(server: &str) -> Option<String> {
    let url = Url::parse(server).ok()?;
    let mut pairs = url.query_pairs();
    pairs.find_map(|(name, value)| (name == "host").then(|| value.into_owned()))
}

fn configured(server: &str, port: u16) -> String {
    let url = Url::parse(server).expect("an address");
    let host = socket(server).or_else(|| url.host_str().map(str::to_owned));
    let (host, behind) = (host.unwrap_or_default(), url.port().unwrap_or(5432));
    let user = url.username();
    let password = url
        .password()
        .map(|password| format!(" password={password}"));
    let password = password.unwrap_or_default();
    format!(
        "[databases]
* = host={host} port={behind} user={user}{password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
ignore_startup_parameters = extra_float_digits
default_pool_size = 8
max_client_conn = 200
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_mixes_statements_up_is_refused_with_what_to_do() {
    let Some(server) = postgres::server() else {
        return;
    };
    let Some(pooler) = Pooler::start(&server).await else {
        return;
    };
    let url = pooler.url(&postgres::database(&server).await);
    let site = Site::shipped().with("database.url", &url);
    let said = site.try_serve().err().expect("it does not start").stopped();
    assert!(said.contains("pooler in transaction mode"), "{said}");
    assert!(said.contains("statement-cache-capacity=0"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_pooler_everybody_gets_the_answer_to_what_he_asked() {
    const CASES: usize = 40;
    let Some(server) = postgres::server() else {
        return;
    };
    let Some(pooler) = Pooler::start(&server).await else {
        return;
    };
    let url = pooler.url(&postgres::database(&server).await);
    let product = Product::start_on(&format!("{url}?statement-cache-capacity=0")).await;
    let other = product.replica().await;
    let at = |who: &str, n: usize| {
        let client = product.as_(who);
        if n.is_multiple_of(2) {
            client
        } else {
            client.at(other.url())
        }
    };
    let stories = (0..CASES).map(|n| {
        let (pat, rita, reader) = (at("pat", n), at("rita", n + 1), at("pat", n + 1));
        async move {
            let customer = format!("Customer {n}");
            let data = json!({ "deal": { "customer": customer, "amount": "5", "close_date": "2026-12-20" } });
            let case = pat.open("deal_registration", data).await;
            pat.act(&case, "submit", json!({})).await.ok();
            let reads = (0..10).map(|_| reader.case(&case));
            for read in join_all(reads).await {
                assert_eq!(read["data"]["deal"]["customer"], customer.as_str());
                assert_eq!(read["number"], case.as_str());
            }
            rita.act(&case, "approve", evaluation()).await.ok();
            assert_eq!(count(&pat, &case, "decision").await, 1);
        }
    });
    join_all(stories).await;
    let waiting = product
        .as_("pat")
        .open("deal_registration", deal("5"))
        .await;
    product.wait("91 days").await;
    let pat = product.as_("pat");
    assert_eq!(
        pat.case(&waiting).await["state"],
        "withdrawn",
        "timers fire"
    );
    other.stop().await;
}
