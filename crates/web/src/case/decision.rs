//! What the reader can do: one form with a choice, a comment, what comes with the choice, and one button. What is
//! offered, and why something is not possible, is the engine's word.

use countersign_core::{
    name::Name,
    text::Language,
    view::{ActionView, ReviewView, VotesView},
    workflow::Target,
};
use indexmap::IndexMap;
use maud::{Markup, html};
use serde_json::Value as Json;

use super::{
    Inputs, Shown, Typed, inputs,
    ways::{Way, way},
};
use crate::page::say;

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
        @for review in reviews(shown) { (votes(shown, review)) }
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
            } @else if shown.possible.comment {
                button.second type="submit" name="say" value="1" { (say(language, "Only comment", "仅提交意见")) }
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

/// The running reviews: one, or one a track.
fn reviews(shown: &Shown) -> impl Iterator<Item = &ReviewView> {
    let one = shown
        .view
        .review
        .iter()
        .take(usize::from(shown.view.reviews.is_empty()));
    one.chain(&shown.view.reviews)
}

/// The running count of a review, and of each of its panels.
fn votes(shown: &Shown, review: &ReviewView) -> Markup {
    let several = !shown.view.reviews.is_empty();
    html! {
        @if several { h3 { (shown.state_title(review.state.as_str())) } }
        @if review.panels.is_empty() { (counts(shown, &review.votes, review.mine.as_deref())) }
        @for panel in &review.panels {
            h3 { (panel.title) }
            (counts(shown, &panel.votes, panel.mine.as_deref()))
        }
    }
}

fn counts(shown: &Shown, votes: &IndexMap<Name, VotesView>, mine: Option<&str>) -> Markup {
    let language = shown.language();
    html! {
        @if votes.values().any(|count| count.need.is_some_and(|need| need > 1) || count.have > 0) {
            ul.votes {
                @for (decision, count) in votes {
                    li {
                        (shown.action_title(decision)) ": "
                        @if let Some(need) = count.need { (count.have) (say(language, " of ", " / ")) (need) (say(language, " votes", " 票")) }
                        @else { (count.have) (say(language, " votes", " 票")) }
                        @if mine == Some(decision.as_str()) { " · " strong { (say(language, "yours", "您的投票")) } }
                    }
                }
            }
        }
    }
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
                    input type="radio" id=(id) name="do" value=(action.id) data-way=[way(shown, action).map(Way::word)] checked[chosen == Some(action.id.as_str())] disabled[!can]
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
                a href={ "/cases/" (shown.view.number) "/why?action=" (action.id) } { (say(shown.language(), "Why?", "为什么？")) span.hidden { " " (action.title) } }
            } @else if let Some(line) = outcome(shown, action) {
                p { (line) }
            }
        }
    }
}

/// "This is vote 2 of 2: the case will be Approved."
fn outcome(shown: &Shown, action: &ActionView) -> Option<String> {
    let language = shown.language();
    let review = shown.view.review.as_ref()?;
    let count = review.votes.get(&action.id)?;
    let need = count.need?;
    let next = count.have + 1;
    let then =
        (next >= need && review.panels.is_empty()).then(|| becomes(shown, review, &action.id));
    let vote = (need > 1).then(|| match language {
        Language::En => format!("This is vote {next} of {need}"),
        Language::Zh => format!("这是第 {next} 票，共需 {need} 票"),
    });
    let then = then.map(|state| match (state, language) {
        (Some(state), Language::En) => format!("the case will be {state}"),
        (Some(state), Language::Zh) => format!("申请将变为“{state}”"),
        (None, Language::En) => "it decides".to_owned(),
        (None, Language::Zh) => "投票后即作出决定".to_owned(),
    });
    match (vote, then, language) {
        (Some(vote), Some(then), Language::En) => Some(format!("{vote}: {then}.")),
        (Some(vote), Some(then), Language::Zh) => Some(format!("{vote}：{then}。")),
        (Some(vote), None, Language::En) => Some(format!("{vote}.")),
        (Some(vote), None, Language::Zh) => Some(format!("{vote}。")),
        (None, Some(then), Language::En) => Some(format!("With your vote {then}.")),
        (None, Some(then), Language::Zh) => Some(format!("您投票后，{then}。")),
        (None, None, _) => None,
    }
}

/// Where a decision leads, if that is one place whatever is true.
fn becomes(shown: &Shown, review: &ReviewView, decision: &str) -> Option<String> {
    let states = &shown.workflow.states;
    let declared = states.find(review.state.as_str())?.review.as_ref()?;
    let Target::To(choice) = &declared.decisions.get(decision)?.action.target else {
        return None;
    };
    let mut places = choice.states();
    let only = places
        .next()
        .filter(|only| places.all(|other| other == *only))?;
    Some(states.get(only).title.get(shown.language()).to_owned())
}

/// What comes with a choice: forms to fill in, a text to tick.
pub fn with_it(shown: &Shown, typed: &Typed, action: &ActionView) -> Markup {
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
    html! {
        div.field.wrong[fault.is_some()] {
            label for="comment" { (say(language, "Comment", "意见")) }
            @if !needed.is_empty() {
                p.hint { (say(language, "Needed for: ", "以下操作必填：")) (needed.join(say(language, ", ", "、"))) }
            }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            textarea #comment name="comment" rows="3" { "\n" (typed.value("comment").unwrap_or_default()) }
            @if shown.possible.internal {
                label.option { input type="checkbox" name="internal" value="yes" checked[typed.value("internal").is_some()];
                    span { (say(language, "Internal: not shown to the applicant", "内部意见：不对申请方显示")) } }
            }
        }
    }
}

/// The input for a confirmation code.
pub fn code(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let fault = typed.fault("code");
    html! {
        div.field.wrong[fault.is_some()] {
            label for="code" { (say(language, "Confirmation code, from the mail or your app", "验证码（来自邮件或您的验证器应用）")) }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            input #code type="text" name="code" class="short" inputmode="numeric" autocomplete="one-time-code" value=(typed.value("code").unwrap_or_default());
        }
    }
}

/// What stands beside a case with which the reader can do nothing now.
pub fn nothing_to_do(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    html! {
        @if shown.view.end.is_some() {
            h2 #act { (say(language, "Closed", "已结束")) }
            p.none { (say(language, "Nothing is left to do.", "无需处理。")) }
        } @else {
            h2 #act { (say(language, "Nothing to do for you now", "您目前无需处理")) }
            @for review in reviews(shown) { (votes(shown, review)) }
            p.none { (say(language, "You will get a mail when it is your turn.", "轮到您时，您会收到邮件。"))
                " " a href={ "/cases/" (shown.view.number) "/why" } { (say(language, "Why can’t I act?", "为什么不能操作？")) } }
        }
        @if shown.possible.comment {
            @let text = typed.value("comment").unwrap_or_default();
            details.say open[!text.is_empty() || typed.fault("comment").is_some()] {
                summary { (say(language, "Write a comment", "发表意见")) }
                (comment(shown, typed))
                button.second type="submit" name="say" value="1" { (say(language, "Send comment", "提交意见")) }
            }
        }
        (kept(shown, typed))
    }
}

/// What was typed into inputs that the page no longer has: somebody else was quicker. It is not lost.
fn kept(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let fields = typed.fields.iter();
    let typed_there = fields.flat_map(|fields| fields.under(""));
    let mut kept: Vec<(String, &str)> = typed_there
        .filter(|(_, text)| !text.trim().is_empty())
        .filter_map(|(name, text)| {
            let place = match name.split_once('/') {
                Some((with, place)) if with.starts_with("with.") => place,
                Some(_) | None => name
                    .strip_prefix("at.")
                    .filter(|_| !shown.possible.comment)?,
            };
            Some((shown.place_title(place), text))
        })
        .collect();
    if !shown.possible.comment {
        let title = say(language, "Comment", "意见").to_owned();
        kept.extend(
            typed
                .value("comment")
                .filter(|text| !text.is_empty())
                .map(|text| (title, text)),
        );
    }
    html! {
        @if !kept.is_empty() {
            section.kept {
                h3 { (say(language, "What you had typed", "您填写的内容")) }
                dl.inner { @for (title, text) in kept { dt { (title) } dd.prose { (text) } } }
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
    let chosen = typed.chosen().unwrap_or_default();
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
