//! `GET /cases/{number}/changes`: on round 2 and later only what changed since the round before was handed in, with what
//! was said then.

use std::cmp::Ordering;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    history::Entry,
    text::Language,
    view::{FieldChange, FilesChange, RevisionDiff, revision_diff},
    workflow::{FieldKind, Workflow},
};
use countersign_engine::{Error, shown as shown_to};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    Shown, Typed, comments, difference,
    everything::{Body, around},
    header::Tab,
    load::show,
    values::value,
    words::Called,
};
use crate::{
    WebState,
    door::SignedIn,
    page::{say, trouble},
};

/// Which rounds are to be compared, as somebody has chosen it.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    from: Option<String>,
    to: Option<String>,
}

/// Two rounds of a case, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rounds {
    from: u32,
    to: u32,
}

impl Wanted {
    /// Those of a case in this round: what was chosen, as far as there is such a round, or else the last two; `None`: it
    /// is the first round, and there is nothing to compare.
    fn rounds(&self, last: u32) -> Option<Rounds> {
        let number = |text: &Option<String>| text.as_deref()?.trim().parse::<u32>().ok();
        let latest = last.checked_sub(1).filter(|before| *before > 0)?;
        let chosen = [number(&self.from), number(&self.to)];
        let [from, to] = chosen.map(|round| round.filter(|round| (1..=last).contains(round)));
        let (from, to) = (from.unwrap_or(latest), to.unwrap_or(last));
        Some(match from.cmp(&to) {
            Ordering::Less => Rounds { from, to },
            Ordering::Greater => Rounds { from: to, to: from },
            Ordering::Equal => Rounds {
                from: latest,
                to: last,
            },
        })
    }
}

/// The page; a case in its first round has none of it.
pub async fn changes(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let shown = match show(&state, &reader, &number).await {
        Ok(shown) => shown,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    match page(&state, &reader, &shown, &Typed::default(), &wanted).await {
        Some(page) => page,
        None => Redirect::to(&format!("/cases/{number}/everything")).into_response(),
    }
}

/// The page of a case that is read already; `None`: there is nothing to compare with.
pub async fn page(
    state: &WebState,
    reader: &SignedIn,
    shown: &Shown,
    typed: &Typed,
    wanted: &Wanted,
) -> Option<Response> {
    let rounds = wanted.rounds(shown.view.round)?;
    match read(state, reader, shown, rounds).await {
        Ok(diff) => diff.map(|diff| {
            let body = Body {
                tab: Tab::Changes,
                contents: contents(shown, typed, &diff, rounds),
            };
            around(&reader.visitor, shown, typed, &body)
        }),
        Err(error) => Some(trouble(&reader.visitor, &error)),
    }
}

/// What has changed from what was handed in for one round to that of another, or to what is there now; `None`: there is
/// no such round, or it is not for this reader.
async fn read(
    state: &WebState,
    reader: &SignedIn,
    shown: &Shown,
    rounds: Rounds,
) -> Result<Option<RevisionDiff>, Error> {
    let case = shown.scene.case.clone().ok_or(Error::NotFound)?;
    let way = state.engine.way(&shown.scene).await?;
    let Some(from) = handed_in(&shown.workflow, &way, rounds.from) else {
        return Ok(None);
    };
    let Some(before) = state.engine.content_at(&case, from).await? else {
        return Ok(None);
    };
    let after = match rounds.to {
        now if now >= case.round => (case.revision, case.content.clone()),
        earlier => {
            let Some(to) = handed_in(&shown.workflow, &way, earlier) else {
                return Ok(None);
            };
            let Some(then) = state.engine.content_at(&case, to).await? else {
                return Ok(None);
            };
            (to, then)
        }
    };
    let diff = |scene: &_| {
        shown_to(scene, reader.language(), |viewer, workflow, case| {
            let after = (after.0, &after.1);
            revision_diff(viewer, workflow, case, (from, &before), after)
        })
    };
    state.engine.fill(shown.scene.clone(), diff).await
}

/// The revision that was handed in for this round.
fn handed_in(workflow: &Workflow, way: &[Entry], round: u32) -> Option<u32> {
    let reviews = |entry: &Entry| {
        let to = entry
            .to
            .as_ref()
            .and_then(|to| workflow.states.find(to.as_str()));
        to.is_some_and(|to| {
            workflow
                .states
                .outward(to.id)
                .any(|state| state.review.is_some())
        })
    };
    let entered = way
        .iter()
        .find(|entry| entry.round == round && (round > 1 || reviews(entry)));
    entered.map(|entry| entry.revision)
}

fn contents(shown: &Shown, typed: &Typed, diff: &RevisionDiff, rounds: Rounds) -> Markup {
    let language = shown.language();
    let Rounds { from, to } = rounds;
    let title = match (to >= shown.view.round, language) {
        (true, Language::En) => format!("Since round {from}"),
        (true, Language::Zh) => format!("自第 {from} 轮以来"),
        (false, Language::En) => format!("From round {from} to round {to}"),
        (false, Language::Zh) => format!("从第 {from} 轮到第 {to} 轮"),
    };
    let nothing = diff.changes.is_empty() && diff.materials.is_empty();
    html! {
        @if shown.view.round > 2 { (choice(shown, rounds)) }
        section.form {
            h2 { (title) }
            @if nothing { p.none { (say(language, "Nothing was changed.", "内容没有变化。")) } }
            @for change in &diff.changes { (field(shown, typed, change)) }
            @for change in &diff.materials { (files(shown, typed, change)) }
        }
        (earlier(shown, typed))
    }
}

/// Which two rounds are compared: links, because all of this stands within the form of the decision.
fn choice(shown: &Shown, rounds: Rounds) -> Markup {
    let language = shown.language();
    let (number, last) = (&shown.view.number, shown.view.round);
    let here = |from: u32, to: u32| format!("/cases/{number}/changes?from={from}&to={to}");
    let called = |round: u32| {
        let now = if round == last {
            say(language, " (now)", "（当前）")
        } else {
            ""
        };
        match language {
            Language::En => format!("round {round}{now}"),
            Language::Zh => format!("第 {round} 轮{now}"),
        }
    };
    html! {
        nav.rounds aria-label=(say(language, "Rounds to compare", "比较的轮次")) {
            p {
                (say(language, "From", "从"))
                @for round in 1..last {
                    " " a href=(here(round, rounds.to.max(round + 1))) aria-current=[(round == rounds.from).then_some("true")] { (called(round)) }
                }
            }
            p {
                (say(language, "to", "到"))
                @for round in 2..=last {
                    " " a href=(here(rounds.from.min(round - 1), round)) aria-current=[(round == rounds.to).then_some("true")] { (called(round)) }
                }
            }
        }
    }
}

/// What was said in the rounds before, with the answers.
fn earlier(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let said = shown
        .view
        .comments
        .iter()
        .filter(|comment| comment.round < shown.view.round);
    let said: Vec<_> = said.collect();
    html! {
        @if !said.is_empty() {
            section.form {
                h2 { (say(language, "What was said before", "此前的意见")) }
                @for comment in said {
                    @if let Some(at) = &comment.at { h3 { (shown.place_title(at)) } }
                    (comments::one(shown, comment, &comments::answer(shown, typed, comment)))
                }
            }
        }
    }
}

fn field(shown: &Shown, typed: &Typed, change: &FieldChange) -> Markup {
    html! {
        div.change {
            h3 { (change.title) }
            (was_and_now(shown, change))
            (comments::remark(shown, typed, &change.at))
        }
    }
}

fn was_and_now(shown: &Shown, change: &FieldChange) -> Markup {
    let language = shown.language();
    let (form, field) = change.at.split_once('.').unwrap_or((&change.at, ""));
    let declared = shown
        .workflow
        .forms
        .get(form)
        .and_then(|form| form.fields.get(field));
    let Some((kind, called)) = declared.map(|field| (&field.kind, Called::of(field, language)))
    else {
        return html! { p.quiet { (say(language, "Other copies than before.", "评审人副本有变化。")) } };
    };
    match (kind, &change.was, &change.now) {
        (FieldKind::LongText | FieldKind::String, Json::String(was), Json::String(now)) => {
            difference::of_texts(was, now)
        }
        (FieldKind::List { items, .. }, was, now) => entries(shown, &called, items, was, now),
        (kind, was, now) => html! {
            p.was-now {
                del { span.hidden { (say(language, "was ", "原值 ")) } (value(shown, &called, kind, was)) }
                span aria-hidden="true" { " → " }
                ins { span.hidden { (say(language, "is now ", "现值 ")) } (value(shown, &called, kind, now)) }
            }
        },
    }
}

/// Entries of a list as added and removed.
fn entries(
    shown: &Shown,
    called: &Called<'_>,
    items: &FieldKind,
    was: &Json,
    now: &Json,
) -> Markup {
    let language = shown.language();
    let list = |of: &Json| of.as_array().cloned().unwrap_or_default();
    let (was, now) = (list(was), list(now));
    html! {
        ul.plain {
            @for gone in was.iter().filter(|entry| !now.contains(entry)) {
                li { del { span.hidden { (say(language, "removed: ", "删除：")) } (value(shown, called, items, gone)) } }
            }
            @for new in now.iter().filter(|entry| !was.contains(entry)) {
                li { ins { span.hidden { (say(language, "added: ", "新增：")) } (value(shown, called, items, new)) } }
            }
        }
    }
}

fn files(shown: &Shown, typed: &Typed, change: &FilesChange) -> Markup {
    let language = shown.language();
    html! {
        div.change {
            h3 { (change.title) }
            (comments::remark(shown, typed, &change.at))
            @if let ([was], [now]) = (change.removed.as_slice(), change.added.as_slice()) {
                p.was-now {
                    (say(language, "replaced: ", "替换："))
                    del { span.hidden { (say(language, "was ", "原文件 ")) } (was.name) }
                    span aria-hidden="true" { " → " }
                    ins { span.hidden { (say(language, "is now ", "现文件 ")) }
                        a href={ "/cases/" (shown.view.number) "/files/" (change.at) "/" (now.id) } download { (now.name) } }
                }
            } @else { ul.plain {
                @for file in &change.removed { li { del { span.hidden { (say(language, "removed: ", "删除：")) } (file.name) } } }
                @for file in &change.added {
                    li { ins { span.hidden { (say(language, "added: ", "新增：")) }
                        a href={ "/cases/" (shown.view.number) "/files/" (change.at) "/" (file.id) } download { (file.name) } } }
                }
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_rounds_can_be_compared_and_without_a_choice_the_last_two_are() {
        let of = |from: &str, to: &str, last: u32| {
            let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let wanted = Wanted {
                from: given(from),
                to: given(to),
            };
            wanted.rounds(last).map(|rounds| (rounds.from, rounds.to))
        };
        assert_eq!(of("", "", 1), None);
        assert_eq!(of("", "", 3), Some((2, 3)));
        assert_eq!(of("1", "3", 3), Some((1, 3)));
        assert_eq!(of("1", "2", 3), Some((1, 2)));
        assert_eq!(of("3", "1", 3), Some((1, 3)));
        assert_eq!(of("2", "2", 3), Some((2, 3)));
        assert_eq!(of("0", "9", 3), Some((2, 3)));
        assert_eq!(of("one", "-1", 3), Some((2, 3)));
    }
}
