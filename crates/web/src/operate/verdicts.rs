//! What moving cases to another version would come to, as it is shown: one verdict, and each reason for it.

use countersign_core::{
    migration::{Assessment, Verdict},
    text::Language,
};
use maud::{Markup, html};

use crate::page::say;

/// A verdict in words.
pub fn word(language: Language, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Safe => say(language, "Safe", "可安全迁移"),
        Verdict::SafeWithDefault => say(language, "Safe, with a default", "可迁移（采用默认值）"),
        Verdict::NeedsInput => say(language, "Needs input", "需要补充信息"),
        Verdict::Impossible => say(language, "Impossible", "无法迁移"),
    }
}

/// The verdict and its reasons.
pub fn shown(language: Language, assessment: &Assessment) -> Markup {
    let verdict = assessment.verdict();
    let class = match verdict {
        Verdict::Safe => "badge good",
        Verdict::SafeWithDefault => "badge",
        Verdict::NeedsInput => "badge neutral",
        Verdict::Impossible => "badge bad",
    };
    html! {
        span class=(class) { (word(language, verdict)) }
        @if !assessment.remarks.is_empty() {
            ul.plain {
                @for remark in &assessment.remarks {
                    li { (remark.message.get(language)) @if let Some(at) = &remark.at { " " span.tag { (at) } } }
                }
            }
        }
    }
}
