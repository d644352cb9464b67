//! Starting, and being refused to start: each time with exit code 2, the place, and what would be right. And the
//! commands that work straight in the database, while no server runs on it.

use std::{fs, os::unix::fs::PermissionsExt as _};

use countersign_tests::Site;

const CONFIG: [&str; 2] = ["--config", "countersign.toml"];

#[track_caller]
fn assert_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is not in:\n{text}");
    }
}

fn not_started(site: &Site) -> String {
    match site.try_serve() {
        Ok(_) => panic!("it has started"),
        Err(ended) => ended.stopped(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_on_the_same_file_is_refused_and_told_what_to_do() {
    let site = Site::shipped();
    let mut first = site.serve();
    let id = first.id().to_string();
    let words = ["countersign.db is served by another program", &id, "hint: "];
    assert_says(&not_started(&site), &words);
    let add = [
        "people",
        "add",
        "pat",
        "--name",
        "Pat",
        "--email",
        "pat@example.com",
    ];
    let refused = site.run(&[&add[..], &CONFIG].concat()).stopped();
    assert_says(&refused, &words);
    assert_says(&refused, &["PUT /v1/people/{id}"]);
    let refused = site
        .run(&[&["tokens", "create", "pat"][..], &CONFIG].concat())
        .stopped();
    assert_says(&refused, &words);
    assert_says(&refused, &["POST /v1/tokens"]);
    assert_says(
        &site
            .run(&[&["database", "migrate"][..], &CONFIG].concat())
            .stopped(),
        &words,
    );
    first.nobody().get("/readyz").await.ok();
    first.stop().await;
    site.run(&[&add[..], &CONFIG].concat()).well();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_workflow_file_is_told_with_line_and_column() {
    let site = Site::new();
    let text =
        "workflow: small\nversion: 1\ntitle: { en: Small, zh: 小 }\nopne: { who: nobody, to: a }\n";
    site.write("workflows/small.yaml", text);
    assert_says(
        &not_started(&site),
        &[
            "small.yaml:4:1",
            "E101",
            "open",
            "hint: ",
            "countersign check",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_are_all_told_with_line_and_column() {
    let site = Site::new();
    site.write(
        "countersign.toml",
        "[server]\nlisten = \"here\"\n[mail]\n# 邮件\ntransprot = \"smtp\"\n[log]\nformat = \"yaml\"\nlevel = \"loud\"\n",
    );
    let told = not_started(&site);
    assert_says(&told, &["countersign.toml:2:10: `server.listen` must be"]);
    assert_says(
        &told,
        &[
            "countersign.toml:5:1: `mail.transprot` is not a setting; did you mean `mail.transport`?",
        ],
    );
    assert_says(
        &told,
        &["countersign.toml:7:10: `log.format` must be `text` or `json`, not `yaml`"],
    );
    assert_says(
        &told,
        &["countersign.toml:8:9: `log.level` must be `error`, "],
    );
    let missing = site.run(&["serve", "--config", "nowhere.toml"]).stopped();
    assert_says(&missing, &["nowhere.toml", "No such file"]);
    let variable = Site::new().with("server.lissen", "127.0.0.1:0");
    assert_says(
        &not_started(&variable),
        &[
            "COUNTERSIGN__SERVER__LISSEN",
            "did you mean `server.listen`?",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_start_is_told_as_the_log_is_written() {
    let for_people = Site::new().with("log.format", "text");
    let for_machines = Site::new();
    for site in [&for_people, &for_machines] {
        site.write("countersign.key", "short");
    }
    let told = for_people.try_serve().err().expect("it is refused").err;
    assert!(
        told.starts_with("error: ") && told.contains("\nhint: "),
        "{told}"
    );
    let told = for_machines.try_serve().err().expect("it is refused").err;
    let entry: serde_json::Value = serde_json::from_str(&told).expect("one line of JSON");
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("level"), "ERROR", "{entry}");
    assert!(
        text("message").contains("countersign.key has 5 bytes"),
        "{entry}"
    );
    assert!(!text("hint").is_empty(), "{entry}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_system_refuses_is_told_with_its_cause() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let site = Site::new().with("server.listen", address);
    assert_says(
        &not_started(&site),
        &[&format!("cannot listen on {address}: "), "in use", "hint: "],
    );
    let nowhere = Site::new().with("database.url", "sqlite:nowhere/countersign.db");
    assert_says(
        &not_started(&nowhere),
        &["nowhere/countersign.db", "No such file", "hint: "],
    );
    let no_database = Site::new();
    no_database.write("countersign.db", &"this is no database ".repeat(500));
    assert_says(
        &not_started(&no_database),
        &["countersign.db", "not a database", "hint: "],
    );
    let no_folder = Site::new().with("workflows.dir", "nowhere");
    assert_says(
        &not_started(&no_folder),
        &["nowhere", "No such file", "hint: "],
    );
    let short_key = Site::new();
    short_key.write("countersign.key", "short");
    assert_says(
        &not_started(&short_key),
        &["countersign.key has 5 bytes", "hint: "],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_makes_a_key_that_only_its_owner_reads_and_says_that_nobody_is_there() {
    let site = Site::shipped();
    let mut server = site.serve();
    server.logs("nobody can sign in yet", 0).await;
    for made in [
        "countersign.key",
        "countersign.db",
        "countersign.db-wal",
        "countersign.db.lock",
    ] {
        let made = fs::metadata(site.folder().join(made)).expect("it is made");
        assert_eq!(made.permissions().mode() & 0o777, 0o600, "{made:?}");
    }
    let key = site.folder().join("countersign.key");
    let made = fs::read(&key).expect("it can be read");
    server.stop().await;

    let token = site.add_administrator("ada");
    let server = site.serve();
    server.logs("serving", 0).await;
    let nobody = server.log().into_iter().find(|entry| {
        let message = entry["message"].as_str().unwrap_or_default();
        message.starts_with("nobody can sign in yet")
    });
    assert_eq!(nobody, None);
    assert_eq!(
        fs::read(&key).expect("it can be read"),
        made,
        "the key stays"
    );
    let me = server.with(&token).get("/v1/me").await.ok();
    assert_eq!(me["id"], "ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_straight_in_the_database_while_no_server_runs() {
    let site = Site::shipped();
    let migrated = site
        .run(&[&["database", "migrate"][..], &CONFIG].concat())
        .well();
    assert_says(&migrated, &["countersign.db is up to date"]);
    let unknown = site
        .run(&[&["tokens", "create", "pat"][..], &CONFIG].concat())
        .stopped();
    assert_says(
        &unknown,
        &["there is no person `pat`", "hint: ", "people add"],
    );
    let add = [
        "people",
        "add",
        "wei",
        "--name",
        "魏",
        "--email",
        "wei@example.com",
        "--language",
        "zh",
    ];
    let more = ["--partner", "acme", "--group", "partner_users"];
    site.run(&[&add[..], &more, &CONFIG].concat()).well();
    let made = site
        .run(&[&["tokens", "create", "wei"][..], &CONFIG].concat())
        .well();
    let server = site.serve();
    let me = server.with(made.trim()).get("/v1/me").await.ok();
    assert_eq!(
        (&me["id"], &me["name"], &me["partner"]),
        (&"wei".into(), &"魏".into(), &"acme".into()),
        "{me}"
    );
    assert_eq!(me["groups"], serde_json::json!(["partner_users"]));
}
