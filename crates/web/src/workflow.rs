//! `/workflows/{id}`: what a workflow is for, drawn and in words, its versions, and whether its stories still come true.
//! Operators see how many cases stand where.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use countersign_core::{text::Language, workflow::Workflow};
use countersign_diagram::{in_sentences, svg, svg_with_counts};
use countersign_engine::{Error, may_open};
use maud::{Markup, html};

use crate::{
    WebState,
    case::picture_answer,
    door::SignedIn,
    operate::counts,
    page::{Nav, Page, say, trouble},
};

/// Runs the scenario tests of workflows.
pub trait Stories: Send + Sync {
    /// Those of the workflow of this id. It may take a second: not for tasks that others wait for.
    fn of(&self, workflow: &str) -> Arc<[Story]>;
}

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What it is called.
    pub name: String,
    /// The file and the line.
    pub place: String,
    /// Whether everything went as expected.
    pub passed: bool,
    /// What did not.
    pub failures: Vec<String>,
}

/// The pages of a workflow.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/workflows/{id}", get(workflow))
        .route("/workflows/{id}/diagram.svg", get(picture))
}

/// The page.
async fn workflow(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(id): Path<String>,
) -> Response {
    let read = async {
        let workflow = state.engine.workflow(&id)?;
        let standing = standing(&state, &reader, &workflow).await?;
        let stories = stories(&state, &reader, &id).await?;
        Ok::<_, Error>((workflow, standing, stories))
    };
    let (workflow, standing, stories) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = workflow.title.get(language);
    let may = may_open(&workflow, &reader.caller());
    let versions = state.engine.registry().versions(&workflow.id);
    let operates = reader.visitor.operates;
    Page::ok(&reader.visitor, Nav::Elsewhere, title).around(&html! {
        div.heading {
            h1 { (title) }
            @if may { a.button href={ "/new/" (workflow.id) } { (say(language, "Start", "开始")) } }
        }
        p.quiet { (workflow.id) " · " (say(language, "version ", "版本 ")) (workflow.version) " · "
            a href={ "/cases?workflow=" (workflow.id) } { (say(language, "Its cases", "该流程的申请")) } }
        @if let Some(about) = &workflow.about { p.lead { (about.get(language)) } }
        figure.diagram {
            @if standing.is_some() { p.quiet { (say(language, "The number at a state says how many cases stand there now.", "状态旁的数字为当前停留的申请数。")) } }
            div.scroll tabindex="0" role="region" aria-label=(say(language, "Diagram", "流程图")) {
                img src={ "/workflows/" (workflow.id) "/diagram.svg?lang=" (language.tag()) } alt=(say(language, "The workflow. The same is told in words below.", "流程图，文字说明见下方。"));
            }
            figcaption {
                @if let Some(standing) = &standing { (in_counts(language, &workflow, standing)) }
                h2 { (say(language, "In words", "文字说明")) }
                (said(language, &workflow))
            }
        }
        (versions_shown(language, &workflow, &versions, operates))
        @if let Some(stories) = &stories { (stories_shown(language, stories)) }
        script src="/assets/picture.js" defer {}
    })
}

/// The workflow in plain words, one state an item.
fn said(language: Language, workflow: &Workflow) -> Markup {
    html! {
        ul.told {
            @for state in in_sentences(workflow, language) {
                li {
                    strong { (state.title) }
                    @if !state.sentences.is_empty() { ul { @for sentence in &state.sentences { li { (sentence) } } } }
                }
            }
        }
    }
}

/// `GET /workflows/{id}/diagram.svg`.
async fn picture(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(id): Path<String>,
) -> Response {
    let read = async {
        let workflow = state.engine.workflow(&id)?;
        let standing = standing(&state, &reader, &workflow).await?;
        Ok::<_, Error>((workflow, standing))
    };
    match read.await {
        Ok((workflow, Some(standing))) => {
            picture_answer(svg_with_counts(&workflow, reader.language(), &standing))
        }
        Ok((workflow, None)) => picture_answer(svg(&workflow, reader.language(), None)),
        Err(error) => trouble(&reader.visitor, &error),
    }
}

/// How many cases stand in each state; for operators only, for they may see all of them.
async fn standing(
    state: &WebState,
    reader: &SignedIn,
    workflow: &Workflow,
) -> Result<Option<BTreeMap<String, u64>>, Error> {
    if !reader.visitor.operates {
        return Ok(None);
    }
    let rows = state.engine.standing(&reader.caller()).await?;
    Ok(Some(counts(&rows, workflow)))
}

/// The stories, for the vendor's people: they tell of rules that are not a partner's to know.
async fn stories(
    state: &WebState,
    reader: &SignedIn,
    id: &str,
) -> Result<Option<Arc<[Story]>>, Error> {
    let stories = state.stories.clone();
    let Some(stories) = stories.filter(|_| reader.person.partner.is_none()) else {
        return Ok(None);
    };
    let id = id.to_owned();
    let told = tokio::task::spawn_blocking(move || stories.of(&id)).await;
    let told = told.map_err(|error| Error::Defect(format!("running scenarios: {error}")))?;
    Ok(Some(told).filter(|told| !told.is_empty()))
}

fn in_counts(language: Language, workflow: &Workflow, standing: &BTreeMap<String, u64>) -> Markup {
    let states = workflow.states.iter();
    let counted = states.filter_map(|state| Some((state, standing.get(state.path.as_str())?)));
    let counted: Vec<_> = counted.collect();
    html! {
        h2 { (say(language, "Cases now", "当前申请")) }
        @if counted.is_empty() { p { (say(language, "None is open.", "没有进行中的申请。")) } }
        ul.plain { @for (state, count) in counted {
            li { (state.title.get(language)) ": " a href={ "/cases?workflow=" (workflow.id) "&state=" (state.path) } { (count) } }
        } }
    }
}

fn versions_shown(
    language: Language,
    workflow: &Workflow,
    versions: &[Arc<Workflow>],
    operates: bool,
) -> Markup {
    let numbers: Vec<String> = versions
        .iter()
        .map(|known| known.version.to_string())
        .collect();
    html! {
        section.card {
            h2 { (say(language, "Versions", "版本")) }
            p {
                (say(language, if numbers.len() == 1 { "Version " } else { "Versions " }, "版本 ")) (numbers.join(say(language, ", ", "、"))) (say(language, ". ", "。"))
                (say(language, "New cases begin with the newest; a case keeps the version that it began with.", "新申请使用最新版本；申请沿用其开始时的版本。"))
            }
            @if operates { p { a href={ "/operate/versions/" (workflow.id) } { (say(language, "Compare versions and move cases", "比较版本与迁移申请")) } } }
        }
    }
}

fn stories_shown(language: Language, stories: &[Story]) -> Markup {
    let failed = stories.iter().filter(|story| !story.passed).count();
    let passed = stories.len() - failed;
    html! {
        section.card {
            h2 { (say(language, "Stories", "场景测试")) }
            p { (say(language, "Passed: ", "通过：")) (passed) " · " (say(language, "failed: ", "失败：")) (failed) }
            ul.stories {
                @for story in stories {
                    li {
                        @if story.passed { span.badge.good { (say(language, "passed", "通过")) } } @else { span.badge.bad { (say(language, "failed", "失败")) } }
                        " " span lang="en" { (story.name) } " " span.quiet { (story.place) }
                        @if !story.failures.is_empty() { ul.plain { @for failure in &story.failures { li { (failure) } } } }
                    }
                }
            }
        }
    }
}
