//! What a step will probably read, said beforehand so that a batch is loaded at once. A guess: whatever it leaves out
//! is asked for by the step itself, whatever it has too much is loaded in vain.

use crate::{
    case::{Actor, Case, GroupId},
    command::{Command, Opening, Patch},
    context::{FactKey, Needs},
    form,
    workflow::{Action, Review, RoleIs, StateId, States, Workflow},
};

/// What a command on this case will probably read.
pub fn needs(workflow: &Workflow, case: &Case, command: &Command, actor: &Actor) -> Needs {
    let mut needs = of_case(workflow, case);
    if let Some(person) = actor.person() {
        needs.people.insert(person.id.clone());
    }
    let data = match command {
        Command::Act(act) => Some(&act.data),
        Command::Edit { data } => Some(data),
        _ => None,
    };
    if let Some(data) = data {
        needs.lists.extend(form::lists(workflow, data));
    }
    if matches!(command, Command::FireTimers) {
        // Several may fire one after the other, each in a state that the one before led to.
        for role in workflow.roles.values() {
            needs.groups.extend(group_of(&role.is));
        }
    }
    for state in reached(&workflow.states, case) {
        if let Some(review) = &workflow.states.get(state).review {
            review_needs(workflow, review, &mut needs);
        }
    }
    needs
}

/// What opening a case will probably read.
pub fn opening_needs(workflow: &Workflow, opening: &Opening, actor: &Actor) -> Needs {
    let mut needs = Needs::default();
    needs.lists.extend(form::lists(workflow, &opening.data));
    if let Some(then) = &opening.then {
        needs
            .lists
            .extend(form::lists(workflow, &then.data as &Patch));
    }
    needs.cases.extend(opening.links.values().copied());
    if let Some(parent) = &opening.parent {
        needs.cases.insert(parent.case);
        needs.people.extend(parent.starter.clone());
        if let Some(partner) = &parent.partner {
            partner_needs(workflow, partner, &mut needs);
        }
    }
    needs.people.extend(opening.on_behalf_of.clone());
    if let Some(person) = actor.person() {
        needs.people.insert(person.id.clone());
        if let Some(partner) = &person.partner {
            partner_needs(workflow, partner, &mut needs);
        }
    }
    needs
}

fn of_case(workflow: &Workflow, case: &Case) -> Needs {
    let mut needs = Needs::default();
    needs.people.extend(case.starter.clone());
    needs.cases.extend(case.content.links.values().copied());
    let ends_with = case.parent.iter().filter(|parent| !parent.keep);
    needs.cases.extend(ends_with.map(|parent| parent.case));
    needs
        .cases
        .extend(case.children.iter().map(|child| child.case));
    if let Some(partner) = &case.partner {
        partner_needs(workflow, partner, &mut needs);
    }
    needs
}

fn partner_needs(workflow: &Workflow, partner: &crate::case::PartnerId, needs: &mut Needs) {
    needs.partners.insert(partner.clone());
    if let Some((kind, _)) = workflow.surroundings.facts.get_key_value("partner") {
        needs.facts.insert(FactKey {
            kind: kind.clone(),
            subject: partner.to_string(),
        });
    }
}

/// The states around the case, and those that one step may lead to.
fn reached(states: &States, case: &Case) -> Vec<StateId> {
    let active = case.states(states);
    let mut found: Vec<StateId> = active.iter().map(|state| state.id).collect();
    let targets = |action: &Action| match &action.target {
        crate::workflow::Target::Stay => Vec::new(),
        crate::workflow::Target::To(choice) => choice.states().collect(),
        crate::workflow::Target::Resume(outer) => {
            let last = case.last_inner.get(&states.get(*outer).path);
            last.and_then(|path| states.find(path.as_str()))
                .map(|state| state.id)
                .into_iter()
                .collect()
        }
    };
    let mut led = Vec::new();
    for state in active {
        led.extend(state.actions.values().flat_map(targets));
        let decisions = state
            .review
            .iter()
            .flat_map(|review| review.decisions.values());
        led.extend(decisions.flat_map(|decision| targets(&decision.action)));
    }
    while let Some(state) = led.pop() {
        let leaf = states.tree().leaf_of(state);
        found.extend(states.tree().path(leaf));
        led.extend(states.tree().tracks(leaf));
    }
    found
}

fn review_needs(workflow: &Workflow, review: &Review, needs: &mut Needs) {
    let roles = review.by.iter().filter_map(|role| workflow.roles.get(role));
    needs
        .groups
        .extend(roles.filter_map(|role| group_of(&role.is)));
}

fn group_of(role: &RoleIs) -> Option<GroupId> {
    match role {
        RoleIs::Group(group) | RoleIs::Partner { group: Some(group) } => Some(group.clone()),
        RoleIs::Starter
        | RoleIs::Partner { group: None }
        | RoleIs::LinkHolder { .. }
        | RoleIs::Groups(_)
        | RoleIs::Person(_)
        | RoleIs::Relation(_) => None,
    }
}
