//! Reviews: who votes, what can be decided, and how many votes decide.

use countersign_core::{
    expression::{Expect, Scope},
    name::Name,
    workflow::{Decision, Members, Otherwise, Prefer, Review, SelfReview, StateId, Target, Votes},
};
use indexmap::IndexMap;

use crate::{
    diagnostic::Code,
    file::Section,
    vocabulary,
    yaml::{Entry, Kind, Scalar, Yaml},
};

use super::Lowering;

const SELF_REVIEW: [&str; 3] = ["never", "colleagues", "allowed"];

impl Lowering<'_> {
    pub(super) fn review(&self, entry: &Entry, state: StateId) -> Review {
        let section = self.file.keywords(&entry.value, &vocabulary::REVIEW);
        let scope = self.scope_of_action(Some(state));
        let panels = self.panels(section, state);
        let by = if section.get("panels").is_some() {
            let mut by: Vec<Name> = Vec::new();
            for role in panels.values().flat_map(|panel| &panel.by) {
                if !by.contains(role) {
                    by.push(role.clone());
                }
            }
            by
        } else {
            self.voters(section, entry, "the review")
        };
        let assign = section.get("assign");
        let covers = section.get("covers");
        Review {
            by,
            panels,
            assign: assign.and_then(|yaml| self.file.number(yaml, "`assign`", 1)),
            except: section
                .get("except")
                .map(|yaml| self.except(yaml, state, &scope)),
            self_review: section
                .get("self_review")
                .map_or_else(SelfReview::default, |yaml| self.self_review(yaml)),
            members: section
                .get("members")
                .map_or(Members::Live, |yaml| self.members(yaml)),
            prefer: section.get("prefer").map(|yaml| self.prefer(yaml, state)),
            decisions: self.decisions(section, entry, state),
            otherwise: section
                .get("otherwise")
                .and_then(|yaml| self.otherwise(yaml, state)),
            covers: covers.map(|yaml| self.things(yaml, false)),
            line: self.file.line(entry.key.span),
        }
    }

    /// The roles of `by`.
    pub(super) fn voters(&self, section: Section<'_>, entry: &Entry, what: &str) -> Vec<Name> {
        let Some(by) = section.get("by") else {
            self.file
                .missing(entry.key.span, "by", what, "by: deal_reviewer");
            return Vec::new();
        };
        let mut roles = Vec::new();
        for item in by.items() {
            match self.role_name(item) {
                Some((_, true)) => {
                    let help = "let a person's role vote; services take actions with `who: system`";
                    self.file
                        .report(Code::BadReview, item.span, "services cannot vote", help);
                }
                Some((role, false)) => roles.extend(role),
                None => {}
            }
        }
        roles
    }

    fn members(&self, yaml: &Yaml) -> Members {
        match self.file.word(yaml, "`members`") {
            Some("live") | None => Members::Live,
            Some("snapshot") => Members::Snapshot,
            Some(_) => {
                let message = "`members` is `live` or `snapshot`";
                self.file
                    .bad_value(yaml.span, message, "leave it out for `live`");
                Members::Live
            }
        }
    }

    /// `{ voted_in, took }`
    fn prefer(&self, yaml: &Yaml, state: StateId) -> Prefer {
        let section = self.file.keywords(yaml, &vocabulary::PREFER);
        let states = section.get("voted_in");
        let took = section.get("took");
        if yaml.is_map() && states.or(took).is_none() {
            let message = "`prefer` does not say whom";
            let help = "write `prefer: { voted_in: [review] }` or `prefer: { took: [check] }`";
            self.file.bad_value(yaml.span, message, help);
        }
        Prefer {
            voted_in: states.map_or_else(Vec::new, |yaml| {
                let states = self.state_list(yaml, Some(state));
                self.check_voted_in(yaml, &states);
                states
            }),
            took: took.map_or_else(Vec::new, |yaml| self.action_list(yaml)),
        }
    }

    fn self_review(&self, yaml: &Yaml) -> SelfReview {
        match self.file.word(yaml, "`self_review`") {
            Some("never") | None => SelfReview::Never,
            Some("colleagues") => SelfReview::Colleagues,
            Some("allowed") => SelfReview::Allowed,
            Some(other) => {
                let message = format!("`self_review` cannot be `{other}`");
                self.file.unknown(
                    Code::BadValue,
                    yaml.span,
                    message,
                    other,
                    SELF_REVIEW.into_iter(),
                );
                SelfReview::Never
            }
        }
    }

    fn decisions(
        &self,
        section: Section<'_>,
        entry: &Entry,
        state: StateId,
    ) -> IndexMap<Name, Decision> {
        let Some(yaml) = section.get("decisions") else {
            let example = "decisions: { approve: { to: approved } }";
            self.file
                .missing(entry.key.span, "decisions", "the review", example);
            return IndexMap::new();
        };
        let named = self.file.named(yaml, "`decisions`");
        if named.is_empty() && yaml.entries().is_empty() && yaml.is_map() {
            let message = "a review has at least one decision";
            self.file
                .bad_value(yaml.span, message, "add one: `approve: { to: approved }`");
        }
        named
            .into_iter()
            .map(|(name, entry)| (name.clone(), self.decision(name, entry, section, state)))
            .collect()
    }

    fn decision(&self, name: Name, entry: &Entry, review: Section<'_>, state: StateId) -> Decision {
        let section = self.file.keywords(&entry.value, &vocabulary::DECISION);
        let scope = self.scope_of_action(Some(state));
        let action = self.action(name, entry, section, state);
        let votes = section.get("votes");
        let votes = votes.map_or(Votes::Number(1), |yaml| self.votes(yaml, &scope));
        if matches!(votes, Votes::Recorded) && !matches!(action.target, Target::Stay) {
            let message = "a `recorded` decision never happens, so it leads nowhere";
            let help = "delete `to`; another action may ask how many recorded it";
            let span = section
                .entry("to")
                .or(section.entry("resume"))
                .map_or(entry.key.span, |entry| entry.key.span);
            self.file
                .report(Code::ExclusiveKeywords, span, message, help);
        }
        let panels = self.agreement(section);
        if let (Some(any), None) = (section.entry("panels"), review.get("panels")) {
            let message = "the review has no panels";
            let help = "delete `panels` here, or give the review `panels`";
            self.file
                .report(Code::ExclusiveKeywords, any.key.span, message, help);
        }
        Decision {
            action,
            votes,
            panels,
        }
    }

    pub(super) fn votes(&self, yaml: &Yaml, scope: &Scope) -> Votes {
        if let Some(Kind::Int(_)) = yaml.scalar().map(Scalar::kind) {
            return Votes::Number(self.file.number(yaml, "`votes`", 1).unwrap_or(1));
        }
        match yaml.scalar().map(|scalar| scalar.text.as_str()) {
            Some("all") => Votes::All,
            Some("majority") => Votes::Majority,
            Some("recorded") => Votes::Recorded,
            Some(_) | None => self
                .expression(yaml, scope, &Expect::Votes, "`votes`")
                .map_or(Votes::Number(1), Votes::Reckoned),
        }
    }

    /// `{ to, do }`
    fn otherwise(&self, yaml: &Yaml, state: StateId) -> Option<Otherwise> {
        let section = self.file.keywords(yaml, &vocabulary::OTHERWISE);
        let scope = self.scope_of_state(Some(state));
        let effects = self.effects(section.get("do"), &scope);
        let Some(to) = section.get("to") else {
            if yaml.is_map() {
                let span = yaml.span.first(self.file.text());
                self.file
                    .missing(span, "to", "`otherwise`", "otherwise: { to: sign_off }");
            }
            return None;
        };
        let to = self.choice(to, Some(state), &scope)?;
        Some(Otherwise { effects, to })
    }
}
