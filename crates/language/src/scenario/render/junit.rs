//! Reports for build servers, in the XML that `JUnit` made usual.

use std::fmt::Write as _;

use crate::scenario::report::{Report, ScenarioResult};

/// The report as XML: a suite for each test file, a case for each scenario.
pub fn render_junit(report: &Report) -> String {
    let (all, failed) = (report.scenarios.len(), report.failed());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites tests=\"{all}\" failures=\"{failed}\">");
    let files = report
        .scenarios
        .chunk_by(|one, other| one.file == other.file);
    for scenarios in files {
        let failed = scenarios.iter().filter(|scenario| !scenario.passed());
        let (all, failed) = (scenarios.len(), failed.count());
        let file = scenarios.first().map_or("", |first| &first.file);
        let file = escaped(file);
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{file}\" tests=\"{all}\" failures=\"{failed}\">"
        );
        for scenario in scenarios {
            one(&mut xml, scenario);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn one(xml: &mut String, scenario: &ScenarioResult) {
    let (name, class) = (escaped(&scenario.name), escaped(&scenario.workflow));
    let (file, line) = (escaped(&scenario.file), scenario.line);
    let _ = write!(
        xml,
        "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{file}\" line=\"{line}\""
    );
    if scenario.passed() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    for failure in &scenario.failures {
        let message = format!(
            "{}: expected {}, found {}",
            failure.what, failure.expected, failure.found
        );
        let place = format!("{}:{}:{}", scenario.file, failure.line, failure.column);
        let story = scenario.story.join("\n");
        let _ = writeln!(
            xml,
            "      <failure message=\"{}\">{}</failure>",
            escaped(&message),
            escaped(&format!("{place}\n{story}"))
        );
    }
    xml.push_str("    </testcase>\n");
}

/// Fit for text and attributes; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(char),
            '\u{FFFE}' | '\u{FFFF}' => {}
            _ if char.is_control() => {}
            _ => out.push(char),
        }
    }
    out
}
