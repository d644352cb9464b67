//! States and their reviews as they are compared, and which state of the older version is which of the newer.

use crate::{
    text::Text,
    workflow::{
        Agreement, Decision, End, Grant, Members, Panel, Review, SelfReview, State, StateId,
        StateKind, Workflow,
    },
};

use super::{
    actions,
    thing::{Thing, ThingKind},
    words,
};

/// The path of an older state in the newer version: itself, or what `migrate` says it is called now, if there was no such
/// state before.
pub(super) fn called_now(older: &Workflow, newer: &Workflow, path: &str) -> String {
    if newer.states.find(path).is_some() {
        return path.to_owned();
    }
    let Some(how) = newer.migrate.get(&older.version) else {
        return path.to_owned();
    };
    // Of several that become one, the one that is named first goes on; the others have gone.
    let goes_on = |prefix: &str, to: StateId| {
        let mut states = how.states.iter();
        let first = states.find(|(_, other)| **other == to);
        first.is_some_and(|(first, _)| first.as_str() == prefix)
    };
    let mapped = how.mapped(path).and_then(|(to, rest)| {
        let prefix = &path[..path.len() - rest.len()];
        let now = format!("{}{rest}", newer.states.get(to).path);
        goes_on(prefix, to).then_some(now)
    });
    let is_new =
        |path: &String| older.states.find(path).is_none() && newer.states.find(path).is_some();
    mapped.filter(is_new).unwrap_or_else(|| path.to_owned())
}

/// All states with what is in them.
pub(super) fn gather(
    workflow: &Workflow,
    called: &dyn Fn(&str) -> String,
    things: &mut Vec<Thing>,
) {
    for state in workflow.states.iter() {
        let written = format!("states.{}", state.path);
        let place = format!("states.{}", called(state.path.as_str()));
        let title = words::state(workflow, state.id);
        let here = |kind: ThingKind, part: &str, called: Text| {
            let mut thing = Thing::new(kind, format!("{place}{part}"), called);
            thing.written = format!("{written}{part}");
            thing
        };
        let mut whole = here(
            ThingKind::State,
            "",
            words::prefixed("the state ", "状态", &title),
        );
        whole.path = state.path.to_string();
        things.push(traits(workflow, whole, state));
        let inside = |what: &str, chinese: &str, text: &Text| {
            let text = words::quoted(text);
            Text::new(
                format!("{what} {} in {}", text.en, title.en),
                format!("{}的{chinese}{}", title.zh, text.zh),
            )
        };
        if let Some(review) = &state.review {
            let text = Text::new(
                format!("the review in {}", title.en),
                format!("{}的评审", title.zh),
            );
            let thing = here(ThingKind::Review, ".review", text);
            things.push(voting(workflow, thing, review));
            for (name, one) in &review.panels {
                let text = inside("the panel", "评审小组", &one.title);
                let thing = here(ThingKind::Panel, &format!(".review.panels.{name}"), text);
                things.push(panel(workflow, thing, review, one));
            }
            for (name, decision) in &review.decisions {
                let text = inside("the decision", "决定", &decision.action.title);
                let part = format!(".review.decisions.{name}");
                let thing = here(ThingKind::Decision, &part, text);
                let thing = actions::decision(workflow, thing, decision);
                things.push(thing.may(
                    ("where it must be reached", "须达成的小组"),
                    agreed(review, decision),
                ));
            }
        }
        for (name, action) in &state.actions {
            let text = inside("the action", "操作", &action.title);
            let thing = here(ThingKind::Action, &format!(".actions.{name}"), text);
            things.push(actions::traits(workflow, thing, action));
        }
        for (name, timer) in &state.timers {
            let name = Text::same(name);
            let text = inside("the timer", "计时器", &name);
            let thing = here(ThingKind::Timer, &format!(".timers.{}", name.en), text);
            things.push(actions::timer(workflow, thing, timer));
        }
    }
}

fn traits(workflow: &Workflow, thing: Thing, state: &State) -> Thing {
    let begins = match state.kind {
        StateKind::Outer { start } => Some(words::state(workflow, start)),
        StateKind::Tracks => Some(Text::new("all of its tracks", "所有并行分支")),
        StateKind::Leaf | StateKind::End(_) => None,
    };
    let end = match state.kind {
        StateKind::End(End::Success) => Some(Text::new("with success", "成功")),
        StateKind::End(End::Failure) => Some(Text::new("with failure", "失败")),
        StateKind::End(End::Neutral) => Some(Text::new("neither way", "中性")),
        StateKind::Leaf | StateKind::Outer { .. } | StateKind::Tracks => None,
    };
    thing
        .also(
            ("its name in the file", "文件中的名称"),
            words::code(state.path.as_str()),
        )
        .also(("its title", "标题"), words::quoted(&state.title))
        .may(("how a case ends here", "结束方式"), end)
        .may(("where it begins", "起始状态"), begins)
        .all(
            ("what may be edited here", "此处可编辑"),
            granted(workflow, &state.edit),
        )
        .all(
            ("what is shown from here on", "自此可见"),
            granted(workflow, &state.show),
        )
        .all(
            ("what is hidden from here on", "自此隐藏"),
            granted(workflow, &state.hide),
        )
        .may(
            ("how long it may take", "办理时限"),
            state.due.as_ref().map(words::length),
        )
        .all(
            ("where that time stands still", "时限暂停于"),
            words::states(workflow, &state.pauses_in),
        )
        .may(
            ("how long a turn can be claimed", "可认领时长"),
            state.claim.as_ref().map(words::length),
        )
        .all(
            ("what happens on entry", "进入时"),
            words::effects(workflow, &state.enter),
        )
        .all(
            ("what happens on leaving", "离开时"),
            words::effects(workflow, &state.exit),
        )
}

/// One text for each role and thing.
fn granted(workflow: &Workflow, grants: &[Grant]) -> Vec<Text> {
    let each = grants.iter().flat_map(|grant| {
        let who = match &grant.role {
            Some(role) => words::role(workflow, role),
            None if grant.system => Text::new("services", "外部系统"),
            None => Text::new("the applicant's side", "申请方"),
        };
        let things = words::things(workflow, &grant.things).into_iter();
        things.map(move |thing| {
            Text::new(
                format!("{} by {}", thing.en, who.en),
                format!("{}（{}）", thing.zh, who.zh),
            )
        })
    });
    each.collect()
}

/// In which panels a decision must be reached, if there are any.
fn agreed(review: &Review, decision: &Decision) -> Option<Text> {
    let text = match decision.panels {
        Agreement::All => Text::new("in every panel that is open", "所有参与的小组"),
        Agreement::Any => Text::new("in any panel", "任一小组"),
    };
    (!review.panels.is_empty()).then_some(text)
}

fn panel(workflow: &Workflow, thing: Thing, review: &Review, panel: &Panel) -> Thing {
    let votes = panel.votes.iter().map(|(name, votes)| {
        let decision = review.decisions.get(name);
        let title = decision.map_or_else(
            || words::code(name),
            |decision| words::quoted(&decision.action.title),
        );
        words::joined(&title, ": ", "：", &actions::votes(votes))
    });
    thing
        .also(("its title", "标题"), words::quoted(&panel.title))
        .all(
            ("who votes", "投票人"),
            words::roles(workflow, &panel.by, false),
        )
        .may(
            ("when it is asked", "何时参与"),
            panel.when.as_ref().map(words::expression),
        )
        .all(("how many votes it needs", "所需票数"), votes.collect())
}

fn voting(workflow: &Workflow, thing: Thing, review: &Review) -> Thing {
    let nearness = match review.self_review {
        SelfReview::Never => Text::new(
            "not their own case nor their partner's",
            "不得评审本人或本合作伙伴的申请",
        ),
        SelfReview::Colleagues => Text::new("not their own case", "不得评审本人的申请"),
        SelfReview::Allowed => Text::new("their own case too", "可评审本人的申请"),
    };
    let members = match review.members {
        Members::Live => Text::new("whoever is in the group at the moment", "以当前组成员为准"),
        Members::Snapshot => Text::new("whoever was in the group on entry", "以进入时的组成员为准"),
    };
    let otherwise = review.otherwise.as_ref();
    let covers = review.covers.as_ref();
    let covers = covers.map(|covers| words::listed(&words::things(workflow, covers)));
    thing
        .all(
            ("who votes", "投票人"),
            if review.panels.is_empty() {
                words::roles(workflow, &review.by, false)
            } else {
                Vec::new()
            },
        )
        .may(
            ("how many are assigned", "指派人数"),
            review.assign.map(words::number),
        )
        .all(
            ("who may not vote", "不得投票者"),
            words::except(workflow, review.except.as_ref()),
        )
        .also(("on what they may vote", "回避要求"), nearness)
        .also(("who counts as a member", "成员范围"), members)
        .may(
            ("who is asked first", "优先人选"),
            review
                .prefer
                .as_ref()
                .map(|prefer| words::prefer(workflow, prefer)),
        )
        .may(("what votes are about", "投票所涉内容"), covers)
        .may(
            ("where it leads if nothing is decided", "未形成决定时的去向"),
            otherwise.map(|otherwise| words::choice(workflow, &otherwise.to)),
        )
        .all(
            ("what happens if nothing is decided", "未形成决定时"),
            otherwise.map_or_else(Vec::new, |otherwise| {
                words::effects(workflow, &otherwise.effects)
            }),
        )
}
