//! Signing in with a real OpenID provider, in a real Chromium, and what somebody without an account there tries.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use countersign_identity::OpenIdSettings;
use countersign_tests::{Answer, Browser, Client, Product, oidc_provider};
use reqwest::{Method, header};
use serde_json::json;

use super::{Visit, cookies_of};

/// What our API is called by the provider.
const AUDIENCE: &str = "https://approve.example";

/// A provider that runs beside the test and ends with it.
struct Provider {
    child: Child,
    url: String,
}

impl Provider {
    /// On this port, for people who come from this product. Its keys are new.
    fn start(module: &std::path::Path, port: u16, product: &Product) -> Self {
        let redirect = format!("{}/sign-in/provider/back", product.service().url());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/support/oidc_provider.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .arg(module)
            .args([&port.to_string(), &redirect, AUDIENCE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let out = child.stdout.take().expect("its output is ours");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let told = lines.find(|line| line.starts_with('{'));
        assert!(told.is_some(), "it says where it listens");
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        }
    }

    /// Ends it.
    fn stop(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends with its input");
    }

    /// An access token of somebody, as a client of the API gets one.
    async fn token(&self, sub: &str) -> String {
        let mint = format!("{}/mint?sub={sub}", self.url);
        let answer = Answer::of(countersign_tests::http().get(mint)).await;
        answer.text()
    }
}

fn settings(port: u16, by_email: bool) -> OpenIdSettings {
    let issuer = format!("http://127.0.0.1:{port}");
    OpenIdSettings {
        issuer: issuer.parse().expect("an address"),
        client_id: "countersign".to_owned(),
        client_secret: Some("a secret: with+signs & spaces".to_owned()),
        scopes: vec!["email".to_owned()],
        returns_to: String::new(),
        audience: Some(AUDIENCE.to_owned()),
        by_email,
        title: "Example".to_owned(),
    }
}

/// A port that nobody listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

/// Signs in there under this name, by clicking.
async fn sign_in_there(browser: &Browser, product: &Product, login: &str) {
    let url = product.service().url();
    browser.open(&format!("{url}/sign-in?to=%2Fcases")).await;
    browser.press("Sign in with Example").await;
    browser.fill("input[name=login]", login).await;
    browser.fill("input[name=password]", "any").await;
    browser.press("Sign-in").await;
    browser.press("Continue").await;
}

async fn me(product: &Product, token: &str) -> Answer {
    let client = Client::new(product.service().url(), Some(token));
    client.get("/v1/me").await
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_with_their_account_elsewhere() {
    let Some(module) = oidc_provider() else {
        return;
    };
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let port = free_port();
    let product = Product::start_with_provider(settings(port, true)).await;
    let provider = Provider::start(&module, port, &product);
    let cases = format!("{}/cases", product.service().url());

    // An address that the provider has not verified, and one that nobody here has, open nothing.
    for stranger in ["unverified.rita", "stranger"] {
        sign_in_there(&browser, &product, stranger).await;
        assert_eq!(
            browser.text("h1").await,
            "You are not signed in",
            "{stranger}"
        );
        browser.forget().await;
    }
    assert_eq!(
        me(&product, &provider.token("rita").await).await.status,
        401
    );

    sign_in_there(&browser, &product, "rita").await;
    assert_eq!(browser.url().await, cases, "on to where one wanted to go");
    assert!(browser.text(".who .name").await.contains("Rita"));
    // Now the account is known, and opens the API; one that tells who has signed in does not.
    let known = me(&product, &provider.token("rita").await).await.ok();
    assert_eq!(known["id"], "rita");
    assert_eq!(
        me(&product, &provider.token("omar").await).await.status,
        401
    );
    browser.forget().await;

    // Another account with the same address is somebody else.
    sign_in_there(&browser, &product, "other.rita").await;
    assert_eq!(browser.text("h1").await, "You are not signed in");
    browser.forget().await;

    // The provider changes its keys.
    provider.stop();
    let provider = Provider::start(&module, port, &product);
    sign_in_there(&browser, &product, "rita").await;
    assert_eq!(browser.url().await, cases, "by a key that was not known");

    // Disabling somebody ends all of it at once.
    let token = provider.token("rita").await;
    me(&product, &token).await.ok();
    let record =
        json!({ "name": "Rita", "email": "rita@example.com", "language": "en", "disabled": true });
    product.as_("ada").put("/v1/people/rita", record).await.ok();
    assert_eq!(me(&product, &token).await.status, 401);
    browser.open(&cases).await;
    assert!(browser.url().await.contains("/sign-in"), "signed out");

    // The provider is gone.
    provider.stop();
    let visit = Visit::nobody(&product).await;
    // What it says of itself is still known, so that its absence shows at the end only.
    assert_eq!(visit.get("/sign-in/provider?to=%2F").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_back_who_was_not_sent() {
    let Some(module) = oidc_provider() else {
        return;
    };
    let port = free_port();
    let product = Product::start_with_provider(settings(port, false)).await;
    let provider = Provider::start(&module, port, &product);
    let visit = Visit::nobody(&product).await;
    let sent = visit.get("/sign-in/provider?to=%2F%2Fevil.example").await;
    assert_eq!(sent.status, 303);
    let there = sent.headers[header::LOCATION].to_str().expect("an address");
    let there = reqwest::Url::parse(there).expect("an address");
    let asked = |name: &str| {
        let mut pairs = there.query_pairs();
        let found = pairs.find(|(key, _)| key == name);
        found.expect("it is asked for").1.into_owned()
    };
    assert_eq!(asked("code_challenge_method"), "S256");
    assert_eq!(asked("response_type"), "code");
    assert_eq!(asked("code_challenge").len(), 43);
    let (state, cookie) = (asked("state"), cookies_of(&sent));
    assert!(!cookie.contains(&state), "the browser cannot make one");
    let back = async |cookie: &str, query: &str| {
        let request = visit.request(Method::GET, &format!("/sign-in/provider/back?{query}"));
        let answer = Answer::of(request.header(header::COOKIE, cookie)).await;
        let session = cookies_of(&answer);
        assert!(
            !session.contains("countersign_plain="),
            "nobody is signed in: {session}"
        );
        answer.status.as_u16()
    };
    let good = format!("code=made-up&state={state}&iss={}", provider.url);
    let other = good.replace(&state, &state.chars().rev().collect::<String>());
    let (head, rest) = cookie.split_once('.').expect("parts");
    let longer = format!("{head}.9{rest}");
    let evil = good.replace(&provider.url, "https://evil.example");
    let silent = good.split("&iss").next().expect("its beginning");
    for (cookie, query, status, how) in [
        ("", good.as_str(), 400, "from another browser"),
        (&cookie, &other, 400, "with another state"),
        (&longer, &good, 400, "with a cookie that lasts longer"),
        (&cookie, "state=x", 400, "without a code"),
        (&cookie, "error=access_denied", 400, "having been refused"),
        (&cookie, &good, 403, "with a code that was made up"),
        (&cookie, &evil, 403, "from another provider"),
        (&cookie, silent, 403, "from one that does not say who it is"),
    ] {
        assert_eq!(back(cookie, query).await, status, "{how}");
    }
    product.clock().advance(chrono::TimeDelta::minutes(11));
    assert_eq!(back(&cookie, &good).await, 400, "too late");
    // With `subject`, whoever the provider calls rita is rita; what was not made for this API opens nothing.
    assert_eq!(
        me(&product, &provider.token("rita").await).await.ok()["id"],
        "rita"
    );
    assert_eq!(
        me(&product, &provider.token("nobody").await).await.status,
        401
    );
    let token = provider.token("rita").await;
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    assert_eq!(me(&product, &format!("{signed}.AAAA")).await.status, 401);
    provider.stop();
}
