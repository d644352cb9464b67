//! Who was away in a recorded story: whoever somebody acted for although the turn had not been handed over.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use countersign_core::{
    case::PersonId,
    history::{SealedEntry, What},
    time::Time,
};
use serde_json::{Map, Value as Json, json};

use super::{Recorded, Untellable, told::local};

/// Somebody's absence, as far as the case tells of it.
pub(super) struct Away {
    substitute: PersonId,
    from: Time,
    until: Time,
}

impl Away {
    /// Writes it beside what else is told of the person.
    pub(super) fn tell(&self, members: &mut Map<String, Json>, recorded: &Recorded<'_>) {
        let at = |time: Time| local(time, recorded.workflow);
        members.insert(
            "away".to_owned(),
            json!({ "from": at(self.from), "until": at(self.until) }),
        );
        members.insert("substitute".to_owned(), json!(self.substitute));
    }
}

/// Everybody who was away, by id. A story knows one substitute of each: with a second one it cannot be told.
pub(super) fn away(recorded: &Recorded<'_>) -> Result<BTreeMap<PersonId, Away>, Untellable> {
    let mut all: BTreeMap<PersonId, Away> = BTreeMap::new();
    for (index, sealed) in recorded.history.iter().enumerate() {
        let (at, before) = (sealed.entry.recorded_at, &recorded.history[..index]);
        for (of, by) in steps(sealed) {
            if before.iter().any(|sealed| handed(sealed, &of, &by)) {
                continue;
            }
            let until = at + TimeDelta::seconds(1);
            let known = all.entry(of).or_insert_with(|| Away {
                substitute: by.clone(),
                from: at,
                until,
            });
            if known.substitute != by {
                return Err(Untellable::NoWords {
                    entry: sealed.entry.entry,
                    what: sealed.entry.what,
                });
            }
            known.until = known.until.max(until);
        }
    }
    Ok(all)
}

/// In whose place somebody acted, first the one whose turn it was.
pub(super) fn owners(sealed: &SealedEntry) -> impl Iterator<Item = PersonId> {
    let owners = sealed.personal.detail.get("instead_of");
    let owners = owners.and_then(Json::as_array).into_iter().flatten();
    owners.filter_map(Json::as_str).map(PersonId::new)
}

/// Who stood in for whom, one by one.
fn steps(sealed: &SealedEntry) -> Vec<(PersonId, PersonId)> {
    let mut way: Vec<PersonId> = owners(sealed).collect();
    way.extend(sealed.entry.actor.person().cloned());
    let pairs = way.windows(2);
    pairs
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

/// Whether an entry tells that one handed the turn to the other.
fn handed(sealed: &SealedEntry, from: &PersonId, to: &PersonId) -> bool {
    let is = |word: &str, who: &PersonId| {
        let named = sealed.personal.detail.get(word).and_then(Json::as_str);
        named == Some(who.as_str())
    };
    matches!(sealed.entry.what, What::Delegated | What::Reassigned)
        && is("from", from)
        && is("to", to)
}
