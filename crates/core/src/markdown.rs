//! Markdown of mails, put together so that no value of a case and no title of a workflow becomes markup by accident: whatever
//! is no words of ours goes in as the text that it is. Turning it into HTML is the notifier's.

use serde::{Deserialize, Serialize};

/// A text in Markdown. Written down it is a plain string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Markdown(String);

impl Markdown {
    /// Words of our own, which may hold markup.
    pub fn ours(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// What the author of a workflow wrote in Markdown.
    pub fn of_author(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// More words of our own.
    #[must_use]
    pub fn then(mut self, words: &'static str) -> Self {
        self.0.push_str(words);
        self
    }

    /// A text that shows just itself: nothing in it is a link, an image or a heading, its lines stay lines, and it cannot turn
    /// the direction of what stands around it.
    #[must_use]
    pub fn value(mut self, text: &str) -> Self {
        // A sign of a break before nothing would be shown.
        let mut lines = text.trim().lines();
        if let Some(line) = lines.next() {
            self.push_line(line);
        }
        for line in lines {
            // A blank line would end the paragraph, and with it what stands around the value.
            self.0.push_str("\\\n");
            self.push_line(line);
        }
        self
    }

    /// The same in bold.
    #[must_use]
    pub fn strong(self, text: &str) -> Self {
        // Signs next to a blank mark nothing.
        match text.trim() {
            "" => self,
            text => self.then("**").value(text).then("**"),
        }
    }

    /// The same for another text.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.push(other);
        self
    }

    /// Adds another text.
    pub fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// The text, to be rendered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push_line(&mut self, line: &str) {
        // Blanks at the beginning of a line are markup, and none are shown.
        for char in line.trim().chars().filter(|char| !turns(*char)) {
            if char.is_ascii_punctuation() {
                self.0.push('\\');
            }
            self.0.push(if char.is_control() { ' ' } else { char });
        }
    }
}

/// A text as one line, for where no more may stand: subjects, and what cases are called.
pub fn one_line(text: &str) -> String {
    let blank = |char: char| char.is_whitespace() || char.is_control();
    let words = text.split(blank).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().filter(|char| !turns(*char)).collect()
}

/// Signs that turn the direction of all that follows them, our own words too.
fn turns(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_no_markup_and_keeps_its_lines() {
        let table = [
            ("You know *them*.", r"You know \*them\*\."),
            ("[x](javascript:run)", r"\[x\]\(javascript\:run\)"),
            ("<b>&amp;", r"\<b\>\&amp\;"),
            (
                "# one\n  - two\r\n\n1. three\n",
                "\\# one\\\n\\- two\\\n\\\n1\\. three",
            ),
            ("    code", "code"),
            ("a\rb\u{7}c", "a b c"),
            ("price \u{202e}001\u{2069}", "price 001"),
            ("评审（通过）", "评审（通过）"),
        ];
        for (text, markdown) in table {
            assert_eq!(
                Markdown::default().value(text).as_str(),
                markdown,
                "{text:?}"
            );
        }
    }

    #[test]
    fn bold_holds_whatever_it_holds() {
        let say = |text: &str| Markdown::ours("It is ").strong(text).then(".");
        assert_eq!(say(" a*b ").as_str(), r"It is **a\*b**.");
        assert_eq!(say(" ").as_str(), "It is .");
    }

    #[test]
    fn a_line_is_one() {
        let text = " Review\u{2028}DR-1\r\nBcc: eve\u{0}  \u{202e}x\t";
        assert_eq!(one_line(text), "Review DR-1 Bcc: eve x");
    }
}
