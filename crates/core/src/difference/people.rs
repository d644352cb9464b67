//! Roles and messages as they are compared.

use crate::{
    text::Text,
    workflow::{Message, Recipient, Role, RoleIs, Workflow},
};

use super::{
    thing::{Thing, ThingKind},
    words,
};

pub(super) fn roles(workflow: &Workflow) -> impl Iterator<Item = Thing> {
    workflow.roles.values().map(|role| {
        let called = words::prefixed("the role ", "角色", &words::quoted(&role.title));
        Thing::new(ThingKind::Role, format!("roles.{}", role.name), called)
            .also(("its title", "标题"), words::quoted(&role.title))
            .is(("who has it", "担任者"), who(role))
    })
}

fn who(role: &Role) -> Text {
    match &role.is {
        RoleIs::Starter => Text::new("who opened the case, and colleagues", "发起人及其同事"),
        RoleIs::Partner { group: None } => Text::new("the people of the partner", "合作伙伴人员"),
        RoleIs::Partner { group: Some(group) } => {
            let group = words::code(group.as_str());
            words::prefixed("of the partner, the group ", "合作伙伴中的组 ", &group)
        }
        RoleIs::LinkHolder { email } => words::prefixed(
            "who proves the address ",
            "能证明该邮箱地址者：",
            &words::expression(email),
        ),
        RoleIs::Group(group) => words::prefixed("the group ", "组 ", &words::code(group.as_str())),
        RoleIs::Groups(groups) => words::prefixed(
            "the groups that are named by ",
            "由以下表达式指定的组：",
            &words::expression(groups),
        ),
        RoleIs::Person(person) => words::prefixed(
            "who is named by ",
            "由以下表达式指定的人：",
            &words::expression(person),
        ),
        RoleIs::Relation(relation) => {
            let of = relation.attributes.iter();
            let of = of.fold(relation.of.source().to_owned(), |of, attribute| {
                format!("{attribute}_of({of})")
            });
            words::code(&of)
        }
    }
}

/// Those that the workflow's own file declares.
pub(super) fn messages(workflow: &Workflow) -> impl Iterator<Item = Thing> {
    let own = workflow.messages.values().filter(|message| message.own);
    own.map(|message| {
        let called = words::prefixed("the message ", "消息", &words::code(&message.name));
        Thing::new(
            ThingKind::Message,
            format!("messages.{}", message.name),
            called,
        )
        .is(("who gets it", "收件人"), receiver(workflow, message))
        .is(("its subject", "主题"), words::template(&message.subject))
        .long(
            ("its text", "正文"),
            format!("{}\n{}", message.body.en.source(), message.body.zh.source()),
        )
    })
}

fn receiver(workflow: &Workflow, message: &Message) -> Text {
    match &message.to {
        Recipient::Role(role) => words::role(workflow, role),
        Recipient::Reviewers => Text::new("those who may still vote", "仍可投票的人"),
        Recipient::Address(address) => words::expression(address),
    }
}
