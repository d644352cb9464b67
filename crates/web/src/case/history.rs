//! `GET /cases/{number}/history`: what happened, the newest last, each entry with an address of its own.

use axum::{
    extract::{Path, State},
    response::Response,
};
use countersign_core::{
    case::{Channel, PersonId},
    history::What,
    text::Language,
    view::{EntryView, history_view},
};
use countersign_diagram::timer_in_words;
use countersign_engine::{Error, shown as shown_to};
use maud::{Markup, html};

use super::{
    Shown,
    header::{Tab, header},
    load::show,
    mailed::{self, Mailed},
};
use crate::{
    WebState,
    door::SignedIn,
    page::{Nav, Page, say, trouble},
};

/// The page.
pub async fn history(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
) -> Response {
    let told = async {
        let (shown, entries) = read(&state, &reader, &number).await?;
        let mails = state.engine.told_by_mail(&shown.scene).await?;
        Ok((shown, entries, mailed::together(mails)))
    };
    match told.await {
        Ok((shown, entries, mails)) => page(&reader, &shown, &entries, &mails),
        Err(error) => trouble(&reader.visitor, &error),
    }
}

/// The case and what happened to it, as the reader may read both.
pub async fn read(
    state: &WebState,
    reader: &SignedIn,
    number: &str,
) -> Result<(Shown, Vec<EntryView>), Error> {
    let mut shown = show(state, reader, number).await?;
    let case = shown.scene.case.clone().ok_or(Error::NotFound)?;
    let sealed = state.engine.whole_history(&case).await?;
    let entries = |scene: &_| {
        shown_to(scene, reader.language(), |viewer, workflow, case| {
            let entries = history_view(viewer, workflow, case, &sealed);
            let people = entries.iter().flat_map(|entry| {
                let handed = entry.handed.iter();
                let handed = handed.flat_map(|handed| [&handed.from, &handed.to]);
                entry.actor.iter().chain(&entry.instead_of).chain(handed)
            });
            let names: Vec<_> = people
                .map(|id| PersonId::new(id.as_str()))
                .filter_map(|id| Some((id.clone(), viewer.reading.person(&id)?.name.clone())))
                .collect();
            (entries, names)
        })
    };
    let (entries, names) = state
        .engine
        .fill(shown.scene.clone(), entries)
        .await?
        .unwrap_or_default();
    shown.names.extend(names);
    Ok((shown, entries))
}

/// The last thing that moved the case or counted in it, in one sentence: "Omar voted: Approve (22 Nov, 16:40)."
pub fn last_told(shown: &Shown, entries: &[EntryView]) -> Option<String> {
    let language = shown.language();
    let moved = |entry: &&EntryView| entry.to.is_some() && entry.to != entry.from;
    let last = entries.iter().rev().find(moved).or(entries.last())?;
    let by = actor(shown, last);
    let what = what(shown, last);
    let when = shown.clock.moment_text(last.recorded_at);
    let state = &shown.view.state_title;
    Some(match language {
        Language::En => format!("{by} {what} ({when}). The case is now: {state}."),
        Language::Zh => format!("{by} {what}（{when}）。当前状态：{state}。"),
    })
}

fn page(reader: &SignedIn, shown: &Shown, entries: &[EntryView], mails: &[Mailed]) -> Response {
    let language = shown.language();
    let title = format!("{} {}", shown.view.number, say(language, "History", "历史"));
    Page::ok(&reader.visitor, Nav::Elsewhere, &title).around(&html! {
        (header(shown, Tab::History))
        @if entries.is_empty() {
            p.none { (say(language, "Nothing of it is for you to see.", "没有可供您查看的记录。")) }
        }
        ol.history {
            @for (place, entry) in entries.iter().enumerate() {
                (one(shown, entry))
                // What a step has sent stands behind all that it has done.
                @let next = entries.get(place + 1).map(|next| next.recorded_at);
                @let since = (place > 0).then_some(entry.recorded_at);
                @for mailed in mails.iter().filter(|mailed| {
                    since.is_none_or(|since| since <= mailed.at) && next.is_none_or(|next| mailed.at < next)
                }) { (mailed::line(shown, mailed)) }
            }
        }
    })
}

fn one(shown: &Shown, entry: &EntryView) -> Markup {
    let language = shown.language();
    let moved = entry
        .to
        .as_ref()
        .filter(|to| Some(*to) != entry.from.as_ref());
    html! {
        li id={ "entry-" (entry.entry) } {
            p.what {
                a.place href={ "#entry-" (entry.entry) } { "#" (entry.entry) }
                " " strong { (actor(shown, entry)) } " " (what(shown, entry))
                @if let Some(to) = moved { " → " span.badge { (shown.state_title(to.as_str())) } }
            }
            p.by {
                (shown.clock.moment(entry.recorded_at))
                @if let Some(role) = &entry.role { " · " (say(language, "as ", "角色：")) (shown.role_title(role)) }
                " · " (channel(shown, entry.channel))
                @if let Some(owner) = entry.instead_of.first() { " · " (say(language, "instead of ", "代替 ")) (shown.name(owner)) }
                @if let Some(handed) = &entry.handed { " · " (shown.name(&handed.from)) " → " (shown.name(&handed.to)) }
            }
            @if let countersign_core::view::EntryText::Says(text) = &entry.text { p.prose.quote { (text) } }
            @if let countersign_core::view::EntryText::Erased(()) = &entry.text { p.none { (say(language, "(erased)", "（已删除）")) } }
            @if let Some(changes) = &entry.changes {
                @if !changes.is_empty() {
                    p.quiet { (say(language, "Changed: ", "更改："))
                        @for (place, change) in changes.iter().enumerate() {
                            @if place > 0 { (say(language, ", ", "、")) }
                            (shown.place_title(&change.at))
                        }
                    }
                }
            }
        }
    }
}

/// When a timer of a state fires: files give timers no titles.
fn timer_title(shown: &Shown, state: &str, name: &str) -> Option<String> {
    let states = &shown.workflow.states;
    let found = states.find(state)?;
    let timer = states
        .outward(found.id)
        .find_map(|state| state.timers.get(name))?;
    Some(timer_in_words(timer, shown.language()))
}

fn actor(shown: &Shown, entry: &EntryView) -> String {
    let language = shown.language();
    match entry.actor.as_deref() {
        None => say(language, "A reviewer", "评审人").to_owned(),
        Some("system") => say(language, "Countersign", "系统").to_owned(),
        Some(timer) if timer.starts_with("timer:") => {
            say(language, "The clock", "定时器").to_owned()
        }
        Some(link) if link.starts_with("link:") => {
            say(language, "By a mail link", "邮件链接").to_owned()
        }
        Some(id) => shown.name(id).to_owned(),
    }
}

fn channel(shown: &Shown, channel: Channel) -> &'static str {
    let language = shown.language();
    match channel {
        Channel::Api => say(language, "by the API", "通过 API"),
        Channel::Page => say(language, "on the page", "通过页面"),
        Channel::Link => say(language, "by a mail link", "通过邮件链接"),
        Channel::Timer => say(language, "by itself", "自动"),
        Channel::Signal => say(language, "by a service", "通过外部服务"),
        Channel::Scenario => say(language, "in a scenario", "测试场景"),
    }
}

/// What happened, in words.
fn what(shown: &Shown, entry: &EntryView) -> String {
    let language = shown.language();
    let named = entry.action.as_ref().map(|action| {
        let from = entry.from.as_ref().or(entry.to.as_ref());
        let state = from.map_or(shown.view.state.as_str(), |state| state.as_str());
        let title = shown.workflow.action_title(state, action, language);
        let title = title.filter(|_| shown.workflow.knows_action(action));
        let title = title.or_else(|| timer_title(shown, state, action));
        title.unwrap_or_else(|| shown.place_title(action))
    });
    let named = named.unwrap_or_default();
    let file = entry.file.as_deref().unwrap_or_default();
    let at = entry.at.as_deref().map(|at| shown.place_title(at));
    let words = match entry.what {
        What::Opened => ("opened the case", "新建了申请"),
        What::Action => ("chose", "执行："),
        What::Vote => ("voted:", "投票："),
        What::VoteTakenBack => ("took back the vote:", "撤回投票："),
        What::Voided => ("a vote no longer counts:", "投票失效："),
        What::Decision => ("decided:", "决定："),
        What::Otherwise => (
            "all have voted and nothing was decided",
            "全部投票完毕，未形成决定",
        ),
        What::Assigned => ("reviewers were asked", "已指定评审人"),
        What::Claimed => ("claimed it", "认领"),
        What::Released => ("gave it back", "退回认领"),
        What::Delegated => ("handed the turn on", "转交"),
        What::Reassigned => ("reassigned the turn", "重新指派"),
        What::Edit => ("changed the contents", "修改了内容"),
        What::Comment => ("commented", "提出意见"),
        What::Reply => ("answered a comment", "答复了意见"),
        What::Attached => ("added a file:", "添加了文件："),
        What::Detached => ("removed a file:", "删除了文件："),
        What::Timer => ("the time had come:", "到期："),
        What::Child => ("a case of its own:", "子申请："),
        What::Kept => ("came early and waits:", "提前到达，等待处理："),
        What::Hold => ("put it on hold", "暂停了申请"),
        What::Resume => ("let it go on", "恢复了申请"),
        What::Move => ("moved it", "移动了申请"),
        What::Incident => ("needs an operator", "需要运维处理"),
        What::Settled => ("is settled", "已解决"),
        What::Migrate => ("moved it to a newer version", "迁移到新版本"),
        What::MigrationUndone => ("took the migration back", "撤销迁移"),
    };
    let said = say(language, words.0, words.1);
    match entry.what {
        What::Attached | What::Detached => format!("{said} {file} ({named})"),
        What::Comment | What::Reply => match at {
            Some(at) => format!("{said}{}{at}", say(language, ": ", "：")),
            None => said.to_owned(),
        },
        _ if said.ends_with('：') => format!("{said}{named}"),
        _ => format!("{said} {named}").trim().to_owned(),
    }
}
