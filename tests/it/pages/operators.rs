//! The pages of operators in a browser: words and not names of the file, what changed between two versions, and a move of all
//! cases, as any replica tells it.

use countersign_cli::{HookWay, Source};
use countersign_core::name::Name;
use countersign_engine::ports::moves::MoveProgress;
use countersign_tests::{Browser, Product, eventually};
use serde_json::json;

use super::{after::looked_at, sign_in};

const SHARED: &str = r"
shared: 1
languages: [en, zh]
roles:
  applicant: { title: { en: Applicant, zh: 申请人 }, is: starter }
  asker: { title: { en: Asker, zh: 申请部门 }, group: partner_users }
";
const WISH: &str = r#"
workflow: wish
version: 1
number: "W-{seq:5}"
title: { en: Wish, zh: 愿望 }
case_title: wish.what
forms: { wish: { title: { en: Wish, zh: 愿望 }, fields: { what: { title: { en: What, zh: 内容 }, type: string, maxLength: 100 } } } }
open: { who: asker, to: draft }
states:
  draft:
    title: { en: Draft, zh: 草稿 }
    edit: { applicant: [wish] }
    actions: { send: { title: { en: Send, zh: 提交 }, who: applicant, require: [wish], to: asked } }
  asked:
    title: { en: Asked, zh: 已提出 }
    actions: { close: { title: { en: Close, zh: 关闭 }, who: applicant, to: over } }
  over: { title: { en: Over, zh: 已结束 }, end: success }
"#;

fn texts(wish: &str) -> Source {
    let text = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    Source::Texts(vec![text("shared.yaml", SHARED), text("wish.yaml", wish)])
}

/// Names that the programme's files give what operators see: none of them is a word.
const NAMES: [&str; 5] = ["remind", "lapse", "tidy_up", "review_wanted", "settled"];

#[tokio::test(flavor = "multi_thread")]
async fn what_fires_and_what_is_sent_is_told_in_words() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start().await;
    let pat = product.as_("pat");
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2027-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    product.mails("rita@example.com").await;
    sign_in(&browser, &product, "otto").await;
    let url = product.service().url();
    for (language, fires, sent) in [
        ("en", "Sends a mail (", "Asks to act"),
        ("zh", "发送邮件（", "待办通知"),
    ] {
        for (page, word) in [("timers", fires), ("deliveries", sent)] {
            browser
                .open(&format!("{url}/operate/{page}?lang={language}"))
                .await;
            let rows = browser.text("table.cases tbody").await;
            assert!(rows.contains(word), "{page}: {rows}");
            for name in NAMES {
                assert!(!rows.contains(name), "{page} in {language}: {name}: {rows}");
            }
            looked_at(&browser, &format!("{page}-{language}")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_compared_in_words_and_any_replica_tells_of_a_move() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start_with(HookWay::Taken, texts(WISH)).await;
    for n in 0..3 {
        let wish = json!({ "wish": { "what": format!("Chair {n}") } });
        product.as_("pat").open("wish", wish).await;
    }
    let second = WISH
        .replace("version: 1", "version: 2")
        .replace("maxLength: 100", "maxLength: 200");
    let publication = texts(&second).publication().expect("it is right");
    let engine = product.service().engine();
    let published = engine.publish_by_itself(publication).await;
    published.expect("it is published");
    sign_in(&browser, &product, "otto").await;
    let page = format!("{}/operate/versions/wish", product.service().url());
    for language in ["en", "zh"] {
        let compared = format!("{page}?from=1&to=2&lang={language}");
        browser.open(&compared).await;
        let told = browser.text("ul.changes").await;
        assert!(told.contains("200") && !told.contains('`'), "{told}");
        assert!(browser.count("ul.changes code").await > 0, "{told}");
        looked_at(&browser, &format!("versions-{language}")).await;
    }

    // Another replica has begun to move them.
    let mut progress = of_three();
    let wish = Name::parse("wish").expect("a name");
    let begun = engine.begin_move(&wish, &progress).await.expect("a store");
    let elsewhere = begun.expect("none is under way");
    (progress.looked, progress.moved) = (2, 1);
    engine
        .note_move(&elsewhere, &progress)
        .await
        .expect("a store");
    for (language, word) in [("en", "Under way."), ("zh", "进行中。")] {
        browser.open(&format!("{page}?lang={language}")).await;
        let told = browser.text("section.batch").await;
        assert!(told.contains(word) && told.contains("2 / 3"), "{told}");
        looked_at(&browser, &format!("batch-{language}")).await;
    }
    begin(&browser, &page).await;
    let told = browser.text(".problem").await;
    assert!(told.contains("being moved already"), "{told}");
    looked_at(&browser, "batch-twice-en").await;
    product.wait("3 minutes").await;
    browser.open(&format!("{page}?lang=en")).await;
    let told = browser.text("section.batch").await;
    assert!(told.contains("has ended. Begin again"), "{told}");
    looked_at(&browser, "batch-forsaken-en").await;
    begin(&browser, &page).await;
    let told = eventually("all are moved", async || {
        browser.open(&page).await;
        let told = browser.text("section.batch").await;
        told.contains("Finished").then_some(told)
    });
    let told = told.await;
    assert!(told.contains("Moved: 3"), "{told}");
    let late = engine.note_move(&elsewhere, &progress).await;
    assert!(!late.expect("a store"), "it is another one's now");
}

async fn begin(browser: &Browser, page: &str) {
    browser.open(&format!("{page}?from=1&to=2&lang=en")).await;
    browser.fill("#reason", "New rules").await;
    browser
        .click("form[action$='/move'] button[type=submit]")
        .await;
}

fn of_three() -> MoveProgress {
    MoveProgress {
        from: 1,
        to: 2,
        total: 3,
        looked: 0,
        moved: 0,
        left: 0,
        refused: 0,
        ended: None,
        stopped: None,
    }
}

/// Half a minute of a page passes in a tenth of a second.
const HURRIED: &str =
    "const slow = window.setInterval; window.setInterval = (call, wait) => slow(call, wait / 300);";

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_counts_anew_by_itself_whether_the_event_stream_comes_through_or_not() {
    let Some(browser) = Browser::start(1280).await else {
        return;
    };
    let product = Product::start_with(HookWay::Taken, texts(WISH)).await;
    let pat = product.as_("pat");
    pat.open("wish", json!({})).await;
    sign_in(&browser, &product, "otto").await;
    let page = format!("{}/operate", product.service().url());
    let live = "return !document.querySelector('.live').hidden";
    browser.open(&page).await;
    eventually("it says that it is live", async || {
        (browser.run(live).await == true).then_some(())
    })
    .await;
    for (cut_off, count) in [(false, "2"), (true, "3")] {
        if cut_off {
            browser.cut_off(&["*/operate/live"]).await;
            browser.before_each_page(HURRIED).await;
            browser.open(&page).await;
        }
        pat.open("wish", json!({})).await;
        eventually("counted anew", async || {
            (browser.text("section.plot td a").await == count).then_some(())
        })
        .await;
    }
}
