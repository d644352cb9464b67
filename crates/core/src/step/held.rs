//! Taking places in limits (rules 43, 44): `within` with the step that requires it, `while` with the states that the
//! case is in. What a place costs is reckoned in `limits`.

use std::collections::BTreeMap;

use crate::{
    case::HeldPlace,
    context::LimitKey,
    limits::{self, Places},
    name::Name,
    outcome::{LimitChange, PlaceChange, Refusal},
    workflow::Window,
};

use super::run::Run;

impl Run<'_> {
    /// A step was taken: it counts from now on, and is never given back.
    pub fn count_places(&mut self, places: Places) {
        let change = PlaceChange::Counted {
            amount: places.adds,
            at: self.now,
        };
        self.limits.extend(
            places
                .keys
                .into_iter()
                .map(|key| LimitChange { key, change }),
        );
    }

    /// Takes, moves and releases the places that the case holds while it is in certain states. A step that would
    /// exceed a limit is refused; of one that nobody gives, the caller makes an incident.
    pub fn hold_places(&mut self) -> Result<(), Refusal> {
        let mut wanted: BTreeMap<(Name, String), (LimitKey, i64)> = BTreeMap::new();
        let mut over = Vec::new();
        for limit in self.workflow.limits.values() {
            let Window::While(states) = &limit.window else {
                continue;
            };
            if !limits::holds(self.workflow, &self.case, states) {
                continue;
            }
            let place = format!("limits.{}", limit.name);
            let Some(places) = self.or_wait(&place, limits::places(&self.sight(), limit)) else {
                continue;
            };
            let before = |key: &LimitKey| {
                let held = self
                    .case
                    .held
                    .iter()
                    .find(|held| held.limit == limit.name && held.key == key.key);
                held.map_or(0, |held| held.amount)
            };
            let grown = places
                .keys
                .iter()
                .filter(|key| places.adds > before(key))
                .cloned()
                .collect();
            let grown = Places {
                keys: grown,
                ..places
            };
            if !limits::has_room(&self.sight(), &grown) {
                over.push(limit.name.clone());
            }
            for key in places.keys {
                wanted.insert((limit.name.clone(), key.key.clone()), (key, places.adds));
            }
        }
        if !over.is_empty() {
            let over = over.iter().map(|name| self.over(name));
            return Err(Refusal::Missing(over.collect()));
        }
        self.replace_held(wanted);
        Ok(())
    }

    fn replace_held(&mut self, wanted: BTreeMap<(Name, String), (LimitKey, i64)>) {
        let before = std::mem::take(&mut self.case.held);
        for held in &before {
            if !wanted.contains_key(&(held.limit.clone(), held.key.clone())) {
                let key = LimitKey {
                    workflow: self.workflow.id.clone(),
                    limit: held.limit.clone(),
                    key: held.key.clone(),
                    since: None,
                };
                self.limits.push(LimitChange {
                    key,
                    change: PlaceChange::Released,
                });
            }
        }
        for ((limit, key), (limit_key, amount)) in wanted {
            let held = HeldPlace { limit, key, amount };
            if !before.contains(&held) {
                self.limits.push(LimitChange {
                    key: limit_key,
                    change: PlaceChange::Held { amount },
                });
            }
            self.case.held.push(held);
        }
    }
}
