//! Separation of duties.

use countersign_core::{
    expression::{Expect, Scope},
    name::Name,
    workflow::{Except, StateId},
};

use crate::{diagnostic::Code, vocabulary, yaml::Yaml};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn except(&self, yaml: &Yaml, from: StateId, scope: &Scope) -> Except {
        let section = self.file.keywords(yaml, &vocabulary::EXCEPT);
        let voted_in = section.get("voted_in");
        let voted_in = voted_in.map_or_else(Vec::new, |yaml| {
            let states = self.state_list(yaml, Some(from));
            self.check_voted_in(yaml, &states);
            states
        });
        let roles = section.get("roles").map_or(&[][..], Yaml::items);
        let people = section.get("people");
        Except {
            voted_in,
            took: section
                .get("took")
                .map_or_else(Vec::new, |yaml| self.action_list(yaml)),
            roles: roles
                .iter()
                .filter_map(|role| self.role_name(role)?.0)
                .collect(),
            people: people
                .and_then(|yaml| self.expression(yaml, scope, &Expect::People, "`people`")),
        }
    }

    /// Nobody votes in a state without a review in it or around it.
    pub(super) fn check_voted_in(&self, yaml: &Yaml, states: &[StateId]) {
        for (item, state) in yaml.items().iter().zip(states) {
            let path = &self.outline.get(*state).path;
            let mut inner = self.outline.states.iter();
            let voted = inner.any(|other| {
                let within = other.path == *path || other.path.starts_with(&format!("{path}."));
                within && self.outline.decisions_in(other.id).is_some()
            });
            if !voted {
                let message = format!("nobody votes in state `{path}`: it has no review");
                let help = "name a state with a `review`";
                self.file
                    .report(Code::OutsideReview, item.span, message, help);
            }
        }
    }

    /// Names of actions or decisions.
    pub(super) fn action_list(&self, yaml: &Yaml) -> Vec<Name> {
        let items = yaml.items().iter();
        items
            .filter_map(|item| {
                let word = self.file.word(item, "an action")?;
                if self.names.actions.contains(word) {
                    return Name::parse(word).ok();
                }
                let message = format!("there is no action or decision `{word}`");
                let known = self.names.actions.iter().map(String::as_str);
                self.file
                    .unknown(Code::NoSuchAction, item.span, message, word, known);
                None
            })
            .collect()
    }
}
