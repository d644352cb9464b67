//! Actions, decisions and timers as they are compared.

use std::fmt::Write as _;

use crate::{
    text::Text,
    workflow::{Action, Decision, From, Timer, TimerWhen, Votes, Workflow},
};

use super::{
    thing::{Thing, ThingKind},
    words,
};

/// Opening a case.
pub(super) fn opening(workflow: &Workflow) -> Thing {
    let called = Text::new("opening a case", "发起申请");
    let thing = Thing::new(ThingKind::Action, "open", called);
    traits(workflow, thing, &workflow.open)
}

/// What an action is, whatever it is called.
pub(super) fn traits(workflow: &Workflow, thing: Thing, action: &Action) -> Thing {
    let who = words::roles(workflow, &action.who.roles, action.who.system);
    let require = action.require.iter();
    let require = require
        .map(|word| words::requirement(workflow, word))
        .collect();
    let confirm = action.confirm.as_ref().map(|confirm| {
        let text = words::template(&confirm.text);
        match &confirm.when {
            None => text,
            Some(when) => words::joined(&text, " if ", "，条件：", &words::expression(when)),
        }
    });
    let covers = action.covers.as_ref();
    let covers = covers.map(|covers| match covers.as_slice() {
        [] => Text::new("nothing: it stands for good", "无：长期有效"),
        covers => words::listed(&words::things(workflow, covers)),
    });
    thing
        .also(("its title", "标题"), words::quoted(&action.title))
        .all(("who may take it", "可执行者"), who)
        .may(
            ("when it is offered", "提供条件"),
            action.when.as_ref().map(words::expression),
        )
        .all(
            ("who may not", "不得执行者"),
            words::except(workflow, action.except.as_ref()),
        )
        .all(("what it requires", "所需内容"), require)
        .may(("what must be confirmed", "需确认的文字"), confirm)
        .all(
            ("what it does besides", "附带效果"),
            words::effects(workflow, &action.effects),
        )
        .is(
            ("where it leads", "去向"),
            words::target(workflow, &action.target),
        )
        .may(("what it is about", "所涉内容"), covers)
        .may(
            ("whether it may come early", "可提前到达"),
            action.keep.then(|| words::yes(true)),
        )
}

/// A decision of a review.
pub(super) fn decision(workflow: &Workflow, thing: Thing, decision: &Decision) -> Thing {
    let votes = votes(&decision.votes);
    let thing = thing.is(("how many votes it needs", "所需票数"), votes);
    traits(workflow, thing, &decision.action)
}

/// How many votes bring something about.
pub(super) fn votes(votes: &Votes) -> Text {
    match votes {
        Votes::Number(number) => words::number(*number),
        Votes::All => Text::new("all", "全部"),
        Votes::Majority => Text::new("more than half", "过半数"),
        Votes::Recorded => Text::new("only recorded", "仅记录"),
        Votes::Reckoned(expression) => words::expression(expression),
    }
}

/// A timer.
pub(super) fn timer(workflow: &Workflow, thing: Thing, timer: &Timer) -> Thing {
    let to = timer.target.as_ref();
    thing
        .is(("when it fires", "触发时间"), fires(&timer.when))
        .all(
            ("what it does", "效果"),
            words::effects(workflow, &timer.effects),
        )
        .may(
            ("where it leads", "去向"),
            to.map(|to| words::choice(workflow, to)),
        )
}

fn fires(when: &TimerWhen) -> Text {
    match when {
        TimerWhen::After(length) => {
            let length = words::length(length);
            Text::new(format!("after {}", length.en), format!("{}后", length.zh))
        }
        TimerWhen::Every(every) => {
            // Writing into a string cannot fail.
            let length = words::length(&every.every);
            let mut en = format!("every {}", length.en);
            let mut zh = format!("每 {}", length.zh);
            match &every.from {
                From::Entry => {}
                From::Due => {
                    en += " from the due time on";
                    zh += "，自到期时起";
                }
                From::After(first) => {
                    let first = words::length(first);
                    let _ = write!(en, ", first after {}", first.en);
                    let _ = write!(zh, "，首次在 {}后", first.zh);
                }
            }
            if let Some(times) = every.times {
                let _ = write!(en, ", {times} times in all");
                let _ = write!(zh, "，共 {times} 次");
            }
            Text::new(en, zh)
        }
        TimerWhen::At(moment) => words::prefixed("at ", "在 ", &words::expression(moment)),
        TimerWhen::Cron(schedule) => words::prefixed(
            "by the schedule ",
            "按计划 ",
            &words::code(&schedule.to_string()),
        ),
        TimerWhen::AsSoonAs(condition) => {
            words::prefixed("as soon as ", "一旦 ", &words::expression(condition))
        }
    }
}
