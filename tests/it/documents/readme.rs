//! The README's first screen is real: its workflow, its drawing, its request and the answer to it.

use std::{env, fs, path::Path};

use countersign_cli::open_demo_cases;
use countersign_core::text::Language;
use countersign_language::{
    Checked, check_files, diagnostic::render_human, scenario, source::Files,
};
use countersign_tests::Product;
use serde_json::Value as Json;

use super::page::{blocks, read};

const LINES_MOST: usize = 15;
const DRAWING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images/travel.svg");

/// The workflow of the first screen, checked.
fn checked() -> Checked {
    let workflow = blocks(&read("README.md"), "yaml").remove(0);
    assert!(workflow.lines().count() <= LINES_MOST, "{workflow}");
    let mut files = Files::default();
    files.add("travel.yaml", workflow);
    check_files(&files)
}

#[test]
fn the_workflow_of_the_first_screen_has_no_findings() {
    let checked = checked();
    assert_eq!(render_human(&checked.findings, false), "");
    assert!(checked.workflow("travel").is_some());
}

#[test]
fn its_drawing_is_current() {
    let checked = checked();
    let travel = checked.workflow("travel").expect("checked above");
    let current = countersign_diagram::svg(travel, Language::En, None);
    if env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() {
        fs::write(DRAWING, &current).expect("a writable folder");
    }
    let kept = fs::read_to_string(Path::new(DRAWING)).unwrap_or_default();
    assert!(
        kept.trim_end() == current.trim_end(),
        "docs/images/travel.svg is out of date: CONTRIBUTING.md says how to draw it anew"
    );
}

#[test]
fn its_scenario_passes_on_the_shipped_invitation() {
    let story = blocks(&read("README.md"), "yaml").remove(1);
    let test = read("workflows/invitation.test.yaml");
    let (head, _) = test
        .split_once("scenarios:\n")
        .expect("a test has scenarios");
    let story: Vec<String> = story.lines().map(|line| format!("    {line}\n")).collect();
    let story = story.concat();
    let mut files = countersign_cli::shipped();
    files.add(
        "readme.test.yaml",
        format!("{head}scenarios:\n  of the readme:\n{story}"),
    );
    let report = scenario::run_workflow(&files, "invitation");
    let told = report
        .scenarios
        .iter()
        .find(|told| told.name == "of the readme")
        .expect("it is read");
    assert!(told.passed(), "{:?}", told.failures);
}

/// The requests of the README one after another, each answered by the block after it, with `…` where something is left
/// out: what stands between is answered as it stands.
#[tokio::test(flavor = "multi_thread")]
async fn its_requests_are_answered_as_it_says() {
    let page = read("README.md");
    let plain = blocks(&page, "");

    let product = Product::start().await;
    open_demo_cases(product.service().engine())
        .await
        .expect("the demo's cases are opened");
    let rita = product.as_("rita");
    let mut asked = 0;
    for pair in plain.windows(2) {
        let [request, answer] = pair else { continue };
        let Some((_, request)) = request.split_once("curl -X POST http://127.0.0.1:8080") else {
            continue;
        };
        asked += 1;
        let path = request.split(' ').next().expect("an address");
        let body = request.split('\'').rev().nth(1).expect("a body");
        let body: Json = serde_json::from_str(body).expect("JSON");
        let whole = rita.post(path, body).await.text();
        let mut rest = whole.as_str();
        for part in answer.replace('\n', "").split('…') {
            let at = rest.find(part);
            let at = at.unwrap_or_else(|| panic!("`{part}` is not answered:\n{whole}"));
            rest = &rest[at + part.len()..];
        }
    }
    assert_eq!(asked, 2, "a refusal and what it should have been");
}
