//! Looking at what a step expects.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use countersign_core::{
    case::{Actor, Case},
    command::Act,
    name::Name,
    time::Time,
    view::TallyOf,
    world::{Request, SentMail},
};

use crate::scenario::suite::{Ask, Expectation, Seen, Wants, Who};

use super::{Story, act::Done, list_of, reasons::Refused};

/// What was found, if it is not what was expected.
struct Wrong {
    expected: String,
    found: String,
}

impl Wrong {
    fn unless(met: bool, expected: impl Into<String>, found: impl Into<String>) -> Option<Self> {
        (!met).then(|| Self {
            expected: expected.into(),
            found: found.into(),
        })
    }
}

fn check_track(case: &Case, track: &str, state: &str) -> Option<Wrong> {
    let there = case.tracks.get(track);
    let met = there.is_some_and(|leaf| leaf.is_in(state));
    let found = there.map_or("not running", |leaf| leaf.as_str());
    Wrong::unless(met, state, found)
}

impl Story<'_> {
    /// Whether an expectation is met; if not, the failure is kept.
    pub(super) fn check(&mut self, expectation: &Expectation) -> bool {
        let wrong = match &expectation.wants {
            Wants::Mail(people) => self.check_mail(people),
            Wants::Sent(message, number) => self.check_sent(message, *number),
            Wants::Called(hooks) => {
                let called = self.called();
                Wrong::unless(called == *hooks, list_of(hooks), list_of(&called))
            }
            wants => match self.the_case() {
                Ok(case) => self
                    .told
                    .world
                    .case(case)
                    .and_then(|case| self.judge(wants, case)),
                Err(Done::Impossible(why)) => Wrong::unless(false, "a case", why),
                Err(Done::Well | Done::Refused(_)) => None,
            },
        };
        let Some(Wrong { expected, found }) = wrong else {
            return true;
        };
        let what = format!("then: {}", expectation.key);
        self.fail(expectation.span, what, expected, found);
        false
    }

    fn check_state(&self, case: &Case, path: &str) -> Option<Wrong> {
        let workflow = self.told.world.workflow_of(case);
        let found = case.leaves(&workflow.states);
        let found: Vec<_> = found.iter().map(|leaf| leaf.path.to_string()).collect();
        Wrong::unless(case.is_in(path), path, found.join(" and "))
    }

    fn judge(&self, wants: &Wants, case: &Case) -> Option<Wrong> {
        match wants {
            Wants::State(path) => self.check_state(case, path),
            Wants::Track { track, state } => check_track(case, track, state),
            Wants::Round(round) => Wrong::unless(
                case.round == *round,
                round.to_string(),
                case.round.to_string(),
            ),
            Wants::Due(due) => {
                let found = case.due_at();
                Wrong::unless(found == *due, self.local(*due), self.local(found))
            }
            Wants::Children(of, wanted) => self.check_children(case, of, wanted),
            Wants::Votes {
                panel,
                decision,
                have,
                need,
            } => self.check_votes(case, (panel.as_ref(), decision), *have, *need),
            Wants::ToFix(places) => {
                let found = to_fix(case);
                Wrong::unless(found == *places, list_of(places), list_of(&found))
            }
            Wants::End(end) => {
                let word = |end: Option<countersign_core::workflow::End>| {
                    end.map_or("none: it runs", countersign_core::workflow::End::as_str)
                };
                Wrong::unless(case.end() == *end, word(*end), word(case.end()))
            }
            Wants::Overdue(overdue) => self.check_overdue(case, *overdue),
            Wants::May(ask) => {
                let reasons = self.why_not(case, ask);
                let found = reasons.as_ref().map(list_of);
                let found = found.map(|found| format!("may not: {found}"));
                let wanted = format!("{} may", asked(ask));
                Wrong::unless(reasons.is_none(), wanted, found.unwrap_or_default())
            }
            Wants::MayNot(ask, wanted) => {
                let reasons = self.why_not(case, ask);
                let found = match &reasons {
                    Some(reasons) => list_of(reasons),
                    None => format!("{} may", asked(ask)),
                };
                let met = reasons.as_ref() == Some(wanted);
                Wrong::unless(met, list_of(wanted), found)
            }
            Wants::Sees {
                person,
                thing,
                sees,
            } => {
                let found = self.sees(case, person, thing);
                let word =
                    |sees: bool| format!("{}{thing}", if sees { "sees " } else { "does not see " });
                Wrong::unless(found == *sees, word(*sees), word(found))
            }
            Wants::Mail(_) | Wants::Sent(..) | Wants::Called(_) => None,
        }
    }

    fn check_overdue(&self, case: &Case, overdue: bool) -> Option<Wrong> {
        let due = case.due_at();
        let found = due.is_some_and(|due| due <= self.told.world.now());
        let shown = format!("{found} (due {})", self.local(due));
        Wrong::unless(found == overdue, overdue.to_string(), shown)
    }

    fn check_children(
        &self,
        case: &Case,
        of: &Name,
        wanted: &BTreeMap<String, String>,
    ) -> Option<Wrong> {
        let children = case.children_of(of).into_iter();
        let found: BTreeMap<&str, &Case> = children
            .filter_map(|child| Some((child.key.as_str(), self.told.world.case(child.case)?)))
            .collect();
        let met = found.len() == wanted.len()
            && wanted.iter().all(|(key, state)| {
                found
                    .get(key.as_str())
                    .is_some_and(|case| case.is_in(state))
            });
        let found: Vec<String> = found
            .iter()
            .map(|(key, case)| format!("{key}: {}", case.state))
            .collect();
        let wanted: Vec<String> = wanted
            .iter()
            .map(|(key, state)| format!("{key}: {state}"))
            .collect();
        Wrong::unless(met, list_of(&wanted), list_of(&found))
    }

    /// The mails since the step before.
    fn new_mail(&self) -> &[Arc<SentMail>] {
        self.told
            .world
            .mail()
            .get(self.before.mail..)
            .unwrap_or(&[])
    }

    /// Who got them, by the names of the test; whoever is not in it by address.
    pub(super) fn receivers(&self) -> BTreeSet<String> {
        let receivers = self.new_mail().iter().map(|sent| {
            let email = &sent.mail.email;
            let mut people = self.suite.people.iter();
            let known = people.find(|(_, person)| person.person.email.eq_ignore_ascii_case(email));
            known.map_or_else(|| email.to_lowercase(), |(name, _)| name.clone())
        });
        receivers.collect()
    }

    fn check_mail(&self, people: &BTreeSet<String>) -> Option<Wrong> {
        let found = self.receivers();
        Wrong::unless(found == *people, list_of(people), list_of(&found))
    }

    /// Mails that one effect sent to several receivers are one sending.
    fn check_sent(&self, message: &Name, number: u32) -> Option<Wrong> {
        let mut sendings = 0_u32;
        let mut running: Vec<&SentMail> = Vec::new();
        for sent in self.new_mail() {
            let same = |other: &SentMail| {
                (other.case, other.at, &other.mail.message)
                    == (sent.case, sent.at, &sent.mail.message)
            };
            let goes_on = running.first().is_some_and(|first| same(first))
                && running
                    .iter()
                    .all(|other| other.mail.email != sent.mail.email);
            if !goes_on {
                running.clear();
                sendings += u32::from(sent.mail.message == *message);
            }
            running.push(sent);
        }
        Wrong::unless(
            sendings == number,
            format!("{message}: {number}"),
            format!("{message}: {sendings}"),
        )
    }

    /// The hooks that were called since the step before, in order of their names.
    pub(super) fn called(&self) -> Vec<String> {
        let calls = self
            .told
            .world
            .calls()
            .get(self.before.calls..)
            .unwrap_or(&[]);
        let mut hooks: Vec<String> = calls
            .iter()
            .map(|call| call.hook.hook.to_string())
            .collect();
        hooks.sort();
        hooks
    }

    /// How a running review stands; of several in tracks, that which has the decision.
    fn check_votes(
        &self,
        case: &Case,
        (panel, decision): (Option<&Name>, &Name),
        have: u32,
        need: Option<u32>,
    ) -> Option<Wrong> {
        let request = Request::of(Actor::Machine);
        let tallies = self.told.world.tallies(&request, case.id);
        let wanted = count(have, need);
        if tallies.is_empty() {
            return Wrong::unless(false, wanted, "no review is running");
        }
        let counts: Vec<&TallyOf> = match panel {
            Some(panel) => {
                let panels = tallies.iter().flat_map(|tally| &tally.panels);
                let panels: Vec<_> = panels.filter(|of| of.panel == *panel).collect();
                if panels.is_empty() {
                    return Wrong::unless(false, wanted, format!("panel `{panel}` is not open"));
                }
                panels.into_iter().flat_map(|of| &of.votes).collect()
            }
            None => tallies.iter().flat_map(|tally| &tally.votes).collect(),
        };
        let Some(of) = counts.iter().find(|of| of.decision == *decision) else {
            let known = counts.iter().map(|of| of.decision.to_string());
            let known: Vec<String> = known.collect();
            return Wrong::unless(false, wanted, format!("a review of {}", list_of(&known)));
        };
        let (has, needs) = (of.have, of.need);
        let met = has == have && (need.is_none() || need == needs);
        Wrong::unless(met, wanted, count(has, needs))
    }

    fn sees(&self, case: &Case, person: &str, thing: &Seen) -> bool {
        let who = Who::Person(person.to_owned());
        let request = Request::of(self.looking(case, &who));
        let Some(visible) = self.told.world.visible(&request, case.id) else {
            return false;
        };
        match thing {
            Seen::Case => true,
            Seen::Form(form) => visible.form(form),
            Seen::Field(form, field) => visible.field(form, field),
            Seen::Whole(name) => visible.whole(name),
        }
    }

    /// A stranger looks by the newest link that was mailed to them.
    fn looking(&self, case: &Case, who: &Who) -> Actor {
        let actor = self.actor(who);
        let stranger = match who {
            Who::Person(name) => !self.suite.people[name].listed,
            Who::System => false,
        };
        let links = case.mail_links.iter().rev();
        let mut links = links.filter_map(|link| self.told.world.link_holder(link.id));
        let email = actor.person().map(|person| person.email.to_lowercase());
        let own = links.find(|holder| match holder {
            Actor::LinkHolder(holder) => Some(holder.email.to_lowercase()) == email,
            Actor::Person(_) | Actor::Service(_) | Actor::Machine => false,
        });
        own.filter(|_| stranger).unwrap_or(actor)
    }

    /// Why somebody may not do something; `None`: they may. What is given with the click is not asked for.
    fn why_not(&self, case: &Case, ask: &Ask) -> Option<BTreeSet<String>> {
        let Some(action) = &ask.action else {
            return self.why_nothing(case, &ask.who);
        };
        let actor = self.acting(case.id, &ask.who, action);
        let request = Request::of(actor).with_code(countersign_core::command::Code::Good);
        let offers = self.told.world.offers(&request, case.id);
        if let Some(offer) = offers.iter().find(|offer| offer.id == *action) {
            let missing = offer.missing.iter().map(|missing| missing.name.clone());
            return (!offer.allowed).then(|| missing.collect());
        }
        let act = Act {
            confirm: true,
            ..Act::new(action.as_str())
        };
        let mut world = self.told.world.clone();
        let refusal = world.act(&request, case.id, act).err()?;
        Some(Refused::new(&refusal).reasons)
    }

    /// Why somebody may do nothing at all here: all the reasons together.
    fn why_nothing(&self, case: &Case, who: &Who) -> Option<BTreeSet<String>> {
        let workflow = self.told.world.workflow_of(case);
        let mut reasons = BTreeSet::new();
        for state in case.states(&workflow.states) {
            let review = state.review.iter();
            let decisions = review.flat_map(|review| review.decisions.keys());
            for action in decisions.chain(state.actions.keys()) {
                let ask = Ask {
                    who: who.clone(),
                    action: Some(action.clone()),
                };
                reasons.extend(self.why_not(case, &ask)?);
            }
        }
        if reasons.is_empty() {
            reasons.insert("not_here".to_owned());
        }
        Some(reasons)
    }

    fn local(&self, time: Option<Time>) -> String {
        let zone = self.suite.workflow.surroundings.zone;
        time.map_or_else(
            || "none".to_owned(),
            |time| {
                let local = time.with_timezone(&zone);
                local.format("%Y-%m-%d %H:%M:%S").to_string()
            },
        )
    }
}

fn asked(ask: &Ask) -> String {
    match &ask.action {
        Some(action) => format!("{} {action}", ask.who),
        None => ask.who.to_string(),
    }
}

fn count(have: u32, need: Option<u32>) -> String {
    match need {
        Some(need) => format!("{have} of {need}"),
        None => have.to_string(),
    }
}

/// The places of open comments without an answer.
fn to_fix(case: &Case) -> BTreeSet<String> {
    let comments = case.content.comments.iter();
    let open =
        comments.filter(|comment| comment.open && !comment.internal && !comment.is_answered());
    open.map(|comment| comment.at.clone().unwrap_or_else(|| "case".to_owned()))
        .collect()
}
