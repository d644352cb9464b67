//! Whether somebody can supply what is required (SEMANTICS 14): a form that some `edit` names is filled
//! in under `edit` only, and materials always are.

use countersign_core::{
    name::Name,
    workflow::{Effect, Field, Place, Requirement, Thing},
};

use crate::diagnostic::Code;

use super::site::{Site, Spot};

pub(super) fn check(site: &Site<'_>) {
    for spot in site.actions() {
        for requirement in &spot.action.require {
            match requirement {
                Requirement::Form(name) => form(site, &spot, name),
                Requirement::Material(name) => material(site, &spot, name),
                Requirement::Rule(_)
                | Requirement::Limit(_)
                | Requirement::Link(_)
                | Requirement::Action(_)
                | Requirement::Comment
                | Requirement::Replies
                | Requirement::Code
                | Requirement::CodeIfEnabled => {}
            }
        }
    }
}

fn form(site: &Site<'_>, spot: &Spot<'_>, name: &Name) {
    let Some(form) = site.workflow.forms.get(name) else {
        return;
    };
    if !site.workflow.some_edit_names(name) {
        return;
    }
    let needed = |field: &&Field| field.required && field.derived.is_none();
    let mut fields = form.fields.values().filter(needed);
    let Some(field) = fields.find(|field| !is_filled(site, name, &field.name)) else {
        return;
    };
    let message = format!(
        "`{name}` is required, but nobody can ever fill in `{}`",
        field.name
    );
    let help = format!(
        "add `{name}` to an `edit`, or make the field optional: `{}?`",
        field.name
    );
    let span = spot.require_span(name, "");
    site.file.report(Code::NobodyFills, span, message, help);
}

fn is_filled(site: &Site<'_>, form: &Name, field: &Name) -> bool {
    let granted = site.workflow.states.iter().flat_map(|state| &state.edit);
    let mut things = granted.flat_map(|grant| &grant.things);
    let edited = things.any(|thing| match thing {
        Thing::Form(name) => name == form,
        Thing::Field(name, one) => name == form && one == field,
        Thing::Material(_) | Thing::Link(_) | Thing::Case => false,
    });
    edited || site.effects().any(|effect| sets(effect, form, field))
}

fn sets(effect: &Effect, form: &Name, field: &Name) -> bool {
    let Effect::Set(values) = effect else {
        return false;
    };
    values.iter().any(|value| match &value.place {
        Place::Whole(name) => name == form,
        Place::Field(name, one) => name == form && one == field,
    })
}

fn material(site: &Site<'_>, spot: &Spot<'_>, name: &Name) {
    let granted = site.workflow.states.iter().flat_map(|state| &state.edit);
    let mut things = granted.flat_map(|grant| &grant.things);
    if things.any(|thing| matches!(thing, Thing::Material(one) if one == name)) {
        return;
    }
    let message = format!("`{name}` is required, but nobody may ever upload it");
    let help = format!("add `{name}` or `materials` to an `edit`");
    let span = spot.require_span(name, "materials");
    site.file.report(Code::NobodyFills, span, message, help);
}
