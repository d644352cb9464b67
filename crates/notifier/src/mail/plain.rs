//! The plain text of a mail: the same words in the same order, with every address written out.

use super::{Block, Letter};

/// The whole text.
pub(super) fn lay_out(letter: &Letter<'_>) -> String {
    let texts = letter.texts;
    let mut paragraphs: Vec<String> = Vec::new();
    for block in &letter.blocks {
        match block {
            Block::Text(text) => paragraphs.push(text.text.clone()),
            Block::Buttons(row) => paragraphs.extend(row.iter().map(|button| {
                format!("{}{}\n{}", button.title, texts.colon.trim_end(), button.url)
            })),
        }
    }
    let answer_by = letter.answer_by.as_deref().map(|at| (texts.answer_by, at));
    let case = letter.case_line.as_deref().map(|case| (texts.case, case));
    let lines: Vec<String> = case
        .into_iter()
        .chain(letter.facts.iter().copied())
        .chain(answer_by)
        .map(|(label, value)| format!("{label}{}{value}", texts.colon))
        .collect();
    paragraphs.push(lines.join("\n"));
    if let Some(url) = &letter.open_case {
        paragraphs.push(format!(
            "{}{}\n{url}",
            texts.open_case,
            texts.colon.trim_end()
        ));
    }
    let why = format!("{}{}{}", texts.why, texts.colon, letter.reason);
    let footer = [
        Some("-- "),
        letter.has_links.then_some(texts.links),
        (!letter.reason.is_empty()).then_some(why.as_str()),
        Some(texts.automatic),
    ];
    let footer: Vec<&str> = footer.into_iter().flatten().collect();
    paragraphs.push(footer.join("\n"));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n") + "\n"
}
