//! The page that leads by examples: after each step what it has shown so far is a workflow without findings, and its
//! stories come true.

use std::{env, fs, path::Path};

use countersign_core::text::Language;
use countersign_language::{
    check_files,
    diagnostic::render_human,
    scenario::{self, Show, Tries},
    source::Files,
};

use super::{
    overlay::laid,
    page::{blocks, read},
};

const PAGE: &str = "docs/workflows-by-example.md";
const STEPS: usize = 10;

/// What the page has shown so far.
#[derive(Default)]
struct Shown {
    shared: String,
    workflow: String,
    test: String,
}

impl Shown {
    fn lay(&mut self, example: &str) {
        let of_test = ["test:", "people:", "scenarios:", "never:"];
        let over = if example.starts_with("shared:") {
            &mut self.shared
        } else if of_test.iter().any(|word| example.starts_with(word)) {
            &mut self.test
        } else {
            &mut self.workflow
        };
        *over = laid(over, example);
    }

    fn files(&self) -> Files {
        let mut files = Files::default();
        let all = [
            ("shared.yaml", &self.shared),
            ("course.yaml", &self.workflow),
            ("course.test.yaml", &self.test),
        ];
        for (path, text) in all.into_iter().filter(|(_, text)| !text.is_empty()) {
            files.add(path, text.clone());
        }
        files
    }

    /// Fails unless all is in order; answers what no story has taken.
    #[track_caller]
    fn hold(&self, step: &str) -> usize {
        let files = self.files();
        let findings = check_files(&files).findings;
        let found = render_human(&findings, false);
        assert!(findings.is_empty(), "{step}:\n{found}\n{}", self.workflow);
        let report = scenario::try_files(
            &files,
            Tries {
                runs: Some(100),
                seed: 0,
            },
        );
        let told = scenario::render_text(&report, Show::default());
        assert!(report.is_good() && report.passed() > 0, "{step}:\n{told}");
        report.coverage.iter().map(|file| file.missed.len()).sum()
    }

    fn draw(&self) -> String {
        let checked = check_files(&self.files());
        let course = checked.workflow("course").expect("checked before");
        countersign_diagram::svg(course, Language::En, None)
    }
}

/// The steps, each with its number and its words.
fn steps(page: &str) -> Vec<(String, &str)> {
    let mut parts = page.split("\n## ");
    let _before_the_first = parts.next();
    parts
        .map(|part| (part.split('.').next().unwrap_or_default().to_owned(), part))
        .collect()
}

#[test]
fn each_of_ten_steps_leaves_a_workflow_whose_stories_come_true() {
    let page = read(PAGE);
    let steps = steps(&page);
    let numbers: Vec<String> = (1..=STEPS).map(|n| n.to_string()).collect();
    let found: Vec<&String> = steps.iter().map(|(number, _)| number).collect();
    assert_eq!(found, numbers.iter().collect::<Vec<_>>());
    let mut shown = Shown::default();
    let mut untold = 0;
    for (number, step) in &steps {
        let examples = blocks(step, "yaml");
        assert!(!examples.is_empty(), "step {number} shows nothing");
        for example in &examples {
            shown.lay(example);
        }
        untold = shown.hold(&format!("step {number}"));
        if let Some((_, picture)) = step.split_once("](images/") {
            assert_current(picture.split(')').next().unwrap_or_default(), &shown.draw());
        }
    }
    assert_eq!(untold, 0, "the last step promises that nothing is untold");
}

#[track_caller]
fn assert_current(picture: &str, current: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
    let path = path.join(picture);
    if env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() {
        fs::write(&path, current).expect("a writable folder");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept.trim_end() == current.trim_end(),
        "docs/images/{picture} is out of date: CONTRIBUTING.md says how to draw it anew"
    );
}
