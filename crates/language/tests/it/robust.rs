//! No text makes the checker panic or think for long: the shipped files, damaged at random.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use countersign_language::{
    check_files,
    diagnostic::{render_github, render_human, render_json},
    source::Files,
};

/// What is put into a text.
const DAMAGE: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "!x ",
    "&a ",
    "*a",
    "\t",
    "项",
    "- ",
    ": ",
    "\n",
    "|\n",
    "99999999999999999999",
    "null",
    "~",
    "? ",
    "{{",
    "#",
    "\u{0}",
    "\r\n",
    "...",
];

/// A small generator of numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % most
    }
}

fn damaged(text: &str, numbers: &mut Numbers) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(characters.len());
        let until = (at + numbers.below(12)).min(characters.len());
        let put: Vec<char> = match numbers.below(4) {
            0 => Vec::new(),
            1 => characters[numbers.below(at + 1)..until.max(at)]
                .iter()
                .take(200)
                .copied()
                .collect(),
            _ => DAMAGE[numbers.below(DAMAGE.len())].chars().collect(),
        };
        characters.splice(at..until, put);
        if characters.is_empty() {
            characters.push('x');
        }
    }
    characters.into_iter().collect()
}

#[test]
fn damaged_files_are_refused_in_peace() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workflows");
    let whole = Files::read_folder(&folder).expect("the folder can be read");
    let mut numbers = Numbers(7);
    let texts: Vec<(&str, &str)> = whole
        .texts()
        .filter(|(path, _)| !path.ends_with(".test.yaml"))
        .map(|(path, text)| (path, &**text))
        .collect();
    // Few: each checks all that is shipped. `cargo xtask fuzz` tries millions.
    for _ in 0..16 {
        let (path, text) = texts[numbers.below(texts.len())];
        let text = damaged(text, &mut numbers);
        let mut files = whole.clone();
        files.add(path, text.as_str());
        let start = Instant::now();
        let checked = check_files(&files);
        assert!(start.elapsed() < Duration::from_secs(5), "{path}:\n{text}");
        for finding in &checked.findings {
            assert!(finding.span.start <= finding.span.end, "{finding:?}");
            assert!(
                finding.span.end <= finding.source.text().len(),
                "{finding:?}"
            );
        }
        render_human(&checked.findings, false);
        render_github(&checked.findings, "workflows/");
        render_json(&checked.findings);
    }
}

#[test]
fn short_texts_of_all_kinds_are_read_or_refused() {
    for first in DAMAGE {
        for second in DAMAGE {
            let mut files = Files::default();
            files.add(
                "a.yaml",
                format!("workflow: a\nversion: 1\n{first}{second}x"),
            );
            files.add("b.yaml", format!("{first}{second}"));
            assert!(check_files(&files).workflows.is_empty(), "{first}{second}");
        }
    }
}
