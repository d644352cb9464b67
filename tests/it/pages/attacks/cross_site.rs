//! Pages of another site, in the browser of somebody who is signed in: forms that send themselves, frames, and requests
//! by script. The other site is served for real; under one name its requests are same-site, so that cookies go along.

use axum::{Router, extract::State, response::Html, routing::get};
use countersign_tests::{Browser, Product};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use super::super::{Visit, sign_in};

/// What the other site is made of: where we are, and what it knows of us.
#[derive(Clone)]
struct Evil {
    ours: String,
    case: String,
    /// The seal of the victim's own forms. No other site can know it; this one does, to show that it would not help.
    seal: String,
}

impl Evil {
    /// Serves it; answers its port.
    async fn serve(self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let pages = Router::new()
            .route("/form/{n}", get(form))
            .route("/frame", get(frame))
            .route("/fetch", get(fetch))
            .with_state(self);
        tokio::spawn(async move { axum::serve(listener, pages).await });
        port
    }

    /// Addresses and fields of forms that would do something.
    fn forms(&self) -> [(String, Vec<(&'static str, String)>); 7] {
        let seal = ("seal", self.seal.clone());
        let case = &self.case;
        let tool = |more: Vec<(&'static str, String)>| {
            let reason = ("reason", "because".to_owned());
            [vec![seal.clone(), reason], more].concat()
        };
        [
            (
                format!("/cases/{case}"),
                vec![
                    seal.clone(),
                    ("send", "1".to_owned()),
                    ("do", "submit".to_owned()),
                    ("seen", "1/1/draft".to_owned()),
                    ("deal.customer", "Evil".to_owned()),
                ],
            ),
            (
                "/new/deal_registration".to_owned(),
                vec![seal.clone(), ("deal.customer", "Evil".to_owned())],
            ),
            (format!("/operate/cases/{case}/hold"), tool(vec![])),
            (
                format!("/operate/cases/{case}/move"),
                tool(vec![("to", "approved.done".to_owned())]),
            ),
            ("/operate/deliveries/retry".to_owned(), vec![seal.clone()]),
            ("/sign-out".to_owned(), vec![seal.clone()]),
            (
                "/sign-in".to_owned(),
                vec![seal, ("as", "nina".to_owned()), ("to", "/".to_owned())],
            ),
        ]
    }
}

/// A form that sends itself.
async fn form(
    State(evil): State<Evil>,
    axum::extract::Path(n): axum::extract::Path<usize>,
) -> Html<String> {
    let (path, fields) = &evil.forms()[n];
    let input = |(name, value): &_| format!("<input type=hidden name='{name}' value='{value}'>");
    let inputs = fields.iter().map(input).collect::<Vec<_>>().concat();
    let ours = &evil.ours;
    Html(format!(
        "<form method=post action='{ours}{path}'>{inputs}</form><script>document.forms[0].submit()</script>"
    ))
}

/// Our pages in frames, under a button that the victim is meant to hit.
async fn frame(State(Evil { ours, case, .. }): State<Evil>) -> Html<String> {
    Html(format!(
        "<h1>Win</h1><iframe src='{ours}/cases/{case}' width=600 height=600></iframe><iframe src='{ours}/sign-in'></iframe>"
    ))
}

/// Requests by script, of every kind that a browser lets another site make, with cookies. It says what it could read.
async fn fetch(State(evil): State<Evil>) -> Html<String> {
    let Evil { ours, case, .. } = &evil;
    let forms = evil.forms().map(|(path, fields)| {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('/', "%2F")))
            .collect();
        json!([path, body.join("&")])
    });
    let forms = Json::from(forms.to_vec());
    Html(format!(
        "<h1>Wait</h1><script>(async () => {{
            const read = [];
            const ask = async (path, options) => {{
                try {{
                    const answer = await fetch('{ours}' + path, {{ credentials: 'include', ...options }});
                    const text = await answer.text();
                    if (text) read.push(path);
                }} catch {{}}
            }};
            for (const [path, body] of {forms}) {{
                const headers = {{ 'content-type': 'application/x-www-form-urlencoded' }};
                await ask(path, {{ method: 'POST', mode: 'no-cors', headers, body }});
                await ask(path, {{ method: 'POST', headers, body }});
                await ask(path, {{ method: 'POST', headers: {{ 'content-type': 'text/plain' }}, body }});
            }}
            const json = {{ 'content-type': 'application/json' }};
            await ask('/v1/cases/{case}/actions/submit', {{ method: 'POST', headers: json, body: '{{}}' }});
            await ask('/v1/cases/{case}/actions/submit', {{ method: 'POST', mode: 'no-cors', body: '{{}}' }});
            await ask('/v1/cases/{case}', {{ method: 'DELETE' }});
            await ask('/cases/{case}', {{}});
            await ask('/v1/me', {{}});
            window.read = read;
        }})();</script>"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_changes_nothing() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let pat = product.as_("pat");
    let deal = json!({ "deal": { "customer": "Northwind", "amount": "330000.00", "close_date": "2026-12-20" } });
    let case = pat.open("deal_registration", deal).await;
    let before = all(&product, &case).await;
    for who in ["pat", "otto"] {
        let ours = product.service().url().to_owned();
        sign_in(&browser, &product, who).await;
        browser.open(&format!("{ours}/")).await;
        let seal = browser
            .run("return document.querySelector('[name=seal]').value")
            .await;
        let evil = Evil {
            ours: ours.clone(),
            case: case.clone(),
            seal: seal.as_str().expect("a seal").to_owned(),
        };
        let forms = evil.forms().len();
        let port = evil.serve().await;
        // Under the first name it is the same site with another port, so that `SameSite` does not help.
        for name in ["127.0.0.1", "localhost"] {
            let there = format!("http://{name}:{port}");
            for n in 0..forms {
                browser.open(&format!("{there}/form/{n}")).await;
                let title = browser.text("h1").await;
                assert_eq!(title, "Please send it again", "{who}, form {n} of {name}");
                assert!(browser.url().await.starts_with(&ours), "it was sent");
            }
            browser.open(&format!("{there}/frame")).await;
            browser.text("h1").await;
            let shown = browser
                .run("return [...document.querySelectorAll('iframe')].map((frame) => { try { return frame.contentDocument !== null } catch { return false } })")
                .await;
            assert_eq!(shown, json!([false, false]), "{name}");
            browser.open(&format!("{there}/fetch")).await;
            let read = countersign_tests::eventually("it has tried all", async || {
                let read = browser.run("return window.read || null").await;
                (!read.is_null()).then_some(read)
            });
            assert_eq!(read.await, json!([]), "{who}: what {name} could read");
        }
        let complaints = browser.complaints().await.join("\n");
        assert!(complaints.contains("frame-ancestors"), "{complaints}");
        // Still oneself, and nothing has happened.
        browser.open(&format!("{ours}/")).await;
        let name = browser.text(".who .name").await.to_lowercase();
        assert!(name.contains(who), "{name}");
        assert_eq!(all(&product, &case).await, before, "{who}");
        browser.press("Sign out").await;
    }
    // The same form from a page of ours is taken: what was refused was refused for where it came from.
    let otto = Visit::of(&product, "otto").await;
    let form = format!("seal={}&reason=because", otto.seal);
    let held = otto
        .send(&format!("/operate/cases/{case}/hold"), &form)
        .await;
    assert_eq!(held.status.as_u16(), 303, "{}", held.text());
}

/// The case, all cases, and the history: whatever those forms would change.
async fn all(product: &Product, case: &str) -> [Json; 3] {
    let otto = product.as_("otto");
    [
        otto.case(case).await,
        otto.get("/v1/cases").await.ok(),
        otto.get(&format!("/v1/cases/{case}/history")).await.ok(),
    ]
}
