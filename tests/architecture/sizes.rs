//! Files and functions stay small enough to be read at one sitting.

use super::{
    hold,
    repository::{Source, rust_sources},
    rust_text::{code_only, functions},
};

const LINES_OF_A_FILE: usize = 500;
const LINES_OF_A_FUNCTION: usize = 70;

#[test]
fn files_and_functions_are_short() {
    let findings: Vec<String> = rust_sources().iter().flat_map(too_long).collect();
    let rule = format!("At most {LINES_OF_A_FILE} lines a file, {LINES_OF_A_FUNCTION} a function:");
    hold(&rule, &findings);
}

fn too_long(source: &Source) -> Vec<String> {
    let Source { path, text } = source;
    let lines = text.lines().count();
    let file = (lines > LINES_OF_A_FILE).then(|| format!("{path}: {lines} lines"));
    let functions = functions(&code_only(text)).into_iter();
    let long = functions
        .filter(|function| function.lines > LINES_OF_A_FUNCTION)
        .map(|function| {
            format!(
                "{path}:{}: `{}` has {} lines",
                function.line, function.name, function.lines
            )
        });
    file.into_iter().chain(long).collect()
}

#[test]
fn the_rule_sees_what_is_too_long() {
    let source = |text: String| Source {
        path: "a.rs".into(),
        text,
    };
    let lines = |count: usize| "    x();\n".repeat(count);
    assert_eq!(too_long(&source(lines(501))), ["a.rs: 501 lines"]);
    assert_eq!(
        too_long(&source(format!("\nfn f() {{\n{}}}\n", lines(69)))),
        ["a.rs:2: `f` has 71 lines"]
    );
    assert!(too_long(&source(format!("fn f() {{\n{}}}\n", lines(68)))).is_empty());
}
