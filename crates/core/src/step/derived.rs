//! Fields that are reckoned from others (rule 18): after each write, in document order. Nobody acts in them (rule 5).

use crate::{
    case::{Actor, Case},
    expression::Failure,
    history::Change,
    reading::Reading,
    sight::Sight,
    time::Time,
    workflow::Workflow,
};

/// What came of reckoning derived fields.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    /// Those that are another now.
    pub changes: Vec<Change>,
    /// Those that cannot be reckoned, and why.
    pub failed: Vec<(String, Failure)>,
}

/// Reckons the derived fields of a case anew. One that cannot be reckoned is empty.
pub(crate) fn derive(
    workflow: &Workflow,
    case: &mut Case,
    reading: &Reading<'_>,
    now: Time,
) -> Derived {
    let mut derived = Derived::default();
    for form in workflow.forms.values().filter(|form| !form.each_reviewer) {
        for (name, field) in &form.fields {
            let Some(expression) = &field.derived else {
                continue;
            };
            let at = format!("{}.{name}", form.name);
            let sight = Sight::new(workflow, case, reading, now, &Actor::Machine);
            let value = expression.evaluate(&sight).map(|value| value.to_json());
            let values = case.content.forms.entry(form.name.clone()).or_default();
            let was = match value {
                Ok(value) if !value.is_null() => values.insert(name.to_string(), value),
                Ok(_) => values.shift_remove(name.as_str()),
                Err(failure) => {
                    derived.failed.push((at.clone(), failure));
                    values.shift_remove(name.as_str())
                }
            };
            let now = values.get(name.as_str()).cloned();
            if was != now {
                derived.changes.push(Change {
                    at,
                    was: was.unwrap_or_default(),
                    now: now.unwrap_or_default(),
                });
            }
        }
    }
    derived
}
