//! Who is named by computed roles: groups and people that an expression gives, and relations of the directory. An
//! expression that fails names nobody. Who has a role by it is `role`'s.

use crate::{
    case::{Actor, Case, GroupId, PersonId},
    expression::{Expression, Value},
    reading::Reading,
    sight::Sight,
    workflow::{Relation, Workflow},
};

/// The groups that an expression names, each once, in this order.
pub(super) fn groups(
    workflow: &Workflow,
    case: &Case,
    expression: &Expression,
    reading: &Reading<'_>,
) -> Vec<GroupId> {
    let value = reckoned(workflow, case, expression, reading);
    let named = match &value {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    let mut groups = Vec::new();
    for name in named.into_iter().filter(|name| !name.is_empty()) {
        let group = GroupId::new(name);
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// The people that an expression names.
pub(super) fn people(
    workflow: &Workflow,
    case: &Case,
    expression: &Expression,
    reading: &Reading<'_>,
) -> Vec<PersonId> {
    let value = reckoned(workflow, case, expression, reading);
    value.map_or_else(Vec::new, |value| Sight::people(&value))
}

/// Whoever stands so to the people from whom the relation goes.
pub(super) fn related(
    workflow: &Workflow,
    case: &Case,
    relation: &Relation,
    reading: &Reading<'_>,
) -> Vec<PersonId> {
    let mut people = people(workflow, case, &relation.of, reading);
    for attribute in &relation.attributes {
        let known = people.iter().filter_map(|person| reading.person(person));
        people = known.flat_map(|person| person.related(attribute)).collect();
    }
    people
}

/// What a role's expression gives. It reads neither the clock nor who acts, so any moment and actor will do.
fn reckoned(
    workflow: &Workflow,
    case: &Case,
    expression: &Expression,
    reading: &Reading<'_>,
) -> Option<Value> {
    let sight = Sight {
        without_ballot: true,
        ..Sight::new(workflow, case, reading, case.opened_at, &Actor::Machine)
    };
    expression.evaluate(&sight).ok()
}
