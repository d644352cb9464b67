//! Roles: the file's own and the shared ones.

use countersign_core::{
    case::GroupId,
    expression::Expect,
    name::Name,
    workflow::{Role, RoleIs},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::{File, Section},
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression, expression::stand_in, text};

const KINDS: [&str; 3] = ["starter", "partner", "link_holder"];

impl Lowering<'_> {
    pub(crate) fn roles(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Role> {
        let mut roles = IndexMap::new();
        let own = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`roles`"));
        for (name, entry) in own {
            if name == "system" {
                let message = "the role `system` is built in and stands for services";
                let help = "take another name";
                self.file
                    .report(Code::NameTaken, entry.key.span, message, help);
            }
            if self
                .shared
                .entries("roles")
                .any(|(other, _, _)| other == name)
            {
                let message =
                    format!("`shared.yaml` declares the role `{name}` too; this one wins");
                let help = "rename it, or leave the shared one to do";
                self.file
                    .report(Code::Overrides, entry.key.span, message, help);
            }
            roles.extend(self.role(self.file, &name, entry).map(|role| (name, role)));
        }
        for (name, file, entry) in self.shared.entries("roles") {
            if !roles.contains_key(&name) {
                roles.extend(self.role(file, &name, entry).map(|role| (name, role)));
            }
        }
        roles
    }

    fn role(&self, file: &File, name: &Name, entry: &Entry) -> Option<Role> {
        let section = file.keywords(&entry.value, &vocabulary::ROLE);
        let title = text::title(
            file,
            section.get("title"),
            &self.surroundings.languages,
            name,
        );
        let is = self.role_is(file, name, section, entry)?;
        Some(Role {
            name: name.clone(),
            title,
            is,
        })
    }

    fn role_is(
        &self,
        file: &File,
        name: &Name,
        section: Section<'_>,
        entry: &Entry,
    ) -> Option<RoleIs> {
        let group = section.get("group");
        let group = group.and_then(|yaml| file.word(yaml, "`group`").map(GroupId::new));
        let kind = section
            .get("is")
            .and_then(|yaml| Some((yaml, file.word(yaml, "`is`")?)));
        if let Some(email) = section.entry("email")
            && kind.is_none_or(|(_, kind)| kind != "link_holder")
        {
            let message = "only a link holder has an `email`";
            let help = "add `is: link_holder`, or delete `email`";
            file.report(Code::ExclusiveKeywords, email.key.span, message, help);
        }
        if let Some(computed) = self.computed_role(file, section) {
            return Some(computed);
        }
        match (kind, group) {
            (None, Some(group)) => Some(RoleIs::Group(group)),
            (None, None) => {
                let of = format!("role `{name}`");
                file.missing(entry.key.span, "group", &of, "group: deal_reviewers");
                None
            }
            (Some((_, "partner")), group) => Some(RoleIs::Partner { group }),
            (Some((yaml, kind @ ("starter" | "link_holder"))), Some(_)) => {
                let message = format!("`is: {kind}` and `group` exclude each other");
                let help = "write `is: partner` with `group` for people of the partner in a group";
                file.report(Code::ExclusiveKeywords, yaml.span, message, help);
                None
            }
            (Some((_, "starter")), None) => Some(RoleIs::Starter),
            (Some((_, "link_holder")), None) => {
                let Some(email) = section.get("email") else {
                    let of = format!("role `{name}`");
                    file.missing(entry.key.span, "email", &of, "email: invitation.email");
                    return None;
                };
                let scope = self.scope_of_state(None);
                let email = expression(file, email, &scope, &Expect::Names, "`email`");
                Some(RoleIs::LinkHolder {
                    email: email.unwrap_or_else(stand_in),
                })
            }
            (Some((yaml, other)), _) => {
                let message = format!("a role cannot be `{other}`");
                file.unknown(Code::BadValue, yaml.span, message, other, KINDS.into_iter());
                None
            }
        }
    }
}
