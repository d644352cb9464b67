//! What pages tell: what a case is called that has no title yet, who was written to, what changed between any
//! two rounds, the mails of the demo, and that nothing is at an address.

use countersign_tests::{Answer, Browser, Product};
use reqwest::{Method, header};
use serde_json::{Value as Json, json};

use super::{Visit, has_no_faults, ways::fits};

#[tokio::test(flavor = "multi_thread")]
async fn a_case_without_a_title_is_called_by_its_number_and_can_be_opened() {
    let product = Product::start().await;
    let case = product
        .as_("pat")
        .open("deal_registration", json!({}))
        .await;
    let pat = Visit::of(&product, "pat").await;
    let link = format!("<a href=\"/cases/{case}\">{case}</a>");
    for list in ["/", "/cases"] {
        let page = pat.get(list).await.text();
        assert!(page.contains(&link), "{list}: {page}");
    }
    let page = pat.get(&format!("/cases/{case}")).await.text();
    assert!(page.contains("<h1>Deal registration</h1>"), "{page}");
    assert!(page.contains(&format!("<title>{case} · Countersign</title>")));
    let start = pat.get("/new/deal_registration?lang=zh").await.text();
    assert!(
        start.contains(">新建</button>") && !start.contains(">Open<"),
        "{start}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn history_tells_who_was_written_to_and_changes_compare_any_two_rounds() {
    let product = Product::start().await;
    let (pat, rita) = (product.as_("pat"), product.as_("rita"));
    let deal = |amount: &str| json!({ "customer": "Northwind", "amount": amount, "close_date": "2026-12-20" });
    let opened = json!({ "deal": deal("100") });
    let case = pat.open("deal_registration", opened).await;
    pat.act(&case, "submit", json!({})).await.ok();
    for amount in ["200", "300"] {
        let back = json!({ "comment": "Please check the amount." });
        rita.act(&case, "request_changes", back).await.ok();
        let comments = pat.case(&case).await["comments"].clone();
        let open = comments.as_array().expect("comments").last().expect("one");
        let reply = json!({ "comment": open["id"], "text": "Done." });
        let again = json!({ "data": { "deal": deal(amount) }, "replies": [reply] });
        pat.act(&case, "resubmit", again).await.ok();
    }
    product.mails("rita@example.com").await;
    let of_rita = Visit::of(&product, "rita").await;
    let history = of_rita.get(&format!("/cases/{case}/history")).await.text();
    assert!(history.contains("were asked to act"), "{history}");
    assert!(history.contains("Lena") && history.contains("Pat"));
    let in_chinese = format!("/cases/{case}/history?lang=zh");
    assert!(
        of_rita
            .get(&in_chinese)
            .await
            .text()
            .contains("收到待办通知")
    );
    // The partner knows of the mails to the partner alone.
    let of_pat = Visit::of(&product, "pat").await;
    let history = of_pat.get(&format!("/cases/{case}/history")).await.text();
    assert!(history.contains("class=\"mailed\""), "{history}");
    assert!(
        !history.contains("Lena") && !history.contains("Omar"),
        "{history}"
    );

    let changes = async |query: &str| {
        let page = of_rita.get(&format!("/cases/{case}/changes{query}")).await;
        page.text()
    };
    let last = changes("").await;
    assert!(last.contains("Since round 2") && last.contains("200") && !last.contains("100.00"));
    let all = changes("?from=1&to=3").await;
    assert!(all.contains("Since round 1") && all.contains("100") && all.contains("300"));
    let choice = format!("href=\"/cases/{case}/changes?from=1&amp;to=2\"");
    assert!(all.contains(&choice), "{all}");
    let first = changes("?from=1&to=2").await;
    assert!(
        first.contains("From round 1 to round 2") && !first.contains("300.00"),
        "{first}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_shows_mails_as_their_receivers_see_them() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2026-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let mails = product.mails("rita@example.com").await;
    let visit = Visit::nobody(&product).await;
    let page = visit
        .get("/mailbox?lang=zh&to=rita@example.com")
        .await
        .text();
    assert!(
        page.contains("lang=\"zh-Hans\"") && page.contains("收件人"),
        "{page}"
    );
    assert!(
        page.contains("<option value=\"omar@example.com\">"),
        "{page}"
    );
    let id = mails[0]["id"].as_str().expect("an id");
    assert!(page.contains(&format!("src=\"/mailbox/{id}\"")), "{page}");
    let mail = visit.get(&format!("/mailbox/{id}")).await;
    let policy = mail.headers["content-security-policy"].to_str();
    let policy = policy.expect("a policy").to_owned();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"));
    assert!(!policy.contains("allow-scripts"));
    let html = mail.text();
    assert!(
        html.contains("<base target=\"_top\">") && html.contains(&case),
        "{html}"
    );
    assert_eq!(visit.get("/mailbox/none").await.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_at_no_address_gets_a_page_and_a_program_a_problem() {
    let product = Product::start().await;
    let visit = Visit::nobody(&product).await;
    let ask = async |path: &str, accept: &'static str| {
        let request = visit.request(Method::GET, path);
        Answer::of(request.header(header::ACCEPT, accept)).await
    };
    let page = ask("/nothing/here?lang=zh", "text/html,*/*;q=0.8").await;
    assert_eq!(page.status.as_u16(), 404);
    let text = page.text();
    assert!(text.contains("<h1>未找到</h1>"), "{text}");
    ask("/nothing/here", "application/json")
        .await
        .refused(404, "not_found");
    ask("/v1/nothing", "text/html")
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_comes_too_late_says_so_in_its_subject() {
    let product = Product::start().await;
    let pat = product.as_("pat");
    let deal = json!({ "customer": "Northwind", "amount": "5", "close_date": "2027-12-20" });
    let case = pat.open("deal_registration", json!({ "deal": deal })).await;
    pat.act(&case, "submit", json!({})).await.ok();
    let subjects = async || {
        let mails = product.mails("rita@example.com").await;
        let of_case = mails.iter().filter(|mail| mail["case"] == case);
        let subjects = of_case.filter_map(|mail| mail["subject"].as_str().map(str::to_owned));
        subjects.collect::<Vec<String>>()
    };
    let first = subjects().await;
    assert!(
        !first.is_empty() && first.iter().all(|told| !told.starts_with("Late:")),
        "{first:?}"
    );
    product.wait("10 days").await;
    let all = subjects().await;
    let late = all.iter().filter(|told| told.starts_with("Late: Review"));
    assert!(late.count() > 0, "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_error_and_of_no_address_are_laid_out_like_the_others() {
    let Some(browser) = Browser::start(320).await else {
        return;
    };
    let product = Product::start().await;
    let url = product.service().url();
    for (path, en, zh) in [
        (
            "/errors/E101",
            "E101: Unknown keyword",
            "E101：未知的关键字",
        ),
        ("/nothing/here", "Not found", "未找到"),
        ("/cases/x/y/z", "Not found", "未找到"),
    ] {
        for (language, tag, title) in [("en", "en", en), ("zh", "zh-Hans", zh)] {
            browser.paint("dark").await;
            browser.open(&format!("{url}{path}?lang={language}")).await;
            let told = browser.text(&format!("html[lang='{tag}'] main h1")).await;
            assert_eq!(told, title, "{path}");
            let ground =
                "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)";
            let ground = browser.run(ground).await;
            let ground = ground.as_array().expect("a colour").iter();
            let is_dark = ground.clone().count() == 3
                && ground.filter_map(Json::as_u64).all(|part| part < 64);
            assert!(
                is_dark,
                "{path}: it has its style sheet, which knows the dark"
            );
            let other = if language == "en" { "zh" } else { "en" };
            let choice = format!("a[href*='lang={other}']");
            assert_eq!(browser.count(&choice).await, 1, "{path} in {language}");
            fits(&browser).await;
            has_no_faults(&browser).await;
        }
    }
}
