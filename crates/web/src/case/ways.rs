//! Which way a decision leads, by what it does and not by what it is called: the keys `a`, `x` and `q` choose by it. Whether it is
//! allowed is not judged here.

use countersign_core::{
    view::ActionView,
    workflow::{Action, End, StateId, StateKind, States, Target},
};

use super::Shown;

/// Which way a choice leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// On, or to a good end.
    Forward,
    /// To a bad end.
    Out,
    /// To a state out of which somebody sends it here again.
    Back,
}

impl Way {
    /// As the page says it to its script.
    pub fn word(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Out => "out",
            Self::Back => "back",
        }
    }
}

/// The way of a choice; `None`: it leads nowhere in particular, as withdrawing does.
pub fn way(shown: &Shown, action: &ActionView) -> Option<Way> {
    let states = &shown.workflow.states;
    let one = shown.view.review.iter().chain(&shown.view.reviews);
    for review in one {
        let here = states.find(review.state.as_str());
        let declared = here.and_then(|state| Some((state, state.review.as_ref()?)));
        if let Some((state, review)) = declared
            && let Some(decision) = review.decisions.get(&action.id)
        {
            return decides(states, state.id, &decision.action);
        }
    }
    let declared = outwards(states, states.find(shown.view.state.as_str())?.id)
        .find_map(|id| states.get(id).actions.get(&action.id))?;
    acts(states, declared)
}

/// A decision goes on, unless it ends badly or is asked for again.
fn decides(states: &States, here: StateId, action: &Action) -> Option<Way> {
    let Target::To(choice) = &action.target else {
        return None;
    };
    if choice
        .states()
        .all(|to| end(states, to) == Some(End::Failure))
    {
        return Some(Way::Out);
    }
    let comes_back = |to: StateId| {
        let mut actions = outwards(states, to).flat_map(|id| states.get(id).actions.values());
        actions.any(|action| match &action.target {
            Target::To(choice) => choice
                .states()
                .any(|to| outwards(states, here).any(|id| id == to)),
            Target::Stay | Target::Resume(_) => false,
        })
    };
    Some(if choice.states().any(comes_back) {
        Way::Back
    } else {
        Way::Forward
    })
}

/// An action is a yes or a no only where it ends the case well or badly.
fn acts(states: &States, action: &Action) -> Option<Way> {
    let Target::To(choice) = &action.target else {
        return None;
    };
    let all = |wanted: End| choice.states().all(|to| end(states, to) == Some(wanted));
    if all(End::Success) {
        Some(Way::Forward)
    } else {
        all(End::Failure).then_some(Way::Out)
    }
}

fn end(states: &States, id: StateId) -> Option<End> {
    match states.get(id).kind {
        StateKind::End(end) => Some(end),
        StateKind::Leaf | StateKind::Outer { .. } | StateKind::Tracks => None,
    }
}

/// A state and those that it lies in.
fn outwards(states: &States, id: StateId) -> impl Iterator<Item = StateId> {
    std::iter::successors(Some(id), move |id| states.get(*id).parent)
}
