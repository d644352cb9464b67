//! What the reader can do: one form with a choice, a comment, what comes with the choice, and one button. What is
//! offered, and why something is not possible, is the engine's word.

use countersign_core::view::{ActionView, ReviewView};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::{Inputs, Shown, Typed, inputs};
use crate::{door::Visitor, page::say};

/// Whether there is something to decide, not only to hand in.
pub fn decides(shown: &Shown) -> bool {
    let mut actions = shown.view.actions.iter();
    actions.any(|action| action.kind == "decision")
}

/// The part of the form in which one chooses and sends.
pub fn decision(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let actions = &shown.view.actions;
    let title = if decides(shown) {
        say(language, "Your decision", "您的决定")
    } else {
        say(language, "What you can do", "可进行的操作")
    };
    html! {
        h2 #act { (title) }
        @if let Some(review) = &shown.view.review { (votes(shown, review)) }
        @if actions.is_empty() {
            p { (say(language, "You can save what you have filled in.", "您可以保存已填写的内容。")) }
        } @else {
            (choices(shown, typed))
            (comment(shown, typed))
            @if typed.asks_code { (code(shown, typed)) }
        }
        div.buttons {
            @if !actions.is_empty() {
                button type="submit" name="send" value="1" { (send_title(shown)) }
            }
            @if shown.edits() {
                button.second type="submit" name="save" value="1" { (say(language, "Save draft", "保存草稿")) }
            }
        }
    }
}

/// With one choice the button says it.
fn send_title(shown: &Shown) -> String {
    match shown.view.actions.as_slice() {
        [only] => only.title.clone(),
        _ => say(shown.language(), "Send", "提交").to_owned(),
    }
}

/// The running count.
fn votes(shown: &Shown, review: &ReviewView) -> Markup {
    let language = shown.language();
    html! {
        @if review.votes.values().any(|count| count.need.is_some_and(|need| need > 1) || count.have > 0) {
            ul.votes {
                @for (decision, count) in &review.votes {
                    li {
                        (title_of(shown, decision)) ": "
                        @if let Some(need) = count.need { (count.have) (say(language, " of ", " / ")) (need) (say(language, " votes", " 票")) }
                        @else { (count.have) (say(language, " votes", " 票")) }
                        @if review.mine.as_ref() == Some(decision) { " · " strong { (say(language, "yours", "您的投票")) } }
                    }
                }
            }
        }
    }
}

fn title_of(shown: &Shown, decision: &str) -> String {
    let workflow = &shown.workflow;
    let state = shown.view.state.as_str();
    let title = workflow.action_title(state, decision, shown.language());
    title.unwrap_or_else(|| decision.to_owned())
}

fn choices(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let actions = &shown.view.actions;
    let chosen = typed.value("do");
    if let [only] = actions.as_slice() {
        return html! {
            input type="hidden" name="do" value=(only.id);
            (reasons(shown, only))
            (with_it(shown, typed, only))
        };
    }
    html! {
        fieldset.choices #do tabindex="-1" {
            legend.hidden { (say(language, "Choose one", "请选择")) }
            @for action in actions {
                @let id = format!("do-{}", action.id);
                @let can = possible(shown, action);
                div.choice {
                    input type="radio" id=(id) name="do" value=(action.id) checked[chosen == Some(action.id.as_str())] disabled[!can]
                        aria-describedby=[(!action.missing.is_empty()).then(|| format!("{id}-why"))];
                    label for=(id) { (action.title) }
                    (reasons(shown, action))
                    div.more { (with_it(shown, typed, action)) }
                }
            }
        }
    }
}

/// Whether it makes sense to send it: possible now, or perhaps with what is filled in on this page.
fn possible(shown: &Shown, action: &ActionView) -> bool {
    action.allowed || shown.edits()
}

/// What stands in the way, or what would happen.
fn reasons(shown: &Shown, action: &ActionView) -> Markup {
    html! {
        div.why id={ "do-" (action.id) "-why" } {
            @if !action.missing.is_empty() {
                ul { @for missing in &action.missing { li { (missing.message) } } }
            } @else if let Some(line) = outcome(shown, action) {
                p { (line) }
            }
        }
    }
}

/// "This is vote 2 of 2."
fn outcome(shown: &Shown, action: &ActionView) -> Option<String> {
    let count = shown.view.review.as_ref()?.votes.get(&action.id)?;
    let need = count.need.filter(|need| *need > 1)?;
    let next = count.have + 1;
    let decides = next >= need;
    Some(match (shown.language(), decides) {
        (countersign_core::text::Language::En, true) => {
            format!("This is vote {next} of {need}: it decides.")
        }
        (countersign_core::text::Language::En, false) => format!("This is vote {next} of {need}."),
        (countersign_core::text::Language::Zh, true) => {
            format!("这是第 {next} 票，共需 {need} 票：投票后即作出决定。")
        }
        (countersign_core::text::Language::Zh, false) => {
            format!("这是第 {next} 票，共需 {need} 票。")
        }
    })
}

/// What comes with a choice: forms to fill in, a text to tick.
fn with_it(shown: &Shown, typed: &Typed, action: &ActionView) -> Markup {
    let prefix = prefix_of(&action.id);
    let with = Inputs {
        clock: shown.clock,
        choices: &shown.choices,
        typed,
        prefix: &prefix,
    };
    let mine = |form: &countersign_core::workflow::Form| {
        let data = shown.view.data.get(form.name.as_str());
        match data {
            Some(Json::Array(_)) | None => Json::Null,
            Some(values) => values.clone(),
        }
    };
    html! {
        @for form in action.forms.iter().filter_map(|form| shown.workflow.forms.get(form)) {
            fieldset.with { legend { (form.title.get(shown.language())) }
                (inputs(with, form, &mine(form), |field| field.derived.is_none()))
            }
        }
        @if let Some(text) = &action.confirm {
            label.option id={ "confirm-" (action.id) } {
                input type="checkbox" name={ "confirm." (action.id) } value="yes" checked[typed.value(&format!("confirm.{}", action.id)).is_some()];
                span { (text) }
            }
        }
    }
}

fn comment(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let fault = typed.fault("comment");
    let needed: Vec<&str> = shown
        .view
        .actions
        .iter()
        .filter(|action| action.asks.contains(&"comment"))
        .map(|action| action.title.as_str())
        .collect();
    let by_reviewer = decides(shown);
    html! {
        div.field.wrong[fault.is_some()] {
            label for="comment" { (say(language, "Comment", "意见")) }
            @if !needed.is_empty() {
                p.hint { (say(language, "Needed for: ", "以下操作必填：")) (needed.join(say(language, ", ", "、"))) }
            }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            textarea #comment name="comment" rows="3" { "\n" (typed.value("comment").unwrap_or_default()) }
            @if by_reviewer {
                label.option { input type="checkbox" name="internal" value="yes" checked[typed.value("internal").is_some()];
                    span { (say(language, "Internal: not shown to the applicant", "内部意见：不对申请方显示")) } }
            }
        }
    }
}

fn code(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let fault = typed.fault("code");
    html! {
        div.field.wrong[fault.is_some()] {
            label for="code" { (say(language, "Confirmation code from the mail", "邮件中的验证码")) }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            input #code type="text" name="code" class="short" inputmode="numeric" autocomplete="one-time-code" value=(typed.value("code").unwrap_or_default());
        }
    }
}

/// What stands beside a case with which the reader can do nothing now.
pub fn nothing_to_do(shown: &Shown) -> Markup {
    let language = shown.language();
    html! {
        @if shown.view.end.is_some() {
            p.none { (say(language, "This case is closed. Nothing is left to do.", "该申请已结束，无需处理。")) }
        } @else {
            h2 { (say(language, "Nothing to do for you now", "您目前无需处理")) }
            @if let Some(review) = &shown.view.review { (votes(shown, review)) }
            p.none { (say(language, "You will get a mail when it is your turn.", "轮到您时，您会收到邮件。")) }
        }
    }
}

/// A vote that stands can be taken back until it decides.
pub fn take_back(visitor: &Visitor, shown: &Shown) -> Markup {
    let language = shown.language();
    let mine = shown
        .view
        .review
        .as_ref()
        .and_then(|review| review.mine.as_ref());
    html! {
        @if let Some(mine) = mine {
            form.aside method="post" action={ "/cases/" (shown.view.number) } {
                (visitor.seal())
                p { (say(language, "You voted: ", "您的投票：")) strong { (title_of(shown, mine)) } ". "
                    button.second type="submit" name="take_back" value=(mine) { (say(language, "Take my vote back", "撤回投票")) } }
            }
        }
    }
}

/// What the names of inputs begin with that come with an action.
pub fn prefix_of(action: &str) -> String {
    format!("with.{action}/")
}

/// Where on the page a fault is: the id of its input.
pub fn place_of(shown: &Shown, typed: &Typed, at: &str) -> String {
    let chosen = typed.value("do").unwrap_or_default();
    let form = at.split('.').next().unwrap_or_default();
    let action = shown
        .view
        .actions
        .iter()
        .find(|action| action.id.as_str() == chosen);
    let with_it =
        action.is_some_and(|action| action.forms.iter().any(|with| with.as_str() == form));
    match at {
        "comment" | "code" | "do" => at.to_owned(),
        "confirm" => format!("confirm-{chosen}"),
        "replies" => "to-do".to_owned(),
        at if with_it => format!("{}{at}", prefix_of(chosen)),
        at if at.contains('.') => at.to_owned(),
        material if shown.may_edit(material) => format!("file.{material}"),
        other => other.to_owned(),
    }
}
