//! Whether votes and reviewers are spoken of only where a review is running (SEMANTICS 7), and buttons and timers only
//! where there are such.

use std::collections::BTreeSet;

use countersign_core::{
    expression::Expression,
    name::Name,
    template::Template,
    workflow::{Choice, Effect, Message, Recipient, Requirement, Review, State, StateId, Target},
};

use crate::{
    diagnostic::Code,
    lower::OF_A_REVIEW,
    nearest::{did_you_mean, listed},
    source::Span,
    yaml::Yaml,
};

use super::site::{Site, Spot, notify_spans};

pub(super) fn check(site: &Site<'_>) {
    for spot in site.actions() {
        for requirement in &spot.action.require {
            if let Requirement::Rule(name) = requirement {
                rule(site, &spot, name);
            }
        }
    }
    for message in site
        .workflow
        .messages
        .values()
        .filter(|message| message.own)
    {
        misspelt(site, message);
    }
    for place in places(site) {
        for effect in place.effects {
            if let Effect::Notify(name) = effect
                && let Some(message) = site.workflow.messages.get(name)
            {
                sent(site, &place, message);
                offered(site, &place, message);
            }
        }
    }
}

/// A rule that reads votes may be required only where there are some.
fn rule(site: &Site<'_>, spot: &Spot<'_>, name: &Name) {
    let Some(rule) = site.workflow.rules.get(name) else {
        return;
    };
    let texts = [&rule.otherwise.en, &rule.otherwise.zh];
    let texts = texts.into_iter().flat_map(Template::expressions);
    let expressions: Vec<&Expression> = std::iter::once(&rule.check).chain(texts).collect();
    let review = spot.state.and_then(|state| review_around(site, state.id));
    if let Some(word) = missing(&expressions, review) {
        let message =
            format!("rule `{name}` reads `{word}`, which is not there where this is required");
        let help = "require it in a state with that review";
        let span = spot.require_span(name, "rules");
        site.file.report(Code::OutsideReview, span, message, help);
    }
}

/// Effects, and the states in which they can find the case.
struct Place<'a> {
    states: Vec<StateId>,
    effects: &'a [Effect],
    written: Option<&'a Yaml>,
}

fn places<'a>(site: &Site<'a>) -> Vec<Place<'a>> {
    let states = &site.workflow.states;
    let mut places = Vec::new();
    for spot in site.actions() {
        let mut found: Vec<StateId> = spot.state.iter().map(|state| state.id).collect();
        match &spot.action.target {
            Target::Stay => {}
            Target::To(choice) => found.extend(choice.states()),
            Target::Resume(state) => found.push(*state),
        }
        let written = spot.written.map(|entry| &entry.value);
        places.push(Place {
            states: found,
            effects: &spot.action.effects,
            written,
        });
    }
    for state in states.iter() {
        let at = |keyword: &str| site.within(state, &[keyword]).map(|entry| &entry.value);
        let own = || vec![state.id];
        places.push(Place {
            states: own(),
            effects: &state.enter,
            written: at("enter"),
        });
        places.push(Place {
            states: own(),
            effects: &state.exit,
            written: at("exit"),
        });
        for timer in state.timers.values() {
            let mut found = own();
            found.extend(timer.target.iter().flat_map(Choice::states));
            let written = site
                .within(state, &["timers", &timer.name])
                .map(|entry| &entry.value);
            places.push(Place {
                states: found,
                effects: &timer.effects,
                written,
            });
        }
        if let Some(otherwise) = state
            .review
            .as_ref()
            .and_then(|review| review.otherwise.as_ref())
        {
            let mut found = own();
            found.extend(otherwise.to.states());
            let written = site
                .within(state, &["review", "otherwise"])
                .map(|entry| &entry.value);
            places.push(Place {
                states: found,
                effects: &otherwise.effects,
                written,
            });
        }
    }
    places
}

fn sent(site: &Site<'_>, place: &Place<'_>, message: &Message) {
    let mut reviews = place.states.iter().filter_map(|state| {
        review_around(site, *state)
            .or_else(|| review_around(site, site.workflow.states.tree().leaf_of(*state)))
    });
    let review = reviews.next();
    let texts = [&message.subject, &message.body];
    let texts = texts.into_iter().flat_map(|text| [&text.en, &text.zh]);
    let expressions: Vec<&Expression> = texts.flat_map(Template::expressions).collect();
    let reviewers = matches!(message.to, Recipient::Reviewers);
    let why = if reviewers && review.is_none() {
        format!(
            "`{}` goes to `reviewers`, and nobody reviews here",
            message.name
        )
    } else if let Some(word) = missing(&expressions, review) {
        format!("`{}` reads `{word}`, which is not there", message.name)
    } else {
        return;
    };
    let spans = place
        .written
        .map_or_else(Vec::new, |yaml| spans(yaml, &message.name));
    let span = spans.first().copied().unwrap_or_default();
    let help = "send it in a state with a review, or send another message";
    site.file.report(Code::OutsideReview, span, why, help);
}

/// A button leads to an action that there is.
fn misspelt(site: &Site<'_>, message: &Message) {
    let texts = [
        &message.body.en,
        &message.body.zh,
        &message.subject.en,
        &message.subject.zh,
    ];
    let buttons: BTreeSet<&str> = texts.into_iter().flat_map(Template::buttons).collect();
    for button in buttons
        .into_iter()
        .filter(|action| !site.workflow.knows_action(action))
    {
        let names: Vec<&str> = site.workflow.action_names().map(Name::as_str).collect();
        let why = format!(
            "`{}` shows `button.{button}`, and there is no such action",
            message.name
        );
        let help = did_you_mean(button, names.iter().copied())
            .unwrap_or_else(|| format!("there are: {}", listed(&names)));
        let entry = site.file.root.find(&["messages", &message.name]);
        let span = entry.map(|entry| entry.key.span).unwrap_or_default();
        site.file.report(Code::NamesNothing, span, why, help);
    }
}

/// A button leads to an action, and `timers.x` tells of a timer, of a state in which the message finds the case.
fn offered(site: &Site<'_>, place: &Place<'_>, message: &Message) {
    let around = states_around(site, &place.states);
    let texts = [&message.subject, &message.body];
    let texts = texts.into_iter().flat_map(|text| [&text.en, &text.zh]);
    let mut told = BTreeSet::new();
    for text in texts {
        // One that there is nowhere is told once, where the message is; a shared message stands elsewhere.
        let somewhere = text
            .buttons()
            .filter(|action| !message.own || site.workflow.knows_action(action));
        let buttons = somewhere.filter(|action| {
            let offers = |state: &&State| {
                let review = state.review.as_ref();
                state.actions.contains_key(*action)
                    || review.is_some_and(|review| review.decisions.contains_key(*action))
            };
            !around.iter().any(offers)
        });
        told.extend(buttons.map(|action| format!("button.{action}")));
        let reads = text.expressions().flat_map(Expression::reads);
        let timers = reads.filter_map(|read| read.strip_prefix("timers."));
        let timers =
            timers.filter(|timer| !around.iter().any(|state| state.timers.contains_key(*timer)));
        told.extend(timers.map(|timer| format!("timers.{timer}")));
    }
    for word in told {
        let spans = place
            .written
            .map_or_else(Vec::new, |yaml| spans(yaml, &message.name));
        let span = spans.first().copied().unwrap_or_default();
        let why = format!(
            "`{}` shows `{word}`, and no state in which it is sent has that",
            message.name
        );
        let help = "send it in a state that has it, or send another message";
        site.file.report(Code::NamesNothing, span, why, help);
    }
}

/// These states, those around them, and those that begin with them.
fn states_around<'a>(site: &Site<'a>, from: &[StateId]) -> Vec<&'a State> {
    let states = &site.workflow.states;
    let tree = states.tree();
    let mut next: Vec<StateId> = from.to_vec();
    let mut found: BTreeSet<StateId> = BTreeSet::new();
    while let Some(state) = next.pop() {
        let leaf = tree.leaf_of(state);
        found.extend(tree.path(state));
        found.extend(tree.path(leaf));
        next.extend(tree.tracks(leaf));
    }
    found.into_iter().map(|state| states.get(state)).collect()
}

fn spans(yaml: &Yaml, message: &str) -> Vec<Span> {
    let effects = yaml.get("do").unwrap_or(yaml);
    notify_spans(effects, message)
}

fn review_around<'a>(site: &Site<'a>, state: StateId) -> Option<&'a Review> {
    let review = |state: &'a State| state.review.as_ref();
    site.workflow.states.outward(state).find_map(review)
}

/// A word that the expressions read and that the review does not give.
fn missing(expressions: &[&Expression], review: Option<&Review>) -> Option<String> {
    for expression in expressions {
        let Some(review) = review else {
            let mut roots = expression.roots().iter();
            if let Some(root) = roots.find(|root| OF_A_REVIEW.contains(&root.as_str())) {
                return Some(root.clone());
            }
            continue;
        };
        for read in expression.reads() {
            let Some(rest) = read.strip_prefix("votes.") else {
                continue;
            };
            let decision = rest.split('.').next().unwrap_or(rest);
            if !review.decisions.contains_key(decision) {
                return Some(format!("votes.{decision}"));
            }
        }
    }
    None
}
