//! Whether conditions can be true at all, and whether each branch of a conditional `to` can be chosen (E312). What
//! cannot be told is noted as not analysed (N501), so that silence means "looked at".

use countersign_core::{
    expression::{Expression, Formula, Outcome},
    workflow::{Action, Choice, State, Target, TimerWhen},
};

use crate::{
    diagnostic::Code,
    source::Span,
    yaml::{Entry, Yaml},
};

use super::{
    complete::Completeness,
    places::{Here, Places},
    site::{Site, Spot},
    solve::{Answer, Demand, can},
};

/// What to do about a condition that is never true.
const HELP: &str = "mend the condition, or remove what it guards";

pub(super) fn check(site: &Site<'_>, known: &Completeness<'_>) {
    let anywhere = Here::default();
    for spot in site.actions() {
        if let Some(when) = &spot.action.when {
            let before = spot.state.map_or(&anywhere, |state| known.within(state.id));
            let conditions = Conditions::new(site, before);
            let span = part(spot.written, "when");
            let what = format!(
                "`{}` is never offered: its `when` is never true",
                spot.action.name
            );
            conditions.can_be_true(when, span, &what);
        }
        if !asks_after(spot.action) {
            continue;
        }
        let after = known.after(spot.state.map(|state| state.id), spot.action);
        let conditions = Conditions::new(site, &after);
        if let Target::To(choice) = &spot.action.target {
            conditions.branches(choice, spot.written);
        }
        confirmed(&conditions, &spot);
    }
    for state in site.workflow.states.iter() {
        timers(&Conditions::new(site, known.within(state.id)), state);
    }
    let conditions = Conditions::new(site, &anywhere);
    for rule in site.workflow.rules.values() {
        let written = site.file.root.find(&["rules", &rule.name, "check"]);
        let Some(written) = written else { continue };
        let what = format!("nothing ever satisfies the rule `{}`", rule.name);
        conditions.can_be_true(&rule.check, written.value.span, &what);
    }
}

/// Whether an action asks something once what it requires is there: where it leads, or for a confirmation.
fn asks_after(action: &Action) -> bool {
    let chooses = match &action.target {
        Target::To(choice) => !choice.conditional.is_empty(),
        Target::Stay | Target::Resume(_) => false,
    };
    chooses || action.confirm.is_some()
}

fn confirmed(conditions: &Conditions<'_>, spot: &Spot<'_>) {
    let when = spot
        .action
        .confirm
        .as_ref()
        .and_then(|confirm| confirm.when.as_ref());
    if let Some(when) = when {
        let written = spot
            .written
            .and_then(|entry| entry.value.find(&["confirm", "when"]));
        let span = written.map_or(Span::new(0, 0), |entry| entry.value.span);
        let what = format!("`confirm` of `{}` is never asked for", spot.action.name);
        conditions.can_be_true(when, span, &what);
    }
}

fn timers(conditions: &Conditions<'_>, state: &State) {
    let site = conditions.site;
    for timer in state.timers.values() {
        let written = site.within(state, &["timers", &timer.name]);
        if let TimerWhen::AsSoonAs(condition) = &timer.when {
            let what = format!("`{}` never fires: its condition is never true", timer.name);
            conditions.can_be_true(condition, part(written, "as_soon_as"), &what);
        }
        if let Some(target) = &timer.target {
            conditions.branches(target, written);
        }
    }
    let otherwise = state
        .review
        .as_ref()
        .and_then(|review| review.otherwise.as_ref());
    if let Some(otherwise) = otherwise {
        conditions.branches(&otherwise.to, site.within(state, &["review", "otherwise"]));
    }
}

fn part(written: Option<&Entry>, keyword: &str) -> Span {
    let entry = written.and_then(|written| written.value.entry(keyword).or(Some(written)));
    entry.map_or(Span::new(0, 0), |entry| entry.value.span)
}

/// Conditions that are asked in one place.
pub(super) struct Conditions<'a> {
    pub(super) site: &'a Site<'a>,
    places: Places<'a>,
}

impl<'a> Conditions<'a> {
    pub(super) fn new(site: &'a Site<'a>, here: &'a Here) -> Self {
        let places = Places::new(site.workflow, here);
        Self { site, places }
    }

    pub(super) fn formula(&self, condition: &Expression) -> Formula {
        condition.formula(&|place| self.places.kind(place))
    }

    /// That all that this reads of forms is filled in.
    pub(super) fn known(&self, expression: &Expression) -> Formula {
        let places = expression.reads().iter();
        let places = places.filter(|place| self.places.kind(place).is_some());
        let known = places.map(|place| Formula::Known(place.clone()));
        let both = |one, other| Formula::And(Box::new(one), Box::new(other));
        known.reduce(both).unwrap_or(Formula::Is(Outcome::True))
    }

    /// Whether a place may hold nothing.
    pub(super) fn may_be_absent(&self, place: &str) -> bool {
        self.places.may_be_absent(place)
    }

    pub(super) fn can(&self, demands: &[Demand]) -> Answer {
        can(demands, &|place| self.places.variable(place))
    }

    fn can_be_true(&self, condition: &Expression, span: Span, what: &str) {
        match self.can(&[Demand::that(self.formula(condition))]) {
            Answer::Yes(_) => {}
            Answer::Never => self.site.file.report(Code::NeverTrue, span, what, HELP),
            Answer::Perhaps(_) | Answer::TooLarge => self.site.not_analysed(span, "condition"),
        }
    }

    /// Whether each branch is chosen by something.
    fn branches(&self, choice: &Choice, written: Option<&Entry>) {
        if choice.conditional.is_empty() {
            return;
        }
        let branches = written.and_then(|written| written.value.get("to"));
        let branches = branches.map_or(&[][..], Yaml::entries);
        let mut before: Vec<(&str, Formula)> = Vec::new();
        for branch in branches {
            let name = branch.key.text.as_str();
            let condition = choice.conditional.get_index(before.len());
            let own = condition.map(|(_, condition)| self.formula(condition));
            let mut demands: Vec<Demand> = own.iter().cloned().map(Demand::that).collect();
            let earlier = before.iter();
            demands.extend(earlier.map(|(_, formula)| Demand::not(formula.clone())));
            match self.can(&demands) {
                Answer::Yes(_) => {}
                Answer::Never => self.never_chosen(branch, own.as_ref(), &before),
                Answer::Perhaps(_) | Answer::TooLarge => {
                    self.site.not_analysed(branch.value.span, "branch");
                }
            }
            let Some(own) = own else { return };
            before.push((name, own));
        }
    }

    fn never_chosen(&self, branch: &Entry, own: Option<&Formula>, before: &[(&str, Formula)]) {
        let name = branch.key.text.as_str();
        let example = before.iter().find_map(|(other, formula)| {
            let both = own.into_iter().chain([formula]).cloned();
            let both: Vec<Demand> = both.map(Demand::that).collect();
            match self.can(&both) {
                Answer::Yes(record) if !record.is_empty() => Some((other, record)),
                _ => None,
            }
        });
        let message = match (example, own) {
            (Some((other, record)), _) => format!(
                "`{name}` is never chosen: what is before it always is, `{other}` for example for `{}`",
                record.words()
            ),
            (None, Some(_)) => format!("`{name}` is never chosen: its condition is never true"),
            (None, None) => format!("`{name}` is never chosen: something before it always is"),
        };
        let help = "mend the conditions, put this one earlier, or remove it";
        self.site
            .file
            .report(Code::NeverTrue, branch.key.span, message, help);
    }
}
