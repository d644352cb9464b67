//! Two texts as one, with what went and what came: by words, where Chinese stands by characters.

use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};

/// What went is struck out, what came is underlined.
pub fn of_texts(was: &str, now: &str) -> Markup {
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let diff = if is_chinese(was) || is_chinese(now) {
        TextDiff::from_chars(was, now)
    } else {
        TextDiff::from_words(was, now)
    };
    let mut parts: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match parts.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => parts.push((change.tag(), change.value().to_owned())),
        }
    }
    html! {
        p.prose {
            @for (tag, text) in &parts {
                @match tag {
                    ChangeTag::Equal => (text),
                    ChangeTag::Delete => del { (text) },
                    ChangeTag::Insert => ins { (text) },
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of_texts;

    #[test]
    fn words_and_characters_are_told_apart() {
        assert_eq!(
            of_texts("paid in one part", "paid in two parts").into_string(),
            "<p class=\"prose\">paid in <del>one</del><ins>two</ins> <del>part</del><ins>parts</ins></p>"
        );
        assert_eq!(
            of_texts("金额含税", "金额不含税").into_string(),
            "<p class=\"prose\">金额<ins>不</ins>含税</p>"
        );
    }
}
