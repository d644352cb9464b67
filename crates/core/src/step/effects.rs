//! Effects: `set` before the way on is chosen, the others after the exits. Mails and hook calls wait until the
//! move is over, so that they tell where the case is then. Making them is `letters`'.

use serde_json::{Map, json};

use crate::{
    case::{AwaitedAnswer, Case, DeliveryId, Fallen},
    command::Patch,
    form,
    history::What,
    name::Name,
    outcome::{Content, Hook, Missing, NewDelivery, Refusal},
    text::Text,
    workflow::{Effect, Place, SetValue, State},
};

use super::{letters::Deferred, run::Run, seal::Draft};

impl<'a> Run<'a> {
    /// Carries out all effects but `set`.
    pub fn effects(&mut self, effects: &'a [Effect], state: &'a State) {
        for effect in effects {
            match effect {
                Effect::Set(_) => {}
                Effect::Notify(message) => {
                    let at = state.id;
                    self.deferred.push(Deferred::Mail { message, at });
                }
                Effect::Open(name) => {
                    if let Some(children) = self.workflow.children.get(name) {
                        self.open_children(children);
                    }
                }
                Effect::Call(hook) => self.deferred.push(Deferred::Call { hook, state }),
                Effect::Void { of, by } => {
                    let by = by.as_ref().map(|by| self.people(by));
                    self.void(of, by.as_deref());
                }
                Effect::AddReviewers(role) => self.add_reviewers(role),
                Effect::CancelLinks => self.case.mail_links.clear(),
            }
        }
    }

    /// Writes what `set` says, in the order written. The result is checked like a draft.
    pub fn write_values(&mut self, effects: &'a [Effect]) -> Result<(), Refusal> {
        for effect in effects {
            let Effect::Set(values) = effect else {
                continue;
            };
            for value in values {
                self.write_value(value).map_err(Refusal::Missing)?;
            }
        }
        Ok(())
    }

    /// The same where nobody can be refused: what cannot be written is an incident.
    pub fn write_values_or_tell(&mut self, effects: &'a [Effect]) {
        if let Err(refusal) = self.write_values(effects) {
            let cause = format!("set {refusal:?}");
            let message = Text::new("A value could not be set.", "无法写入设定的值。");
            self.incident(cause, "set_failed", message);
        }
    }

    fn write_value(&mut self, set: &SetValue) -> Result<(), Vec<Missing>> {
        let Some(value) = self.value(&set.value) else {
            let message = Text::new(
                "The value to set could not be reckoned.",
                "无法计算要写入的值。",
            );
            let at = set.place.clone();
            return Err(vec![Missing {
                name: at.to_string(),
                message,
                at: Some(at),
            }]);
        };
        let value = value.to_json();
        let mut patch = Patch::new();
        match &set.place {
            Place::Whole(form) => patch.insert(form.to_string(), value),
            Place::Field(form, field) => {
                let form_patch = Map::from_iter([(field.to_string(), value)]);
                patch.insert(form.to_string(), form_patch.into())
            }
        };
        let changes = form::apply(
            self.workflow,
            &mut self.case.content,
            &patch,
            None,
            self.reading,
        )?;
        self.changed(&changes);
        Ok(())
    }

    /// Takes actions and votes back, those of everybody or of these people.
    fn void(&mut self, of: &[Name], by: Option<&[crate::case::PersonId]>) {
        let meant = |doer: Option<&crate::case::PersonId>| match by {
            None => true,
            Some(people) => doer.is_some_and(|doer| people.contains(doer)),
        };
        let Case { taken, ballots, .. } = &mut self.case;
        let mut fell = Vec::new();
        for taken in taken.iter_mut().filter(|taken| taken.fallen.is_none()) {
            if of.contains(&taken.action) && meant(taken.by.person()) {
                taken.fallen = Some(Fallen::Voided);
                fell.push(taken.action.clone());
            }
        }
        for vote in ballots
            .iter_mut()
            .filter(|ballot| ballot.decided.is_none())
            .flat_map(|ballot| &mut ballot.votes)
        {
            if vote.stands() && of.contains(&vote.decision) && meant(Some(&vote.by)) {
                vote.fallen = Some(Fallen::Voided);
                fell.push(vote.decision.clone());
            }
        }
        fell.dedup();
        for action in fell {
            self.write(
                Draft::of(What::Voided)
                    .about(&action)
                    .with(json!({ "why": "voided" })),
            );
        }
    }

    /// Calls a hook; its answer counts in the visit of `state`.
    pub fn call(&mut self, hook: &Name, state: &State) {
        let id = DeliveryId(self.new_delivery_id("hook"));
        let path = state.path.clone();
        let visit = self.case.visits_of(path.as_str());
        if self.is_running() {
            self.case.awaited.push(AwaitedAnswer {
                delivery: id,
                state: path.clone(),
                visit,
            });
        }
        let forms = serde_json::to_value(&self.case.content.forms).unwrap_or_default();
        let content = Content::Hook(Hook {
            hook: hook.clone(),
            called_at: self.now,
            state: path,
            visit,
            forms,
        });
        self.deliveries.push(NewDelivery { id, content });
    }
}
