//! `cargo xtask fuzz`: texts that nobody would write, against the readers of workflows, expressions and scenarios, for so
//! many minutes each. It needs a nightly Rust and `cargo install cargo-fuzz`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    Error,
    step::{self, Step},
};

/// Seconds that one text may take.
const SECONDS: &str = "-timeout=1";
/// MiB that one text may take.
const MEMORY: &str = "-rss_limit_mb=512";
/// Where the targets are, from the root.
const FOLDER: &str = "crates/language/fuzz";
/// The targets, and how long their texts may grow, in bytes.
const TARGETS: [(&str, &str); 3] = [
    ("workflow", "-max_len=16384"),
    ("expression", "-max_len=1200"),
    ("scenario", "-max_len=16384"),
];

/// Runs each target for so many minutes, beginning with what is shipped; fails when one has found something.
pub fn run(minutes: u32) -> Result<(), Error> {
    for (target, _) in TARGETS {
        sow(target).map_err(Error::Files)?;
    }
    let seconds = format!("-max_total_time={}", minutes * 60);
    let endings = TARGETS.map(|(target, longest)| {
        let arguments = [
            "run",
            "nightly",
            "cargo",
            "fuzz",
            "run",
            "--fuzz-dir",
            FOLDER,
            "--sanitizer",
            "none",
            target,
            "--",
            &seconds,
            SECONDS,
            MEMORY,
            longest,
            "-print_final_stats=1",
        ];
        Step::command(target, "rustup", &arguments).run(&[])
    });
    step::summarise(&endings)
}

/// Puts the texts that are shipped into the corpus of a target.
fn sow(target: &str) -> io::Result<()> {
    let corpus = step::root().join(FOLDER).join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let mut texts = Vec::new();
    gather(&step::root().join("workflows"), &mut texts)?;
    for path in texts {
        let name = path.file_name().unwrap_or_default();
        let is_test = path.to_string_lossy().ends_with(".test.yaml");
        match target {
            "expression" => expressions(&fs::read_to_string(&path)?, &corpus)?,
            "scenario" if is_test => drop(fs::copy(&path, corpus.join(name))?),
            "workflow" if !is_test => drop(fs::copy(&path, corpus.join(name))?),
            _ => {}
        }
    }
    Ok(())
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            found.push(path);
        }
    }
    Ok(())
}

/// What follows the keywords that take an expression, one file each.
fn expressions(text: &str, corpus: &Path) -> io::Result<()> {
    for keyword in ["when: ", "votes: ", "check: ", "from: "] {
        for (at, rest) in text.split(keyword).skip(1).enumerate() {
            let expression = rest.split(['\n', ',', '}']).next().unwrap_or_default();
            let expression = expression.trim().trim_matches('"');
            fs::write(
                corpus.join(format!(
                    "{}{at}-{}",
                    keyword.trim_end_matches(": "),
                    expression.len()
                )),
                expression,
            )?;
        }
    }
    Ok(())
}
