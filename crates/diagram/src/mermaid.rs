//! The picture as a Mermaid `stateDiagram-v2`. What Mermaid cannot say is written so that it can.
//!
//! Mermaid takes no arrow between a state and one inside of it: such a way is drawn from each inner leaf, or to the
//! leaf where the outer state starts.

use crate::picture::{Kind, Label, Picture, Way};
use std::fmt::Write;

const CLASSES: &str = "    classDef success fill:#e6f4ea,stroke:#1e7e34,color:#1c2530
    classDef failure fill:#fdecea,stroke:#b3261e,color:#1c2530
    classDef neutral fill:#eef0f2,stroke:#5f6b7a,color:#1c2530
";

/// Words that Mermaid keeps for itself, so that no state may be called so.
const KEPT: [&str; 14] = [
    "as",
    "choice",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "fork",
    "hide",
    "join",
    "note",
    "state",
    "style",
];

pub(crate) fn write(picture: &Picture) -> String {
    let mut chart = format!(
        "---\ntitle: {}\n---\nstateDiagram-v2\n",
        front(&picture.title)
    );
    states(picture, None, 1, &mut chart);
    line(
        &mut chart,
        1,
        &format!("[*] --> {}", id(picture, picture.entry.to)),
    );
    for arrow in &picture.arrows {
        let label = arrow
            .labels
            .iter()
            .map(spoken)
            .collect::<Vec<_>>()
            .join("<br/>");
        let into_own = picture.contains(arrow.from, arrow.to) && arrow.from != arrow.to;
        let to_own =
            picture.contains(arrow.to, arrow.from) && picture.states[arrow.to].kind.has_inside();
        let to = if to_own {
            leaf_of(picture, arrow.to)
        } else {
            arrow.to
        };
        let from = if into_own || (to_own && to != arrow.to && arrow.from == arrow.to) {
            // Into a track only its own leaves lead.
            let mut from = leaves(picture, arrow.from);
            from.retain(|leaf| !picture.are_apart(*leaf, to));
            from
        } else {
            vec![arrow.from]
        };
        for from in from {
            line(
                &mut chart,
                1,
                &format!("{} --> {} : {label}", id(picture, from), id(picture, to)),
            );
        }
    }
    chart.push_str(CLASSES);
    for (kind, class) in [
        (Kind::Success, "success"),
        (Kind::Failure, "failure"),
        (Kind::Neutral, "neutral"),
    ] {
        let ends = (0..picture.states.len()).filter(|at| picture.states[*at].kind == kind);
        let ends = ends.map(|at| id(picture, at)).collect::<Vec<_>>().join(",");
        if !ends.is_empty() {
            line(&mut chart, 1, &format!("class {ends} {class}"));
        }
    }
    chart
}

fn states(picture: &Picture, outer: Option<usize>, depth: usize, chart: &mut String) {
    for at in picture.inside(outer) {
        state(picture, at, depth, chart);
    }
}

fn state(picture: &Picture, at: usize, depth: usize, chart: &mut String) {
    let shape = &picture.states[at];
    let sign = match shape.kind {
        Kind::Success => "✓ ",
        Kind::Failure => "✕ ",
        Kind::Neutral => "– ",
        Kind::Plain | Kind::Outer { .. } | Kind::Tracks => "",
    };
    let declared = format!(
        "state \"{sign}{}\" as {}",
        escape(&shape.title),
        id(picture, at)
    );
    match shape.kind {
        Kind::Outer { start } => {
            line(chart, depth, &format!("{declared} {{"));
            line(chart, depth + 1, &format!("[*] --> {}", id(picture, start)));
            states(picture, Some(at), depth + 1, chart);
            line(chart, depth, "}");
        }
        Kind::Tracks => {
            line(chart, depth, &format!("{declared} {{"));
            for (number, track) in picture.inside(Some(at)).enumerate() {
                if number > 0 {
                    line(chart, depth + 1, "--");
                }
                state(picture, track, depth + 1, chart);
            }
            line(chart, depth, "}");
        }
        Kind::Plain | Kind::Success | Kind::Failure | Kind::Neutral => {
            line(chart, depth, &declared);
        }
    }
}

fn line(chart: &mut String, depth: usize, text: &str) {
    writeln!(chart, "{:1$}{text}", "", depth * 4).expect("writing to a String cannot fail");
}

fn id(picture: &Picture, state: usize) -> String {
    let id = picture.states[state].id.replace('.', "__");
    if KEPT.contains(&id.as_str()) {
        format!("{id}_")
    } else {
        id
    }
}

fn leaf_of(picture: &Picture, state: usize) -> usize {
    match picture.states[state].kind {
        Kind::Outer { start } => leaf_of(picture, start),
        Kind::Tracks | Kind::Plain | Kind::Success | Kind::Failure | Kind::Neutral => state,
    }
}

/// The leaves in a state where a case can still do something.
fn leaves(picture: &Picture, outer: usize) -> Vec<usize> {
    (0..picture.states.len())
        .filter(|at| picture.states[*at].kind == Kind::Plain && picture.contains(outer, *at))
        .collect()
}

fn spoken(label: &Label) -> String {
    let clock = match label.kind {
        Way::Timer => "⏱ ",
        Way::Action | Way::Decision | Way::Otherwise => "",
    };
    format!("{clock}{}", escape(&label.text))
}

/// Mermaid's own entities for whatever its grammar would take for itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '"' | '#' | ';' | ':' | '<' | '>' | '{' | '}' | '&' | '`' | '\\' => {
                write!(escaped, "#{};", u32::from(char)).expect("writing to a String cannot fail");
            }
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A YAML string: JSON's quotes are YAML's.
fn front(text: &str) -> String {
    let plain: String = text.chars().filter(|char| !char.is_control()).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}
