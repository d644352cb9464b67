//! `/operate/cases/{number}`: an operator's tools for one case. Each asks for a reason, which goes into the history.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    case::{Actor, Case, Lifecycle},
    command::{Command, Patch},
    migration::{Assessment, Verdict},
    text::Language,
    view::refusal_text,
    workflow::{StateKind, Workflow},
};
use countersign_engine::{
    Error, Refused,
    ports::store::{Caller, CaseAddress},
};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{
    frame::{Operator, Tab, manner, sender},
    overview::state_title,
    verdicts,
};
use crate::{
    WebState,
    door::{Posted, SignedIn},
    page::{say, trouble},
};

/// Which case.
#[derive(Debug, Deserialize)]
pub struct Number {
    number: String,
}

/// What is looked at beforehand.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    version: Option<u32>,
    done: Option<String>,
}

/// A tool that was refused: which, what was typed, and why.
struct Failed<'f> {
    tool: &'f str,
    reason: &'f str,
    why: String,
}

/// The case, its workflow, and to what versions it could go.
struct Shown {
    case: Arc<Case>,
    workflow: Arc<Workflow>,
    newer: Vec<Arc<Workflow>>,
    /// What going to this version would come to.
    looked: Option<(Arc<Workflow>, Assessment)>,
}

/// `GET /operate/find`: to the tools of the case of this number.
pub async fn find(_operator: Operator, Query(Number { number }): Query<Number>) -> Response {
    let number = utf8_percent_encode(number.trim(), NON_ALPHANUMERIC);
    Redirect::to(&format!("/operate/cases/{number}")).into_response()
}

/// `GET /operate/cases/{number}`.
pub async fn tools(
    State(state): State<WebState>,
    operator: Operator,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match shown(&state, &operator.reader.actor(), &number, wanted.version).await {
        Ok(shown) => {
            let body = body(&operator, &shown, None, wanted.done.is_some());
            operator.page(Tab::Case, &body)
        }
        Err(error) => operator.trouble(&error),
    }
}

/// `POST /operate/cases/{number}/{tool}`.
pub async fn use_tool(
    State(state): State<WebState>,
    Path((number, tool)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let caller = match sender(&state, &posted) {
        Ok(caller) => caller,
        Err(error) => return trouble(&posted.visitor, &error),
    };
    match carry_out(&state, &caller, &number, &tool, &posted).await {
        Ok(()) => {
            let number = utf8_percent_encode(&number, NON_ALPHANUMERIC);
            Redirect::to(&format!("/operate/cases/{number}?done=1")).into_response()
        }
        Err(Error::Refused(refused)) => {
            refused_tool(&state, &number, &tool, posted, &refused).await
        }
        Err(error) => trouble(&posted.visitor, &error),
    }
}

async fn carry_out(
    state: &WebState,
    caller: &Caller,
    number: &str,
    tool: &str,
    posted: &Posted,
) -> Result<(), Error> {
    let (actor, address) = (caller.actor(), CaseAddress::parse(number));
    let field = |name| posted.fields.text(name).unwrap_or_default().to_owned();
    let reason = field("reason");
    let engine = &state.engine;
    let command = match tool {
        "hold" => Command::Hold { reason },
        "resume" => Command::Resume { reason },
        "move" => Command::Move {
            to: field("to"),
            reason,
        },
        "migrate" => {
            let version = field("version").parse().map_err(|_| Error::NotFound)?;
            let made = engine.migration(&actor, &address, Some(version), Patch::default(), reason);
            made.await?
        }
        "undo" => engine.undoing_migration(&actor, &address, reason).await?,
        _ => return Err(Error::NotFound),
    };
    let done = engine.command(actor, manner(), address, command, None, None);
    done.await.map(|_| ())
}

/// The page again, with what was typed and why it cannot be.
async fn refused_tool(
    state: &WebState,
    number: &str,
    tool: &str,
    posted: Posted,
    refused: &Refused,
) -> Response {
    let Posted { visitor, fields } = posted;
    let Some(person) = visitor.person.clone() else {
        return trouble(&visitor, &Error::NotAllowed);
    };
    let operator = Operator {
        language: visitor.language,
        reader: SignedIn { visitor, person },
    };
    let version = fields.text("version").and_then(|text| text.parse().ok());
    let failed = Failed {
        tool,
        reason: fields.first("reason").unwrap_or_default(),
        why: why(operator.language, refused),
    };
    match shown(state, &operator.reader.actor(), number, version).await {
        Ok(shown) => {
            let body = body(&operator, &shown, Some(&failed), false);
            operator.page_as(StatusCode::UNPROCESSABLE_ENTITY, Tab::Case, &body)
        }
        Err(error) => operator.trouble(&error),
    }
}

/// The reasons themselves, where there are any.
fn why(language: Language, refused: &Refused) -> String {
    use countersign_core::outcome::Refusal;
    match &refused.refusal {
        Refusal::Invalid(missing) | Refusal::Missing(missing) if !missing.is_empty() => {
            let told = missing.iter().map(|missing| missing.message.get(language));
            told.collect::<Vec<_>>().join(" ")
        }
        refusal => {
            let (_, detail) = refusal_text(refusal, refused.workflow.as_deref());
            detail.get(language).to_owned()
        }
    }
}

async fn shown(
    state: &WebState,
    actor: &Actor,
    number: &str,
    version: Option<u32>,
) -> Result<Shown, Error> {
    let address = CaseAddress::parse(number);
    let scene = state.engine.look(actor, &address).await?;
    let (Some(case), Some(workflow)) = (scene.case, scene.workflow) else {
        return Err(Error::NotFound);
    };
    let registry = state.engine.registry();
    let mut newer = registry.versions(&case.workflow);
    newer.retain(|known| known.version > case.version);
    let looked = match version {
        Some(version) => {
            let (engine, nothing) = (&state.engine, Patch::default());
            let looked = engine.assess_migration(actor, &address, Some(version), &nothing);
            Some(looked.await?)
        }
        None => None,
    };
    Ok(Shown {
        case,
        workflow,
        newer,
        looked,
    })
}

fn body(operator: &Operator, shown: &Shown, failed: Option<&Failed<'_>>, done: bool) -> Markup {
    let language = operator.language;
    let case = &shown.case;
    let state = state_title(&shown.workflow, case.state.as_str(), language);
    let standing = match case.lifecycle {
        Lifecycle::Running => say(language, "running", "进行中"),
        Lifecycle::OnHold { .. } => say(language, "on hold", "已暂停"),
        Lifecycle::Ended { .. } => say(language, "ended", "已结束"),
    };
    html! {
        p.above { (shown.workflow.title.get(language)) " · " (say(language, "version ", "版本 ")) (case.version) }
        h1 { (case.number) " " (case.title) }
        p.standing { span.badge { (state) } span { (standing) } a href={ "/cases/" (case.number) } { (say(language, "The case", "查看申请")) } a href={ "/cases/" (case.number) "/history" } { (say(language, "History", "历史")) } }
        @if done { div.done role="status" { p { (say(language, "Done. The reason stands in the history.", "已完成，原因已记入历史。")) } } }
        @if let Some(failed) = failed { div.problem role="alert" tabindex="-1" autofocus { p { (failed.why) } } }
        p.lead { (say(language, "What is done here goes past the workflow: nobody is asked, no mail is sent. Who did it and why stands in the history for ever.", "此处的操作绕过流程：不征求任何人意见，也不发送邮件。操作人与原因将永久记入历史。")) }
        div.tools { (tool_cards(operator, shown, failed)) }
    }
}

fn tool_cards(operator: &Operator, shown: &Shown, failed: Option<&Failed<'_>>) -> Markup {
    let language = operator.language;
    let form = Form {
        operator,
        number: &shown.case.number,
        failed,
    };
    html! {
        @match shown.case.lifecycle {
            Lifecycle::Running => (form.card("hold", say(language, "Hold", "暂停"), say(language, "Freezes the case: no timer fires and nobody acts until it goes on.", "冻结该申请：恢复之前不触发定时器，任何人都不能操作。"), &html! {})),
            Lifecycle::OnHold { .. } => (form.card("resume", say(language, "Let it go on", "恢复"), say(language, "What became due meanwhile fires in order.", "期间到期的定时器将依次触发。"), &html! {})),
            Lifecycle::Ended { .. } => p.quiet { (say(language, "It is over: it is neither held nor moved.", "该申请已结束，不能暂停或移动。")) },
        }
        @if !matches!(shown.case.lifecycle, Lifecycle::Ended { .. }) {
            (form.card("move", say(language, "Move", "移动"), say(language, "Puts the case into another state; into an end, it is cancelled.", "将该申请置于另一状态；置于结束状态即为取消。"), &states(language, shown)))
            (migrating(&form, shown))
        }
        @if shown.case.migrated.is_some() {
            (form.card("undo", say(language, "Take the migration back", "撤销迁移"), say(language, "Possible as long as nothing has followed.", "仅在迁移后没有后续操作时可行。"), &html! {}))
        }
    }
}

fn states(language: Language, shown: &Shown) -> Markup {
    let states = shown.workflow.states.iter().filter(|state| {
        matches!(
            state.kind,
            StateKind::Leaf | StateKind::End(_) | StateKind::Tracks
        ) && state.path != shown.case.state
    });
    html! {
        div.field {
            label for="move-to" { (say(language, "To the state", "目标状态")) }
            select #move-to name="to" required {
                option value="" { (say(language, "Choose", "请选择")) }
                @for state in states {
                    option value=(state.path) {
                        (state.title.get(language))
                        @if matches!(state.kind, StateKind::End(_)) { (say(language, " (an end)", "（结束）")) }
                        " · " (state.path)
                    }
                }
            }
        }
    }
}

/// First a look at what it would come to, then the deed.
fn migrating(form: &Form<'_>, shown: &Shown) -> Markup {
    let language = form.operator.language;
    let title = say(language, "Move to a newer version", "迁移到新版本");
    if shown.newer.is_empty() {
        return html! { section.card { h2 { (title) } p { (say(language, "It runs on the newest version.", "已是最新版本。")) } } };
    }
    let Some((to, assessment)) = &shown.looked else {
        return html! {
            section.card {
                h2 { (title) }
                form.stacked method="get" action={ "/operate/cases/" (form.number) } {
                    div.field {
                        label for="version" { (say(language, "To the version", "目标版本")) }
                        select #version name="version" { @for newer in shown.newer.iter().rev() { option value=(newer.version) { (newer.version) } } }
                    }
                    button.second type="submit" { (say(language, "Look what it would come to", "先查看结果")) }
                }
            }
        };
    };
    let from = state_title(&shown.workflow, assessment.from.as_str(), language);
    let verdict = html! {
        p { (from) " → " @match &assessment.to { Some(path) => (state_title(to, path.as_str(), language)), None => "–" } }
        (verdicts::shown(language, assessment))
    };
    if assessment.verdict() > Verdict::SafeWithDefault {
        return html! {
            section.card { h2 { (title) } (verdict) p { a href={ "/operate/cases/" (form.number) } { (say(language, "Back", "返回")) } } }
        };
    }
    let title = match language {
        Language::En => format!("Move to version {}", to.version),
        Language::Zh => format!("迁移到版本 {}", to.version),
    };
    form.card(
        "migrate",
        &title,
        "",
        &html! {
            (verdict)
            input type="hidden" name="version" value=(to.version);
        },
    )
}

/// The form of a tool.
struct Form<'f> {
    operator: &'f Operator,
    number: &'f str,
    failed: Option<&'f Failed<'f>>,
}

impl Form<'_> {
    fn card(&self, tool: &str, title: &str, what: &str, more: &Markup) -> Markup {
        let language = self.operator.language;
        let failed = self.failed.filter(|failed| failed.tool == tool);
        let id = format!("reason-{tool}");
        html! {
            section.card {
                h2 { (title) }
                @if !what.is_empty() { p { (what) } }
                form.stacked method="post" action={ "/operate/cases/" (self.number) "/" (tool) } {
                    (self.operator.reader.visitor.seal())
                    (more)
                    div.field {
                        label for=(id) { (say(language, "Reason", "原因")) }
                        input type="text" id=(id) name="reason" required autocomplete="off" aria-invalid=[failed.map(|_| "true")] value=[failed.map(|failed| failed.reason)];
                    }
                    button.second type="submit" { (title) }
                }
            }
        }
    }
}
