//! Whether texts keep private what is private to others than their readers (SEMANTICS 18).

use countersign_core::{
    name::Name,
    template::Template,
    workflow::{Localized, Message, Recipient, Requirement, Role, RoleIs},
};

use crate::{diagnostic::Code, file::File, shared::Shared, source::Span, yaml::Yaml};

use super::site::{Site, Spot};

pub(super) fn check(site: &Site<'_>, shared: &Shared) {
    if private_fields(site).next().is_none() {
        return;
    }
    case_title(site);
    for spot in site.actions() {
        let readers = Readers::of_action(&spot);
        if let (Some(confirm), Some(written)) = (&spot.action.confirm, spot.written) {
            let yaml = written.value.get("confirm");
            let yaml = yaml.map(|yaml| yaml.get("text").unwrap_or(yaml));
            text(site, site.file, &confirm.text, yaml, &readers);
        }
        for requirement in &spot.action.require {
            required(site, requirement, &readers);
        }
    }
    for message in site.workflow.messages.values() {
        sent(site, shared, message);
    }
}

/// Who reads a text.
enum Readers {
    Roles(Vec<Name>),
    /// Whoever sees the case, or an address.
    Anybody,
}

impl Readers {
    fn of_action(spot: &Spot<'_>) -> Self {
        let roles = spot
            .review
            .map_or(&spot.action.who.roles, |review| &review.by);
        Self::Roles(roles.clone())
    }

    /// Somebody among them who may not see a field that only these roles see.
    fn without<'a>(&'a self, site: &Site<'_>, private: &[Name]) -> Option<&'a str> {
        match self {
            Self::Anybody => Some("anybody"),
            Self::Roles(roles) => {
                let may = |role: &&Name| !private.iter().any(|one| covers(site, one, role));
                roles.iter().find(may).map(Name::as_str)
            }
        }
    }
}

/// Whether everybody in `role` is in `wider` too.
fn covers(site: &Site<'_>, wider: &Name, role: &Name) -> bool {
    if wider == role {
        return true;
    }
    let is = |name: &Name| site.workflow.roles.get(name).map(|role: &Role| &role.is);
    match (is(wider), is(role)) {
        (Some(RoleIs::Group(wider)), Some(RoleIs::Group(role))) => wider == role,
        (
            Some(RoleIs::Starter | RoleIs::Partner { group: None }),
            Some(RoleIs::Starter | RoleIs::Partner { .. }),
        ) => true,
        _ => false,
    }
}

fn private_fields<'a>(site: &Site<'a>) -> impl Iterator<Item = (String, &'a [Name])> {
    site.workflow.forms.values().flat_map(|form| {
        form.fields.values().filter_map(|field| {
            Some((
                format!("{}.{}", form.name, field.name),
                field.private.as_deref()?,
            ))
        })
    })
}

fn case_title(site: &Site<'_>) {
    let (Some(title), Some(yaml)) = (&site.workflow.case_title, site.file.root.get("case_title"))
    else {
        return;
    };
    for (path, private) in private_fields(site) {
        if title.reads().iter().any(|read| reads(read, &path)) {
            report(
                site.file,
                yaml.span,
                &path,
                private,
                "anybody who sees the case",
            );
        }
    }
}

fn required(site: &Site<'_>, requirement: &Requirement, readers: &Readers) {
    let workflow = site.workflow;
    let (section, name, template) = match requirement {
        Requirement::Rule(name) => (
            "rules",
            name,
            workflow.rules.get(name).map(|rule| &rule.otherwise),
        ),
        Requirement::Limit(name) => (
            "limits",
            name,
            workflow
                .limits
                .get(name)
                .and_then(|limit| limit.otherwise.as_ref()),
        ),
        Requirement::Link(name) => (
            "links",
            name,
            workflow
                .links
                .get(name)
                .and_then(|link| link.otherwise.as_ref()),
        ),
        Requirement::Form(_)
        | Requirement::Material(_)
        | Requirement::Action(_)
        | Requirement::Comment
        | Requirement::Replies
        | Requirement::Code
        | Requirement::CodeIfEnabled => return,
    };
    if let Some(template) = template {
        let yaml = site
            .file
            .root
            .find(&[section, name, "else"])
            .map(|entry| &entry.value);
        text(site, site.file, template, yaml, readers);
    }
}

fn sent(site: &Site<'_>, shared: &Shared, message: &Message) {
    let readers = match &message.to {
        Recipient::Role(role) => Readers::Roles(vec![role.clone()]),
        Recipient::Reviewers => {
            let reviews = site
                .workflow
                .states
                .iter()
                .filter_map(|state| state.review.as_ref());
            Readers::Roles(reviews.flat_map(|review| review.by.clone()).collect())
        }
        Recipient::Address(_) => Readers::Anybody,
    };
    let own = site
        .file
        .root
        .find(&["messages", &message.name])
        .map(|entry| (site.file, entry));
    let (file, entry) = match own {
        Some(own) => own,
        None => match shared
            .entries("messages")
            .find(|(name, _, _)| *name == message.name)
        {
            Some((_, file, entry)) => (file, entry),
            None => return,
        },
    };
    text(
        site,
        file,
        &message.subject,
        entry.value.get("subject"),
        &readers,
    );
    text(site, file, &message.body, entry.value.get("body"), &readers);
}

fn text(
    site: &Site<'_>,
    file: &File,
    template: &Localized<Template>,
    yaml: Option<&Yaml>,
    readers: &Readers,
) {
    let Some(yaml) = yaml else { return };
    let part = |language: &str| yaml.get(language).unwrap_or(yaml);
    for (template, yaml) in [(&template.en, part("en")), (&template.zh, part("zh"))] {
        for expression in template.expressions() {
            for (path, private) in private_fields(site) {
                let Some(reader) = readers.without(site, private) else {
                    continue;
                };
                let mut read = site.workflow.reads_of(expression).into_iter();
                if read.any(|read| reads(read, &path)) {
                    let written = yaml.scalar().map_or("", |scalar| &scalar.text);
                    let source = expression.source();
                    let at = written.find(source).unwrap_or(0);
                    let span = yaml.span_within(file.text(), at..at + source.len());
                    report(file, span, &path, private, &format!("`{reader}`"));
                }
            }
        }
    }
}

fn reads(read: &str, path: &str) -> bool {
    let whole = path.split('.').next().unwrap_or(path);
    read == path
        || read == whole
        || read
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('.'))
}

fn report(file: &File, span: Span, path: &str, private: &[Name], reader: &str) {
    let roles: Vec<&str> = private.iter().map(Name::as_str).collect();
    let message = format!(
        "{reader} would read `{path}` here, which is private to {}",
        roles.join(", ")
    );
    let help = "leave it out of the text, or add the reader's role to `private`";
    file.report(Code::ShowsPrivate, span, message, help);
}
