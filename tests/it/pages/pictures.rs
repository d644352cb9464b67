//! Every page, wide and narrow and at 200 %, in both languages, light and dark: nothing is cut off, nothing breaks the
//! policy, what is pressed is large enough, and axe-core finds no fault.
//!
//! With `COUNTERSIGN_WRITE_PICTURES=FOLDER` they are written there to be looked at; with `COUNTERSIGN_WRITE_GOLDEN=1`
//! the two of the README are made anew (`cargo xtask pictures` does both).

use std::{env, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign_cli::open_demo_cases;
use countersign_core::case::{PersonId, Purpose};
use countersign_tests::{Browser, Product, axe};
use serde_json::{Value as Json, json};

use super::{sign_in, sign_out, targets::too_small};

/// Who looks at which page; `{review}`, `{changes}` and so on stand for the numbers of cases.
const PAGES: [(&str, &str, &str); 35] = [
    ("", "/sign-in", "sign-in"),
    ("", "/l/{link}", "link"),
    ("", "/stop-mails/{stop}", "stop-mails"),
    ("", "/l/none", "link-dead"),
    ("", "/password/{password}", "password"),
    ("", "/docs", "docs"),
    ("", "/errors/E101", "error"),
    ("rita", "/", "inbox"),
    ("rita", "/cases", "cases"),
    ("rita", "/cases/{review}", "case"),
    ("rita", "/cases/{second}", "changes"),
    ("rita", "/cases/{second}/everything", "everything"),
    ("rita", "/cases/NONE-1", "not-found"),
    ("rita", "/cases/{changes}/history", "history"),
    ("rita", "/cases/{changes}/diagram", "diagram"),
    ("rita", "/cases/{changes}/why", "why"),
    ("rita", "/me", "me"),
    ("rita", "/account", "account"),
    ("rita", "/mailbox", "mailbox"),
    ("amy", "/", "inbox-empty"),
    ("pat", "/?section=waiting", "inbox-waiting"),
    ("pat", "/cases/{sow}", "case-draft"),
    ("pat", "/new", "new"),
    ("paul", "/cases/{changes}", "case-to-fix"),
    ("paul", "/cases/{changes}/files", "files"),
    ("paul", "/workflows/deal_registration", "workflow"),
    ("ada", "/new/invitation", "new-invitation"),
    ("otto", "/operate", "operate"),
    ("otto", "/operate/incidents", "incidents"),
    ("otto", "/operate/deliveries", "deliveries"),
    ("otto", "/operate/timers", "timers"),
    ("otto", "/operate/versions", "versions"),
    ("otto", "/operate/versions/deal_registration", "version"),
    ("otto", "/operate/cases/{review}", "case-tools"),
    ("otto", "/workflows/deal_registration", "workflow-counts"),
];

/// Who is invited and has no account.
const BOB: &str = "bob@example.com";

/// Those that the README shows: who they are of, and the file.
const README: [(&str, &str); 2] = [("inbox", "inbox.png"), ("case", "case.png")];

/// How pages are looked at: width, language and scheme.
type Look = (u32, &'static str, &'static str);

/// In these looks axe-core goes over each page too. 640 px are what a window of 1280 shows at 200 %.
const WITH_AXE: [Look; 3] = [
    (1280, "en", "light"),
    (640, "en", "light"),
    (320, "zh", "dark"),
];

/// What a page says by itself in Latin letters alone, its other language and the mails of the demo left out. Names of people
/// and partners are written as they are.
const IN_ENGLISH: &str = r"
    const names = ['Acme Ltd', 'Nordwind GmbH', 'Countersign', 'English'];
    const own = 'button, .button, th, label, legend, h2, nav a, dt, .hint, .empty, main > p, summary:not(.mail > summary)';
    const said = [...document.querySelectorAll(own)].filter((one) => !one.closest('[lang=en]')).map((one) => one.innerText.trim());
    return said.filter((text) => /[A-Za-z]{3}/.test(text) && !/[\u4e00-\u9fff]/.test(text) && !names.includes(text))";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_its_window_and_has_no_faults() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let axe = axe();
    if let Some(axe) = &axe {
        browser
            .open("data:text/html,<title>A</title><a href='/b'></a>")
            .await;
        assert!(
            !browser.faults(axe).await.is_empty(),
            "it finds what is wrong"
        );
    }
    let product = Product::start().await;
    let engine = product.service().engine();
    open_demo_cases(engine).await.expect("cases are opened");
    invite(&product).await;
    resubmit(&product).await;
    let folder = env::var_os("COUNTERSIGN_WRITE_PICTURES");
    let mut faults = Vec::new();
    let mut signed_in = "";
    for (who, path, name) in PAGES {
        if who != signed_in {
            if !signed_in.is_empty() {
                browser
                    .open(&format!("{}/?lang=en", product.service().url()))
                    .await;
                sign_out(&browser).await;
            }
            if !who.is_empty() {
                sign_in(&browser, &product, who).await;
            }
            signed_in = who;
        }
        let path = numbered(&product, path).await;
        for (width, language, scheme) in looks() {
            browser.resize(width).await;
            browser.paint(scheme).await;
            let joint = if path.contains('?') { '&' } else { '?' };
            let url = format!("{}{path}{joint}lang={language}", product.service().url());
            browser.open(&url).await;
            let look = (width, language, scheme);
            faults.extend(faults_of(&browser, axe.as_deref(), name, look).await);
            let file = format!("{name}-{width}-{language}-{scheme}.png");
            if let Some(folder) = folder.as_ref().filter(|_| width != 640) {
                write(&browser, &Path::new(folder).join(&file)).await;
            }
            if (width, language, scheme) == (1280, "en", "light") {
                for_readme(&browser, name).await;
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let complaints = complaints(&browser).await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// What is wrong with the page that is open.
async fn faults_of(browser: &Browser, axe: Option<&str>, name: &str, look: Look) -> Vec<String> {
    let (width, language, scheme) = look;
    let at = format!("{name} at {width} px in {language}, {scheme}");
    let mut faults = Vec::new();
    let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    if browser.run(over).await != 0 {
        faults.push(format!("{at} is cut off"));
    }
    // Who opens a dead link is not known, so that both languages are there.
    if (width, language) == (1280, "zh") && name != "link-dead" {
        let english = browser.run(IN_ENGLISH).await;
        let english = english.as_array().expect("a list").iter();
        faults.extend(english.map(|text| format!("{at} says {text}")));
    }
    if look == (320, "en", "light") {
        let small = too_small(browser).await.into_iter();
        faults.extend(small.map(|small| format!("{at}: {small}")));
    }
    if let Some(axe) = axe.filter(|_| WITH_AXE.contains(&look)) {
        let found = browser.faults(axe).await;
        faults.extend(found.into_iter().map(|fault| format!("{at}: {fault}")));
    }
    faults
}

/// What the browser complains of. That a page is not found is what was wanted of it.
async fn complaints(browser: &Browser) -> Vec<String> {
    let mut complaints = browser.complaints().await;
    complaints.retain(|told| !told.contains("status of 404"));
    complaints
}

/// Somebody without an account has a link.
async fn invite(product: &Product) {
    let bob = json!({ "email": BOB, "name": "Bob", "role": "partner_user" });
    let ada = product.as_("ada");
    ada.open("invitation", json!({ "invitation": bob })).await;
}

/// A deal in its second round, with comments that were answered.
async fn resubmit(product: &Product) {
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let deal = json!({ "customer": "Wingtip", "amount": "120000", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let why = json!([{ "at": "deal.amount", "text": "Please add the tax." }]);
    let back = json!({ "comment": "See there.", "comments": why });
    rita.act(&case, "request_changes", back).await.ok();
    let taxed = json!({ "deal": { "amount": "135600", "close_date": "2026-12-31" } });
    pat.patch(&format!("/v1/cases/{case}"), taxed).await.ok();
    let open = pat.case(&case).await["comments"].clone();
    let open = open.as_array().expect("comments").iter();
    let replies = open.map(|comment| json!({ "comment": comment["id"], "text": "Done." }));
    let replies: Vec<Json> = replies.collect();
    pat.act(&case, "resubmit", json!({ "replies": replies }))
        .await
        .ok();
}

fn looks() -> impl Iterator<Item = Look> {
    let sizes = [1280, 320].into_iter();
    let all = sizes.flat_map(|width| {
        let languages = ["en", "zh"].into_iter();
        languages
            .flat_map(move |language| ["light", "dark"].map(|scheme| (width, language, scheme)))
    });
    all.chain([(640, "en", "light")])
}

/// The path with the numbers of the demo's cases.
async fn numbered(product: &Product, path: &str) -> String {
    let Some((before, rest)) = path.split_once('{') else {
        return path.to_owned();
    };
    let (which, after) = rest.split_once('}').expect("it is closed");
    if which == "link" {
        return format!("{before}{}{after}", product.link(BOB, "accept").await);
    }
    if which == "stop" {
        let tokens = product.service().engine().link_tokens();
        let token = tokens.make_stop("rita", Purpose::Daily);
        return format!("{before}{}{after}", token.expect("they can be stopped"));
    }
    if which == "password" {
        let engine = product.service().engine();
        let made = engine.new_password_link(&PersonId::new("rita")).await;
        return format!("{before}{}{after}", made.expect("a link").token);
    }
    let (who, workflow, state) = match which {
        "second" => ("pat", "deal_registration", "review"),
        "review" => ("pat", "deal_registration", "review"),
        "changes" => ("paul", "deal_registration", "changes_requested"),
        _ => ("pat", "sow_evaluation", ""),
    };
    let list = format!("/v1/cases?workflow={workflow}&sort=oldest");
    let cases = product.as_(who).get(&list).await.ok();
    let cases = cases["items"].as_array().expect("cases").clone();
    let round = if which == "second" { 2 } else { 1 };
    let found = cases
        .iter()
        .find(|case| (state.is_empty() || case["state"] == state) && case["round"] == round);
    let number = found.map(|case| &case["number"]).and_then(Json::as_str);
    format!("{before}{}{after}", number.expect("the demo has one"))
}

async fn for_readme(browser: &Browser, name: &str) {
    let wanted = README.iter().find(|(page, _)| *page == name);
    if let (Some((_, file)), Some(_)) = (wanted, env::var_os("COUNTERSIGN_WRITE_GOLDEN")) {
        let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
        write(browser, &images.join(file)).await;
    }
}

async fn write(browser: &Browser, file: &Path) {
    let picture = STANDARD.decode(browser.picture().await).expect("base64");
    fs::write(file, picture).expect("the picture is written");
}
