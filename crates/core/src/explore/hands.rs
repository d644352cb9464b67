//! Turns of a made-up story that change hands (claimed, released, delegated, reassigned), and what happens to children of
//! the case.

use crate::{
    case::{Case, CaseId, Person},
    command::{Code, Command},
    name::Name,
    policy::OPERATORS,
    world::{By, Deed, World},
};

use super::{
    choose::{Explorer, event},
    story::Turn,
};

impl Explorer {
    /// Somebody takes a turn for himself, gives it back or hands it on; or an operator gives it to somebody else.
    pub(super) fn hands(&mut self, world: &World, case: &Case) -> Turn {
        let person = self.somebody_awaited(world, case);
        let to = self.chance.pick(&self.people).cloned();
        let (Some(person), Some(to)) = (person, to) else {
            return self.offered(world, case);
        };
        let operator = self.people.iter().find(|person| person.is_in(OPERATORS));
        let operator = operator.cloned();
        let claimant = self.claimant(case);
        let (by, command) = match (self.chance.below(8), operator, claimant) {
            (0..=4, _, Some(claimant)) => {
                let reason = String::new();
                (claimant, Command::Release { reason })
            }
            (0..=3, _, None) if self.can_be_claimed(case) => (person, Command::Claim),
            (4 | 5, Some(operator), _) => {
                let command = Command::Reassign {
                    from: Some(person.id),
                    to: to.id,
                    reason: "Reassigned.".to_owned(),
                };
                (operator, command)
            }
            _ => {
                let reason = String::new();
                (person, Command::Delegate { to: to.id, reason })
            }
        };
        let by = By::Person(Box::new(by));
        event(by, Code::Absent, Deed::Turn(command))
    }

    /// Whoever has claimed the turn.
    fn claimant(&self, case: &Case) -> Option<Person> {
        let claim = case.claim.as_ref()?;
        let mut people = self.people.iter();
        people.find(|person| person.id == claim.by).cloned()
    }

    fn can_be_claimed(&self, case: &Case) -> bool {
        let mut states = case.states(&self.workflow.states).into_iter();
        states.any(|state| state.claim.is_some())
    }

    /// What happens to a child that has not ended; to the case itself, if there is none.
    pub(super) fn of_child(&mut self, world: &World, case: &Case) -> Turn {
        let named = self.workflow.children.keys();
        let children = named.flat_map(|of| case.children_of(of));
        let goes_on = |id: &CaseId| world.case(*id).is_some_and(|child| child.end().is_none());
        let children: Vec<(Name, String, CaseId)> = children
            .filter(|child| goes_on(&child.case))
            .map(|child| (child.of.clone(), child.key.clone(), child.case))
            .collect();
        let picked = self.chance.pick(&children).cloned();
        let found = picked.and_then(|(of, key, id)| Some((of, key, world.case(id)?)));
        let Some((of, key, child)) = found else {
            return self.offered(world, case);
        };
        let own = std::mem::replace(&mut self.workflow, world.workflow_of(child));
        let turn = if self.chance.percent(15) {
            self.hostile(world, child)
        } else {
            self.offered(world, child)
        };
        self.workflow = own;
        match turn {
            Turn::Event(event) => Turn::Child { of, key, event },
            other => other,
        }
    }
}
