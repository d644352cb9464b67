//! What the scenarios of a file show of good values, and the numbers at which its workflow changes its mind.

use countersign_core::{
    command::Patch,
    explore::Known,
    expression::Expression,
    name::Name,
    workflow::{Amount, Choice, Target, Votes, Workflow},
};

use crate::scenario::suite::{Does, Suite};

/// What is known of good values.
pub(super) fn known(suite: &Suite) -> Known {
    let steps = suite.scenarios.iter().flat_map(|scenario| &scenario.steps);
    let mut known = Known {
        forms: Vec::new(),
        numbers: numbers(&suite.workflow),
    };
    for step in steps {
        match &step.does {
            Does::Open(opens) => add(&mut known, &opens.data),
            Does::Act(acts) => add(&mut known, &acts.data),
            Does::Edit(edits) => add(&mut known, &edits.data),
            Does::Migrate(migrates) => add(&mut known, &migrates.data),
            Does::Comment(_)
            | Does::TakeBack(..)
            | Does::Hold(..)
            | Does::Resume(..)
            | Does::Move(_)
            | Does::Turn(..)
            | Does::Wait(_)
            | Does::WaitUntil(_)
            | Does::Set(_) => {}
        }
    }
    known
}

fn add(known: &mut Known, data: &Patch) {
    for (form, values) in data {
        let filled = Name::parse(form).ok().zip(values.as_object());
        let filled = filled.map(|(form, values)| (form, values.clone()));
        known
            .forms
            .extend(filled.filter(|filled| !known.forms.contains(filled)));
    }
}

/// The whole numbers that expressions of a workflow name.
fn numbers(workflow: &Workflow) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut read = |expression: &Expression| {
        let words = expression.source().split(|c: char| !c.is_alphanumeric());
        let found = words.filter_map(|word| word.parse::<i64>().ok());
        numbers.extend(found.filter(|number| *number > 1));
    };
    for rule in workflow.rules.values() {
        read(&rule.check);
    }
    for limit in workflow.limits.values() {
        if let Amount::Reckoned(count) = &limit.count {
            read(count);
        }
    }
    let choices = |choice: &Choice, read: &mut dyn FnMut(&Expression)| {
        choice.conditional.values().for_each(read);
    };
    for state in workflow.states.iter() {
        for action in state.actions.values() {
            action.when.iter().for_each(&mut read);
            if let Target::To(choice) = &action.target {
                choices(choice, &mut read);
            }
        }
        let review = state.review.iter();
        for decision in review.flat_map(|review| review.decisions.values()) {
            if let Votes::Reckoned(votes) = &decision.votes {
                read(votes);
            }
            if let Target::To(choice) = &decision.action.target {
                choices(choice, &mut read);
            }
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
