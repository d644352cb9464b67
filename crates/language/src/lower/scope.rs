//! What expressions see, place by place (SEMANTICS 4 to 9).

use countersign_core::{
    expression::{ENGINE_LIST, Member, Members, Scope, Type},
    form::form_type,
    name::Name,
    workflow::{Form, StateId, Surroundings},
};

use crate::yaml::Yaml;

use super::{Lowering, field::is_unread};

/// The most entries of a reference list.
const LIST_ENTRIES: u32 = 1000;

/// The names that speak of a running review.
pub(crate) const OF_A_REVIEW: [&str; 5] = ["votes", "cast", "members", "remaining", "seats"];

impl Lowering<'_> {
    /// What every expression of the file sees, the actor apart.
    pub(crate) fn base_scope(&self) -> Scope {
        let mut scope = Scope::standard();
        self.add_surroundings(&mut scope);
        for (name, form) in &self.forms {
            scope.insert(name, readable_type(form, &self.surroundings));
        }
        for name in self.names.materials.keys() {
            scope.insert(name, Type::engine_list(file_type()));
        }
        for name in &self.names.links {
            let path = ["links", name.as_str(), "optional"];
            let optional = self
                .file
                .root
                .find(&path)
                .and_then(|entry| entry.value.scalar());
            let ty = self.link_type(name);
            let many = self.file.root.find(&["links", name.as_str(), "many"]);
            let many = many.and_then(|entry| entry.value.scalar());
            if let Some(many) = many {
                let most = many.text.parse().unwrap_or(ENGINE_LIST);
                scope.insert(name, Type::list(ty, most));
                continue;
            }
            scope = if optional.is_some_and(|scalar| scalar.text == "true") {
                scope.with_optional(name, ty)
            } else {
                scope.with(name, ty)
            };
        }
        if !self.names.children.is_empty() {
            let children = self.names.children.iter().map(|name| {
                let children = Type::engine_list(self.child_type(name));
                (name.to_string(), Member::required(children))
            });
            scope.insert("children", record(children));
        }
        scope.with("state", state_type())
    }

    /// A child: like a linked case, with its key.
    fn child_type(&self, name: &Name) -> Type {
        match self.related_type("children", name) {
            Type::Record(members) => {
                let mut members = (*members).clone();
                members.insert("key".to_owned(), Member::required(Type::String));
                Type::Record(members.into())
            }
            other => other,
        }
    }

    fn add_surroundings(&self, scope: &mut Scope) {
        let Surroundings { facts, lists, .. } = &*self.surroundings;
        let kinds = facts.iter().map(|(kind, shape)| {
            let fields = optional(shape.fields.iter());
            (
                kind.to_string(),
                Member::required(Type::map_of(Type::Record(fields.into()))),
            )
        });
        scope.insert("facts", record(kinds));
        let entries = lists.iter().map(|(name, shape)| {
            let id = ("id".to_owned(), Member::required(Type::String));
            let fields = shape.fields.iter();
            let fields = fields.map(|(name, ty)| (name.to_string(), Member::required(ty.clone())));
            let entry = record(std::iter::once(id).chain(fields));
            (
                name.to_string(),
                Member::required(Type::list(entry, LIST_ENTRIES)),
            )
        });
        scope.insert("lists", record(entries));
        let own = facts
            .get("partner")
            .map(|shape| optional(shape.fields.iter()));
        *scope = std::mem::take(scope).with_optional("partner", partner_type(own));
    }

    fn link_type(&self, name: &Name) -> Type {
        self.related_type("links", name)
    }

    /// Another case, of the workflow that the entry of this section names.
    fn related_type(&self, section: &str, name: &Name) -> Type {
        let path = [section, name.as_str(), "workflow"];
        let workflow = self
            .file
            .root
            .find(&path)
            .and_then(|entry| entry.value.scalar());
        let neighbour = workflow.and_then(|workflow| self.neighbours.get(workflow.text.as_str()));
        let mut members = Members::new();
        let case = ["id", "number", "state", "end"];
        let case = case.map(|member| (member.to_owned(), Member::required(Type::String)));
        members.insert("case".to_owned(), Member::required(record(case)));
        members.insert("partner".to_owned(), Member::optional(partner_type(None)));
        if let Some(neighbour) = neighbour {
            for (name, form) in neighbour
                .forms
                .iter()
                .filter(|(_, form)| !form.each_reviewer)
            {
                let ty = readable_type(form, &neighbour.surroundings);
                members.insert(name.to_string(), Member::required(ty));
            }
        }
        Type::Record(members.into())
    }

    /// For what a link matches by: without links, and tables that read them, so that none waits for itself.
    pub(crate) fn scope_of_match(&self) -> Scope {
        let mut scope = self.scope.clone();
        let tables = self.file.root.get("tables").map_or(&[][..], Yaml::entries);
        let tables = tables.iter().map(|entry| entry.key.text.as_str());
        for name in self.names.links.iter().map(Name::as_str).chain(tables) {
            scope.remove(name);
        }
        scope
    }

    /// For what somebody does: with `actor`, and in a state with a review with its votes.
    pub(crate) fn scope_of_action(&self, state: Option<StateId>) -> Scope {
        self.scope_of_state(state).with("actor", Type::Person)
    }

    /// For timers and entries, where nobody acts.
    pub(crate) fn scope_of_state(&self, state: Option<StateId>) -> Scope {
        let decisions = state.and_then(|state| self.outline.decisions_in(state));
        let scope = self.with_limits(self.scope.clone());
        match decisions {
            Some(decisions) => with_votes(scope, &decisions),
            None => scope,
        }
    }

    /// For rules: with the votes of all reviews; that they are required in one is checked later.
    pub(crate) fn scope_of_rule(&self) -> Scope {
        let scope = self.with_limits(self.scope.clone());
        self.with_all_votes(scope.with("actor", Type::Person))
    }

    /// For somebody who looks at a case from outside: with all votes, and nobody who acts.
    pub(crate) fn scope_of_onlooker(&self) -> Scope {
        let mut scope = self.scope_of_rule();
        for name in ["actor", "comment", "members", "remaining", "seats"] {
            scope.remove(name);
        }
        scope
    }

    /// For messages: with what only they can show.
    pub(crate) fn scope_of_message(&self) -> Scope {
        let times = self.outline.timer_names();
        let timers = times.map(|name| (name.to_owned(), Member::optional(Type::Time)));
        let buttons = self.names.actions.iter();
        let buttons = buttons.map(|name| (name.clone(), Member::required(Type::String)));
        let comments = [("open".to_owned(), Member::required(Type::String))];
        let mut scope = self.scope_of_rule().with_optional("actor", Type::Person);
        scope.insert("timers", record(timers));
        scope.insert("button", record(buttons));
        scope.insert("comments", record(comments));
        if let Some(Type::Record(case)) = scope.get("case") {
            let mut members = (**case).clone();
            members.insert("link".to_owned(), Member::required(Type::String));
            scope.insert("case", Type::Record(members.into()));
        }
        scope
    }

    fn with_all_votes(&self, scope: Scope) -> Scope {
        let decisions = self.outline.all_decisions();
        if decisions.is_empty() {
            scope
        } else {
            with_votes(scope, &decisions)
        }
    }

    fn with_limits(&self, scope: Scope) -> Scope {
        let limits = self.names.limits.iter().map(|name| {
            let left = if self.counts_money(name) {
                Type::Money
            } else {
                Type::Int
            };
            let limit = record([("left".to_owned(), Member::required(left))]);
            (name.to_string(), Member::required(limit))
        });
        scope.with("limits", record(limits))
    }
}

/// The scope with what speaks of a review that has these decisions.
fn with_votes(scope: Scope, decisions: &[&str]) -> Scope {
    let vote = Type::record([
        ("by", Type::Person),
        ("decision", Type::String),
        ("at", Type::Time),
        ("round", Type::Int),
        ("panel", Type::String),
    ]);
    let votes = Type::engine_list(vote);
    let by_decision = decisions.iter();
    let by_decision = by_decision.map(|name| ((*name).to_owned(), Member::required(votes.clone())));
    let people = Type::engine_list(Type::Person);
    scope
        .with("votes", record(by_decision))
        .with("cast", votes)
        .with("members", people.clone())
        .with("remaining", people.clone())
        .with("seats", people)
}

/// The type of a form, in which fields that could not be read may be anything.
fn readable_type(form: &Form, surroundings: &Surroundings) -> Type {
    let ty = form_type(form, surroundings);
    let unread: Vec<&Name> = form
        .fields
        .values()
        .filter(|field| is_unread(field))
        .map(|field| &field.name)
        .collect();
    if unread.is_empty() {
        return ty;
    }
    let loosen = |ty: Type| match ty {
        Type::Record(members) => {
            let mut members = (*members).clone();
            for name in &unread {
                members.insert(name.to_string(), Member::required(Type::Any));
            }
            Type::Record(members.into())
        }
        other => other,
    };
    match ty {
        Type::List { item, max } => Type::List {
            item: Box::new(loosen(*item)),
            max,
        },
        record => loosen(record),
    }
}

fn record(members: impl IntoIterator<Item = (String, Member)>) -> Type {
    Type::Record(members.into_iter().collect::<Members>().into())
}

fn optional<'a>(fields: impl Iterator<Item = (&'a Name, &'a Type)>) -> Members {
    fields
        .map(|(name, ty)| (name.to_string(), Member::optional(ty.clone())))
        .collect()
}

fn partner_type(facts: Option<Members>) -> Type {
    let own = ["id", "name"].map(|name| (name.to_owned(), Member::required(Type::String)));
    record(own.into_iter().chain(facts.into_iter().flatten()))
}

fn state_type() -> Type {
    Type::record([
        ("id", Type::String),
        ("title", Type::Text),
        ("due?", Type::Time),
        ("waiting_for", Type::String),
    ])
}

fn file_type() -> Type {
    Type::record([
        ("name", Type::String),
        ("size", Type::Int),
        ("type", Type::String),
        ("by", Type::Person),
        ("at", Type::Time),
    ])
}
