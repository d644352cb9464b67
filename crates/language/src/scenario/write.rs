//! Writing the steps of scenarios as YAML, so that what is written reads back as it was meant. It knows no workflow.

use serde_json::{Map, Value as Json};

/// One step: what happens, and what stands beside it.
pub(crate) struct Line {
    key: String,
    value: Json,
    beside: Map<String, Json>,
}

impl Line {
    /// A step with nothing beside it.
    pub(crate) fn new(key: &str, value: Json) -> Self {
        Self {
            key: key.to_owned(),
            value,
            beside: Map::new(),
        }
    }

    /// Puts something beside it.
    pub(crate) fn beside(&mut self, key: &str, value: Json) {
        self.beside.insert(key.to_owned(), value);
    }
}

/// The steps as the lines of a list, indented so far.
pub(crate) fn steps(lines: &[Line], indent: usize) -> Vec<String> {
    let mut written = Vec::new();
    let blank = " ".repeat(indent);
    for line in lines {
        written.push(format!("{blank}- {}", entry(&line.key, &line.value)));
        let beside = line.beside.iter();
        written.extend(beside.map(|(key, value)| format!("{blank}  {}", entry(key, value))));
    }
    written
}

fn entry(key: &str, value: &Json) -> String {
    let value = flow(value);
    let blank = if value.is_empty() { "" } else { " " };
    format!("{}:{blank}{value}", scalar(key))
}

/// A value on one line; nothing for `null` at the end of a line is left to [`entry`].
pub(crate) fn flow(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::String(text) => scalar(text),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(inner).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key), inner(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

fn inner(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        other => flow(other),
    }
}

/// A text as YAML reads it back: plain where that is safe, quoted elsewhere.
fn scalar(text: &str) -> String {
    let first = text.chars().next();
    let begins = first.is_some_and(char::is_alphabetic);
    let goes_on = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '-' | '@' | '/'));
    let special = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let word = special.contains(&text.to_lowercase().as_str());
    if begins && goes_on && !word && !text.ends_with(' ') {
        return text.to_owned();
    }
    Json::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Line, flow, steps};

    #[test]
    fn what_is_written_reads_as_it_was_meant() {
        assert_eq!(flow(&json!("客户 A")), "客户 A");
        assert_eq!(flow(&json!("no")), "\"no\"");
        assert_eq!(flow(&json!("1000000")), "\"1000000\"");
        assert_eq!(flow(&json!("a: b # c")), "\"a: b # c\"");
        assert_eq!(flow(&json!({ "a": [1, null, {}] })), "{ a: [1, null, {}] }");
    }

    #[test]
    fn a_step_has_what_stands_beside_it_below() {
        let mut line = Line::new("pat", json!("submit"));
        line.beside("code", json!("good"));
        let alone = Line::new("rita comments", json!(null));
        assert_eq!(
            steps(&[line, alone], 4),
            [
                "    - pat: submit",
                "      code: good",
                "    - rita comments:"
            ]
        );
    }
}
