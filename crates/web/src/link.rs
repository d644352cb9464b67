//! `GET /l/{token}`: what a mail link leads to: what its holder may see, what is asked of them, and one button. Looking
//! changes nothing, whoever looks: mail scanners fetch every link, and press nothing. Not for anything else: the link opens
//! nothing but this.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_core::{
    case::{MailLink, Receiver},
    outcome::Refusal,
    text::Language,
    time::Time,
    view::ActionView,
    workflow::{Field, Material},
};
use countersign_engine::{Error, LinkScene, Scene, link_takes, mailed};
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

use crate::{
    WebState,
    case::{
        Inputs, Shown, Typed, code, form_values, inputs, open_files, shown_of, size, summary,
        with_it,
    },
    door::Wanted,
    page::{bare, say, tag},
    texts::{Texts, texts},
};

/// What the link leads to.
pub async fn show(
    State(state): State<WebState>,
    Path(token): Path<String>,
    wanted: Wanted,
) -> Response {
    match open(&state, &token, wanted).await {
        Ok(opened) => form(StatusCode::OK, &opened, &Typed::default()),
        Err(error) => not_open(&error, wanted.language),
    }
}

/// A living link, and its case as whoever holds it sees it.
pub struct Opened {
    /// The case for the holder.
    pub shown: Shown,
    /// The link.
    pub link: MailLink,
    token: String,
    until: Option<Time>,
    /// What the mail told of the case besides: the same lines.
    facts: Vec<(String, String)>,
}

/// Opens a link, in the language that the address asks for, else in that of its mail.
pub async fn open(state: &WebState, token: &str, wanted: Wanted) -> Result<Opened, Error> {
    let opened = state.engine.open_link(token).await?;
    let until = opened.expires_at();
    let LinkScene { scene, link, .. } = opened;
    let language = wanted.asked.unwrap_or(link.language);
    let facts = match &link.receiver {
        Receiver::Person(id) => {
            let told = |scene: &Scene| mailed(scene, id, language);
            state.engine.fill(scene.clone(), told).await?
        }
        Receiver::Address(_) => Vec::new(),
    };
    Ok(Opened {
        facts,
        shown: shown_of(state, language, scene).await?,
        link,
        token: token.to_owned(),
        until,
    })
}

/// The page: what the holder may see, what the link asks for, and its one button.
pub fn form(status: StatusCode, opened: &Opened, typed: &Typed) -> Response {
    let Opened { shown, link, .. } = opened;
    let language = shown.language();
    let texts = texts(language);
    let view = &shown.view;
    let title = shown
        .workflow
        .action_title(link.state.as_str(), &link.action, language)
        .unwrap_or_else(|| link.action.to_string());
    let holder = match &link.receiver {
        Receiver::Person(id) => {
            let known = shown.scene.actor.person();
            known.map_or_else(|| shown.name(id.as_str()), |person| person.name.as_str())
        }
        Receiver::Address(email) => email,
    };
    let offer = view.actions.iter().find(|offer| offer.id == link.action);
    let body = html! {
        (summary(shown, typed))
        dl {
            dt { (texts.case) } dd { (view.number) }
            dt { (texts.about) } dd { (about(shown)) }
            @if view.data.is_empty() {
                // The first names the workflow, as the line above does.
                @for (label, value) in opened.facts.iter().skip(1) { dt { (label) } dd { (value) } }
            }
            dt { (texts.you) } dd { (holder) }
            @if let Some(until) = opened.until {
                dt { (texts.until) } dd { (shown.clock.moment(until)) " (" (shown.clock.zone.name()) ")" }
            }
        }
        (contents(shown))
        @match offer {
            Some(offer) => (asked(opened, typed, offer, &title)),
            None => p.problem { (say(language, "This cannot be done now.", "目前不能进行此操作。")) },
        }
        (other_language(opened))
    };
    bare(status, language, &title, &body)
}

/// What kind of case it is, and its title.
pub fn about(shown: &Shown) -> Markup {
    let title = shown.view.title.trim();
    html! { (shown.workflow.title.get(shown.language())) @if !title.is_empty() { " – " (title) } }
}

/// What the link asks for: fields that its holder may fill in, what comes with the action, and the button.
fn asked(opened: &Opened, typed: &Typed, offer: &ActionView, title: &str) -> Markup {
    let shown = &opened.shown;
    let language = shown.language();
    let taken: Vec<&Material> = taken(opened).collect();
    let kind = if taken.is_empty() {
        "application/x-www-form-urlencoded"
    } else {
        "multipart/form-data"
    };
    let can = offer.allowed || shown.edits();
    let with = Inputs {
        clock: shown.clock,
        choices: &shown.choices,
        typed,
        prefix: "",
    };
    html! {
        form method="post" action={ "/l/" (opened.token) "?lang=" (language.tag()) } enctype=(kind) novalidate {
            @for form in shown.workflow.forms.values() {
                @let open = |field: &Field| shown.may_edit(&format!("{}.{}", form.name, field.name));
                @if form.fields.values().any(open) {
                    fieldset.with { legend { (form.title.get(language)) }
                        (inputs(with, form, shown.view.data.get(form.name.as_str()).unwrap_or(&Json::Null), open))
                    }
                }
            }
            @for material in &taken { (files_for_it(shown, typed, material)) }
            (with_it(shown, typed, offer))
            @if offer.asks.contains(&"comment") { (remark(language, typed)) }
            @if typed.asks_code { (code(shown, typed)) }
            @if !can { ul.why { @for missing in &offer.missing { li { (missing.message) } } } }
            button type="submit" disabled[!can] { (title) }
        }
    }
}

/// The materials whose files the holder brings with the action.
fn taken(opened: &Opened) -> impl Iterator<Item = &Material> {
    let Opened { shown, link, .. } = opened;
    let materials = shown.workflow.materials.values();
    materials.filter(|material| {
        shown.may_edit(&material.name) && link_takes(&shown.workflow, link, &material.name)
    })
}

/// What is there of a material, by name, and the input for more. A link opens no file.
fn files_for_it(shown: &Shown, typed: &Typed, material: &Material) -> Markup {
    let there = shown.view.materials.get(material.name.as_str());
    html! {
        fieldset.with id=(material.name) tabindex="-1" { legend { (material.title.get(shown.language())) }
            @if let Some(files) = there {
                ul.files { @for file in files { li { (file.name) " " span.quiet { (size(file.size)) } } } }
            }
            (open_files(shown, typed, material))
        }
    }
}

fn remark(language: Language, typed: &Typed) -> Markup {
    let fault = typed.fault("comment");
    html! {
        div.field.wrong[fault.is_some()] {
            label for="comment" { (say(language, "Comment", "意见")) }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            textarea #comment name="comment" rows="3" { "\n" (typed.value("comment").unwrap_or_default()) }
        }
    }
}

/// What the holder may see of the forms and cannot change.
fn contents(shown: &Shown) -> Markup {
    let language = shown.language();
    html! {
        @for form in shown.workflow.forms.values() {
            @if let Some(Json::Object(values)) = shown.view.data.get(form.name.as_str()) {
                @let kept = values.iter().filter(|(field, _)| !shown.may_edit(&format!("{}.{field}", form.name)));
                @let kept: Map<String, Json> = kept.map(|(field, value)| (field.clone(), value.clone())).collect();
                @if !kept.is_empty() {
                    section.seen {
                        h2 { (form.title.get(language)) }
                        (form_values(shown, form, &Json::Object(kept), |_| html! {}))
                    }
                }
            }
        }
    }
}

/// The way to the same page in the other language.
fn other_language(opened: &Opened) -> Markup {
    let (other, tag, title) = match opened.shown.language() {
        Language::En => ("zh", "zh-Hans", "中文"),
        Language::Zh => ("en", "en", "English"),
    };
    html! { p.language { a href={ "/l/" (opened.token) "?lang=" (other) } lang=(tag) hreflang=(tag) { (title) } } }
}

/// The page for whoever asks too often: what to do, and when it may be tried again, in seconds.
pub fn too_many(request: &Request, retry_after: u64) -> Response {
    let language = Wanted::of(request.uri(), request.headers()).language;
    let mut response = for_anybody(StatusCode::TOO_MANY_REQUESTS, language, |texts| {
        (texts.busy, texts.busy_why)
    });
    let wait = HeaderValue::from(retry_after);
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    response
}

/// A page for nobody knows whom: in this language first, then in the other.
fn for_anybody(
    status: StatusCode,
    language: Language,
    pick: fn(&Texts) -> (&'static str, &'static str),
) -> Response {
    let other = match language {
        Language::En => Language::Zh,
        Language::Zh => Language::En,
    };
    let (title, why) = pick(texts(language));
    let (again, why_again) = pick(texts(other));
    let body =
        html! { p { (why) } h2 lang=(tag(other)) { (again) } p lang=(tag(other)) { (why_again) } };
    bare(status, language, title, &body)
}

/// A link that does not open, or a fault of ours.
pub fn not_open(error: &Error, language: Language) -> Response {
    match error {
        Error::NotFound => for_anybody(StatusCode::NOT_FOUND, language, |texts| {
            (texts.none, texts.none_why)
        }),
        Error::Refused(refused) if matches!(refused.refusal, Refusal::DeadLink) => {
            for_anybody(StatusCode::GONE, language, |texts| {
                (texts.dead, texts.dead_why)
            })
        }
        _ => {
            tracing::error!(%error, "a mail link could not be shown");
            for_anybody(StatusCode::SERVICE_UNAVAILABLE, language, |texts| {
                (texts.fault, texts.fault_why)
            })
        }
    }
}
