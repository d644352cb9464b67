//! Texts that run where they are not escaped: in every text that a person can give, on every page that shows it, and in the
//! mails that carry it.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign_tests::{Answer, Browser, Client, Product, files};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::super::sign_in;

/// What a text has to leave before it can run.
const OUT_OF: [&str; 10] = [
    "",
    "\">",
    "'>",
    "</textarea>",
    "</title>",
    "</script>",
    "</style>",
    "-->",
    "]]>",
    "\u{0}<",
];

/// What runs then.
const RUNS: [&str; 22] = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "<svg><script>window.ran=1</script></svg>",
    "<iframe srcdoc=\"<script>parent.ran=1</script>\"></iframe>",
    "<iframe src=\"javascript:parent.ran=1\"></iframe>",
    "<body onload=window.ran=1>",
    "<details open ontoggle=window.ran=1>",
    "<input autofocus onfocus=window.ran=1>",
    "<video><source onerror=window.ran=1></video>",
    "<math><mi xlink:href=\"javascript:window.ran=1\">x</mi></math>",
    "<object data=\"javascript:window.ran=1\"></object>",
    "<embed src=\"javascript:window.ran=1\">",
    "<a href=\"javascript:window.ran=1\">x</a>",
    "<base href=\"https://evil.example/\">![x](x\" onerror=\"window.ran=1)",
    "<meta http-equiv=refresh content=\"0;url=javascript:window.ran=1\">",
    "<link rel=stylesheet href=\"https://evil.example/x.css\">",
    "<form action=\"https://evil.example\"><button autofocus onfocus=window.ran=1>",
    "<template><script>window.ran=1</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=window.ran=1>\">",
    "[x](javascript:window.ran=1) **[x](https://evil.example/)**",
    "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} <%= 1 %>",
];

pub(super) fn corpus() -> Vec<String> {
    let all = OUT_OF.iter().flat_map(|out| {
        let texts = RUNS.iter();
        texts.map(move |runs| format!("{out}{runs}"))
    });
    all.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_texts_run_nowhere() {
    let corpus = corpus();
    assert!(corpus.len() >= 200, "{}", corpus.len());
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let case = full(&pat, &rita, &corpus).await;
    for who in ["pat", "rita", "otto"] {
        sign_in(&browser, &product, who).await;
        for page in [
            "/",
            "/?section=waiting",
            "/cases",
            "/cases?q=%3Cscript%3E&state=%22%3E",
        ] {
            runs_nothing(&browser, product.service().url(), page).await;
        }
        for tab in ["", "/everything", "/changes", "/history", "/diagram"] {
            let page = format!("/cases/{case}{tab}");
            runs_nothing(&browser, product.service().url(), &page).await;
        }
        if who == "otto" {
            for page in [
                "",
                "/incidents",
                "/deliveries",
                "/timers",
                "/versions/deal_registration",
            ] {
                runs_nothing(
                    &browser,
                    product.service().url(),
                    &format!("/operate{page}"),
                )
                .await;
            }
            let tools = format!("/operate/cases/{case}");
            runs_nothing(&browser, product.service().url(), &tools).await;
        }
        browser.press("Sign out").await;
    }
    runs_nothing(&browser, product.service().url(), "/mailbox").await;
    let complaints = browser.complaints().await;
    let of_policy = complaints
        .iter()
        .filter(|line| line.contains("Content Security Policy"));
    assert_eq!(of_policy.count(), 0, "{complaints:?}");

    // A mail program has no policy of ours: what a mail says must be harmless by itself.
    let mut mails = 0;
    for to in [
        "pat@acme.example",
        "rita@example.com",
        "pat@example.com",
        "lena@example.com",
    ] {
        for mail in product.mails(to).await {
            harmless(&browser, &mail).await;
            mails += 1;
        }
    }
    assert!(mails > 0, "somebody was written to");
}

/// A case with the texts wherever a person can write: fields, comments and replies.
async fn full(pat: &Client, rita: &Client, corpus: &[String]) -> String {
    let every = corpus.iter().fold(String::new(), |mut all, text| {
        if all.len() + text.len() < 3900 {
            let _ = writeln!(all, "{}", clean(text));
        }
        all
    });
    let deal = json!({ "customer": corpus[0], "amount": "330000.00", "close_date": "2026-12-20", "note": every });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    let submit = json!({ "comment": clean(&corpus[1]) });
    pat.act(&case, "submit", submit).await.ok();
    let comments: Vec<Json> = corpus
        .iter()
        .map(|text| json!({ "at": "deal.customer", "text": clean(text) }))
        .collect();
    let back = json!({ "comment": clean(&corpus[2]), "comments": comments });
    rita.act(&case, "request_changes", back).await.ok();
    let open = pat.case(&case).await;
    let first = open["comments"][0]["id"].as_str().expect("a comment");
    let path = format!("/v1/cases/{case}/comments/{first}/reply");
    pat.post(&path, json!({ "text": every })).await.ok();
    case
}

/// NUL is stored nowhere.
pub(super) fn clean(text: &str) -> String {
    text.replace('\u{0}', "")
}

pub(super) async fn runs_nothing(browser: &Browser, url: &str, page: &str) {
    browser.open(&format!("{url}{page}")).await;
    let ran = browser
        .run("return [window.ran || null, document.querySelectorAll('script:not([src^=\"/assets/\"]), iframe:not([src^=\"/mailbox/\"]), object, embed, base, [onerror], [onload], [onfocus], a[href^=javascript]').length]")
        .await;
    assert_eq!(ran, json!([null, 0]), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_files_run_nowhere() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat.open("sow_evaluation", json!({})).await;
    let names = [
        "<img src=x onerror=window.ran=1>.pdf",
        "\"><svg onload=window.ran=1>.pdf",
        "'-alert(1)-'.pdf",
        "</title><script>window.ran=1</script>.pdf",
    ];
    for name in names {
        attach(&pat, &case, "solution_plan", name).await;
        sign_in(&browser, &product, "pat").await;
        for tab in ["", "/everything", "/changes", "/files", "/history"] {
            let page = format!("/cases/{case}{tab}");
            runs_nothing(&browser, product.service().url(), &page).await;
        }
        browser.press("Sign out").await;
    }
    // All of the corpus, two in a name: it may have two hundred characters.
    sign_in(&browser, &product, "pat").await;
    let texts = corpus();
    let names = texts
        .chunks(2)
        .map(|some| clean(&some.concat()).replace('/', "∕"));
    for name in names {
        attach(&pat, &case, "solution_plan", &format!("{name}.pdf")).await;
        let page = format!("/cases/{case}/files");
        runs_nothing(&browser, product.service().url(), &page).await;
    }
    let given = pat.case(&case).await["materials"].to_string();
    assert!(given.contains("window.ran=1"), "{given}");
}

/// A mail does nothing in a program that runs whatever it is sent, and leads nowhere but to us.
pub(super) async fn harmless(browser: &Browser, mail: &Json) {
    let html = mail["html"].as_str().unwrap_or_default();
    let page = format!("data:text/html;base64,{}", STANDARD.encode(html));
    browser.open(&page).await;
    let found = browser.run("return [window.ran || null, document.querySelectorAll('script, iframe, object, embed, base, form, link, svg, [onerror], [onload], [onfocus], [ontoggle], a[href^=javascript], a[href]:not([href^=\"http://127.0.0.1:\"])').length]").await;
    assert_eq!(found, json!([null, 0]), "{}", mail["subject"]);
}

/// With a name that a browser sends so: in percents.
pub(super) async fn attach(pat: &Client, case: &str, material: &str, name: &str) {
    let name = name.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    });
    let path = format!("/v1/cases/{case}/materials/{material}");
    let request = pat
        .request(Method::PUT, &path)
        .header(
            "content-disposition",
            format!("attachment; filename*=UTF-8''{name}"),
        )
        .header("content-type", "application/octet-stream")
        .body(files::pdf());
    Answer::of(request).await.ok();
}
