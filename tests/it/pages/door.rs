//! Signing in and out, and forms that other sites send.

use countersign_core::case::PersonId;
use countersign_engine::ports::directory::DirectoryChange;
use countersign_tests::{Answer, Product};
use reqwest::{Method, header};
use serde_json::json;

use super::{Visit, cookies_of, seal_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_new_at_each_sign_in_and_dead_after_signing_out() {
    let product = Product::start().await;
    let first = Visit::of(&product, "rita").await;
    assert!(first.get("/").await.text().contains("Rita"));
    // The same browser signs in again: the session that it had is over.
    let form = format!("seal={}&as=lena&to=%2F", first.seal);
    let again = first.send("/sign-in", &form).await;
    let second = Visit {
        cookies: cookies_of(&again),
        ..Visit::nobody(&product).await
    };
    assert_ne!(first.cookies, second.cookies);
    assert_eq!(first.get("/").await.status.as_u16(), 303);
    let page = second.get("/").await;
    assert!(page.text().contains("Lena"));
    let out = second
        .send("/sign-out", &format!("seal={}", seal_in(&page.text())))
        .await;
    assert_eq!(out.headers["location"], "/sign-in");
    assert_eq!(second.get("/").await.headers["location"], "/sign-in");
    assert_eq!(
        second.get("/cases/DR-2026-00001?x=1").await.headers["location"],
        "/sign-in?to=%2Fcases%2FDR%2D2026%2D00001%3Fx%3D1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_disabled_is_signed_out() {
    let product = Product::start().await;
    let rita = Visit::of(&product, "rita").await;
    let record =
        json!({ "name": "Rita", "email": "rita@example.com", "language": "en", "disabled": true });
    product.as_("ada").put("/v1/people/rita", record).await.ok();
    assert_eq!(rita.get("/").await.status.as_u16(), 303);
    let back = json!({ "name": "Rita", "email": "rita@example.com", "language": "en" });
    product.as_("ada").put("/v1/people/rita", back).await.ok();
    assert_eq!(
        rita.get("/").await.status.as_u16(),
        303,
        "not by coming back either"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_by_a_link_that_works_once() {
    let product = Product::start().await;
    let engine = product.service().engine();
    let link = engine.new_password_link(&PersonId::new("rita")).await;
    let path = format!("/password/{}", link.expect("a link").token);
    let nobody = Visit::nobody(&product).await;
    assert!(nobody.get(&path).await.text().contains("Rita"));
    let seal = &nobody.seal;
    let short = nobody
        .send(&path, &format!("seal={seal}&password=short&again=short"))
        .await;
    assert_eq!(short.status.as_u16(), 422);
    let phrase = "correct+horse+battery";
    let other = nobody
        .send(&path, &format!("seal={seal}&password={phrase}&again=x"))
        .await;
    assert_eq!(other.status.as_u16(), 422);
    let set = nobody
        .send(
            &path,
            &format!("seal={seal}&password={phrase}&again={phrase}"),
        )
        .await;
    assert_eq!(set.status.as_u16(), 303, "{}", set.text());
    let again = nobody.get(&path).await;
    assert_eq!(again.status.as_u16(), 404, "it is used up");
    assert!(again.text().contains("has been used"), "{}", again.text());

    let with = async |name: &str, password: &str| {
        let form = format!("seal={seal}&name={name}&password={password}&to=%2Fcases");
        nobody.send("/sign-in", &form).await
    };
    let right = with("rita%40example.com", phrase).await;
    assert_eq!(
        (right.status.as_u16(), &right.headers["location"]),
        (303, &"/cases".parse().expect("a value"))
    );
    assert_eq!(with("rita", phrase).await.status.as_u16(), 303);
    let wrong = with("rita", "wrong+horse+battery").await;
    let unknown = with("mallory", phrase).await;
    assert_eq!((wrong.status.as_u16(), unknown.status.as_u16()), (401, 401));
    assert_eq!(
        wrong.text().replace(
            "name=\"name\" value=\"rita\"",
            "name=\"name\" value=\"mallory\""
        ),
        unknown.text(),
        "it is not told which was wrong"
    );
    let gone = DirectoryChange::PutPassword(PersonId::new("rita"), "$none".to_owned());
    engine
        .seed_directory(vec![gone])
        .await
        .expect("it is written");
    let signed_in = Visit {
        cookies: cookies_of(&right),
        ..Visit::nobody(&product).await
    };
    assert_eq!(
        signed_in.get("/").await.status.as_u16(),
        303,
        "a new password signs out"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_changes_nothing() {
    let product = Product::start().await;
    let rita = Visit::of(&product, "rita").await;
    let form = format!("seal={}", rita.seal);
    let sent = async |origin: Option<&str>, site: Option<&str>, form: &str| {
        let mut request = rita.form("/sign-out", form);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        Answer::of(request).await.status.as_u16()
    };
    let own = rita.url.clone();
    assert_eq!(sent(Some("https://evil.example"), None, &form).await, 403);
    assert_eq!(sent(Some("null"), None, &form).await, 403);
    assert_eq!(sent(Some(&own), Some("cross-site"), &form).await, 403);
    assert_eq!(sent(Some(&own), None, "").await, 403, "without the seal");
    let omar = Visit::of(&product, "omar").await;
    let foreign = format!("seal={}", omar.seal);
    assert_eq!(
        sent(Some(&own), None, &foreign).await,
        403,
        "somebody else's seal"
    );
    let page = rita.get("/").await;
    assert_eq!(page.status.as_u16(), 200, "she is signed in as before");
    let policy = page.headers["content-security-policy"]
        .to_str()
        .expect("a text");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(sent(Some(&own), Some("same-origin"), &form).await, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_pages_changes_nothing() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let case = pat
        .open(
            "deal_registration",
            json!({ "deal": { "customer": "Contoso" } }),
        )
        .await;
    let before = pat.case(&case).await;
    let visit = Visit::of(&product, "pat").await;
    for path in [
        "",
        "/everything",
        "/changes",
        "/history",
        "/diagram",
        "/diagram.svg",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = Answer::of(visit.request(method, &format!("/cases/{case}{path}"))).await;
            assert!(answer.status.as_u16() < 400, "{path}: {}", answer.status);
        }
    }
    for path in [
        "/",
        "/?section=waiting",
        "/?section=done",
        "/cases?q=contoso",
        "/new",
        "/new/deal_registration",
        "/workflows/deal_registration",
        "/workflows/deal_registration/diagram.svg",
    ] {
        assert_eq!(visit.get(path).await.status.as_u16(), 200, "{path}");
    }
    assert_eq!(pat.case(&case).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_opens_nothing_says_so_in_the_readers_language_first() {
    let product = Product::start().await;
    let http = countersign_tests::http();
    let read = async |path: &str, accepts: &str| {
        let url = format!("{}{path}", product.service().url());
        let request = http.get(url).header(header::ACCEPT_LANGUAGE, accepts);
        let answer = Answer::of(request).await;
        assert_eq!(answer.status.as_u16(), 404);
        answer.text()
    };
    for path in ["/l/none", "/stop-mails/none"] {
        let chinese = read(path, "zh-CN,en;q=0.5").await;
        assert!(chinese.contains("<html lang=\"zh-Hans\">"), "{chinese}");
        assert!(chinese.contains("<h2 lang=\"en\">"), "{chinese}");
        assert_eq!(read(&format!("{path}?lang=zh"), "en").await, chinese);
        let english = read(path, "fr").await;
        assert!(english.contains("<html lang=\"en\">"), "{english}");
        assert!(english.contains("<h2 lang=\"zh-Hans\">"), "{english}");
    }
}
