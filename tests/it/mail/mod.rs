//! Mail in a real SMTP conversation, read by a mail parser that is not ours, and the ways in which such a
//! conversation goes wrong.

mod kinds;
pub mod server;

use std::{path::PathBuf, sync::Arc};

use countersign_engine::{
    ConfirmationCodes, LinkTokens,
    ports::deliveries::{Addressee, CaseRef, Fact, Language, MailContent, Markdown, Part},
};
use countersign_notifier::{
    MailSettings, MailTransport, MailWriter, OutgoingMail, SendError, Smtp,
};
use countersign_tests::smtp_python;
use uuid::Uuid;

use server::{Manner, SmtpServer};

fn written(delivery: u128, to: &str, change: impl FnOnce(&mut MailContent)) -> OutgoingMail {
    let settings = MailSettings::new(
        "审批 Countersign <no-reply@approve.example>",
        "https://approve.example",
    )
    .expect("the settings are fine");
    let writer = MailWriter::new(
        settings,
        LinkTokens::new(&[7; 32]).expect("the key is long enough"),
        ConfirmationCodes::new(&[7; 32]).expect("the key is long enough"),
    );
    let case = CaseRef {
        id: Uuid::from_u128(0xCA5E),
        number: "DR-2026-00042".to_owned(),
        workflow: "deal_registration".to_owned(),
        version: 1,
        title: "北风 Northwind".to_owned(),
    };
    let mut content = MailContent {
        to: Addressee {
            person: None,
            name: "Wei 魏, Dr. \"W\"".to_owned(),
            email: to.to_owned(),
            language: Language::En,
            timezone: "Asia/Shanghai".to_owned(),
        },
        message: "review_wanted".to_owned(),
        subject: "Review DR-2026-00042 北风 Northwind, 330,000 CNY".to_owned(),
        body: vec![
            Part::Text(Markdown::ours("Acme sent **round 2**.\n\n- one\n- two")),
            Part::Button {
                action: "accept".to_owned(),
                title: "Accept".to_owned(),
                link: Some(Uuid::from_u128(5)),
            },
        ],
        purpose: countersign_engine::ports::deliveries::Purpose::Tell,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        facts: vec![Fact {
            label: "Amount".to_owned(),
            value: "330,000 CNY".to_owned(),
        }],
        answer_by: Some("2026-11-26T10:00:00Z".parse().expect("a time")),
        case_path: Some("/cases/DR-2026-00042".to_owned()),
        reason: "You review deals.".to_owned(),
        secret: false,
    };
    change(&mut content);
    let now = "2026-11-23T01:00:00Z".parse().expect("a time");
    writer
        .write(Uuid::from_u128(delivery), Some(&case), &content, now)
        .expect("the mail can be written")
}

fn mail(delivery: u128, to: &str) -> OutgoingMail {
    written(delivery, to, |_| {})
}

/// A server and a transport that speaks with it; `None` where there is no Python to run it.
fn plain() -> Option<(SmtpServer, Smtp)> {
    let server = SmtpServer::start(&smtp_python()?, Manner::default());
    let smtp =
        Smtp::new(&format!("smtp://127.0.0.1:{}", server.port)).expect("the address is fine");
    Some((server, smtp))
}

fn temporary(error: &SendError) -> bool {
    matches!(error, SendError::Temporary { .. })
}

#[tokio::test]
async fn a_mail_arrives_as_text_and_html_with_its_thread() {
    let Some((server, smtp)) = plain() else {
        return;
    };
    let english = mail(1, "wei@acme.example");
    let sent = smtp.send(&english).await.expect("it is taken");
    assert!(sent.answer.starts_with("250"), "{}", sent.answer);
    let chinese = written(2, "wei@acme.example", |content| {
        content.to.language = Language::Zh;
        content.subject = "请在 11 月 26 日前评审 DR-2026-00042 北风".to_owned();
        content.body = vec![Part::Text(Markdown::ours("艾克米提交了第 2 轮申请。"))];
    });
    smtp.send(&chinese).await.expect("it is taken");
    let (first, second) = (server.taken(), server.taken());
    for (taken, outgoing) in [(&first, &english), (&second, &chinese)] {
        let rendered = &outgoing.rendered;
        assert_eq!(taken.defects, Vec::<String>::new());
        assert!(taken.ascii && !taken.tls);
        assert_eq!(
            (taken.from.as_str(), taken.to.as_slice()),
            ("no-reply@approve.example", &[rendered.to.clone()][..])
        );
        assert_eq!(taken.header("Subject"), [rendered.subject.as_str()]);
        assert_eq!(
            taken.header("From"),
            ["审批 Countersign <no-reply@approve.example>"]
        );
        assert_eq!(
            taken.header("To"),
            ["\"Wei 魏, Dr. \\\"W\\\"\" <wei@acme.example>"]
        );
        assert_eq!(taken.header("Message-ID"), [rendered.message_id.as_str()]);
        let thread = "<00000000-0000-0000-0000-00000000ca5e@approve.example>";
        assert_eq!(taken.header("In-Reply-To"), [thread]);
        assert_eq!(taken.header("References"), [thread]);
        assert_eq!(taken.header("X-Case"), ["DR-2026-00042"]);
        assert_eq!(taken.header("Date"), ["Mon, 23 Nov 2026 01:00:00 +0000"]);
        let kinds: Vec<&str> = taken.parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/html"]);
        assert_eq!(taken.parts[0].content, rendered.text);
        assert_eq!(taken.parts[1].content.trim_end(), rendered.html);
        assert!(
            taken
                .parts
                .iter()
                .all(|part| matches!(part.encoding.as_str(), "quoted-printable" | "base64"))
        );
    }
    assert_ne!(first.header("Message-ID"), second.header("Message-ID"));
    assert!(
        second.parts[0]
            .content
            .contains("艾克米提交了第 2 轮申请。")
    );
    assert_eq!(
        first.connection, second.connection,
        "the connection is kept for the next mail"
    );
    assert!(server.took_nothing_more());
}

#[tokio::test]
async fn a_refusal_is_final_where_it_is_about_the_mail_and_passes_where_it_is_not() {
    let Some((server, smtp)) = plain() else {
        return;
    };
    let table = [
        (
            "refused@acme.example",
            "550",
            "refused the recipient",
            false,
        ),
        ("spam@acme.example", "554", "refused the content", false),
        ("full@acme.example", "452", "refused the content", true),
        ("busy@acme.example", "451", "refused the recipient", true),
    ];
    for (to, code, words, passes) in table {
        let error = smtp.send(&mail(1, to)).await.expect_err(to);
        assert_eq!(temporary(&error), passes, "{to}: {error}");
        assert!(
            error.to_string().contains(code) && error.to_string().contains(words),
            "{error}"
        );
    }
    assert!(server.took_nothing_more());
    smtp.send(&mail(1, "busy@acme.example"))
        .await
        .expect("taken the second time");
    assert_eq!(server.taken().to, ["busy@acme.example"]);
    assert!(server.took_nothing_more());
}

#[tokio::test]
async fn a_connection_cut_short_is_never_used_again_and_the_mail_goes_with_the_same_id() {
    let Some((server, smtp)) = plain() else {
        return;
    };
    smtp.send(&mail(1, "wei@acme.example"))
        .await
        .expect("it is taken");
    let first = server.taken();

    let hung_up = smtp
        .send(&mail(2, "hangup@acme.example"))
        .await
        .expect_err("the line is cut at DATA");
    assert!(temporary(&hung_up), "{hung_up}");
    assert!(server.took_nothing_more());

    let lost = mail(3, "lost@acme.example");
    for _ in 0..2 {
        let unknown = smtp
            .send(&lost)
            .await
            .expect_err("the line is cut before the answer");
        assert!(temporary(&unknown), "{unknown}");
        assert!(unknown.to_string().contains("not known"), "{unknown}");
    }
    let copies = [server.taken(), server.taken()];
    assert_eq!(
        copies[0].header("Message-ID"),
        copies[1].header("Message-ID"),
        "a mail program shows one"
    );

    smtp.send(&mail(4, "wei@acme.example"))
        .await
        .expect("it is taken");
    let after = server.taken();
    assert!(after.connection > first.connection);
    assert!(server.took_nothing_more());
}

#[tokio::test]
async fn encrypted_both_ways_and_only_to_whom_we_trust() {
    let Some(python) = smtp_python() else { return };
    for (tls, scheme, option) in [
        ("starttls", "smtp", "&tls=required"),
        ("wrapped", "smtps", ""),
    ] {
        let server = SmtpServer::start(
            &python,
            Manner {
                tls: Some(tls),
                ..Manner::default()
            },
        );
        let address = |query: &str| format!("{scheme}://127.0.0.1:{}?{query}", server.port);
        let trusting = address(&format!("ca={}{option}", server.certificate().display()));
        let smtp = Smtp::new(&trusting).expect("the address is fine");
        smtp.send(&mail(1, "wei@acme.example"))
            .await
            .expect("it is taken");
        assert!(server.taken().tls);

        let distrusting =
            Smtp::new(&address(option.trim_start_matches('&'))).expect("the address is fine");
        let error = distrusting
            .send(&mail(2, "wei@acme.example"))
            .await
            .expect_err("nobody has signed that");
        assert!(temporary(&error), "{error}");
        assert!(server.took_nothing_more());
    }
}

#[tokio::test]
async fn what_must_be_encrypted_is_not_sent_to_a_server_that_cannot() {
    let Some((server, _)) = plain() else { return };
    let smtp = Smtp::new(&format!(
        "smtp://u:secret@127.0.0.1:{}?tls=required",
        server.port
    ))
    .expect("it is fine");
    let error = smtp
        .send(&mail(1, "wei@acme.example"))
        .await
        .expect_err("it cannot encrypt");
    assert!(
        temporary(&error) && error.to_string().contains("STARTTLS"),
        "{error}"
    );
    assert!(server.took_nothing_more());
    let willing = Smtp::new(&format!(
        "smtp://127.0.0.1:{}?tls=opportunistic",
        server.port
    ))
    .expect("it is fine");
    willing
        .send(&mail(2, "wei@acme.example"))
        .await
        .expect("then unencrypted");
    assert!(!server.taken().tls);
}

#[tokio::test]
async fn a_wrong_password_is_mended_by_an_operator_and_the_mail_goes_then() {
    let Some(python) = smtp_python() else { return };
    let server = SmtpServer::start(
        &python,
        Manner {
            tls: Some("starttls"),
            login: Some("cs:p/w:@"),
            ..Manner::default()
        },
    );
    let ca = server.certificate();
    let address = |login: &str| {
        format!(
            "smtp://{login}127.0.0.1:{}?tls=required&ca={}",
            server.port,
            ca.display()
        )
    };
    for login in ["cs:wrong@", ""] {
        let smtp = Smtp::new(&address(login)).expect("the address is fine");
        let error = smtp
            .send(&mail(1, "wei@acme.example"))
            .await
            .expect_err("who is that");
        assert!(temporary(&error), "{login}: {error}");
        assert!(!error.to_string().contains("wrong"), "{error}");
    }
    let smtp = Smtp::new(&address("cs:p%2Fw%3A%40@")).expect("the address is fine");
    smtp.send(&mail(1, "wei@acme.example"))
        .await
        .expect("it is taken");
    assert_eq!(server.taken().user.as_deref(), Some("cs"));
    assert!(server.took_nothing_more());
}

#[tokio::test]
async fn nobody_there_is_a_reason_to_try_again() {
    let vacant =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = vacant.expect("a free port").port();
    let smtp = Smtp::new(&format!("smtp://127.0.0.1:{port}")).expect("the address is fine");
    let error = smtp
        .send(&mail(1, "wei@acme.example"))
        .await
        .expect_err("nobody is there");
    assert!(
        temporary(&error) && error.to_string().contains("cannot be reached"),
        "{error}"
    );
}

#[tokio::test]
async fn side_by_side_each_mail_arrives_once() {
    let Some((server, smtp)) = plain() else {
        return;
    };
    let smtp = Arc::new(smtp);
    let sending: Vec<_> = (0..40)
        .map(|number| {
            let (smtp, mail) = (
                Arc::clone(&smtp),
                mail(number, &format!("p{number}@acme.example")),
            );
            tokio::spawn(async move { smtp.send(&mail).await })
        })
        .collect();
    for sent in sending {
        sent.await.expect("no panic").expect("it is taken");
    }
    let mut receivers: Vec<String> = (0..40).flat_map(|_| server.taken().to).collect();
    receivers.sort();
    receivers.dedup();
    assert_eq!(receivers.len(), 40);
    assert!(server.took_nothing_more());
}

/// Whatever stands in a body, the server reads one mail, to one receiver, with the same words.
#[tokio::test]
async fn no_body_ends_the_mail_or_begins_another() {
    let Some((server, smtp)) = plain() else {
        return;
    };
    let corpus = [
        ".",
        "..",
        ".\r\n.\r\n",
        "a\n.\nMAIL FROM:<eve@evil.example>\nRCPT TO:<eve@evil.example>\nDATA\nhi\n.\n",
        "a\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\nhi\r\n.\r\n",
        "a\r.\rQUIT\r",
        "a\n.\rb\r.\nc",
        "=0D=0A.=0D=0A",
        "\r\n\r\n.",
        "Bcc: eve@evil.example\r\n\r\n",
        "--boundary--\r\n",
    ];
    for (number, body) in (0..).zip(corpus) {
        let outgoing = written(number, "wei@acme.example", |content| {
            content.facts = vec![Fact {
                label: "x".to_owned(),
                value: body.to_owned(),
            }];
            content.body = vec![Part::Text(Markdown::of_author(&format!(
                "```\n{body}\n```"
            )))];
        });
        smtp.send(&outgoing).await.expect("it is taken");
        let taken = server.taken();
        assert_eq!(
            (taken.to.as_slice(), taken.parts.len()),
            (&["wei@acme.example".to_owned()][..], 2),
            "{body:?}"
        );
        assert_eq!(taken.defects, Vec::<String>::new());
        assert!(taken.header("Bcc").is_empty());
        assert_eq!(
            taken.parts[0].content,
            outgoing.rendered.text.replace('\r', ""),
            "{body:?}"
        );
        assert!(server.took_nothing_more(), "{body:?}");
    }
}

#[test]
fn mails_in_a_folder_are_whole_files_of_stable_names() {
    let folder: PathBuf = tempfile::tempdir().expect("a folder").keep();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let directory =
        countersign_notifier::Directory::new(folder.join("out")).expect("it can be made");
    let outgoing = mail(1, "wei@acme.example");
    for _ in 0..2 {
        runtime
            .block_on(directory.send(&outgoing))
            .expect("it is written");
    }
    let files: Vec<_> = std::fs::read_dir(folder.join("out"))
        .expect("it is there")
        .flatten()
        .collect();
    assert_eq!(files.len(), 1);
    assert_eq!(
        files[0].file_name(),
        "00000000-0000-0000-0000-000000000001.eml"
    );
    assert_eq!(
        std::fs::read(files[0].path()).expect("it can be read"),
        outgoing.bytes()
    );
    std::fs::remove_dir_all(folder.join("out")).expect("it can be removed");
    let error = runtime
        .block_on(directory.send(&outgoing))
        .expect_err("the folder is gone");
    assert!(temporary(&error), "{error}");
    std::fs::remove_dir_all(folder).expect("it can be removed");
}
