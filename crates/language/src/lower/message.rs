//! Messages: the file's own, and the shared ones that it sends.

use countersign_core::{
    expression::{Expect, Scope},
    name::Name,
    workflow::{Message, Recipient},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::{File, Section},
    vocabulary,
    yaml::{Entry, Yaml},
};

use super::{Lowering, expression, expression::stand_in, text};

impl Lowering<'_> {
    /// All messages of the file, and those shared ones that it notifies: another's need not fit it.
    pub(super) fn messages(&self, yaml: Option<&Yaml>) -> IndexMap<Name, Message> {
        let scope = self.scope_of_message();
        let mut messages = IndexMap::new();
        let own = yaml.map_or_else(Vec::new, |yaml| self.file.named(yaml, "`messages`"));
        for (name, entry) in own {
            if self
                .shared
                .entries("messages")
                .any(|(other, _, _)| other == name)
            {
                let message =
                    format!("`shared.yaml` declares the message `{name}` too; this one wins");
                let help = "rename it, or leave the shared one to do";
                self.file
                    .report(Code::Overrides, entry.key.span, message, help);
            }
            let message = self.message(self.file, &name, entry, &scope, true);
            messages.extend(message.map(|message| (name, message)));
        }
        let mut sent = Vec::new();
        notified(&self.file.root, &mut sent);
        for (name, file, entry) in self.shared.entries("messages") {
            if sent.contains(&name.as_str()) && !messages.contains_key(&name) {
                let message = self.message(file, &name, entry, &scope, false);
                messages.extend(message.map(|message| (name, message)));
            }
        }
        messages
    }

    fn message(
        &self,
        file: &File,
        name: &Name,
        entry: &Entry,
        scope: &Scope,
        own: bool,
    ) -> Option<Message> {
        let section = file.keywords(&entry.value, &vocabulary::MESSAGE);
        let of = format!("message `{name}`");
        let text = |keyword: &str, example: &str| {
            let Some(yaml) = section.get(keyword) else {
                file.missing(entry.key.span, keyword, &of, example);
                return None;
            };
            Some(text::template(
                self,
                file,
                yaml,
                scope,
                &format!("`{keyword}`"),
            ))
        };
        let to = self.recipient(file, section, entry, &of, scope);
        let subject = text("subject", "subject: \"{{case.number}}: {{state.title}}\"");
        let body = text("body", "body: \"{{case.title}} is now {{state.title}}.\"");
        Some(Message {
            name: name.clone(),
            own,
            to: to?,
            subject: subject?,
            body: body?,
        })
    }

    /// A role, `reviewers`, or an expression that gives an address.
    fn recipient(
        &self,
        file: &File,
        section: Section<'_>,
        entry: &Entry,
        of: &str,
        scope: &Scope,
    ) -> Option<Recipient> {
        let Some(to) = section.get("to") else {
            file.missing(entry.key.span, "to", of, "to: applicant");
            return None;
        };
        let word = file.word(to, "`to`")?;
        if word == "reviewers" {
            return Some(Recipient::Reviewers);
        }
        if let Some(role) = self.names.roles.get(word) {
            return Some(Recipient::Role(role.clone()));
        }
        let plain = Name::parse(word).is_ok();
        if plain && scope.get(word).is_none() {
            let message = format!("there is no role `{word}`");
            let known = self.names.roles.iter().map(Name::as_str);
            let known = known.chain(["reviewers"]);
            file.unknown(Code::NoSuchRole, to.span, message, word, known);
            return None;
        }
        let address = expression(file, to, scope, &Expect::Names, "`to`");
        Some(Recipient::Address(address.unwrap_or_else(stand_in)))
    }
}

/// The names under `notify` anywhere in the file.
fn notified<'a>(yaml: &'a Yaml, into: &mut Vec<&'a str>) {
    use crate::yaml::Data;
    match &yaml.data {
        Data::Scalar(_) => {}
        Data::List(items) => items.iter().for_each(|item| notified(item, into)),
        Data::Map(entries) => {
            for entry in entries {
                if entry.key.text == "notify" {
                    into.extend(entry.value.scalar().map(|scalar| scalar.text.as_str()));
                }
                notified(&entry.value, into);
            }
        }
    }
}
