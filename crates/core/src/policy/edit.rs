//! What the actor may write here and now.

use std::collections::BTreeSet;

use crate::{
    case::Lifecycle,
    name::Name,
    workflow::{Action, Field, Form, Place, Requirement, State, Target, Thing},
};

use super::Policy;

impl Policy<'_> {
    /// What `edit` of the state and of its outer states gives the actor (rule 22), forms spelt out field by
    /// field. Derived and frozen fields are never among them, and nothing is while the case does not run.
    pub fn editable(&self) -> BTreeSet<Thing> {
        match self.case.lifecycle {
            Lifecycle::Running => {}
            Lifecycle::OnHold { .. } | Lifecycle::Ended { .. } => return BTreeSet::new(),
        }
        self.here()
            .flat_map(|state| &state.edit)
            .filter(|grant| self.is_for_me(grant))
            .flat_map(|grant| &grant.things)
            .flat_map(|thing| self.writable(thing))
            .collect()
    }

    /// Rule 14: the forms in the `require` of an action (of `open` too) that no `edit` of the file names are
    /// filled in with that action. Whether the actor may take it is asked apart.
    pub fn suppliable(&self, action: &Action) -> BTreeSet<Thing> {
        supplied_with(action)
            .filter(|form| !self.workflow.some_edit_names(form))
            .flat_map(|form| self.writable(&Thing::Form(form.clone())))
            .collect()
    }

    /// What an opening may carry: the forms in `open.require`, and what `edit` gives the opener in a state that
    /// the case may begin in; which one it is may depend on what it carries. Asked of the case-to-be.
    pub fn openable(&self) -> BTreeSet<Thing> {
        let required = supplied_with(&self.workflow.open);
        let first: Vec<_> = match &self.workflow.open.target {
            Target::To(choice) => choice.states().collect(),
            Target::Stay | Target::Resume(_) => Vec::new(),
        };
        let states = &self.workflow.states;
        let mut things: BTreeSet<Thing> = first
            .into_iter()
            .flat_map(|state| states.outward(states.tree().leaf_of(state)))
            .flat_map(|state| &state.edit)
            .filter(|grant| self.is_for_me(grant))
            .flat_map(|grant| &grant.things)
            .flat_map(|thing| self.writable(thing))
            .collect();
        things.extend(required.flat_map(|form| self.writable(&Thing::Form(form.clone()))));
        things
    }

    /// The first place that is not among these things.
    pub fn first_foreign<'p>(
        things: &BTreeSet<Thing>,
        places: impl IntoIterator<Item = &'p Place>,
    ) -> Option<&'p Place> {
        places.into_iter().find(|place| !covers(things, place))
    }

    /// The states that the case is in, inner ones first.
    pub(super) fn here(&self) -> impl Iterator<Item = &State> {
        self.case.states(&self.workflow.states).into_iter()
    }

    fn writable(&self, thing: &Thing) -> Vec<Thing> {
        let fields = |form: &Name, only: Option<&Name>| {
            let fields = self.workflow.forms.get(form).into_iter();
            fields
                .flat_map(|form| form.fields.values().map(move |field| (form, field)))
                .filter(|(_, field)| only.is_none_or(|only| *only == field.name))
                .filter(|(_, field)| self.is_open(field))
                .map(|(form, field): (&Form, &Field)| {
                    Thing::Field(form.name.clone(), field.name.clone())
                })
                .collect()
        };
        match thing {
            Thing::Form(form) => fields(form, None),
            Thing::Field(form, field) => fields(form, Some(field)),
            Thing::Material(_) | Thing::Link(_) => vec![thing.clone()],
            // A case is shown or hidden as a whole, but never edited as one.
            Thing::Case => Vec::new(),
        }
    }

    fn is_open(&self, field: &Field) -> bool {
        let frozen = field.frozen_after.is_some_and(|state| {
            let path = &self.workflow.states.get(state).path;
            self.case.left.contains(path)
        });
        field.derived.is_none() && !frozen
    }
}

/// The forms that an action requires.
pub(super) fn supplied_with(action: &Action) -> impl Iterator<Item = &Name> {
    action.require.iter().filter_map(|word| match word {
        Requirement::Form(form) => Some(form),
        Requirement::Material(_)
        | Requirement::Rule(_)
        | Requirement::Limit(_)
        | Requirement::Link(_)
        | Requirement::Action(_)
        | Requirement::Comment
        | Requirement::Replies
        | Requirement::Code
        | Requirement::CodeIfEnabled => None,
    })
}

/// A form as a whole is covered if any field of it is: then there is something in it to write.
fn covers(things: &BTreeSet<Thing>, place: &Place) -> bool {
    match place {
        Place::Field(form, field) => things.contains(&Thing::Field(form.clone(), field.clone())),
        Place::Whole(name) => things.iter().any(|thing| match thing {
            Thing::Form(form) | Thing::Field(form, _) => form == name,
            Thing::Material(material) => material == name,
            Thing::Link(link) => link == name,
            Thing::Case => false,
        }),
    }
}
