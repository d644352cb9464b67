//! Proposals for misspelt words.

/// `did you mean …?`, if one of the known words is near enough.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let most = 2.max(word.chars().count() / 3);
    known
        .map(|other| (strsim::damerau_levenshtein(word, other), other))
        .filter(|(distance, other)| {
            let shorter = word.chars().count().min(other.chars().count());
            *distance <= most && *distance < shorter.max(2)
        })
        .min()
        .map(|(_, other)| format!("did you mean `{other}`?"))
}

/// The words in backticks, with commas between; of many only the first.
pub(crate) fn listed(words: &[&str]) -> String {
    const MOST: usize = 20;
    let shown: Vec<String> = words
        .iter()
        .take(MOST)
        .map(|word| format!("`{word}`"))
        .collect();
    let dots = if words.len() > MOST { ", …" } else { "" };
    format!("{}{dots}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_what_is_near_and_nothing_else() {
        let known = ["require", "review", "to", "title"];
        for (word, proposed) in [
            ("requires", Some("require")),
            ("reviwe", Some("review")),
            ("too", Some("to")),
            ("color", None),
            ("x", None),
        ] {
            let expected = proposed.map(|word| format!("did you mean `{word}`?"));
            assert_eq!(did_you_mean(word, known.into_iter()), expected, "{word}");
        }
    }
}
