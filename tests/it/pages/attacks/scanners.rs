//! Mail scanners open the links of every mail before its reader does, each in its own way. None of them decides anything,
//! and the link still works for whom it was meant.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Browser, Product};
use reqwest::{Client, Method, RequestBuilder, header, redirect::Policy};
use serde_json::json;

use super::reassigned::BUDGET;

const BOB: &str = "bob@example.com";

/// How a scanner comes by.
struct Scanner {
    name: &'static str,
    method: Method,
    times: usize,
    headers: &'static [(&'static str, &'static str)],
}

/// A name, how it asks, how often, and with which headers.
type Row = (
    &'static str,
    Method,
    usize,
    &'static [(&'static str, &'static str)],
);

/// As they were seen in logs of others: seven that ask; the eighth is a browser.
const SCANNERS: [Row; 7] = [
    (
        "looks at the head first",
        Method::HEAD,
        1,
        &[("user-agent", "Mozilla/5.0 (compatible; MSIE 9.0)")],
    ),
    (
        "opens it five times at once",
        Method::GET,
        5,
        &[("user-agent", "Mozilla/5.0 (Windows NT 10.0) SafeLinks")],
    ),
    (
        "asks what may be done",
        Method::OPTIONS,
        1,
        &[
            ("user-agent", "BarracudaCentral/1.0"),
            ("origin", "https://protect.example"),
            ("access-control-request-method", "POST"),
        ],
    ),
    (
        "fetches ahead",
        Method::GET,
        1,
        &[
            ("purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
        ],
    ),
    (
        "has no name",
        Method::GET,
        2,
        &[("user-agent", ""), ("accept", "*/*")],
    ),
    (
        "wants to see a part",
        Method::GET,
        1,
        &[
            ("range", "bytes=0-1023"),
            ("user-agent", "Slackbot-LinkExpanding 1.0"),
        ],
    ),
    (
        "says that it posts",
        Method::GET,
        1,
        &[
            ("x-http-method-override", "POST"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("user-agent", "GoogleImageProxy"),
        ],
    ),
];

fn scanners() -> impl Iterator<Item = Scanner> {
    SCANNERS
        .into_iter()
        .map(|(name, method, times, headers)| Scanner {
            name,
            method,
            times,
            headers,
        })
}

impl Scanner {
    fn request(&self, http: &Client, url: &str) -> RequestBuilder {
        let request = http.request(self.method.clone(), url);
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| {
            request.header(*name, *value)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_all_links_decides_nothing() {
    let product = Product::start().await;
    let url = product.service().url().to_owned();
    let ada = product.as_("ada");
    let invitation =
        json!({ "invitation": { "email": BOB, "name": "Bob", "role": "partner_user" } });
    let case = ada.open("invitation", invitation).await;
    let token = product.link(BOB, "accept").await;
    let mails = product.mails(BOB).await;
    let html = mails[0]["html"].as_str().expect("it is HTML").to_owned();
    let before = ada.get(&format!("/v1/cases/{case}/history")).await.ok();
    let links = links_of(&html, &url, &token);
    assert!(links.len() >= 3, "{links:?}");
    let http = Client::builder()
        .no_proxy()
        .redirect(Policy::limited(10))
        .build()
        .expect("a client");
    for scanner in scanners() {
        for link in &links {
            let asked = (0..scanner.times).map(|_| scanner.request(&http, link).send());
            for answer in futures::future::join_all(asked).await {
                let answer = answer.expect("it is answered");
                let headers = answer.headers();
                assert!(
                    !headers.contains_key(header::SET_COOKIE) || !link.contains("/l/"),
                    "{}: a look leaves no cookie",
                    scanner.name
                );
                let status = answer.status().as_u16();
                assert!(status < 500, "{}: {status}", scanner.name);
            }
        }
        let now = ada.get(&format!("/v1/cases/{case}/history")).await.ok();
        assert_eq!(now, before, "a scanner that {}", scanner.name);
        assert!(
            product.mails(BOB).await.len() == mails.len(),
            "a scanner that {} has caused a mail",
            scanner.name
        );
    }

    // The eighth is a browser: it runs the scripts of what it opens, waits, moves the pointer, and presses nothing.
    if let Some(browser) = Browser::start(1280).await {
        for link in &links {
            browser.open(link).await;
            browser
                .run("for (const kind of ['mousemove', 'mouseover', 'scroll', 'focus', 'blur', 'visibilitychange', 'pagehide', 'beforeunload']) { document.dispatchEvent(new Event(kind, { bubbles: true })); window.dispatchEvent(new Event(kind)); } return 1")
                .await;
        }
        let now = ada.get(&format!("/v1/cases/{case}/history")).await.ok();
        assert_eq!(now, before, "a browser that presses nothing");
    }

    // Whom it was meant for still finds it open.
    let path = format!("/v1/links/{token}");
    let nobody = product.nobody();
    nobody
        .post(&path, json!({}))
        .await
        .refused(428, "code_needed");
    let code = product.code(BOB).await;
    nobody.post(&path, json!({ "code": code })).await.ok();
    assert_eq!(ada.case(&case).await["state"], "accepted");
}

/// Of a reviewer: one vote by one link, whoever opens it, and no other.
#[tokio::test(flavor = "multi_thread")]
async fn a_reviewers_link_votes_for_nobody_else() {
    let files = vec![("budget.yaml".to_owned(), BUDGET.to_owned())];
    let product = Product::start_with(HookWay::Taken, Source::Texts(files)).await;
    let (pat, rita) = (product.as_("pat"), "rita@example.com");
    let (mut tokens, mut cases) = (Vec::new(), Vec::new());
    for what in ["Chairs", "Desks"] {
        let budget = json!({ "budget": { "what": what } });
        let case = pat.open("budget", budget).await;
        tokens.push(link_of(&product, rita, &case).await);
        cases.push(case);
    }
    let (url, http) = (product.service().url(), countersign_tests::http());
    for scanner in scanners() {
        for place in ["l", "v1/links"] {
            let link = format!("{url}/{place}/{}", tokens[0]);
            let asked = (0..scanner.times).map(|_| scanner.request(&http, &link).send());
            for answer in futures::future::join_all(asked).await {
                assert!(answer.expect("it is answered").status().as_u16() < 500);
            }
        }
    }
    if let Some(browser) = Browser::start(1280).await {
        browser.open(&format!("{url}/l/{}", tokens[0])).await;
    }
    let (one, two) = (&tokens[0], &tokens[1]);
    let (head, tail) = (&one[..one.len() / 2], &two[two.len() / 2..]);
    let nobody = product.nobody();
    for forged in [
        format!("{head}{tail}"),
        format!("{one}A"),
        one.to_lowercase(),
    ] {
        let sent = nobody.post(&format!("/v1/links/{forged}"), json!({})).await;
        sent.refused(404, "not_found");
    }
    for case in &cases {
        assert_eq!(pat.case(case).await["state"], "review", "{case}");
    }
    let path = format!("/v1/links/{one}");
    nobody.post(&path, json!({})).await.ok();
    nobody.post(&path, json!({})).await.refused(410, "link");
    assert_eq!(pat.case(&cases[0]).await["state"], "approved");
    assert_eq!(pat.case(&cases[1]).await["state"], "review");
}

/// The token by which somebody may approve this case.
async fn link_of(product: &Product, to: &str, case: &str) -> String {
    let mails = product.mails(to).await;
    let mut links = mails
        .iter()
        .filter(|mail| mail["case"] == case)
        .flat_map(|mail| mail["links"].as_array().expect("links"))
        .filter(|link| link["action"] == "approve");
    let url = links.next().and_then(|link| link["url"].as_str());
    let token = url.and_then(|url| url.rsplit('/').next());
    token.expect("it was mailed").to_owned()
}

/// The links in a mail that lead to us, and those of its token.
fn links_of(html: &str, url: &str, token: &str) -> Vec<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split('"').next()?.replace("&amp;", "&")))
        .filter(|link| link.starts_with(url))
        .chain([
            format!("{url}/l/{token}"),
            format!("{url}/v1/links/{token}"),
        ])
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_are_forged_used_or_too_old_decide_nothing() {
    let product = Product::start().await;
    let ada = product.as_("ada");
    let invitation =
        json!({ "invitation": { "email": BOB, "name": "Bob", "role": "partner_user" } });
    let case = ada.open("invitation", invitation).await;
    let token = product.link(BOB, "accept").await;
    let carol = "carol@example.com";
    let invited =
        json!({ "invitation": { "email": carol, "name": "Carol", "role": "partner_user" } });
    let other = ada.open("invitation", invited).await;
    let others = product.link(carol, "accept").await;
    assert_ne!(token, others);
    let (head, tail) = token.split_at(token.len() / 2);
    let (other_head, other_tail) = others.split_at(others.len() / 2);
    let http = countersign_tests::http();
    let send = async |token: &str| {
        let url = format!("{}/l/{token}", product.service().url());
        let request = http.request(Method::POST, url);
        let form = header::HeaderValue::from_static("application/x-www-form-urlencoded");
        let request = request
            .header(header::CONTENT_TYPE, form)
            .body("code=00000000");
        let answer = countersign_tests::Answer::of(request).await;
        (answer.status.as_u16(), answer.bytes)
    };
    let nothing = send("nothing").await;
    assert_eq!(nothing.0, 404);
    for forged in [
        format!("{head}{other_tail}"),
        format!("{other_head}{tail}"),
        token.to_lowercase(),
        format!("{token}A"),
        token[..token.len() - 1].to_owned(),
        "A".repeat(64),
        "..%2f..%2fcases".to_owned(),
    ] {
        assert_eq!(send(&forged).await, nothing, "{forged}");
    }
    for case in [&case, &other] {
        assert_eq!(ada.case(case).await["state"], "waiting");
    }
    // Too old.
    product.wait("7 days").await;
    assert_eq!(send(&token).await.0, 410);
    assert_eq!(ada.case(&case).await["state"], "expired");
}
