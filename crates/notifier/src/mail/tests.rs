//! Written mails as their receivers, their threads and their attackers meet them.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use countersign_engine::ports::deliveries::{Addressee, Fact, Language, Markdown};

use super::*;

const NOW: &str = "2026-11-23T01:00:00Z";

fn writer() -> MailWriter {
    let settings = MailSettings::new(
        "Countersign <no-reply@approve.example>",
        "https://approve.example/base",
    )
    .unwrap();
    MailWriter::new(
        settings,
        LinkTokens::new(&[7; 32]).unwrap(),
        ConfirmationCodes::new(&[7; 32]).unwrap(),
    )
}

fn case() -> CaseRef {
    CaseRef {
        id: Uuid::from_u128(0xCA5E),
        number: "DR-2026-00042".to_owned(),
        workflow: "deal_registration".to_owned(),
        version: 1,
        title: "Northwind".to_owned(),
    }
}

fn content(language: Language) -> MailContent {
    MailContent {
        to: Addressee {
            person: Some("omar".to_owned()),
            name: "Omar 魏".to_owned(),
            email: "omar@acme.example".to_owned(),
            language,
            timezone: "Asia/Shanghai".to_owned(),
        },
        message: "review_wanted".to_owned(),
        subject: "Review DR-2026-00042 Northwind".to_owned(),
        body: vec![Part::Text(Markdown::ours("Acme sent **round 2**."))],
        purpose: countersign_engine::ports::deliveries::Purpose::Tell,
        lead: Markdown::default(),
        since: Vec::new(),
        otherwise: String::new(),
        facts: vec![Fact {
            label: "Amount".to_owned(),
            value: "330,000 CNY".to_owned(),
        }],
        answer_by: Some("2026-11-26T10:00:00Z".parse().unwrap()),
        case_path: Some("/cases/DR-2026-00042".to_owned()),
        reason: "You review deals.".to_owned(),
        secret: false,
    }
}

fn write(content: &MailContent) -> Result<OutgoingMail, Unmailable> {
    writer().write(
        Uuid::from_u128(0xDE),
        Some(&case()),
        content,
        NOW.parse().unwrap(),
    )
}

/// The header's lines, unfolded.
fn header(mail: &OutgoingMail, name: &str) -> Vec<String> {
    let text = String::from_utf8(mail.bytes().to_vec()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let prefix = format!("{name}: ");
    head.lines()
        .filter_map(|line| line.strip_prefix(&prefix))
        .map(str::to_owned)
        .collect()
}

#[test]
fn mails_that_can_be_stopped_say_how_and_only_those() {
    use countersign_engine::ports::deliveries::Purpose;
    for (purpose, can) in [
        (Purpose::Ask, false),
        (Purpose::Tell, false),
        (Purpose::Remind, true),
        (Purpose::Settled, true),
        (Purpose::Daily, true),
    ] {
        let content = MailContent {
            purpose,
            ..content(Language::En)
        };
        let mail = write(&content).unwrap();
        let stop = header(&mail, "List-Unsubscribe");
        assert_eq!(!stop.is_empty(), can, "{purpose:?}");
        let by_one_click = header(&mail, "List-Unsubscribe-Post");
        assert_eq!(!by_one_click.is_empty(), can);
        if can {
            let token = stop[0]
                .strip_prefix("<https://approve.example/base/stop-mails/")
                .and_then(|rest| rest.strip_suffix('>'));
            let tokens = LinkTokens::new(&[7; 32]).unwrap();
            let read = tokens.verify_stop(token.unwrap());
            assert_eq!(read, Some(("omar".to_owned(), purpose)));
            assert_eq!(by_one_click, ["List-Unsubscribe=One-Click"]);
        }
    }
}

#[test]
fn a_code_is_made_when_the_mail_is_written_and_is_the_same_at_each_attempt() {
    let mut content = content(Language::En);
    content.body = vec![
        Part::Text(Markdown::ours("Your code is **")),
        Part::Code,
        Part::Text(Markdown::ours("**.")),
    ];
    let write = |delivery| {
        let now = NOW.parse().unwrap();
        writer()
            .write(Uuid::from_u128(delivery), Some(&case()), &content, now)
            .unwrap()
            .rendered
    };
    let code = ConfirmationCodes::new(&[7; 32])
        .unwrap()
        .of(Uuid::from_u128(9));
    let mail = write(9);
    assert!(
        mail.text.contains(&format!("Your code is {code}."))
            || mail.text.contains(&format!("Your code is **{code}**.")),
        "{}",
        mail.text
    );
    assert!(mail.html.contains(&code), "{}", mail.html);
    assert_eq!(write(9).text, mail.text);
    assert!(!write(10).text.contains(&code));
}

#[test]
fn headers_name_the_mail_its_case_and_its_thread() {
    let mail = write(&content(Language::En)).unwrap();
    let delivery = "<00000000-0000-0000-0000-0000000000de@approve.example>";
    let thread = "<00000000-0000-0000-0000-00000000ca5e@approve.example>";
    let table = [
        ("From", "Countersign <no-reply@approve.example>"),
        ("Subject", "Review DR-2026-00042 Northwind"),
        ("Date", "Mon, 23 Nov 2026 01:00:00 +0000"),
        ("Message-ID", delivery),
        ("In-Reply-To", thread),
        ("References", thread),
        ("X-Case", "DR-2026-00042"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
        ("MIME-Version", "1.0"),
    ];
    for (name, expected) in table {
        assert_eq!(header(&mail, name), [expected], "{name}");
    }
    assert!(header(&mail, "To")[0].ends_with("<omar@acme.example>"));
    assert!(header(&mail, "Content-Type")[0].starts_with("multipart/alternative"));
    assert_eq!(mail.rendered.message_id, delivery);
}

#[test]
fn the_plain_text_says_everything() {
    let mail = write(&content(Language::En)).unwrap();
    let expected = "\
Acme sent round 2.

Case: DR-2026-00042 · Northwind
Amount: 330,000 CNY

Answer by: Thu 26 Nov 2026 18:00 UTC+8

Open the case:
https://approve.example/base/cases/DR-2026-00042

-- 
Why you get this: You review deals.
Choose what mail you get, and when: https://approve.example/base/me
This mail was sent automatically.
";
    assert_eq!(mail.rendered.text, expected);
    assert!(mail.rendered.links.is_empty());
}

#[test]
fn fixed_texts_follow_the_receivers_language() {
    let mail = write(&content(Language::Zh)).unwrap();
    for text in [&mail.rendered.text, &mail.rendered.html] {
        for expected in [
            "请在此前答复",
            "2026-11-26（周四）18:00 UTC+8",
            "您收到此邮件的原因",
            "打开申请",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert!(!text.contains("Answer by"));
    }
    assert!(
        mail.rendered
            .html
            .starts_with("<!DOCTYPE html><html lang=\"zh\">")
    );
    assert_eq!(header(&mail, "Content-Language"), ["zh"]);
}

#[test]
fn buttons_carry_the_token_of_their_link_and_are_the_only_ones() {
    let link = Uuid::from_u128(0x11);
    let mut content = content(Language::En);
    content.body = vec![
        Part::Text(Markdown::ours("Dear Li, please answer:\n\n")),
        Part::Button {
            action: "accept".to_owned(),
            title: "Accept & join".to_owned(),
            link: Some(link),
        },
        Part::Text(Markdown::ours(" ")),
        Part::Button {
            action: "decline".to_owned(),
            title: "Decline".to_owned(),
            link: None,
        },
    ];
    let mail = write(&content).unwrap().rendered;
    let token = LinkTokens::new(&[7; 32]).unwrap().make(link);
    let accept = format!("https://approve.example/base/l/{token}");
    let case_page = "https://approve.example/base/cases/DR-2026-00042";
    let links: Vec<(&str, &str)> = mail
        .links
        .iter()
        .map(|link| (link.action.as_str(), link.url.as_str()))
        .collect();
    assert_eq!(links, [("accept", accept.as_str()), ("decline", case_page)]);
    assert!(mail.html.contains(&format!("href=\"{accept}\"")));
    assert!(mail.html.contains(">Accept &amp; join</a>"));
    assert_eq!(mail.html.matches("class=\"button\"").count(), 1);
    let (first, rest) = mail.html.split_once("class=\"button second\"").unwrap();
    assert!(
        first.contains(&accept) && rest.contains("Decline") && !rest.contains("class=\"button"),
        "only the first calls"
    );
    assert!(mail.text.contains(&format!("Accept & join:\n{accept}\n")));
    assert!(mail.text.contains("do not forward"));
    assert!(
        !format!("{mail:?}").contains(&token),
        "a log shows no token"
    );
}

#[test]
fn the_cases_address_stands_within_its_sentence() {
    let mut content = content(Language::En);
    let text = |text: &str| Part::Text(Markdown::of_author(text));
    content.body = vec![text("See "), Part::CaseLink, text(" today.")];
    let mail = write(&content).unwrap().rendered;
    let url = "https://approve.example/base/cases/DR-2026-00042";
    assert!(
        mail.html
            .contains(&format!("<p>See <a href=\"{url}\">{url}</a> today.</p>")),
        "{}",
        mail.html
    );
    assert!(mail.text.starts_with(&format!("See {url} today.\n")));
    assert!(
        !mail.html.contains("class=\"button\""),
        "one way to the case is enough"
    );
    content.case_path = None;
    assert!(
        write(&content)
            .unwrap()
            .rendered
            .text
            .starts_with("See – today.\n")
    );
}

#[test]
fn a_hostile_case_path_stays_a_path_of_ours() {
    let mut content = content(Language::En);
    for path in [
        "//evil.example/x",
        "https://evil.example",
        "/cases/../../x",
        "/a><script>b",
        "/a b\"c",
        "\\\\evil",
    ] {
        content.case_path = Some(path.to_owned());
        let html = write(&content).unwrap().rendered.html;
        assert!(
            html.contains("href=\"https://approve.example/"),
            "{path}: {html}"
        );
        assert!(
            !html.contains("href=\"https://evil") && !html.contains("<script"),
            "{path}"
        );
    }
}

#[test]
fn the_subject_names_the_case() {
    let mut content = content(Language::En);
    content.subject = "You are invited".to_owned();
    assert_eq!(
        write(&content).unwrap().rendered.subject,
        "You are invited [DR-2026-00042]"
    );
    let about_nothing = writer()
        .write(Uuid::nil(), None, &content, NOW.parse().unwrap())
        .unwrap();
    assert_eq!(about_nothing.rendered.subject, "You are invited");
    assert!(
        header(&about_nothing, "X-Case").is_empty()
            && header(&about_nothing, "References").is_empty()
    );
}

#[test]
fn what_people_type_never_becomes_markup() {
    let mut content = content(Language::En);
    let attack = "<img src=x onerror=alert(1)>\"'&";
    content.body = vec![
        Part::Text(Markdown::of_author(attack)),
        Part::Button {
            action: "a".to_owned(),
            title: attack.to_owned(),
            link: None,
        },
    ];
    content.facts = vec![Fact {
        label: attack.to_owned(),
        value: attack.to_owned(),
    }];
    content.reason = attack.to_owned();
    content.subject = attack.to_owned();
    let mut case = case();
    case.title = attack.to_owned();
    let mail = writer()
        .write(Uuid::nil(), Some(&case), &content, NOW.parse().unwrap())
        .unwrap();
    assert!(
        !mail.rendered.html.contains("<img"),
        "{}",
        mail.rendered.html
    );
    assert_eq!(
        mail.rendered.html.matches("&lt;img").count(),
        7,
        "{}",
        mail.rendered.html
    );
}

/// What attackers put where one line belongs: each would add a header, a receiver or a command.
const INJECTIONS: [&str; 14] = [
    "x\r\nBcc: eve@evil.example",
    "x\nBcc: eve@evil.example",
    "x\rBcc: eve@evil.example",
    "x\r\n\r\nA body",
    "x\n.\nMAIL FROM:<eve@evil.example>",
    "x\r\n.\r\nMAIL FROM:<eve@evil.example>",
    "x\r\n .\r\nDATA",
    "\r\n",
    "x\0y",
    "x\u{b}y",
    "x\u{c}y",
    "x\u{85}Bcc: eve@evil.example",
    "x\u{2028}Bcc: eve@evil.example",
    "x\u{1b}[2Jy",
];

#[test]
fn a_line_break_in_any_header_sends_no_mail() {
    for attack in INJECTIONS {
        let mut in_subject = content(Language::En);
        in_subject.subject = attack.to_owned();
        let mut in_name = content(Language::En);
        in_name.to.name = attack.to_owned();
        let mut in_address = content(Language::En);
        in_address.to.email = format!("omar@acme.example{attack}");
        let mut in_local_part = content(Language::En);
        in_local_part.to.email = format!("{attack}@acme.example");
        for mail in [in_subject, in_name, in_address, in_local_part] {
            assert!(write(&mail).is_err(), "{attack:?} in {mail:?}");
        }
        let mut in_number = case();
        in_number.number = attack.to_owned();
        let written = writer().write(
            Uuid::nil(),
            Some(&in_number),
            &content(Language::En),
            NOW.parse().unwrap(),
        );
        assert!(written.is_err(), "{attack:?} in the case number");
        assert!(
            MailSettings::new(&format!("{attack} <a@b.example>"), "https://x.example").is_err(),
            "{attack:?}"
        );
    }
}

#[test]
fn whatever_a_body_holds_the_wire_is_plain_and_the_headers_stay() {
    let bodies = INJECTIONS.iter().copied().chain([
        "评审",
        "😀",
        ".\r\n.\n",
        "a\rb",
        "\u{feff}",
        "=0D=0A.=0D=0A",
    ]);
    let clean = write(&content(Language::En)).unwrap();
    let headers = |mail: &OutgoingMail| {
        let text = String::from_utf8(mail.bytes().to_vec()).unwrap();
        text.split("\r\n\r\n")
            .next()
            .unwrap()
            .lines()
            .filter(|line| !line.contains("boundary"))
            .count()
    };
    for body in bodies
        .map(str::to_owned)
        .chain([".\n".repeat(5_000), "x".repeat(5_000)])
    {
        let mut content = content(Language::En);
        content.body = vec![Part::Text(Markdown::of_author(&body))];
        content.facts = vec![Fact {
            label: body.clone(),
            value: body.clone(),
        }];
        content.reason.clone_from(&body);
        let mail = write(&content).unwrap();
        assert_eq!(headers(&mail), headers(&clean), "{body:?}");
        let text = String::from_utf8(mail.bytes().to_vec()).unwrap();
        assert!(text.lines().all(|line| !line.starts_with('.')), "{body:?}");
    }
}

#[test]
fn senders_and_addresses_that_cannot_be() {
    for from in [
        "",
        "nobody",
        "A <a@b@c>",
        "a@127.0.0.1",
        "魏 <魏@example.com>",
    ] {
        assert!(
            matches!(
                MailSettings::new(from, "https://x.example"),
                Err(Error::From(_))
            ),
            "{from}"
        );
    }
    for url in [
        "",
        "x.example",
        "ftp://x.example",
        "file:///etc",
        "https://",
    ] {
        assert!(
            matches!(
                MailSettings::new("a@b.example", url),
                Err(Error::PublicUrl(_))
            ),
            "{url}"
        );
    }
    assert!(MailSettings::new("审批 <a@b.example>", "http://localhost:8080").is_ok());
}
