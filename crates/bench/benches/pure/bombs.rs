//! What is small to write and would be dear to carry out: it must be refused at once (RELIABILITY section 0).

use std::fmt::Write as _;

use countersign_core::expression::{Expect, Expression, Scope};
use countersign_language::{check_files, source::Files};
use criterion::Criterion;

pub fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bombs refused (goal 5 ms)");
    let scope = Scope::standard();
    for (name, source) in expressions() {
        let refused = || Expression::compile(&source, &scope, &Expect::Any);
        assert!(refused().is_err(), "{name}");
        group.bench_function(name, |bencher| bencher.iter(refused));
    }
    for (name, text) in files() {
        let mut files = Files::default();
        files.add("bomb.yaml", text);
        assert!(check_files(&files).has_errors(), "{name}");
        group.bench_function(name, |bencher| bencher.iter(|| check_files(&files)));
    }
    group.finish();
}

fn expressions() -> Vec<(&'static str, String)> {
    let mut maps = "1".to_owned();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        maps = format!("[1,2,3,4,5,6,7,8,9,0].map({name},{maps})");
    }
    vec![
        ("seven nested maps, 223 bytes", maps),
        (
            "20,000 terms of &&, 160 kB",
            vec!["a == 1"; 20_000].join("&&"),
        ),
        ("500 brackets", "(".repeat(500)),
        ("5,000 lists in lists", "[".repeat(5_000)),
        ("999 negations", "-".repeat(999)),
        ("199 conditionals", "true?".repeat(199)),
    ]
}

fn files() -> Vec<(&'static str, String)> {
    let mut laughs = "workflow: bomb\nversion: 1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let times = vec![format!("*a{}", level - 1); 9].join(", ");
        // Writing into a string cannot fail.
        let _ = writeln!(laughs, "a{level}: &a{level} [{times}]");
    }
    let keys: String = (0..20_000).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "k{at}: 1");
        text
    });
    vec![
        ("YAML, aliases of aliases", laughs),
        ("YAML, 100,000 brackets", "[".repeat(100_000)),
        (
            "YAML, 1,000 levels",
            (0..1_000)
                .map(|at| format!("{}- ", " ".repeat(at * 2)))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        ("YAML, 20,000 unknown keywords", keys),
        ("YAML, 300 kB", "a".repeat(300_000)),
    ]
}
