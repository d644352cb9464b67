//! Words for parts of a workflow, in both languages: what the sentences about its changes are made of.

use crate::{
    expression::Expression,
    name::Name,
    template::Template,
    text::{Language, Text},
    time::Length,
    workflow::{
        Choice, Effect, Except, Localized, Prefer, Requirement, StateId, Target, Thing, Workflow,
    },
};

/// A title in quotation marks.
pub(super) fn quoted(text: &Text) -> Text {
    Text::new(format!("“{}”", text.en), format!("“{}”", text.zh))
}

/// Something as it stands in the file.
pub(super) fn code(text: &str) -> Text {
    Text::same(&format!("`{text}`"))
}

pub(super) fn expression(expression: &Expression) -> Text {
    code(expression.source().trim())
}

pub(super) fn template(template: &Localized<Template>) -> Text {
    quoted(&Text::new(template.en.source(), template.zh.source()))
}

pub(super) fn length(length: &Length) -> Text {
    Text::new(length.words(Language::En), length.words(Language::Zh))
}

pub(super) fn number(number: u32) -> Text {
    Text::same(&number.to_string())
}

pub(super) fn yes(is: bool) -> Text {
    if is {
        Text::new("yes", "是")
    } else {
        Text::new("no", "否")
    }
}

/// One after the other.
pub(super) fn listed(texts: &[Text]) -> Text {
    let of = |language, between: &str| {
        let texts: Vec<&str> = texts.iter().map(|text| text.get(language)).collect();
        texts.join(between)
    };
    Text::new(of(Language::En, ", "), of(Language::Zh, "、"))
}

/// Two texts with words between them.
pub(super) fn joined(one: &Text, en: &str, zh: &str, other: &Text) -> Text {
    Text::new(
        format!("{}{en}{}", one.en, other.en),
        format!("{}{zh}{}", one.zh, other.zh),
    )
}

pub(super) fn role(workflow: &Workflow, role: &Name) -> Text {
    let title = workflow.roles.get(role).map(|role| &role.title);
    title.map_or_else(|| code(role), quoted)
}

pub(super) fn roles(workflow: &Workflow, roles: &[Name], system: bool) -> Vec<Text> {
    let services = system.then(|| Text::new("services", "外部系统"));
    let roles = roles.iter().map(|name| role(workflow, name));
    roles.chain(services).collect()
}

pub(super) fn state(workflow: &Workflow, state: StateId) -> Text {
    let state = workflow.states.get(state);
    let title = |language: Language| {
        let outward = workflow.states.outward(state.id);
        let titles: Vec<&str> = outward.map(|state| state.title.get(language)).collect();
        titles.into_iter().rev().collect::<Vec<_>>().join(" / ")
    };
    quoted(&Text::new(title(Language::En), title(Language::Zh)))
}

pub(super) fn states(workflow: &Workflow, states: &[StateId]) -> Vec<Text> {
    states.iter().map(|id| state(workflow, *id)).collect()
}

/// Where a choice leads, condition by condition.
pub(super) fn choice(workflow: &Workflow, choice: &Choice) -> Text {
    let otherwise = state(workflow, choice.otherwise);
    if choice.conditional.is_empty() {
        return otherwise;
    }
    let conditional = choice.conditional.iter().map(|(to, when)| {
        joined(
            &state(workflow, *to),
            " if ",
            "（条件：",
            &Text::new(expression(when).en, format!("{}）", expression(when).zh)),
        )
    });
    let rest = joined(&otherwise, " otherwise", "（其他情况）", &Text::default());
    listed(&conditional.chain([rest]).collect::<Vec<_>>())
}

pub(super) fn target(workflow: &Workflow, target: &Target) -> Text {
    match target {
        Target::Stay => Text::new("nowhere, the case stays", "停留在当前状态"),
        Target::To(to) => choice(workflow, to),
        Target::Resume(to) => {
            let to = state(workflow, *to);
            Text::new(
                format!("back to where it was in {}", to.en),
                format!("回到{}中离开时的位置", to.zh),
            )
        }
    }
}

/// A form, field, material or link.
pub(super) fn thing(workflow: &Workflow, thing: &Thing) -> Text {
    match thing {
        Thing::Form(name) | Thing::Material(name) | Thing::Link(name) => named(workflow, name),
        Thing::Field(form, name) => field(workflow, form, name),
        Thing::Case => Text::new("the whole case", "整个申请"),
    }
}

pub(super) fn field(workflow: &Workflow, form: &Name, name: &Name) -> Text {
    let found = workflow
        .forms
        .get(form)
        .and_then(|form| form.fields.get(name));
    match found {
        Some(field) => {
            let form = named(workflow, form);
            joined(
                &quoted(&field.title),
                " of ",
                "（属于",
                &Text::new(form.en, format!("{}）", form.zh)),
            )
        }
        None => code(&format!("{form}.{name}")),
    }
}

fn named(workflow: &Workflow, name: &Name) -> Text {
    workflow.title_of(name).map_or_else(|| code(name), quoted)
}

pub(super) fn things(workflow: &Workflow, things: &[Thing]) -> Vec<Text> {
    things.iter().map(|one| thing(workflow, one)).collect()
}

pub(super) fn requirement(workflow: &Workflow, word: &Requirement) -> Text {
    match word {
        Requirement::Form(name) | Requirement::Material(name) | Requirement::Link(name) => {
            named(workflow, name)
        }
        Requirement::Rule(name) => prefixed("the rule ", "规则", &code(name)),
        Requirement::Limit(name) => prefixed("the limit ", "限额", &code(name)),
        Requirement::Action(name) => {
            let title = action(workflow, name);
            Text::new(
                format!("that {} was taken", title.en),
                format!("已执行{}", title.zh),
            )
        }
        Requirement::Comment => Text::new("a comment", "意见"),
        Requirement::Replies => {
            Text::new("an answer to each open comment", "对每条待回复意见的回复")
        }
        Requirement::Code => Text::new("a one-time code", "一次性验证码"),
        Requirement::CodeIfEnabled => Text::new(
            "a one-time code of whoever uses one",
            "一次性验证码（仅限已启用者）",
        ),
    }
}

pub(super) fn prefixed(en: &str, zh: &str, text: &Text) -> Text {
    Text::new(format!("{en}{}", text.en), format!("{zh}{}", text.zh))
}

/// An action or decision by its title, wherever it stands first.
pub(super) fn action(workflow: &Workflow, name: &Name) -> Text {
    let found = workflow.states.iter().find_map(|state| {
        let decision = || Some(&state.review.as_ref()?.decisions.get(name)?.action);
        Some(state.actions.get(name).or_else(decision)?.title.clone())
    });
    found.map_or_else(|| code(name), |title| quoted(&title))
}

fn actions(workflow: &Workflow, names: &[Name]) -> Text {
    let names: Vec<Text> = names.iter().map(|name| action(workflow, name)).collect();
    listed(&names)
}

pub(super) fn effects(workflow: &Workflow, effects: &[Effect]) -> Vec<Text> {
    effects.iter().map(|one| effect(workflow, one)).collect()
}

fn effect(workflow: &Workflow, effect: &Effect) -> Text {
    match effect {
        Effect::Notify(name) => prefixed("send the message ", "发送消息", &code(name)),
        Effect::Call(name) => prefixed("call the hook ", "调用接口", &code(name)),
        Effect::Open(name) => {
            let title = workflow
                .children
                .get(name)
                .map(|children| quoted(&children.title));
            prefixed(
                "open child cases ",
                "发起子申请",
                &title.unwrap_or_else(|| code(name)),
            )
        }
        Effect::Set(values) => {
            let values = values.iter().map(|value| {
                let place = code(&value.place.to_string());
                joined(&place, " to ", "为", &expression(&value.value))
            });
            prefixed("set ", "设置", &listed(&values.collect::<Vec<_>>()))
        }
        Effect::Void { of, by } => {
            let of = actions(workflow, of);
            match by {
                None => prefixed("take back ", "撤销", &of),
                Some(by) => joined(
                    &prefixed("take back ", "撤销", &of),
                    " of ",
                    "，限于",
                    &expression(by),
                ),
            }
        }
        Effect::AddReviewers(name) => {
            prefixed("add reviewers ", "增加评审人", &role(workflow, name))
        }
        Effect::CancelLinks => Text::new("end the mail links", "使邮件链接失效"),
    }
}

/// Who is excluded.
pub(super) fn except(workflow: &Workflow, except: Option<&Except>) -> Vec<Text> {
    let Some(except) = except else {
        return Vec::new();
    };
    let voted = except.voted_in.iter();
    let voted = voted.map(|id| {
        let state = state(workflow, *id);
        Text::new(
            format!("who voted in {}", state.en),
            format!("曾在{}投票者", state.zh),
        )
    });
    let took = except.took.iter();
    let took = took.map(|name| {
        let action = action(workflow, name);
        Text::new(
            format!("who took {}", action.en),
            format!("曾执行{}者", action.zh),
        )
    });
    let roles = except.roles.iter().map(|name| role(workflow, name));
    let people = except.people.iter().map(expression);
    voted.chain(took).chain(roles).chain(people).collect()
}

/// Who is asked first.
pub(super) fn prefer(workflow: &Workflow, prefer: &Prefer) -> Text {
    let voted = prefer.voted_in.iter().map(|id| state(workflow, *id));
    let took = prefer.took.iter().map(|name| action(workflow, name));
    let places = listed(&voted.chain(took).collect::<Vec<_>>());
    Text::new(
        format!("the same people as last time in {}", places.en),
        format!("上次参与{}的人", places.zh),
    )
}
