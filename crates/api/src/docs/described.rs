//! What answers, members of bodies and operations are about, in Chinese. The English is the handlers' and their types'; a
//! test holds that none is without. Parameters and parts are `parameters`'s, what an operation does in a line `chinese`'s.

use std::{collections::HashMap, sync::LazyLock};

/// A line for each: the English text, its lines joined, a tab, the Chinese one.
const ALL: &str = include_str!("chinese.tsv");

/// What is told so in English.
pub fn described(english: &str) -> Option<&'static str> {
    static KNOWN: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let lines = ALL.lines();
        lines.filter_map(|line| line.split_once('\t')).collect()
    });
    KNOWN.get(joined(english).as_str()).copied()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value as Json;

    use super::*;

    /// Descriptions of operations, their answers, and members of whatever is sent and answered.
    fn told(document: &Json) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut keep = |text: &Json| all.extend(text.as_str().map(joined));
        let paths = document["paths"].as_object().expect("paths").values();
        for operation in paths.flat_map(|path| path.as_object().expect("methods").values()) {
            keep(&operation["description"]);
            let answers = operation["responses"].as_object().into_iter().flatten();
            answers.for_each(|(_, answer)| keep(&answer["description"]));
        }
        members(document, &mut keep);
        all
    }

    fn members(shape: &Json, keep: &mut impl FnMut(&Json)) {
        match shape {
            Json::Object(inside) => {
                let properties = shape["properties"].as_object().into_iter().flatten();
                properties.for_each(|(_, member)| keep(&member["description"]));
                inside.values().for_each(|inner| members(inner, keep));
            }
            Json::Array(items) => items.iter().for_each(|item| members(item, keep)),
            _ => {}
        }
    }

    #[test]
    fn everything_that_is_described_is_told_in_chinese_and_nothing_else_is() {
        let document = serde_json::to_value(crate::router::openapi()).expect("it is JSON");
        let told = told(&document);
        let missing: Vec<_> = told
            .iter()
            .filter(|text| described(text).is_none())
            .collect();
        assert!(missing.is_empty(), "{missing:#?} have no Chinese text");
        for line in ALL.lines() {
            let (english, chinese) = line.split_once('\t').expect("a tab");
            assert!(told.contains(english), "nothing says {english:?}");
            assert!(
                !chinese.is_empty() && !chinese.contains('\t'),
                "{english:?}"
            );
        }
    }
}
