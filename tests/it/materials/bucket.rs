//! The product with its files in a bucket of `s3rver`, and what is said where the bucket cannot be used.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use countersign_store::materials::{AccessKey, Bucket, Place};
use countersign_tests::{Answer, Product, Site, eventually, files, s3_server};
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

const BUCKET: &str = "files";
/// The one key that `s3rver` knows. It does not check what is signed with it.
const KEY: &str = "S3RVER";

/// A running server with one bucket; ended when dropped.
pub struct S3 {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl S3 {
    /// Starts one; none where it is not installed.
    pub async fn start() -> Option<Self> {
        let module = s3_server()?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let child = Command::new("node")
            .arg(module.join("bin/s3rver.js"))
            .args(["--silent", "--no-vhost-buckets", "--address", "127.0.0.1"])
            .args(["--port", &port.to_string(), "--directory"])
            .arg(folder.path())
            .args(["--configure-bucket", BUCKET])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let listens = async || TcpStream::connect(("127.0.0.1", port)).ok().map(drop);
        eventually("the server listens", listens).await;
        Some(Self {
            child,
            port,
            folder,
        })
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its bucket, under these names.
    pub fn place(&self, prefix: &str) -> Place {
        Place::Bucket(Bucket {
            name: BUCKET.to_owned(),
            prefix: prefix.to_owned(),
            region: Some("us-east-1".to_owned()),
            endpoint: Some(self.endpoint()),
            key: Some(AccessKey {
                id: KEY.to_owned(),
                secret: KEY.to_owned(),
            }),
        })
    }

    /// How many objects it holds. Parts of broken uploads stay, for it knows no way to remove them.
    pub fn objects(&self) -> usize {
        let all = super::files(&self.folder.path().join(BUCKET));
        let is_object = |path: &&PathBuf| path.to_string_lossy().ends_with("._S3rver_object");
        all.iter().filter(is_object).count()
    }

    /// Empties the bucket.
    pub fn clear(&self) {
        let bucket = self.folder.path().join(BUCKET);
        for entry in fs::read_dir(bucket).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                fs::remove_dir_all(entry.path()).expect("it is removed");
            }
        }
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_into_a_bucket_and_comes_back() {
    let Some(server) = S3::start().await else {
        return;
    };
    let product = Product::start_with_materials(server.place("countersign")).await;
    let pat = product.as_("pat");
    let deal =
        json!({ "deal": { "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let evaluation = json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } } });
    let rita = product.as_("rita");
    rita.act(&case, "approve", evaluation).await.ok();
    let path = format!("/v1/cases/{case}/materials/acceptance_report");
    let sent = [files::pdf(), vec![b'x'; 6 << 20]].concat();
    let put = pat
        .request(Method::PUT, &path)
        .header("content-disposition", "attachment; filename=\"report.pdf\"")
        .body(sent.clone());
    let file = Answer::of(put).await.ok()["file"].clone();
    assert_eq!(file["size"], sent.len());
    let id = file["id"].as_str().expect("an id");
    let found = pat.get(&format!("{path}/{id}")).await;
    assert!(found.bytes == sent, "{}", found.status);
    assert_eq!(server.objects(), 1);
}

#[test]
fn what_is_wrong_with_a_bucket_is_said_before_anything_is_served() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let Some(server) = runtime.block_on(S3::start()) else {
        return;
    };
    let site = |bucket: &str, key: &str| {
        Site::new()
            .with("materials.url", format!("s3://{bucket}/countersign"))
            .with("materials.region", "us-east-1")
            .with("materials.endpoint", server.endpoint())
            .with("materials.access_key_id", key)
            .with("materials.secret_access_key", KEY)
    };
    for (bucket, key, reason) in [
        (BUCKET, "OTHER", "InvalidAccessKeyId"),
        ("elsewhere", KEY, "NoSuchBucket"),
    ] {
        let ended = site(bucket, key).try_serve().err();
        let said = ended.expect("it does not start").stopped();
        assert!(said.contains(reason), "{said}");
        assert!(
            said.contains(&format!("s3://{bucket}/countersign")),
            "{said}"
        );
        assert!(said.contains("docs/operating/materials.md"), "{said}");
    }
    let site = site(BUCKET, KEY);
    site.add_administrator("ada");
    let doctor = site.run(&["doctor", "--config", "countersign.toml"]);
    assert!(
        doctor.out.contains("s3://files/countersign can be read"),
        "{doctor:?}"
    );
    let backup = site.run(&["backup", "copy", "--config", "countersign.toml"]);
    let said = backup.well();
    assert!(said.contains("files in their bucket: sound"), "{said}");
}
