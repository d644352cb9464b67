//! Mail that leaves a served site: in a real SMTP conversation, each once, to the right people, in their language, in
//! one thread a case; and as files.

use std::{collections::BTreeSet, fs};

use countersign_tests::{Client, Server, Site, eventually, smtp_python};
use serde_json::{Value as Json, json};

use super::staff::Staff;
use crate::mail::server::{Manner, SmtpServer, Taken};

/// The people of the deal story.
struct People {
    ada: Client,
    pat: Client,
    rita: Client,
    /// Reads Chinese.
    wei: Client,
}

impl People {
    async fn of(server: &Server, token: &str) -> Self {
        let ada = server.with(token);
        let wei = Staff {
            language: "zh",
            ..Staff::of_vendor("wei", "deal_reviewers")
        };
        Self {
            pat: Staff::pat().add(server, &ada).await,
            rita: Staff::of_vendor("rita", "deal_reviewers")
                .add(server, &ada)
                .await,
            wei: wei.add(server, &ada).await,
            ada,
        }
    }

    /// A deal that is submitted, sent back, submitted again and approved; its number.
    async fn tell_the_story(&self) -> String {
        let deal = json!({ "deal": { "customer": "北风 Northwind", "amount": "5", "close_date": "2026-12-20" } });
        let case = self.pat.open("deal_registration", deal).await;
        self.pat.act(&case, "submit", json!({})).await.ok();
        let why = json!({ "comment": "Add the tax." });
        self.rita.act(&case, "request_changes", why).await.ok();
        let comment = self.pat.case(&case).await["comments"][0]["id"].clone();
        let reply = json!({ "replies": [{ "comment": comment, "text": "There is none." }] });
        self.pat.act(&case, "resubmit", reply).await.ok();
        let good = json!({ "data": { "evaluation": { "grade": "A", "summary": "Good" } } });
        self.wei.act(&case, "approve", good).await.ok();
        case
    }

    /// The deliveries of a case, once all have arrived.
    async fn sent(&self, case: &str) -> Vec<Json> {
        let path = format!("/v1/deliveries?case={case}");
        eventually("all mails have left", async || {
            let answer = self.ada.get(&path).await.ok();
            let items = answer["items"].as_array().expect("items").clone();
            items
                .iter()
                .all(|item| item["status"] == "sent")
                .then_some(items)
        })
        .await
    }
}

/// Who got it, and what it is about.
fn gist(mail: &Taken) -> (String, String) {
    let subject = mail.header("Subject")[0].to_owned();
    (mail.to.join(","), subject)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deals_mails_arrive_once_at_the_right_people_in_their_language_and_in_one_thread() {
    let Some(python) = smtp_python() else { return };
    let relay = SmtpServer::start(&python, Manner::default());
    let site = Site::shipped()
        .with("mail.transport", "smtp")
        .with("mail.smtp_url", format!("smtp://127.0.0.1:{}", relay.port));
    let token = site.add_administrator("ada");
    let server = site.serve();
    let people = People::of(&server, &token).await;
    let case = people.tell_the_story().await;
    let deliveries = people.sent(&case).await;
    let mails = relay.taken_in_all(8);
    assert!(relay.took_nothing_more());

    assert_gists(&mails, &case);
    let id = people.ada.case(&case).await["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_forms(&mails, &format!("<{id}@approve.example>"));
    let ids = |mails: &[Taken]| -> BTreeSet<String> {
        mails
            .iter()
            .map(|mail| mail.header("Message-ID")[0].to_owned())
            .collect()
    };
    let named = deliveries.iter().map(|delivery| {
        let id = delivery["id"].as_str().expect("an id");
        format!("<{id}@approve.example>")
    });
    assert_eq!(
        ids(&mails),
        named.collect(),
        "each is named by its delivery"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_written_into_a_folder_where_that_is_how_they_leave() {
    let site = Site::shipped().with("mail.directory", "out/mails");
    let token = site.add_administrator("ada");
    let server = site.serve();
    let people = People::of(&server, &token).await;
    let case = people.tell_the_story().await;
    let deliveries = people.sent(&case).await;
    let mut names: Vec<String> = deliveries
        .iter()
        .map(|delivery| format!("{}.eml", delivery["id"].as_str().expect("an id")))
        .collect();
    names.sort();
    let folder = site.folder().join("out/mails");
    let mut files: Vec<String> = fs::read_dir(&folder)
        .expect("the folder is made")
        .map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    files.sort();
    assert_eq!(
        (files.len(), &files),
        (8, &names),
        "whole files and nothing else"
    );
    let mail = fs::read_to_string(folder.join(&files[0])).expect("a mail");
    for header in [
        "Message-ID: <",
        "Subject: ",
        "To: ",
        "multipart/alternative",
    ] {
        assert!(mail.contains(header), "{mail}");
    }
}

/// Whom the mails are to, and how their subjects begin.
fn assert_gists(mails: &[Taken], case: &str) {
    let mut gists: Vec<(String, String)> = mails.iter().map(gist).collect();
    gists.sort();
    let starts = [
        (
            "pat@example.com",
            format!("Please correct {case} 北风 Northwind, 5 CNY"),
        ),
        (
            "pat@example.com",
            format!("{case} 北风 Northwind, 5 CNY: Approved"),
        ),
        (
            "rita@example.com",
            format!("Review {case} 北风 Northwind, 5 CNY, by "),
        ),
        (
            "rita@example.com",
            format!("Review {case} 北风 Northwind, 5 CNY, by "),
        ),
        // One need, one mail; and a second when it is settled.
        (
            "rita@example.com",
            format!("{case} 北风 Northwind: wei: “Approve”; nothing to do"),
        ),
        ("wei@example.com", "请在 ".to_owned()),
        ("wei@example.com", "请在 ".to_owned()),
        (
            "wei@example.com",
            format!("{case} 北风 Northwind：rita：“退回修改”，无需您处理"),
        ),
    ];
    let mut starts = starts.map(|(to, subject)| (to.to_owned(), subject));
    starts.sort();
    for ((to, subject), (right_to, begins)) in gists.iter().zip(&starts) {
        assert_eq!(to, right_to);
        assert!(subject.starts_with(begins), "{subject}");
    }
}

/// One thread, text and HTML, each in its reader's language.
fn assert_forms(mails: &[Taken], thread: &str) {
    for mail in mails {
        assert_eq!(mail.defects, Vec::<String>::new());
        assert_eq!(mail.header("References"), [thread]);
        assert_eq!(mail.header("In-Reply-To"), [thread]);
        let kinds: Vec<&str> = mail.parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/html"]);
        let chinese = mail.to == ["wei@example.com"];
        let lang = if chinese { "lang=\"zh" } else { "lang=\"en" };
        assert!(
            mail.parts[1].content.contains(lang),
            "{}",
            mail.parts[1].content
        );
        let text = &mail.parts[0].content;
        assert_eq!(
            text.contains("邮件设置") || text.contains("设置接收"),
            chinese,
            "{text}"
        );
        assert_reviewers_know_enough(mail);
    }
}

/// Whose turn and why, the facts, what has changed, what happens by itself, and where to turn it off.
fn assert_reviewers_know_enough(mail: &Taken) {
    let subject = mail.header("Subject")[0];
    if !subject.starts_with("Review ") {
        return;
    }
    assert!(subject.contains("Northwind, 5 CNY, by "), "{subject}");
    let text = &mail.parts[0].content;
    for told in [
        "It is your turn: Under review",
        "You are asked as Deal reviewer.",
        "Expected amount: 5 CNY",
        "Expected closing date: 2026-12-20",
        "Answer by: ",
        "Nothing is decided by itself; if nobody acts, reminders follow.",
        "/cases/DR-",
        "approve.example/me",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
}
