//! Show what somebody can do with a case besides its actions: say something, and pass turns on. Each answer is a dry run
//! of the command itself, so that a button is there exactly where the command would be taken. Not for carrying them out.

use countersign_core::{
    case::PersonId,
    command::{Command, NewComment},
    context::Needs,
    outcome::{Outcome, Refusal},
    policy::{Policy, people_of, turns},
    step,
    text::Language,
    time::Time,
};

use super::show_case::{dry_run, shown};
use crate::Scene;

/// How many people are suggested for a turn.
const SUGGESTED_MOST: usize = 50;

/// What an actor could do with a case besides its actions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a button of its own, and they do not depend on each other"
)]
pub struct Possible {
    /// Comment and reply.
    pub comment: bool,
    /// Comment so that the starter's side does not see it.
    pub internal: bool,
    /// Take the turn alone.
    pub claim: bool,
    /// Give a claimed turn back.
    pub release: bool,
    /// Hand the own turn to somebody else.
    pub delegate: bool,
    /// Hand others' turns over, as an operator.
    pub reassign: bool,
    /// Who has claimed the turn, and until when; `None`: nobody, or not for this actor to know.
    pub claimed: Option<(PersonId, Time)>,
    /// Colleagues in the roles whose turn it is, by name: to them a turn goes most often.
    pub suggested: Vec<(PersonId, String)>,
}

/// What came of a dry run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judged {
    Taken,
    Refused,
    /// Only what came with it was wrong.
    Invalid,
    /// Something has to be loaded first.
    Unknown,
}

/// What the actor of a scene could do with its case besides its actions.
pub fn possible(scene: &Scene) -> Result<Possible, Needs> {
    let buttons = buttons(scene)?;
    let wants_people = buttons.delegate || buttons.reassign;
    let (claimed, suggested) = people(scene, wants_people)?;
    Ok(Possible {
        claimed,
        suggested,
        ..buttons
    })
}

/// Everything but the people.
fn buttons(scene: &Scene) -> Result<Possible, Needs> {
    let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
        return Ok(Possible::default());
    };
    // All are tried before anything is loaded, so that one load serves them all.
    let mut missing = Needs::default();
    let mut judged = |command: Command| match step::step(workflow, case, &command, &dry_run(scene))
    {
        Outcome::Missing(needs) => {
            missing.add(needs);
            Judged::Unknown
        }
        Outcome::Done(_) | Outcome::Unchanged => Judged::Taken,
        Outcome::Refused(Refusal::Invalid(_)) => Judged::Invalid,
        Outcome::Refused(_) => Judged::Refused,
    };
    let mut comment = |internal| {
        let text = "-".to_owned();
        judged(Command::Comment(NewComment {
            at: None,
            text,
            internal,
        }))
    };
    let (plain, internal) = (comment(false), comment(true));
    // To nobody: all else is judged before to whom it goes, which is then what is wrong with it.
    let (to, reason) = (PersonId::new(""), "-".to_owned());
    let possible = Possible {
        comment: plain == Judged::Taken,
        internal: internal == Judged::Taken,
        claim: judged(Command::Claim) == Judged::Taken,
        release: judged(Command::Release {
            reason: String::new(),
        }) == Judged::Taken,
        delegate: judged(Command::Delegate {
            to: to.clone(),
            reason: reason.clone(),
        }) == Judged::Invalid,
        reassign: judged(Command::Reassign {
            from: None,
            to,
            reason,
        }) == Judged::Invalid,
        ..Possible::default()
    };
    if missing.is_empty() {
        Ok(possible)
    } else {
        Err(missing)
    }
}

/// Who has claimed the turn and until when.
type Claimed = Option<(PersonId, Time)>;

/// Who has claimed the turn, and to whom it might go.
fn people(scene: &Scene, wanted: bool) -> Result<(Claimed, Vec<(PersonId, String)>), Needs> {
    let told = shown(scene, Language::default(), |viewer, workflow, case| {
        let policy = Policy::new(workflow, case, viewer.actor, viewer.reading);
        let claim = case.claim.as_ref();
        let claim = claim.filter(|claim| policy.may_name(&claim.by));
        let me = viewer.actor.person().map(|person| &person.id);
        let awaited = turns(workflow, case, &|_| true).into_iter();
        let people = awaited
            .filter(|_| wanted)
            .flat_map(|turn| people_of(workflow, case, turn.role, viewer.reading));
        let mut suggested: Vec<(PersonId, String)> = people
            .filter(|id| Some(id) != me)
            .filter_map(|id| {
                let person = viewer.reading.person(&id)?;
                let fits = !person.disabled && viewer.reading.is_known_to_actor(&person);
                fits.then(|| (id, person.name.clone()))
            })
            .take(SUGGESTED_MOST)
            .collect();
        suggested.sort();
        suggested.dedup();
        (
            claim.map(|claim| (claim.by.clone(), claim.until)),
            suggested,
        )
    })?;
    Ok(told.unwrap_or_default())
}
