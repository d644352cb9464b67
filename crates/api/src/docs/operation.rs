//! One operation on the page: what it is for, what it takes, what it answers.

use countersign_core::text::Language;
use maud::{Markup, html};
use serde_json::Value as Json;

use super::{Reading, chinese, described, in_own, parameters, shape};

/// The titles of tags in Chinese; the document's own words are English.
const TAGS: [(&str, &str, &str); 10] = [
    ("cases", "Cases", "申请"),
    ("materials", "Materials", "材料"),
    ("links", "Mail links", "邮件链接"),
    ("workflows", "Workflows", "流程"),
    ("people", "People", "人员"),
    ("facts", "Facts", "事实数据"),
    ("tokens", "Tokens", "令牌"),
    ("operators", "Operators", "运维"),
    ("demo", "Demo", "演示"),
    ("service", "The service", "服务"),
];

/// What a part of the API is called.
pub fn tag_title(tag: &str, language: Language) -> String {
    let known = TAGS.iter().find(|(name, ..)| *name == tag);
    known.map_or_else(
        || tag.to_owned(),
        |(_, en, zh)| match language {
            Language::En => (*en).to_owned(),
            Language::Zh => (*zh).to_owned(),
        },
    )
}

/// All operations of a tag, in the order of the document.
pub fn of_tag(reading: &Reading, tag: &Json) -> Markup {
    let name = tag["name"].as_str().unwrap_or_default();
    let paths = reading.document["paths"].as_object();
    let all = paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    let of_it = all.filter(|(_, _, operation)| {
        let tags = operation["tags"].as_array();
        tags.is_some_and(|tags| tags.first().and_then(Json::as_str) == Some(name))
    });
    html! {
        section id=(name) {
            h2 { (tag_title(name, reading.language)) }
            @if let Some(about) = tag["description"].as_str() {
                p.quiet { (in_own(reading, about, parameters::tag(name))) }
            }
            @for (path, method, operation) in of_it { (one(reading, path, method, operation)) }
        }
    }
}

fn one(reading: &Reading, path: &str, method: &str, operation: &Json) -> Markup {
    let id = operation["operationId"].as_str().unwrap_or_default();
    html! {
        details.operation id=(id) {
            summary {
                span.method.{ "is-" (method) } { (method.to_uppercase()) }
                " " code { (path) } " "
                (told(reading, operation))
            }
            div.inside {
                @if let Some(text) = operation["description"].as_str() { p { (in_own(reading, text, described::described(text))) } }
                (parameter_table(reading, operation))
                (body(reading, operation))
                (responses(reading, operation))
            }
        }
    }
}

/// What it does, in the reader's language.
fn told(reading: &Reading, operation: &Json) -> Markup {
    let english = operation["summary"].as_str().unwrap_or_default();
    let id = operation["operationId"].as_str().unwrap_or_default();
    html! { span.quiet { (in_own(reading, english, chinese::summary(id))) } }
}

fn parameter_table(reading: &Reading, operation: &Json) -> Markup {
    let parameters = operation["parameters"].as_array();
    let parameters: Vec<&Json> = parameters.into_iter().flatten().collect();
    html! {
        @if !parameters.is_empty() {
            h3 { (reading.say("Parameters", "参数")) }
            div.scroll { table {
                @for parameter in parameters {
                    tr {
                        th scope="row" {
                            code { (parameter["name"].as_str().unwrap_or_default()) }
                            @if parameter["required"] == true { span.required { " *" } }
                        }
                        td { (place(reading, parameter["in"].as_str().unwrap_or_default())) }
                        td { code { (shape::name(&parameter["schema"])) } }
                        @let about = parameter["description"].as_str().unwrap_or_default();
                        td { (in_own(reading, about, parameters::parameter(about))) }
                    }
                }
            } }
        }
    }
}

fn place(reading: &Reading, place: &str) -> String {
    match place {
        "path" => reading.say("path", "路径"),
        "query" => reading.say("query", "查询"),
        "header" => reading.say("header", "请求头"),
        other => other.to_owned(),
    }
}

fn body(reading: &Reading, operation: &Json) -> Markup {
    let content = operation["requestBody"]["content"].as_object();
    html! {
        @for (kind, media) in content.into_iter().flatten() {
            h3 { (reading.say("Body", "请求体")) " " code { (kind) } }
            (shape::table(reading, &media["schema"]))
        }
    }
}

fn responses(reading: &Reading, operation: &Json) -> Markup {
    let responses = operation["responses"].as_object();
    html! {
        h3 { (reading.say("Answers", "响应")) }
        @for (status, response) in responses.into_iter().flatten() {
            @let about = response["description"].as_str().unwrap_or_default();
            p { strong { (status) } " " (in_own(reading, about, described::described(about))) }
            @if status.starts_with('2') {
                @for (kind, media) in response["content"].as_object().into_iter().flatten() {
                    p.quiet { code { (kind) } " " code { (shape::name(&media["schema"])) } }
                    (shape::table(reading, &media["schema"]))
                }
            }
        }
    }
}
