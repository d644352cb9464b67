//! The plain text of a mail: the same words in the same order, with every address written out.

use super::{Block, Button, Letter};

/// The whole text.
pub(super) fn lay_out(letter: &Letter<'_>) -> String {
    let texts = letter.texts;
    let mut paragraphs: Vec<String> = Vec::new();
    paragraphs.extend(letter.lead.iter().map(|lead| lead.text.clone()));
    for block in &letter.blocks {
        match block {
            Block::Text(text) => paragraphs.push(text.text.clone()),
            Block::Buttons(row) => paragraphs.extend(row.iter().map(|each| button(letter, each))),
        }
    }
    let case = letter.case_line.as_deref().map(|case| (texts.case, case));
    let lines: Vec<String> = case
        .into_iter()
        .chain(letter.facts.iter().copied())
        .map(|(label, value)| format!("{label}{}{value}", texts.colon))
        .collect();
    paragraphs.push(lines.join("\n"));
    if !letter.since.is_empty() {
        let lines = letter.since.iter().map(|line| format!("- {line}"));
        let lines: Vec<String> = lines.collect();
        let colon = texts.colon.trim_end();
        paragraphs.push(format!("{}{colon}\n{}", texts.since, lines.join("\n")));
    }
    let due = letter
        .due()
        .map(|(label, at)| format!("{label}{}{at}", texts.colon));
    let otherwise = (!letter.otherwise.is_empty()).then(|| letter.otherwise.to_owned());
    let due: Vec<String> = due.into_iter().chain(otherwise).collect();
    paragraphs.push(due.join("\n"));
    paragraphs.extend(letter.buttons.iter().map(|each| button(letter, each)));
    if let Some(url) = &letter.open_case {
        let colon = texts.colon.trim_end();
        paragraphs.push(format!("{}{colon}\n{url}", texts.open_case));
    }
    paragraphs.push(footer(letter));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n") + "\n"
}

fn button(letter: &Letter<'_>, button: &Button<'_>) -> String {
    let colon = letter.texts.colon.trim_end();
    format!("{}{colon}\n{}", button.title, button.url)
}

fn footer(letter: &Letter<'_>) -> String {
    let texts = letter.texts;
    let why = format!("{}{}{}", texts.why, texts.colon, letter.reason);
    let settings = letter.settings.as_ref();
    let settings = settings.map(|url| format!("{}{}{url}", texts.settings, texts.colon));
    let lines = [
        Some("-- "),
        letter.has_links.then_some(texts.links),
        (!letter.reason.is_empty()).then_some(why.as_str()),
        settings.as_deref(),
        Some(texts.automatic),
    ];
    let lines: Vec<&str> = lines.into_iter().flatten().collect();
    lines.join("\n")
}
