//! Refusals in words: the same on API, pages and mail links.

use crate::{
    outcome::{Last, Refusal},
    text::{Language, Text},
    workflow::{StatePath, Workflow},
};

/// A short title and a sentence or two of detail: what was refused and what would help.
pub fn refusal_text(refusal: &Refusal, workflow: Option<&Workflow>) -> (Text, Text) {
    let title = match refusal {
        Refusal::NotFound => ("Not found", "未找到"),
        Refusal::UnknownAction { .. } => ("No such action", "没有该操作"),
        Refusal::Stale { .. } => ("Changed meanwhile", "内容已被更改"),
        Refusal::DeadLink => ("The link is no longer valid", "链接已失效"),
        Refusal::Who { .. } => ("Not yours to do", "无权操作"),
        Refusal::NotHere { .. } => ("Not possible now", "当前状态不可操作"),
        Refusal::NotUndone => ("The move cannot be taken back", "无法撤销迁移"),
        Refusal::When => ("Not possible at present", "暂不可操作"),
        Refusal::Except => ("Separation of duties", "职责分离"),
        Refusal::Voted => ("You voted already", "您已投票"),
        Refusal::Invalid(_) => ("Cannot be stored", "内容无法保存"),
        Refusal::Missing(_) => ("Something is missing", "尚有欠缺"),
        Refusal::CodeNeeded => ("Enter the code", "请输入验证码"),
        Refusal::OnHold => ("On hold", "已暂停"),
    };
    (Text::new(title.0, title.1), detail(refusal, workflow))
}

fn detail(refusal: &Refusal, workflow: Option<&Workflow>) -> Text {
    match refusal {
        Refusal::NotFound => Text::new(
            "There is no such case, or you may not see it.",
            "该申请不存在，或您无权查看。",
        ),
        Refusal::UnknownAction { nearest: None } => Text::new(
            "The workflow has no action of this name.",
            "流程中没有此名称的操作。",
        ),
        Refusal::UnknownAction {
            nearest: Some(nearest),
        } => Text::new(
            format!("The workflow has no action of this name. Did you mean “{nearest}”?"),
            format!("流程中没有此名称的操作。是否指“{nearest}”？"),
        ),
        Refusal::Stale { .. } => Text::new(
            "The case has changed since you read it. Read it again and repeat your change.",
            "读取之后该申请已被更改。请重新读取后再修改。",
        ),
        Refusal::DeadLink => Text::new(
            "It was used or replaced, has expired, or the case has moved on.",
            "链接已被使用、被替换或过期，或该申请已进入其他状态。",
        ),
        Refusal::Who { at: None } => Text::new(
            "None of your roles in this case lets you do this.",
            "您在此申请中的角色无权进行该操作。",
        ),
        Refusal::Who { at: Some(at) } => Text::new(
            format!("You may not change {at} here."),
            format!("您在此处不能更改 {at}。"),
        ),
        Refusal::NotHere { state, last } => not_here(state, last.as_ref(), workflow),
        Refusal::NotUndone => Text::new(
            "A move to another version can be taken back while nothing has followed it. The case has changed since, or was not moved: its history tells.",
            "仅在迁移之后尚无变化时可以撤销。该申请此后已有变化，或并未迁移过，详见历史记录。",
        ),
        Refusal::When => Text::new(
            "The condition under which this is offered is not met at present.",
            "目前不满足提供该操作的条件。",
        ),
        Refusal::Except => Text::new(
            "Nobody decides on their own or their partner's case, or where the workflow keeps duties apart.",
            "不能评审本人或本伙伴的申请，也不能兼任流程要求分离的职责。",
        ),
        Refusal::Voted => Text::new(
            "Your vote for this decision stands. You may vote otherwise until it is decided.",
            "您对该决定的投票有效。在作出决定前可改投。",
        ),
        Refusal::Invalid(problems) => counted(problems.len(), "cannot be stored", "无法保存"),
        Refusal::Missing(problems) => counted(problems.len(), "must be seen to first", "需先处理"),
        Refusal::CodeNeeded => Text::new(
            "Everything else is in order. A code has been mailed to you, or your app shows it; repeat the action with it.",
            "其他内容均已就绪。验证码已发送到您的邮箱，或由您的应用显示，请附上验证码重试。",
        ),
        Refusal::OnHold => Text::new(
            "An operator has put the case on hold. Nothing is lost; it goes on when it is resumed.",
            "运维人员已暂停该申请。内容不会丢失，恢复后可继续。",
        ),
    }
}

fn not_here(state: &StatePath, last: Option<&Last>, workflow: Option<&Workflow>) -> Text {
    let title = workflow
        .and_then(|workflow| workflow.states.find(state.as_str()))
        .map_or_else(|| Text::same(state.as_str()), |state| state.title.clone());
    let mut text = Text::new(
        format!("The case is in “{}”, where this is not offered.", title.en),
        format!("该申请处于“{}”，不提供该操作。", title.zh),
    );
    if let Some(last) = last {
        // Who it was is said apart, to those who may know. A timer has no title.
        let title = |language| workflow?.action_title(state.as_str(), &last.what, language);
        let (en, zh) = match (title(Language::En), title(Language::Zh)) {
            (Some(en), Some(zh)) => (format!("“{en}”"), format!("“{zh}”")),
            _ => (last.what.to_string(), last.what.to_string()),
        };
        text.en = format!("{} What happened last: {en}.", text.en);
        text.zh = format!("{}最近的操作：{zh}。", text.zh);
    }
    text
}

fn counted(count: usize, en: &str, zh: &str) -> Text {
    let things = if count == 1 { "thing" } else { "things" };
    Text::new(
        format!("{count} {things} {en}."),
        format!("{count} 项{zh}。"),
    )
}
