//! A disk that fills: writes are told to come back later, reads go on, nothing is damaged, and it goes on by itself
//! when there is room again.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use countersign_store::sqlite::integrity;
use countersign_tests::{Answer, Client, Site, eventually, files, left_out};
use reqwest::Method;
use serde_json::json;

use super::staff::Staff;

/// A small disk that only those see who enter its holder's namespace; it is gone with the holder, however that ends.
struct SmallDisk {
    holder: Child,
    at: PathBuf,
}

impl SmallDisk {
    /// `None` where this machine does not let us.
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir(at).expect("a folder is made");
        let mut command = Command::new("unshare");
        command.args(as_root(&["--user", "--map-root-user"]));
        let mut holder = command
            .args([
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=12m none \"$0\" && echo there && cat",
            ])
            .arg(at)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut said = String::new();
        let output = holder.stdout.take().expect("it is piped");
        let read = BufReader::new(output).read_line(&mut said);
        read.expect("it says something or ends");
        let at = at.to_owned();
        let disk = Self { holder, at };
        (said.trim() == "there").then_some(disk)
    }

    /// What runs a program where the disk is seen.
    fn runner(&self, folder: &Path) -> Vec<String> {
        let mut runner = vec![
            "nsenter".to_owned(),
            "--target".to_owned(),
            self.holder.id().to_string(),
        ];
        runner.extend(as_root(&["--user", "--preserve-credentials"]).map(ToOwned::to_owned));
        runner.extend(["--mount", "sh", "-c", "cd \"$0\" && exec \"$@\""].map(ToOwned::to_owned));
        runner.push(folder.display().to_string());
        runner
    }

    /// A file on it, as it is reached from outside.
    fn file(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        let inside = self.at.strip_prefix("/").expect("an absolute path");
        root.join(inside).join(name)
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut ballast = File::create(self.file("ballast")).expect("a file is made");
        while ballast.write_all(&[0; 4096]).is_ok() {}
    }

    /// Gives it back.
    fn free(&self) {
        fs::remove_file(self.file("ballast")).expect("it is removed");
    }
}

/// What must be said besides where we are not root.
fn as_root<'a>(words: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let root = rustix::process::geteuid().is_root();
    words.iter().copied().filter(move |_| !root)
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It is ours, and it may have ended by itself.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// Opens a case of some size, with its title as the key.
async fn open(pat: &Client, title: &str) -> Answer {
    let deal = json!({ "customer": title, "note": "x".repeat(4_000) });
    let body = json!({ "workflow": "deal_registration", "data": { "deal": deal } });
    let request = pat.request(Method::POST, "/v1/cases");
    Answer::of(request.header("idempotency-key", title).json(&body)).await
}

#[track_caller]
fn told_to_come_back(answer: Answer) {
    assert!(
        answer.headers.contains_key("retry-after"),
        "{}",
        answer.text()
    );
    let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
    assert!(
        ["overloaded", "outcome_unknown"].contains(&&*code),
        "{}",
        answer.text()
    );
    answer.refused(503, &code);
}

/// The number of the case that was opened; `None` where there was no room.
#[track_caller]
fn number(answer: Answer) -> Option<String> {
    if answer.status == 503 {
        told_to_come_back(answer);
        return None;
    }
    let opened = answer.created();
    Some(
        opened["case"]["number"]
            .as_str()
            .expect("a number")
            .to_owned(),
    )
}

async fn titles(pat: &Client) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut path = "/v1/cases?limit=200".to_owned();
    loop {
        let page = pat.get(&path).await.ok();
        for case in page["items"].as_array().expect("items") {
            let text = |name: &str| case[name].as_str().expect("text").to_owned();
            assert_eq!(
                all.insert(text("title"), text("number")),
                None,
                "a title twice"
            );
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            return all;
        };
        path = format!("/v1/cases?limit=200&cursor={cursor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_nothing_else_until_there_is_room() {
    let site = Site::shipped()
        .with("database.url", "sqlite:small/countersign.db")
        .with("materials.url", "file:small/materials");
    let Some(disk) = SmallDisk::mount(&site.folder().join("small")) else {
        return left_out(
            "a full disk",
            "a kernel that lets us mount a tmpfs in a namespace",
        );
    };
    let runner = disk.runner(site.folder());
    let site = site.run_by(runner);
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&token);
    let pat = Staff::pat().add(&server, &ada).await;
    let first = number(open(&pat, "first").await).expect("there is room");
    let sow = pat.open("sow_evaluation", json!({})).await;

    disk.fill();
    let (mut answered, mut refused) = (
        BTreeMap::from([("first".to_owned(), first.clone())]),
        Vec::new(),
    );
    // There may still be room in what the log has already.
    for i in 0.. {
        let title = format!("Case {i}");
        match number(open(&pat, &title).await) {
            Some(number) => drop(answered.insert(title, number)),
            None => refused.push(title),
        }
        if refused.len() == 20 {
            break;
        }
        assert!(i < 2_000, "the disk is full, and writes go on");
    }
    told_to_come_back(
        pat.upload(&sow, "solution_plan", "plan.pdf", files::pdf())
            .await,
    );
    for path in [
        &*format!("/v1/cases/{first}"),
        "/v1/cases",
        "/v1/inbox",
        "/healthz",
    ] {
        pat.get(path).await.ok();
    }
    not_ready(&pat).await;
    assert!(titles(&pat).await.len() >= answered.len());

    disk.free();
    ready_again(&pat).await;
    eventually("writes go on", async || number(open(&pat, "after").await)).await;
    for title in refused {
        let number = number(open(&pat, &title).await).expect("there is room");
        answered.insert(title, number);
    }
    pat.upload(&sow, "solution_plan", "plan.pdf", files::pdf())
        .await
        .ok();
    let all = titles(&pat).await;
    for (title, number) in &answered {
        assert_eq!(all.get(title), Some(number), "answered and lost");
    }
    server.stop().await;
    assert_sound(&disk, &site.folder().join("copy.db")).await;
}

/// It says so, and not that too much were asked.
async fn not_ready(pat: &Client) {
    let unready = pat.get("/readyz").await;
    let why = unready.body["detail"].to_string();
    assert!(!why.contains("Too many requests"), "{why}");
    told_to_come_back(unready);
}

async fn ready_again(pat: &Client) {
    eventually("it is ready again", async || {
        let ready = pat.get("/readyz").await;
        (ready.status == 200).then_some(())
    })
    .await;
}

/// The file is whole, and holds everything by itself.
async fn assert_sound(disk: &SmallDisk, copy: &Path) {
    fs::copy(disk.file("countersign.db"), copy).expect("it can be copied");
    assert!(
        !disk.file("countersign.db-wal").exists(),
        "the log is folded in"
    );
    assert_eq!(
        integrity(copy).await.expect("it can be read"),
        Vec::<String>::new()
    );
}
