//! What a command makes of a case: pure, total, deterministic. The rules are those of the language's
//! semantics; each file here holds one group of them. Nothing here reads a clock or fetches anything, and
//! nothing here knows how a step is stored.

mod access;
mod act;
mod ballots;
mod children;
mod clocks;
mod comments;
mod derived;
mod dispatch;
mod early;
mod effects;
mod exclusion;
mod gist;
mod held;
mod joining;
mod letters;
mod look_into;
mod met;
mod migrate;
mod needs;
mod offers;
mod opening;
mod operators;
mod panels;
mod regions;
mod relieve;
mod require;
mod run;
mod seal;
mod settle;
mod signal;
mod soon;
mod standing;
mod subjects;
mod supply;
mod taken;
mod timers;
mod turns;
mod waits;
mod watching;
mod why;

pub use children::cancelled_in;
pub(crate) use derived::derive;
pub use gist::gist;
pub use migrate::assess_migration;
pub use needs::{needs, opening_needs};
pub use offers::{offers, tallies};
pub use why::why;

use crate::{
    case::{Actor, Case, CaseId, Channel, HeldPlace},
    command::{Code, Command, Opening},
    context::Context,
    outcome::{Outcome, Step},
    reading::Reading,
    workflow::{Link, Workflow},
};

use run::Run;

/// What comes of a command on a case whose timers were fired first.
#[derive(Debug, Clone)]
pub struct Handled {
    /// What the timers did that were due: commit it, even if the command is refused. `None` if none was due, or
    /// if something has to be loaded first.
    pub fired: Option<Box<Step>>,
    /// What comes of the command, on the case that the timers left.
    pub outcome: Outcome,
}

/// Creates a case, and takes the opening's `then` on it at once: all of it or nothing.
pub fn open(
    workflow: &Workflow,
    opening: &Opening,
    id: CaseId,
    number: &str,
    ctx: &Context<'_>,
) -> Outcome {
    let reading = Reading::new(ctx.inputs, ctx.actor).at(ctx.now);
    match opening::open(workflow, opening, id, number, ctx, &reading) {
        Ok(run) => run.finish(),
        Err(refusal) => refused(&reading, refusal),
    }
}

/// Whether a case fits where one that the actor would open belongs to another, as far as that can be told before
/// anything is filled in. Complete only if nothing is missing in `reading` afterwards.
pub fn fits(
    workflow: &Workflow,
    link: &Link,
    picked: CaseId,
    ctx: &Context<'_>,
    reading: &Reading<'_>,
) -> bool {
    opening::fits(workflow, link, picked, ctx, reading)
}

/// Fires the timers that are due by now, earliest first, and then judges the command. A timer wins at its exact
/// moment.
pub fn handle(workflow: &Workflow, case: &Case, command: &Command, ctx: &Context<'_>) -> Handled {
    if matches!(command, Command::FireTimers) {
        return Handled {
            fired: None,
            outcome: fire(workflow, case, ctx, true),
        };
    }
    let fired = match fire(workflow, case, ctx, false) {
        Outcome::Done(step) => step,
        Outcome::Unchanged | Outcome::Refused(_) => {
            return Handled {
                fired: None,
                outcome: step(workflow, case, command, ctx),
            };
        }
        missing @ Outcome::Missing(_) => {
            return Handled {
                fired: None,
                outcome: missing,
            };
        }
    };
    let outcome = judge(workflow, &fired.case, &case.held, command, ctx);
    if matches!(outcome, Outcome::Missing(_)) {
        return Handled {
            fired: None,
            outcome,
        };
    }
    Handled {
        fired: Some(fired),
        outcome,
    }
}

/// Judges one command and carries it out. Timers that are due are not fired unless the command says so: callers
/// that serve people use [`handle`].
pub fn step(workflow: &Workflow, case: &Case, command: &Command, ctx: &Context<'_>) -> Outcome {
    if matches!(command, Command::FireTimers) {
        return fire(workflow, case, ctx, true);
    }
    judge(workflow, case, &case.held, command, ctx)
}

/// Judges a command of a case that held these places when the inputs were loaded.
fn judge(
    workflow: &Workflow,
    case: &Case,
    held: &[HeldPlace],
    command: &Command,
    ctx: &Context<'_>,
) -> Outcome {
    match command {
        Command::Migrate { to, data, reason } => {
            return migrate::migrate(workflow, case, held, to, data, reason, ctx);
        }
        Command::UndoMigration { to, reason } => {
            return migrate::undo(workflow, case, held, to, reason, ctx);
        }
        _ => {}
    }
    let reading = Reading::new(ctx.inputs, ctx.actor)
        .at(ctx.now)
        .holding(held);
    let mut run = Run::new(workflow, case.clone(), ctx, &reading);
    match run.command(command) {
        Ok(()) => run.finish(),
        Err(refusal) => refused(&reading, refusal),
    }
}

/// Fires what is due. Whoever was woken looks again besides whether something has become true or decided.
fn fire(workflow: &Workflow, case: &Case, ctx: &Context<'_>, woken: bool) -> Outcome {
    let machine = Actor::Machine;
    let ctx = Context {
        actor: &machine,
        channel: Channel::Timer,
        if_match: None,
        code: Code::Absent,
        ..ctx.clone()
    };
    let reading = Reading::new(ctx.inputs, ctx.actor)
        .at(ctx.now)
        .holding(&case.held);
    let mut run = Run::new(workflow, case.clone(), &ctx, &reading);
    run.fire_due_timers();
    if woken {
        run.look_again();
    }
    run.finish()
}

/// A refusal counts only if everything was there to judge by.
fn refused(reading: &Reading<'_>, refusal: crate::outcome::Refusal) -> Outcome {
    if reading.is_complete() {
        Outcome::Refused(refusal)
    } else {
        Outcome::Missing(reading.missing())
    }
}
