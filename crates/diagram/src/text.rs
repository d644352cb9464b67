//! How much room a text takes, where it may be broken, and how it is escaped. No shapes.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Width in columns: a Chinese character counts two Latin letters.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// Width in pixels, at so many for each column.
pub(crate) fn room(text: &str, column: f64) -> f64 {
    f64::from(u16::try_from(columns(text)).unwrap_or(u16::MAX)) * column
}

/// Breaks a text into lines of at most `limit` columns, as few and as even as can be: at spaces, and anywhere between
/// Chinese characters. A word that is longer by itself keeps a line of its own.
pub(crate) fn wrap(text: &str, limit: usize) -> Vec<String> {
    let lines = filled(text, limit);
    let even = columns(text).div_ceil(lines.len());
    let narrower = (even..limit).map(|narrow| filled(text, narrow));
    narrower
        .into_iter()
        .find(|narrow| narrow.len() == lines.len())
        .unwrap_or(lines)
}

/// Each line as full as it gets.
fn filled(text: &str, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        let fits =
            |line: &String| line.is_empty() || columns(line) + columns(piece.trim_end()) <= limit;
        if !lines.last().is_some_and(fits) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// The parts between which a line may be broken; a space stays with the word before it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = vec![];
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, next) in text.char_indices() {
        let breakable = before.is_some_and(|last| {
            (last == ' ' && next != ' ')
                || (is_wide(last) && !closes(next))
                || (is_wide(next) && last != ' ' && !opens(last))
        });
        if breakable && !before.is_some_and(opens) && !closes(next) {
            pieces.push(&text[begin..at]);
            begin = at;
        }
        before = Some(next);
    }
    pieces.push(&text[begin..]);
    pieces
}

fn is_wide(char: char) -> bool {
    char.width() == Some(2)
}

fn opens(char: char) -> bool {
    matches!(char, '（' | '“' | '《' | '「' | '(' | '[')
}

fn closes(char: char) -> bool {
    matches!(
        char,
        '）' | '”'
            | '》'
            | '」'
            | ')'
            | ']'
            | '，'
            | '。'
            | '、'
            | '：'
            | '；'
            | '？'
            | '！'
            | ' '
    )
}

/// For XML text and attributes; characters that XML forbids are dropped.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_counts_two() {
        assert_eq!(
            (columns("Draft"), columns("草稿"), columns("V2 草稿")),
            (5, 4, 7)
        );
    }

    #[test]
    fn breaks_at_spaces_and_between_chinese_characters() {
        for (text, limit, lines) in [
            (
                "Approved - result available",
                17,
                vec!["Approved -", "result available"],
            ),
            (
                "已批准（可查看评估结果）",
                14,
                vec!["已批准（可查", "看评估结果）"],
            ),
            (
                "Supercalifragilistic word",
                8,
                vec!["Supercalifragilistic", "word"],
            ),
            ("", 8, vec![""]),
        ] {
            assert_eq!(wrap(text, limit), lines);
        }
    }

    #[test]
    fn never_begins_a_line_with_a_closing_mark() {
        for limit in 2..30 {
            for line in wrap("等待（财务，法务）审批。完成", limit) {
                assert!(
                    !line.starts_with(['）', '，', '。']) && !line.ends_with('（'),
                    "{line} at {limit}"
                );
            }
        }
    }

    #[test]
    fn escapes_markup_and_drops_what_xml_forbids() {
        assert_eq!(
            escape("<b a=\"1\">&'\u{7}\n"),
            "&lt;b a=&quot;1&quot;&gt;&amp;&#39; "
        );
    }
}
