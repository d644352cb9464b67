//! Whether the panels of a review can all have voted and still decide nothing, because one of them reaches nothing or
//! two reach different decisions.

use countersign_core::workflow::{Agreement, Decision, Panel, Review, Votes};

use super::splitting::{Needed, ballots, is_split};

/// What one panel can come to that does not decide by itself.
struct Outcomes {
    /// It may be closed, so that it comes to nothing at all.
    may_be_closed: bool,
    /// It can have voted without reaching anything.
    nothing: bool,
    /// Decisions, by their place, that it can reach and on which all panels must agree.
    reached: Vec<usize>,
}

/// What the panels looked at so far agree on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    NotAsked,
    On(usize),
    Nothing,
}

/// Why all panels may have voted with nothing decided; `None` if that cannot be.
pub(super) fn can_disagree(review: &Review, happening: &[&Decision]) -> Option<String> {
    let mut panels = Vec::new();
    for panel in review.panels.values() {
        match outcomes(panel, happening) {
            Ok(outcomes) => panels.push(outcomes),
            Err(why) => return Some(why),
        }
    }
    let mut states = vec![Together::NotAsked];
    for panel in &panels {
        let next = states.iter().flat_map(|state| follow(*state, panel));
        let mut next: Vec<Together> = next.collect();
        next.sort_by_key(|state| match state {
            Together::NotAsked => 0,
            Together::On(decision) => decision + 1,
            Together::Nothing => usize::MAX,
        });
        next.dedup();
        states = next;
    }
    let split = review.panels.values().zip(&panels);
    let split = split
        .filter(|(_, outcomes)| outcomes.nothing)
        .map(|(panel, _)| panel);
    states
        .contains(&Together::Nothing)
        .then(|| match { split }.next() {
            Some(panel) => format!(
                "panel `{}` can split its votes so that nothing is decided",
                panel.name
            ),
            None => "panels can reach different decisions, so that nothing is decided".to_owned(),
        })
}

fn follow(state: Together, panel: &Outcomes) -> Vec<Together> {
    let closed = panel.may_be_closed.then_some(state);
    let nothing = panel.nothing.then_some(Together::Nothing);
    let reached = panel.reached.iter().map(|decision| match state {
        Together::NotAsked => Together::On(*decision),
        Together::On(other) if other == *decision => state,
        Together::On(_) | Together::Nothing => Together::Nothing,
    });
    closed.into_iter().chain(nothing).chain(reached).collect()
}

/// `Err`: why it cannot be told.
fn outcomes(panel: &Panel, happening: &[&Decision]) -> Result<Outcomes, String> {
    let mut numbers = Vec::new();
    for decision in happening {
        let name = &decision.action.name;
        let votes: &Votes = panel.votes.get(name).unwrap_or(&decision.votes);
        let Some(number) = Needed::of(votes) else {
            return Err(format!(
                "it cannot be told whether `{name}` always happens when all of panel `{}` have voted",
                panel.name
            ));
        };
        numbers.push(number);
    }
    let sizes = ballots(&numbers, None);
    let can_reach = |number: &Needed| sizes.clone().any(|size| number.of_ballot(size) <= size);
    let reached = happening.iter().zip(&numbers).enumerate();
    let reached = reached
        .filter(|(_, (decision, number))| decision.panels == Agreement::All && can_reach(number));
    Ok(Outcomes {
        may_be_closed: panel.when.is_some(),
        nothing: sizes.clone().any(|size| is_split(&numbers, size)),
        reached: reached.map(|(place, _)| place).collect(),
    })
}
