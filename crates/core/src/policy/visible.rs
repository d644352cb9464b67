//! What of a case one viewer sees (rules 18 and 20).

use std::collections::BTreeSet;

use crate::{
    case::{Actor, Case},
    name::Name,
    workflow::{Field, Form, Grant, RoleIs, State, Thing, Workflow},
};

use super::{Policy, access::visited, edit::supplied_with};

/// What a viewer sees of a case.
///
/// The starter's side sees the forms, materials and fields that it may edit somewhere or supplies itself,
/// the links, and what `show` opened. Whoever came by a link sees what `edit` and `show` name for him.
/// Everybody else who sees the case sees all of it. What `hide` took away is gone until `show` gives it
/// back, and a private field is for its roles only, whatever else is said. Somebody on the starter's side
/// gains by another role of his only what `edit` and `show` name for that role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    fields: BTreeSet<(Name, Name)>,
    wholes: BTreeSet<Name>,
    forms: BTreeSet<Name>,
    partner_side: bool,
    by_link: bool,
}

impl Visible {
    /// Whether he sees a field.
    pub fn field(&self, form: &Name, field: &Name) -> bool {
        self.fields.contains(&(form.clone(), field.clone()))
    }

    /// Whether he sees anything of a form.
    pub fn form(&self, form: &str) -> bool {
        self.forms.contains(form)
    }

    /// Whether he sees a material or link.
    pub fn whole(&self, name: &str) -> bool {
        self.wholes.contains(name)
    }

    /// Whether he sees a place as comments and changes name it: `deal`, `deal.amount`, `invoice`. A place
    /// that the workflow lacks holds nothing to hide.
    pub fn place(&self, workflow: &Workflow, at: &str) -> bool {
        let mut parts = at.split('.');
        let name = parts.next().unwrap_or_default();
        let Some(form) = workflow.forms.get(name) else {
            let known = workflow.materials.contains_key(name) || workflow.links.contains_key(name);
            return !known || self.whole(name);
        };
        match parts.next().and_then(|field| form.fields.get(field)) {
            Some(field) => self.field(&form.name, &field.name),
            None => self.form(name),
        }
    }

    /// Whether he sees internal comments.
    pub fn internal(&self) -> bool {
        !self.partner_side && !self.by_link
    }

    /// Whether he sees comments, history and timers at all.
    pub fn proceedings(&self) -> bool {
        !self.by_link
    }

    /// Whether he sees who reviews.
    pub fn reviewers(&self) -> bool {
        !self.partner_side && !self.by_link
    }
}

impl Policy<'_> {
    /// What the actor sees of the case, given that he sees it.
    pub fn visible(&self) -> Visible {
        let things = self.things();
        let seen = |form: &Form, field: &Field| {
            let thing = Thing::Field(form.name.clone(), field.name.clone());
            things.contains(&thing) && self.may_see(field)
        };
        let all = self.workflow.forms.values();
        let fields: BTreeSet<_> = all
            .flat_map(|form| form.fields.values().map(move |field| (form, field)))
            .filter(|(form, field)| seen(form, field))
            .map(|(form, field)| (form.name.clone(), field.name.clone()))
            .collect();
        Visible {
            forms: fields.iter().map(|(form, _)| form.clone()).collect(),
            fields,
            wholes: things
                .iter()
                .filter_map(|thing| match thing {
                    Thing::Material(name) | Thing::Link(name) => Some(name.clone()),
                    Thing::Form(_) | Thing::Field(..) | Thing::Case => None,
                })
                .collect(),
            partner_side: self.is_partner_side(),
            by_link: matches!(self.actor, Actor::LinkHolder(_)),
        }
    }

    fn may_see(&self, field: &Field) -> bool {
        let roles = field.private.as_ref();
        matches!(self.actor, Actor::Machine)
            || roles.is_none_or(|roles| roles.iter().any(|role| self.has_role(role)))
    }

    /// Everything that some role of the actor lets him see; fields, materials and links.
    fn things(&self) -> BTreeSet<Thing> {
        let everything =
            || -> BTreeSet<Thing> { spelt_out(self.workflow, &Thing::Case).into_iter().collect() };
        let roles = self.roles();
        if self.is_starter_side() {
            let mut seen = self.starter_things();
            let own = roles
                .into_iter()
                .filter(|role| !is_starter_role(self.workflow, role));
            own.for_each(|role| seen.extend(self.named_for(role)));
            return seen;
        }
        match self.actor {
            Actor::LinkHolder(_) => {
                let roles = roles.into_iter();
                roles.flat_map(|role| self.named_for(role)).collect()
            }
            Actor::Machine | Actor::Service(_) => everything(),
            Actor::Person(_) => {
                let named: Vec<&Name> = roles
                    .into_iter()
                    .filter(|role| self.is_named(role))
                    .collect();
                // Asked, voted or an operator, but in no role that a state has named: nothing was hidden from him.
                if named.is_empty() || self.is_operator() {
                    return everything();
                }
                let roles = named.into_iter();
                roles
                    .flat_map(|role| self.after_showing(everything(), |grant| is_for(grant, role)))
                    .collect()
            }
        }
    }

    fn starter_things(&self) -> BTreeSet<Thing> {
        let workflow = self.workflow;
        let mine = |grant: &Grant| is_for_starters(workflow, grant);
        let states = || workflow.states.iter();
        let mut seen: BTreeSet<Thing> = states()
            .flat_map(|state| &state.edit)
            .filter(|grant| mine(grant))
            .flat_map(|grant| &grant.things)
            .flat_map(|thing| spelt_out(workflow, thing))
            .collect();
        let actions = states().flat_map(|state| state.actions.values());
        let own = actions.filter(|action| {
            let mut roles = action.who.roles.iter();
            roles.any(|role| is_starter_role(workflow, role))
        });
        let supplied = own
            .chain([&workflow.open])
            .flat_map(supplied_with)
            .filter(|form| !workflow.some_edit_names(form));
        seen.extend(supplied.flat_map(|form| spelt_out(workflow, &Thing::Form(form.clone()))));
        seen.extend(workflow.links.keys().cloned().map(Thing::Link));
        self.after_showing(seen, mine)
    }

    /// What `edit` of the states visited so far and `show` name for a role.
    fn named_for(&self, role: &Name) -> BTreeSet<Thing> {
        let edited = visited(self.workflow, self.case)
            .flat_map(|state| &state.edit)
            .filter(|grant| is_for(grant, role))
            .flat_map(|grant| &grant.things)
            .flat_map(|thing| spelt_out(self.workflow, thing))
            .collect();
        self.after_showing(edited, |grant| is_for(grant, role))
    }

    /// These things after all `show` and `hide` of the states entered so far.
    fn after_showing(
        &self,
        mut seen: BTreeSet<Thing>,
        counts: impl Fn(&Grant) -> bool,
    ) -> BTreeSet<Thing> {
        for state in in_order_of_entry(self.workflow, self.case) {
            let things = |grants: &[Grant]| -> Vec<Thing> {
                let grants = grants.iter().filter(|grant| counts(grant));
                let things = grants.flat_map(|grant| &grant.things);
                things
                    .flat_map(|thing| spelt_out(self.workflow, thing))
                    .collect()
            };
            for thing in things(&state.hide) {
                seen.remove(&thing);
            }
            seen.extend(things(&state.show));
        }
        seen
    }
}

/// Whether the last word of those `show` and `hide` that count gives a thing; `None`: nothing was said.
pub(super) fn last_word(
    workflow: &Workflow,
    case: &Case,
    counts: impl Fn(&Grant) -> bool,
    thing: &Thing,
) -> Option<bool> {
    let says = |grants: &[Grant]| {
        let mut grants = grants.iter();
        grants.any(|grant| counts(grant) && grant.things.contains(thing))
    };
    let mut last = None;
    for state in in_order_of_entry(workflow, case) {
        if says(&state.hide) {
            last = Some(false);
        }
        if says(&state.show) {
            last = Some(true);
        }
    }
    last
}

/// Whether a grant is for the starter's side: it is said of nobody else.
pub(super) fn is_for_starters(workflow: &Workflow, grant: &Grant) -> bool {
    match &grant.role {
        Some(role) => is_starter_role(workflow, role),
        None => !grant.system,
    }
}

fn is_starter_role(workflow: &Workflow, role: &str) -> bool {
    let is = workflow.roles.get(role).map(|role| &role.is);
    matches!(is, Some(RoleIs::Starter))
}

pub(super) fn is_for(grant: &Grant, role: &Name) -> bool {
    grant.role.as_ref() == Some(role)
}

/// By the time of the last entry; states entered at one moment in document order, outer first.
fn in_order_of_entry<'a>(workflow: &'a Workflow, case: &'a Case) -> Vec<&'a State> {
    let mut states: Vec<_> = visited(workflow, case).collect();
    states.sort_by_key(|state| case.entered.get(&state.path));
    states
}

/// A thing as fields, materials and links.
fn spelt_out(workflow: &Workflow, thing: &Thing) -> Vec<Thing> {
    let fields = |form: &Form| -> Vec<Thing> {
        let names = form.fields.keys();
        names
            .map(|field| Thing::Field(form.name.clone(), field.clone()))
            .collect()
    };
    match thing {
        Thing::Form(form) => workflow.forms.get(form).map(fields).unwrap_or_default(),
        Thing::Field(..) | Thing::Material(_) | Thing::Link(_) => vec![thing.clone()],
        Thing::Case => {
            let mut all: Vec<_> = workflow.forms.values().flat_map(fields).collect();
            all.extend(workflow.materials.keys().cloned().map(Thing::Material));
            all.extend(workflow.links.keys().cloned().map(Thing::Link));
            all
        }
    }
}
