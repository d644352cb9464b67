//! Pages, as people use them: in a real Chromium, and as attackers would like to.

#[macro_use]
mod ways;

mod absence;
mod after;
mod app_codes;
mod attacks;
mod belonging;
mod case;
mod deal;
mod door;
mod drafts;
mod drawing;
mod inbox;
mod invitation;
mod keyboard;
mod kin;
mod link_files;
mod operate;
mod operators;
mod payment;
mod pictures;
mod provider;
mod rounds;
mod sow;
mod specialist;
mod targets;
mod told;
mod walls;

use countersign_tests::{Answer, Browser, Product, axe, eventually};
use reqwest::{Method, RequestBuilder, header};

/// A browser's cookies and address, without the browser.
struct Visit {
    http: reqwest::Client,
    url: String,
    cookies: String,
    seal: String,
}

impl Visit {
    /// Somebody of the demo, signed in by the page.
    async fn of(product: &Product, who: &str) -> Self {
        let mut visit = Self::nobody(product).await;
        let form = format!("seal={}&as={who}&to=%2F", visit.seal);
        let answer = visit.send("/sign-in", &form).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
        visit.cookies = cookies_of(&answer);
        let inbox = visit.get("/").await;
        visit.seal = seal_in(&inbox.text());
        visit
    }

    /// Somebody who is not signed in.
    async fn nobody(product: &Product) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let mut visit = Self {
            http: http.build().expect("a client"),
            url: product.service().url().to_owned(),
            cookies: String::new(),
            seal: String::new(),
        };
        let page = visit.get("/sign-in").await;
        visit.cookies = cookies_of(&page);
        visit.seal = seal_in(&page.text());
        visit
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .header(header::COOKIE, &self.cookies)
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// Sends a form as a page of ours does.
    async fn send(&self, path: &str, form: &str) -> Answer {
        Answer::of(self.form(path, form).header(header::ORIGIN, &self.url)).await
    }

    fn form(&self, path: &str, form: &str) -> RequestBuilder {
        self.request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.to_owned())
    }
}

fn cookies_of(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
    let kept: Vec<&str> = pairs.filter(|pair| !pair.ends_with('=')).collect();
    kept.join("; ")
}

fn seal_in(page: &str) -> String {
    let after = page.split("name=\"seal\" value=\"").nth(1).expect("a form");
    after.split('"').next().expect("a seal").to_owned()
}

/// axe-core finds nothing wrong with the page that is open. It is a script: where none run, the same page was looked at in
/// another way of the story.
async fn has_no_faults(browser: &Browser) {
    if let Some(axe) = axe().filter(|_| browser.runs_scripts()) {
        let faults = browser.faults(&axe).await;
        assert!(faults.is_empty(), "{}: {faults:#?}", browser.url().await);
    }
}

/// Signs somebody of the demo in, by clicking.
async fn sign_in(browser: &Browser, product: &Product, who: &str) {
    let url = product.service().url();
    browser.open(&format!("{url}/sign-in")).await;
    browser.click(&format!("button[value={who}]")).await;
    // Who goes elsewhere before the answer is there is not signed in.
    eventually("somebody is signed in", async || {
        (!browser.url().await.contains("/sign-in")).then_some(())
    })
    .await;
}

/// Signs out, by clicking.
async fn sign_out(browser: &Browser) {
    browser.press("Sign out").await;
}
