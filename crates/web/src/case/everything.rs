//! `/cases/{number}`: what a case says, and what its reader can do with it. Whoever may write fills it in here.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::workflow::{Form, Material};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    Inputs, Shown, Typed, changes, comments, decision,
    files::{files, open_files},
    header::{Tab, header},
    inputs, kin,
    load::show,
    turns,
    values::form_values,
};
use crate::{
    WebState,
    door::{SignedIn, Visitor},
    page::{Nav, Page, say, trouble},
};

/// `GET /cases/{number}`: what changed, for whoever decides on a later round; else everything.
pub async fn case(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
    Query(came): Query<Came>,
) -> Response {
    let shown = match show(&state, &reader, &number).await {
        Ok(shown) => shown,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let typed = Typed {
        done: came.told(&shown),
        ..Typed::default()
    };
    if shown.view.round > 1
        && decision::decides(&shown)
        && let Some(changes) =
            changes::page(&state, &reader, &shown, &typed, &changes::Wanted::default()).await
    {
        return changes;
    }
    page(&reader.visitor, &shown, StatusCode::OK, &typed)
}

/// `GET /cases/{number}/everything`.
pub async fn everything(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
) -> Response {
    match show(&state, &reader, &number).await {
        Ok(shown) => page(&reader.visitor, &shown, StatusCode::OK, &Typed::default()),
        Err(error) => trouble(&reader.visitor, &error),
    }
}

/// What the reader has just done.
#[derive(Debug, Default, Deserialize)]
pub struct Came {
    done: Option<String>,
    did: Option<String>,
}

impl Came {
    /// In words; of an action only its own title is told.
    fn told(&self, shown: &Shown) -> Option<String> {
        let language = shown.language();
        match self.did.as_deref() {
            Some("save") => {
                return Some(say(language, "Your draft is saved.", "草稿已保存。").to_owned());
            }
            Some("say") => {
                return Some(say(language, "Your comment is sent.", "意见已提交。").to_owned());
            }
            Some(turn) => return turns::told(turn, shown).map(ToOwned::to_owned),
            None => {}
        }
        let action = self.done.as_deref()?;
        let state = shown.view.state.as_str();
        let title = shown.workflow.action_title(state, action, language)?;
        Some(format!("{}{title}", say(language, "Done: ", "已完成：")))
    }
}

/// The page, as it is shown again with what was typed.
pub fn page(visitor: &Visitor, shown: &Shown, status: StatusCode, typed: &Typed) -> Response {
    let contents = html! {
        @if shown.edits() { (comments::checklist(shown, typed)) }
        (comments::of_all(shown, typed))
        (contents(shown, typed))
    };
    let tab = Tab::Everything;
    frame(visitor, shown, status, typed, &Body { tab, contents })
}

/// What stands on the left of a case's page.
pub struct Body {
    /// The tab.
    pub tab: Tab,
    /// All that a decision rests on.
    pub contents: Markup,
}

/// A page of the case with other contents, and the same that can be done.
pub fn around(visitor: &Visitor, shown: &Shown, typed: &Typed, body: &Body) -> Response {
    frame(visitor, shown, StatusCode::OK, typed, body)
}

fn frame(
    visitor: &Visitor,
    shown: &Shown,
    status: StatusCode,
    typed: &Typed,
    body: &Body,
) -> Response {
    let title = format!("{} {}", shown.view.number, shown.view.title);
    let title = title.trim();
    let page = Page {
        visitor,
        status,
        nav: Nav::Elsewhere,
        title,
    };
    let can_act = shown.edits() || !shown.view.actions.is_empty();
    let contents = html! { (summary(shown, typed)) (body.contents) };
    let act = html! {
        @if can_act { (decision::decision(shown, typed)) } @else { (decision::nothing_to_do(shown, typed)) }
        (turns::turns(shown, typed))
    };
    page.around(&html! {
        (header(shown, body.tab))
        @if can_act || shown.possible.comment {
            form.case method="post" action={ "/cases/" (shown.view.number) } enctype="multipart/form-data" novalidate data-draft=(draft_key(visitor, shown)) {
                (visitor.seal())
                input type="hidden" name="seen" value=(seen(shown));
                // What Enter presses is the first button: never one that removes something.
                @if shown.edits() { button.hidden type="submit" name="save" value="1" tabindex="-1" aria-hidden="true" { (say(visitor.language, "Save draft", "保存草稿")) } }
                @else if !can_act { button.hidden type="submit" name="say" value="1" tabindex="-1" aria-hidden="true" { (say(visitor.language, "Send comment", "提交意见")) } }
                div.columns {
                    div.contents { (contents) }
                    aside.act aria-labelledby="act" { (act) }
                }
            }
        } @else {
            div.columns { div.contents { (contents) } aside.act aria-labelledby="act" { (act) } }
        }
        (turns::outside(visitor, shown))
    })
}

/// Under which name a browser keeps what was typed and not sent.
fn draft_key(visitor: &Visitor, shown: &Shown) -> String {
    let person = visitor.person.as_ref().map(|person| person.id.to_string());
    format!("{} {}", shown.view.number, person.unwrap_or_default())
}

/// What of the case a form was typed for: the same as long as nothing that counts has changed.
pub fn seen(shown: &Shown) -> String {
    let view = &shown.view;
    format!("{}/{}/{}", view.revision, view.round, view.state)
}

/// On top what is wrong, each a link to its place, with the focus on it.
pub fn summary(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    html! {
        @if let Some(done) = &typed.done {
            div.done role="status" tabindex="-1" autofocus { p { span aria-hidden="true" { "✓ " } (done) } }
        }
        @if typed.notice.is_some() || !typed.faults.is_empty() {
            div.problem #problem role="alert" tabindex="-1" autofocus {
                @if let Some(notice) = &typed.notice { p { (notice) } }
                @if !typed.faults.is_empty() {
                    h2 { (say(language, "There is still something to see to", "还有需要处理的内容")) }
                    ul { @for fault in &typed.faults {
                        li { a href={ "#" (decision::place_of(shown, typed, &fault.at)) } { (fault.message) } }
                    } }
                }
            }
        }
    }
}

fn contents(shown: &Shown, typed: &Typed) -> Markup {
    let forms = shown.workflow.forms.values();
    let materials = shown.workflow.materials.values();
    let any = shown.edits() || !shown.view.data.is_empty() || !shown.view.materials.is_empty();
    html! {
        @for form in forms { (one_form(shown, typed, form)) }
        @for material in materials { (one_material(shown, typed, material)) }
        (kin::list(shown))
        @if !any { p.none { (say(shown.language(), "Nothing has been filled in yet.", "尚未填写任何内容。")) } }
    }
}

fn one_form(shown: &Shown, typed: &Typed, form: &Form) -> Markup {
    let language = shown.language();
    let data = shown.view.data.get(form.name.as_str());
    let values = data.unwrap_or(&Json::Null);
    let is_open = |field: &countersign_core::workflow::Field| {
        shown.may_edit(&format!("{}.{}", form.name, field.name))
    };
    let any_open = form.fields.values().any(is_open);
    let copies = values.as_array();
    if data.is_none() && !any_open {
        return html! {};
    }
    let with = Inputs {
        clock: shown.clock,
        choices: &shown.choices,
        typed,
        prefix: "",
    };
    let beside = |place: &str| html! { (comments::at(shown, typed, Some(place))) (comments::remark(shown, typed, place)) };
    html! {
        section.form id=(form.name) {
            h2 { (form.title.get(language)) }
            (comments::at(shown, typed, Some(form.name.as_str())))
            @if any_open {
                (inputs(with, form, values, is_open))
                (form_values(shown, form, &only(form, values, |field| !is_open(field)), beside))
            } @else if let Some(copies) = copies {
                @for copy in copies {
                    div.copy {
                        h3 { (copy.get("by").and_then(Json::as_str).map_or(say(language, "A reviewer", "评审人"), |by| shown.name(by))) }
                        (form_values(shown, form, copy, |_| html! {}))
                    }
                }
            } @else {
                (form_values(shown, form, values, beside))
            }
        }
    }
}

/// The values of these fields only.
fn only(
    form: &Form,
    values: &Json,
    wanted: impl Fn(&countersign_core::workflow::Field) -> bool,
) -> Json {
    let fields = form.fields.values().filter(|field| wanted(field));
    let kept = fields.filter_map(|field| {
        let value = values.get(field.name.as_str())?;
        Some((field.name.to_string(), value.clone()))
    });
    Json::Object(kept.collect())
}

/// A material with its files, and the input for more of them.
pub fn one_material(shown: &Shown, typed: &Typed, material: &Material) -> Markup {
    let language = shown.language();
    let there = shown.view.materials.get(material.name.as_str());
    let is_open = shown.may_edit(&material.name);
    html! {
        @if is_open || there.is_some() {
            section.form id=(material.name) tabindex="-1" {
                h2 { (material.title.get(language)) }
                (comments::at(shown, typed, Some(material.name.as_str())))
                @if let Some(files_) = there { (files(shown, material, files_, is_open)) }
                @if is_open { (open_files(shown, typed, material)) }
                @if !is_open { (comments::remark(shown, typed, &material.name)) }
            }
        }
    }
}
