//! Which cases fit where a case that is to be opened belongs to another one: those that whoever opens it sees, and that
//! the link takes. Not for links that find their cases themselves.

use std::collections::BTreeSet;

use countersign_core::{
    case::Actor,
    reading::Reading,
    step,
    workflow::{Link, Workflow},
};

use super::show_case::dry_run;
use crate::{
    Engine, Error, Scene,
    ports::{
        reader::{CaseQuery, CaseRow},
        store::Caller,
    },
};

/// More cases than this are not offered for one link.
const OFFERED_MOST: u32 = 200;

/// The cases that fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fitting {
    /// The newest first.
    pub cases: Vec<CaseRow>,
    /// Whether there may be more than these.
    pub more: bool,
}

impl Engine {
    /// The cases that a person may pick for this link when opening a case of this workflow.
    pub async fn fitting(
        &self,
        caller: &Caller,
        workflow: &Workflow,
        link: &Link,
    ) -> Result<Fitting, Error> {
        let Caller::Person(person) = caller else {
            return Err(Error::NotAllowed);
        };
        let mut fitting = Fitting::default();
        let states = link.states.iter().map(|state| Some(state.to_string()));
        let mut states: Vec<Option<String>> = states.collect();
        if states.is_empty() {
            states.push(None);
        }
        for state in states {
            let query = CaseQuery {
                workflow: Some(link.workflow.clone()),
                state,
                limit: OFFERED_MOST,
                ..CaseQuery::default()
            };
            let page = self.cases(caller, &query).await?;
            fitting.more |= page.next_cursor.is_some();
            fitting.cases.extend(page.items);
        }
        fitting.cases.sort_by_key(|row| std::cmp::Reverse(row.id));
        fitting.cases.dedup_by_key(|row| row.id);
        let actor = Actor::Person(person.clone());
        let nothing = Scene {
            case: None,
            workflow: None,
            receipt: None,
            actor: actor.clone(),
            inputs: std::sync::Arc::default(),
            now: self.now(),
            rendered: None,
        };
        let ids = fitting.cases.iter().map(|row| row.id);
        let ids: Vec<_> = ids.collect();
        let fits = |scene: &Scene| {
            let reading = Reading::new(&scene.inputs, &actor).at(scene.now);
            let context = dry_run(scene);
            let fits = |id| step::fits(workflow, link, id, &context, &reading);
            let fit: BTreeSet<_> = ids.iter().copied().filter(|id| fits(*id)).collect();
            if reading.is_complete() {
                Ok(fit)
            } else {
                Err(reading.missing())
            }
        };
        let fit = self.fill(nothing, fits).await?;
        fitting.cases.retain(|row| fit.contains(&row.id));
        Ok(fitting)
    }
}
