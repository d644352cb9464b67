//! Whether a form is complete: the full JSON Schema, judged by the crate `jsonschema`, with its findings
//! in words for the person who fills the form in.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use jsonschema::{PatternOptions, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value as Json};

use crate::{
    case::Values,
    money::Money,
    outcome::Missing,
    text::{Language, Text},
    workflow::{Field, FieldKind, Form},
};

use super::{
    patch::{problem, titled},
    read::{in_entry, quoted},
    schema::{judged, judging_schema},
};

/// The compiled schema of a form, built at its first use. A new form starts with the default.
#[derive(Debug, Clone, Default)]
pub struct Checker(OnceLock<Option<Arc<Validator>>>);

/// Why the keywords of a form make no schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotASchema {
    /// The field, if it is one's.
    pub field: Option<String>,
    /// What is wrong.
    pub why: String,
}

/// `require: [form]` (rule 13): one problem for each failing field, in document order. None: complete.
pub fn complete(form: &Form, values: &Values) -> Vec<Missing> {
    let Some(validator) = form
        .checker
        .0
        .get_or_init(|| build(form).ok().map(Arc::new))
    else {
        // The language refuses such a file, so nobody gets here; a form that cannot be judged is not complete.
        let why = Text::new("This form cannot be checked.", "此表单无法检查。");
        return vec![problem(form, None, why)];
    };
    let filled: Map<String, Json> = values
        .iter()
        .map(|(name, value)| {
            let kind = form.fields.get(name.as_str()).map(|field| &field.kind);
            let judged = kind.map_or_else(|| value.clone(), |kind| judged(kind, value));
            (name.clone(), judged)
        })
        .collect();
    let filled = Json::Object(filled);
    let mut found: BTreeMap<usize, Missing> = BTreeMap::new();
    for error in validator.iter_errors(&filled) {
        let path: Vec<&str> = error.instance_path().as_str().split('/').skip(1).collect();
        let name = match (path.first(), error.kind()) {
            (Some(name), _) => Some((*name).to_owned()),
            (None, ValidationErrorKind::Required { property }) => {
                property.as_str().map(str::to_owned)
            }
            (None, _) => None,
        };
        let field = name.and_then(|name| form.fields.get_full(name.as_str()));
        match field {
            Some((at, _, field)) => {
                found.entry(at).or_insert_with(|| {
                    let message = message(field, &path, error.kind());
                    problem(form, Some(field), message)
                });
            }
            // What the fields ask of each other is asked of the form.
            None => {
                found.entry(form.fields.len()).or_insert_with(|| {
                    let why = in_words(&FieldKind::String, error.kind());
                    problem(form, None, titled(&form.title, &why))
                });
            }
        }
    }
    found.into_values().collect()
}

/// Whether the keywords of a form make a schema at all; asked when a workflow is loaded.
pub fn check_schema(form: &Form) -> Result<(), NotASchema> {
    build(form).map(drop)
}

/// Patterns run in linear time, so that nobody can stall the service by a text.
fn build(form: &Form) -> Result<Validator, NotASchema> {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&judging_schema(form))
        .map_err(|error| NotASchema {
            field: error
                .instance_path()
                .as_str()
                .strip_prefix("/properties/")
                .and_then(|rest| rest.split('/').next())
                .map(str::to_owned),
            why: error.to_string(),
        })
}

fn message(field: &Field, path: &[&str], kind: &ValidationErrorKind) -> Text {
    let Text { en, zh } = &field.title;
    let fill_in = Text::new(format!("Fill in: {en}."), format!("请填写：{zh}。"));
    let is_empty = match kind {
        ValidationErrorKind::Required { .. } => path.is_empty(),
        ValidationErrorKind::MinLength { limit } | ValidationErrorKind::MinItems { limit } => {
            *limit == 1 && path.len() <= 1
        }
        _ => false,
    };
    if is_empty {
        return fill_in;
    }
    let entry = path.get(1).and_then(|at| at.parse::<usize>().ok());
    let why = in_words(&field.kind, kind);
    titled(
        &field.title,
        &entry.map_or_else(|| why.clone(), |at| in_entry(at, &why)),
    )
}

/// What a finding means to a person.
fn in_words(kind: &FieldKind, error: &ValidationErrorKind) -> Text {
    use ValidationErrorKind as Kind;
    let both = |en: &str, zh: &str, limit: &dyn Fn(Language) -> String| {
        Text::new(
            en.replace("{}", &limit(Language::En)),
            zh.replace("{}", &limit(Language::Zh)),
        )
    };
    let count = |limit: &u64| {
        let limit = limit.to_string();
        move |_: Language| limit.clone()
    };
    let bound = |limit: &Json| {
        let limit = limit.clone();
        move |language: Language| shown(kind, &limit, language)
    };
    match error {
        Kind::MinLength { limit } => {
            both("at least {} characters.", "至少 {} 个字符。", &count(limit))
        }
        Kind::MaxLength { limit } => {
            both("at most {} characters.", "最多 {} 个字符。", &count(limit))
        }
        Kind::MinItems { limit } => both("at least {} entries.", "至少 {} 项。", &count(limit)),
        Kind::MaxItems { limit } => both("at most {} entries.", "最多 {} 项。", &count(limit)),
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
            &count(limit),
        ),
        Kind::MaxProperties { limit } => both(
            "at most {} of its fields.",
            "最多填写 {} 个字段。",
            &count(limit),
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
