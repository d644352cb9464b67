//! What a step expects: `then` and `refused`.

use std::collections::BTreeSet;

use countersign_core::{
    name::Name,
    workflow::{Effect, End, Workflow},
};

use crate::{
    diagnostic::Code,
    nearest::{did_you_mean, listed},
    scenario::suite::{Ask, Expectation, Refused, Seen, Wants},
    source::Span,
    yaml::{Data, Entry, Yaml},
};

use super::{Reader, unique};

/// The keywords of `then`, besides `… sees`.
pub(in crate::scenario) const THEN: [&str; 14] = [
    "state", "tracks", "round", "mail", "sent", "called", "due", "votes", "to_fix", "end",
    "overdue", "may", "may_not", "children",
];

/// Reasons for a refusal that are no names of the workflow.
pub(in crate::scenario) const REASONS: [&str; 14] = [
    "who",
    "not_here",
    "when",
    "except",
    "voted",
    "link",
    "confirm",
    "code",
    "comment",
    "replies",
    "not_found",
    "on_hold",
    "partner",
    "to",
];

impl Reader<'_> {
    pub(super) fn refused(&self, yaml: &Yaml) -> Option<Refused> {
        let reasons = self.reasons(yaml);
        if reasons.is_empty() {
            let help = "for example `refused: who`; leave the line out where nothing is refused";
            self.file
                .bad_value(yaml.span, "`refused` says why, and here is nothing", help);
            return None;
        }
        Some(Refused {
            span: yaml.span,
            reasons,
        })
    }

    fn reasons(&self, yaml: &Yaml) -> BTreeSet<String> {
        let reasons = yaml.items().iter().filter_map(|reason| {
            let text = self.file.word(reason, "a reason")?;
            let known = || {
                let names = requirable(self.workflow).map(Name::as_str);
                unique(REASONS.into_iter().chain(names))
            };
            if !known().any(|name| name == text) {
                let message = format!("nothing called `{text}` can be a reason for a refusal");
                let span = reason.span;
                self.file
                    .unknown(Code::NotRequirable, span, message, text, known());
            }
            Some(text.to_owned())
        });
        reasons.collect()
    }

    pub(super) fn expectations(&self, yaml: &Yaml) -> Vec<Expectation> {
        let mut wants = Vec::new();
        for entry in self.file.mapping(yaml, "`then`") {
            self.expectation(entry, &mut wants);
        }
        wants
    }

    fn expectation(&self, entry: &Entry, into: &mut Vec<Expectation>) {
        let (key, yaml) = (entry.key.text.as_str(), &entry.value);
        let one = |wants: Option<Wants>| -> Vec<(Span, Wants)> {
            wants.map(|wants| (yaml.span, wants)).into_iter().collect()
        };
        let found: Vec<(Span, Wants)> = match key {
            "state" => one(self.state(yaml, self.workflow).map(Wants::State)),
            "round" => one(self.file.number(yaml, "`round`", 1).map(Wants::Round)),
            "mail" => one(Some(Wants::Mail(self.receivers(yaml)))),
            "sent" => self.sent(yaml),
            "called" => one(Some(Wants::Called(self.hooks(yaml)))),
            "due" if yaml.is_null() => one(Some(Wants::Due(None))),
            "due" => one(self
                .local_time(yaml, "`due`")
                .map(|due| Wants::Due(Some(due)))),
            "votes" => self.votes(yaml),
            "to_fix" => one(Some(Wants::ToFix(self.places(yaml)))),
            "end" => one(self.end(yaml)),
            "overdue" => one(Some(Wants::Overdue(self.file.truth(yaml, "`overdue`")))),
            "children" => self.expected_children(yaml),
            "may" => self.may(yaml),
            "may_not" => self.may_not(yaml),
            "tracks" => self.tracks(yaml),
            _ => self.sight(entry),
        };
        into.extend(found.into_iter().map(|(span, wants)| Expectation {
            span,
            key: key.to_owned(),
            wants,
        }));
    }

    /// `pat sees: […]`, `pat does not see: […]`
    fn sight(&self, entry: &Entry) -> Vec<(Span, Wants)> {
        let (key, span) = (entry.key.text.as_str(), entry.key.span);
        let (who, what) = key.split_once(' ').unwrap_or((key, ""));
        let sees = match what {
            "sees" => true,
            "does not see" => false,
            _ => {
                let message = format!("unknown keyword `{key}` in `then`");
                let help = did_you_mean(key, THEN.into_iter())
                    .unwrap_or_else(|| format!("allowed here: {}", listed(&THEN)));
                self.file.report(Code::UnknownKeyword, span, message, help);
                return Vec::new();
            }
        };
        if !self.people.contains_key(who) {
            let span = Span::new(span.start, span.end.min(span.start + who.len()));
            self.unknown_person(who, span);
            return Vec::new();
        }
        let things = entry.value.items().iter().filter_map(|thing| {
            let text = self.file.word(thing, "something of the case")?;
            let wants = Wants::Sees {
                person: who.to_owned(),
                thing: self.seen(text, thing.span)?,
                sees,
            };
            Some((thing.span, wants))
        });
        things.collect()
    }

    fn receivers(&self, yaml: &Yaml) -> BTreeSet<String> {
        let receivers = yaml.items().iter().filter_map(|receiver| {
            let text = self.file.word(receiver, "a person")?;
            if !text.contains('@') {
                return self.person_named(receiver);
            }
            let mut people = self.people.iter();
            let known = people.find(|(_, person)| person.person.email.eq_ignore_ascii_case(text));
            Some(known.map_or_else(|| text.to_lowercase(), |(name, _)| name.clone()))
        });
        receivers.collect()
    }

    fn sent(&self, yaml: &Yaml) -> Vec<(Span, Wants)> {
        let messages = &self.workflow.messages;
        let entries = self.file.mapping(yaml, "`sent`").iter();
        entries
            .filter_map(|entry| {
                let text = entry.key.text.as_str();
                let Some((message, _)) = messages.get_key_value(text) else {
                    let said = format!("there is no message `{text}`");
                    let known = messages.keys().map(Name::as_str);
                    let span = entry.key.span;
                    self.file
                        .unknown(Code::NoSuchMessage, span, said, text, known);
                    return None;
                };
                let number = self.file.number(&entry.value, "a number of sendings", 0)?;
                Some((entry.value.span, Wants::Sent(message.clone(), number)))
            })
            .collect()
    }

    fn hooks(&self, yaml: &Yaml) -> Vec<String> {
        let hooks = yaml.items().iter().filter_map(|hook| {
            let text = self.file.word(hook, "a hook")?;
            let known = || unique(hooks_of(self.workflow).map(Name::as_str));
            if !known().any(|name| name == text) {
                let message = format!("the workflow calls no hook `{text}`");
                self.file
                    .unknown(Code::NoSuchThing, hook.span, message, text, known());
            }
            Some(text.to_owned())
        });
        let mut hooks: Vec<String> = hooks.collect();
        hooks.sort();
        hooks
    }

    fn places(&self, yaml: &Yaml) -> BTreeSet<String> {
        let places = yaml.items().iter().filter_map(|place| {
            let text = self.file.word(place, "a place")?;
            self.seen(text, place.span)
                .map(|seen: Seen| seen.to_string())
        });
        places.collect()
    }

    fn end(&self, yaml: &Yaml) -> Option<Wants> {
        if yaml.is_null() {
            return Some(Wants::End(None));
        }
        let text = self.file.word(yaml, "`end`")?;
        let ends = [End::Success, End::Failure, End::Neutral];
        let end = ends.into_iter().find(|end| end.as_str() == text);
        if end.is_none() {
            let message = format!("a case does not end in `{text}`");
            let help = "write `success`, `failure` or `neutral`, or `null` while it runs";
            self.file.bad_value(yaml.span, message, help);
        }
        end.map(|end| Wants::End(Some(end)))
    }

    fn may(&self, yaml: &Yaml) -> Vec<(Span, Wants)> {
        let asks = yaml.items().iter().filter_map(|item| {
            let ask = match &item.data {
                // `[ rita: approve ]` reads as well as `[ rita approve ]`.
                Data::Map(entries) if entries.len() == 1 => {
                    let action = self.file.word(&entries[0].value, "an action")?;
                    let key = &entries[0].key;
                    self.ask(&format!("{} {action}", key.text), key.span)?
                }
                Data::Map(_) | Data::Scalar(_) | Data::List(_) => {
                    self.ask(self.file.word(item, "a person")?, item.span)?
                }
            };
            Some((item.span, Wants::May(ask)))
        });
        asks.collect()
    }

    fn may_not(&self, yaml: &Yaml) -> Vec<(Span, Wants)> {
        let entries = self.file.mapping(yaml, "`may_not`").iter();
        entries
            .filter_map(|entry| {
                let ask = self.ask(&entry.key.text, entry.key.span)?;
                let reasons = self.reasons(&entry.value);
                Some((entry.value.span, Wants::MayNot(ask, reasons)))
            })
            .collect()
    }

    /// `rita`, or `rita approve`.
    fn ask(&self, text: &str, span: Span) -> Option<Ask> {
        let (who, action) = match text.split_once(' ') {
            Some((who, action)) => (who, Some(action.trim())),
            None => (text, None),
        };
        let Some(who) = self.who(who) else {
            self.unknown_person(who, span);
            return None;
        };
        let action = match action {
            Some(action) => Some(self.action(action, span)?),
            None => None,
        };
        Some(Ask { who, action })
    }
}

pub(super) fn count(text: &str) -> Option<(u32, Option<u32>)> {
    match text.split_once(" of ") {
        Some((have, need)) => Some((have.trim().parse().ok()?, Some(need.trim().parse().ok()?))),
        None => Some((text.parse().ok()?, None)),
    }
}

/// Everything that a `require` of the workflow could name.
fn requirable(workflow: &Workflow) -> impl Iterator<Item = &Name> {
    let things = workflow.forms.keys().chain(workflow.materials.keys());
    let things = things.chain(workflow.rules.keys());
    let things = things.chain(workflow.limits.keys());
    things
        .chain(workflow.links.keys())
        .chain(workflow.action_names())
}

/// Every hook that some effect of the workflow calls.
fn hooks_of(workflow: &Workflow) -> impl Iterator<Item = &Name> {
    let states = workflow.states.iter().flat_map(|state| {
        let actions = state.actions.values().flat_map(|action| &action.effects);
        let timers = state.timers.values().flat_map(|timer| &timer.effects);
        let review = state.review.iter();
        let reviewed = review.flat_map(|review| {
            let decisions = review.decisions.values();
            let decisions = decisions.flat_map(|decision| &decision.action.effects);
            let otherwise = review.otherwise.iter();
            decisions.chain(otherwise.flat_map(|otherwise| &otherwise.effects))
        });
        let own = state.enter.iter().chain(&state.exit);
        own.chain(actions).chain(timers).chain(reviewed)
    });
    let effects = workflow.open.effects.iter().chain(states);
    effects.filter_map(|effect| match effect {
        Effect::Call(hook) => Some(hook),
        Effect::Notify(_)
        | Effect::Open(_)
        | Effect::Set(_)
        | Effect::Void { .. }
        | Effect::AddReviewers(_)
        | Effect::CancelLinks => None,
    })
}
