//! Secrets that pass through a server stand neither in its log, at its most talkative, nor in its database.

use std::{fmt::Write as _, fs};

use countersign_tests::{Client, Server, Site, eventually, smtp_python};
use serde_json::json;

use crate::mail::server::{Manner, SmtpServer, Taken};

const SMTP_PASSWORD: &str = "canary-of-the-relay-7f3a";
const HOOK_SECRET: &str = "whsec_Y2FuYXJ5LW9mLXRoZS1ob29rLTBiNWQ3ZTE5";
const WRONG_TOKEN: &str = "canary-of-a-wrong-token-55aa";

/// Secrets, and what they are.
type Secrets = Vec<(&'static str, String)>;

fn link(mail: &Taken, after: &str) -> String {
    let text = &mail.parts[0].content;
    let (_, rest) = text.split_once(after).expect("the button is there");
    let (_, rest) = rest.split_once("/l/").expect("it has an address");
    rest.split_whitespace().next().expect("a token").to_owned()
}

fn code(mail: &Taken) -> String {
    let mut words = mail.parts[0].content.split(|c: char| !c.is_ascii_digit());
    let code = words.find(|digits| digits.len() == 8);
    code.expect("a code of eight digits").to_owned()
}

/// Which of the secrets stand in these bytes.
fn found(bytes: &[u8], secrets: &Secrets) -> Vec<&'static str> {
    let stands = |secret: &str| {
        bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes())
    };
    let known = secrets.iter().filter(|(_, secret)| stands(secret));
    known.map(|(what, _)| *what).collect()
}

fn assert_kept(site: &Site, server: &Server, secrets: &Secrets) {
    for line in server.lines() {
        assert_eq!(found(line.as_bytes(), secrets), [""; 0], "{line}");
    }
    for file in fs::read_dir(site.folder()).expect("it is there").flatten() {
        let name = file.file_name().into_string().expect("a name");
        if name.starts_with("countersign.db") {
            let bytes = fs::read(file.path()).expect("it can be read");
            assert_eq!(found(&bytes, secrets), [""; 0], "in {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_stands_in_the_log_or_in_the_database() {
    let Some(python) = smtp_python() else { return };
    let login = Some("cs:canary-of-the-relay-7f3a");
    let relay = SmtpServer::start(
        &python,
        Manner {
            login,
            ..Manner::default()
        },
    );
    let site = site(relay.port);
    let token = site.add_administrator("ada");
    let mut server = site.serve();
    let ada = server.with(&token);
    server
        .with(WRONG_TOKEN)
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
    let made = ada
        .post("/v1/tokens", json!({ "person": "ada" }))
        .await
        .created();
    let invitation = json!({ "email": "bob@example.com", "name": "Bob", "role": "partner_user" });
    let case = ada
        .open("invitation", json!({ "invitation": invitation }))
        .await;
    let invited = relay.taken();
    let accept = link(&invited, "Accept");
    let answer = format!("/v1/links/{accept}");
    let bob = server.nobody();
    bob.get(&answer).await.ok();
    bob.get(&format!("/l/{accept}")).await;
    bob.post(&answer, json!({}))
        .await
        .refused(428, "code_needed");
    let code = code(&relay.taken());
    let mut secrets = vec![
        ("an API token", token.clone()),
        (
            "a token made by the API",
            made["token"].as_str().expect("a token").to_owned(),
        ),
        ("a token that opens nothing", WRONG_TOKEN.to_owned()),
        ("the token of a mail link", accept.clone()),
        ("the token of another link", link(&invited, "Decline")),
        ("a confirmation code", code.clone()),
        ("the password of the relay", SMTP_PASSWORD.to_owned()),
        (
            "the secret of a hook",
            HOOK_SECRET.trim_start_matches("whsec_").to_owned(),
        ),
    ];
    code_mail_is_sent(&ada, &case).await;
    assert_kept(&site, &server, &secrets);

    let accepted = bob.post(&answer, json!({ "code": code })).await.ok();
    assert_eq!(accepted["case"]["state"], "accepted");
    hook_is_tried(&ada).await;
    secrets.push(("the server's key", key_in_hex(&site)));
    assert_kept(&site, &server, &secrets);
    server.stop().await;
    assert_kept(&site, &server, &secrets);
    assert!(
        server.log().len() > 20,
        "it is talkative, and every line is an entry"
    );
}

/// A site that logs all it can, with secrets in its settings.
fn site(relay_port: u16) -> Site {
    Site::shipped()
        .with("log.level", "trace")
        .with("mail.transport", "smtp")
        .with(
            "mail.smtp_url",
            format!("smtp://cs:{SMTP_PASSWORD}@127.0.0.1:{relay_port}"),
        )
        .with("hooks.add_member.url", "http://127.0.0.1:9/members")
        .with("hooks.add_member.secret", HOOK_SECRET)
        .with("hooks.allow_private_addresses", true)
}

async fn code_mail_is_sent(ada: &Client, case: &str) {
    eventually("the code's mail is recorded as sent", async || {
        let answer = ada
            .get(&format!("/v1/deliveries?case={case}&status=sent"))
            .await
            .ok();
        (answer["items"].as_array().expect("items").len() == 2).then_some(())
    })
    .await;
}

async fn hook_is_tried(ada: &Client) {
    eventually("the hook is tried", async || {
        let answer = ada.get("/v1/deliveries?kind=hook").await.ok();
        answer["items"][0]["error"].is_string().then_some(())
    })
    .await;
}

fn key_in_hex(site: &Site) -> String {
    let key = fs::read(site.folder().join("countersign.key")).expect("it can be read");
    key.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
