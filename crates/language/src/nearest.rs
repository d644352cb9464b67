//! Proposals for misspelt words.

/// Longer words are misspelt by nobody's fingers, and dear to compare.
const LONGEST: usize = 64;
/// Among more words than these nothing is looked for: a file that is wrong everywhere must not take long.
const MOST_KNOWN: usize = 500;

/// `did you mean …?`, if one of the known words is near enough.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let long = word.chars().count();
    if long > LONGEST {
        return None;
    }
    let most = 2.max(long / 3);
    known
        .take(MOST_KNOWN)
        .filter_map(|other| {
            let other_long = other.chars().count();
            // No fewer changes than that can make one of the other.
            if long.abs_diff(other_long) > most {
                return None;
            }
            let distance = strsim::damerau_levenshtein(word, other);
            let near = distance <= most && distance < long.min(other_long).max(2);
            near.then_some((distance, other))
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
