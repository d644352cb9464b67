//! What is wrong with a value, in words for whoever fills a form in. What is judged is `complete`'s.

use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;

use crate::{
    money::Money,
    text::{Language, Text},
    workflow::FieldKind,
};

use super::read::quoted;

/// What a finding means to a person.
pub(super) fn in_words(kind: &FieldKind, error: &ValidationErrorKind) -> Text {
    use ValidationErrorKind as Kind;
    let bound = |limit: &Json| {
        let limit = limit.clone();
        move |language: Language| shown(kind, &limit, language)
    };
    match error {
        Kind::MinLength { limit } => both(
            "at least {} characters.",
            "至少 {} 个字符。",
            &count(*limit),
        ),
        Kind::MaxLength { limit } => {
            both("at most {} characters.", "最多 {} 个字符。", &count(*limit))
        }
        Kind::MinItems { limit } => both("at least {} entries.", "至少 {} 项。", &count(*limit)),
        Kind::MaxItems { limit } => both("at most {} entries.", "最多 {} 项。", &count(*limit)),
        Kind::UniqueItems => Text::new("each entry only once.", "各项不能重复。"),
        Kind::Minimum { limit } => both("at least {}.", "不小于 {}。", &bound(limit)),
        Kind::Maximum { limit } => both("at most {}.", "不大于 {}。", &bound(limit)),
        Kind::ExclusiveMinimum { limit } => both("more than {}.", "大于 {}。", &bound(limit)),
        Kind::ExclusiveMaximum { limit } => both("less than {}.", "小于 {}。", &bound(limit)),
        Kind::Format { format } if format == "email" => Text::new(
            "this is not an e-mail address, such as name@example.com.",
            "不是有效的邮箱地址，例如 name@example.com。",
        ),
        Kind::Format { format } if format == "uri" => Text::new(
            "this is not a web address, such as https://example.com.",
            "不是有效的网址，例如 https://example.com。",
        ),
        Kind::Format { format } => both(
            "this is not of the form “{}”.",
            "格式应为“{}”。",
            &|_| format.clone(),
        ),
        Kind::Pattern { .. } => Text::new("this is not written as it must be.", "格式不符合要求。"),
        Kind::Required { property } => both("fill in {}.", "请填写 {}。", &|_| {
            property.as_str().unwrap_or_default().to_owned()
        }),
        _ => combined(kind, error),
    }
}

/// What a finding of the combining keywords means.
fn combined(kind: &FieldKind, error: &ValidationErrorKind) -> Text {
    use ValidationErrorKind as Kind;
    match error {
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => Text::new(
            "none of the forms that are allowed here fits.",
            "不符合任何一种允许的填写方式。",
        ),
        Kind::OneOfMultipleValid { .. } => Text::new(
            "several of the forms fit of which exactly one may.",
            "同时符合多种填写方式，只能符合其中一种。",
        ),
        Kind::Not { .. } | Kind::FalseSchema => {
            Text::new("this is not allowed here.", "此处不允许这样填写。")
        }
        Kind::Contains => Text::new(
            "an entry that must be among them is missing.",
            "缺少必须包含的一项。",
        ),
        Kind::Constant { expected_value } => both("this must be {}.", "应为 {}。", &|_| {
            spelt(kind, expected_value)
        }),
        Kind::Enum { options } => {
            let words = |language: Language| {
                let mark = if language == Language::Zh {
                    "、"
                } else {
                    ", "
                };
                let words = options.as_array().into_iter().flatten();
                let words: Vec<String> = words.map(|word| spelt(kind, word)).collect();
                words.join(mark)
            };
            both("this must be one of {}.", "应为以下之一：{}。", &words)
        }
        Kind::MultipleOf { multiple_of } => both(
            "this must be a multiple of {}.",
            "应为 {} 的倍数。",
            &|_| multiple_of.to_string(),
        ),
        Kind::MinProperties { limit } => both(
            "at least {} of its fields.",
            "至少填写 {} 个字段。",
            &count(*limit),
        ),
        Kind::MaxProperties { limit } => both(
            "at most {} of its fields.",
            "最多填写 {} 个字段。",
            &count(*limit),
        ),
        Kind::PropertyNames { .. } => Text::new(
            "one of the names in it is not allowed.",
            "其中有不允许的名称。",
        ),
        Kind::AdditionalProperties { unexpected } => both(
            "there may be no {} in it.",
            "其中不能有 {}。",
            &|_| {
                unexpected
                    .iter()
                    .map(|name| quoted(name))
                    .collect::<Vec<_>>()
                    .join(", ")
            },
        ),
        _ => Text::new("this value does not fit.", "此值不符合要求。"),
    }
}

/// A sentence with a limit in it, in both languages.
fn both(en: &str, zh: &str, limit: &dyn Fn(Language) -> String) -> Text {
    Text::new(
        en.replace("{}", &limit(Language::En)),
        zh.replace("{}", &limit(Language::Zh)),
    )
}

fn count(limit: u64) -> impl Fn(Language) -> String + use<> {
    let limit = limit.to_string();
    move |_| limit.clone()
}

/// A value of a schema as the reader writes it.
fn spelt(kind: &FieldKind, value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => shown(kind, other, Language::En),
    }
}

/// A bound as the reader writes it.
fn shown(kind: &FieldKind, limit: &Json, language: Language) -> String {
    match (kind, limit.as_i64()) {
        (FieldKind::Money, Some(hundredths)) => {
            Money::from_hundredths(hundredths).grouped(language)
        }
        _ => limit.to_string(),
    }
}
