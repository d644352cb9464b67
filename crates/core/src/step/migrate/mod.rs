//! Moving a case to another version of its workflow (rule 50): no `exit`, no `enter`; timers as the file states; ballots of
//! a renamed state go along. What is carried over how is in the modules; here is the command, and its verdict.

mod content;
mod paths;
mod stay;
mod undo;

use std::sync::Arc;

use serde_json::json;

use crate::{
    case::{Case, HeldPlace, Lifecycle, Migrated, Outcome as Decided},
    command::Patch,
    context::{Context, Needs},
    history::What,
    migration::{Assessment, Remark, Verdict},
    outcome::{Outcome, Refusal},
    reading::Reading,
    text::Text,
    workflow::{Migration, Place, State, StateKind, StatePath, Workflow},
};

use super::{run::Run, seal::Draft};

pub(super) use undo::undo;

/// Between which versions, and how the file of the newer one says so.
struct Way<'w> {
    old: &'w Workflow,
    new: &'w Workflow,
    how: Option<&'w Migration>,
}

/// Carries the command out, if its verdict lets it.
pub(super) fn migrate(
    workflow: &Workflow,
    case: &Case,
    held: &[HeldPlace],
    to: &Arc<Workflow>,
    data: &Patch,
    reason: &str,
    ctx: &Context<'_>,
) -> Outcome {
    let reading = Reading::new(ctx.inputs, ctx.actor)
        .at(ctx.now)
        .holding(held);
    let asked = Run::new(workflow, case.clone(), ctx, &reading).must_be_operated(reason);
    if let Err(refusal) = asked {
        return super::refused(&reading, refusal);
    }
    let mut moving = Moving::new(workflow, to, case, ctx, &reading);
    let moved = moving.carry_over(data, reason);
    let (assessment, run) = (moving.assessment(case), moving.run);
    if moved.is_none() || assessment.verdict() > Verdict::SafeWithDefault {
        let heavy = assessment.remarks.into_iter();
        let heavy = heavy.filter(|remark| remark.verdict > Verdict::SafeWithDefault);
        let refusal = Refusal::Missing(heavy.map(Remark::into_missing).collect());
        return super::refused(&reading, refusal);
    }
    run.finish()
}

/// What a migration would come to, were an operator to start it now. The case is looked at as it is: timers that are
/// due are not fired before.
pub fn assess_migration(
    workflow: &Workflow,
    case: &Case,
    to: &Workflow,
    data: &Patch,
    ctx: &Context<'_>,
) -> Result<Assessment, Needs> {
    let reading = Reading::new(ctx.inputs, ctx.actor)
        .at(ctx.now)
        .holding(&case.held);
    let mut moving = Moving::new(workflow, to, case, ctx, &reading);
    moving.carry_over(data, "");
    if reading.is_complete() {
        Ok(moving.assessment(case))
    } else {
        Err(reading.missing())
    }
}

/// A migration under way.
struct Moving<'a> {
    way: Way<'a>,
    /// On the newer version, with a copy of the case.
    run: Run<'a>,
    remarks: Vec<Remark>,
}

impl<'a> Moving<'a> {
    fn new(
        old: &'a Workflow,
        new: &'a Workflow,
        case: &Case,
        ctx: &'a Context<'a>,
        reading: &'a Reading<'a>,
    ) -> Self {
        let how = new.migrate.get(&case.version);
        Self {
            way: Way { old, new, how },
            run: Run::new(new, case.clone(), ctx, reading),
            remarks: Vec::new(),
        }
    }

    fn assessment(&self, before: &Case) -> Assessment {
        let impossible = |remark: &Remark| remark.verdict == Verdict::Impossible;
        let moves = !self.remarks.iter().any(impossible);
        Assessment {
            from: before.state.clone(),
            to: moves.then(|| self.run.case.state.clone()),
            remarks: self.remarks.clone(),
        }
    }

    /// Makes the case one of the newer version. `None` if it has no place there at all.
    fn carry_over(&mut self, data: &Patch, reason: &str) -> Option<()> {
        let before = self.run.case.clone();
        let target = self.target(&before)?;
        let standing = standing_votes(&before);
        self.rename_paths();
        self.run.case.version = self.way.new.version;
        self.place(&before, target)?;
        let stays = self.leave_what_has_gone(&before);
        self.carry_content(data);
        self.enter_or_stay(&stays);
        self.run.arrived();
        self.run.tend_clocks();
        if matches!(target.kind, StateKind::End(_)) {
            self.run.end_in(target);
            self.note(
                Verdict::SafeWithDefault,
                &target.path,
                Text::new("The case ends with it.", "迁移后申请即结束。"),
            );
        }
        self.write_entry(&before, target, reason);
        if let Err(refusal) = self.run.settle() {
            self.refused_by(refusal);
        }
        let fallen = standing.saturating_sub(standing_votes(&self.run.case));
        if fallen > 0 {
            self.note(
                Verdict::SafeWithDefault,
                &target.path,
                Text::new(
                    format!("{fallen} votes no longer stand."),
                    format!("{fallen} 张表决不再有效。"),
                ),
            );
        }
        self.tell_if_it_went_on(target);
        let content = (self.run.case.content != before.content).then(|| before.content.clone());
        let etag = before.etag + 1;
        let before = Case {
            migrated: None,
            ..before
        };
        self.run.case.migrated = Some(Box::new(Migrated {
            etag,
            before,
            content,
        }));
        Some(())
    }

    /// The leaf of the newer version where the case goes.
    fn target(&mut self, case: &Case) -> Option<&'a State> {
        let (new, path) = (self.way.new, &case.state);
        let (id, version) = (&new.id, new.version);
        let why = if matches!(case.lifecycle, Lifecycle::Ended { .. }) {
            Text::new("The case is over.", "申请已结束。")
        } else if *id != case.workflow || version <= case.version {
            Text::new(
                format!(
                    "It goes only to a newer version of its workflow than {}.",
                    case.version
                ),
                format!("只能迁移到同一流程的更新版本（高于 {}）。", case.version),
            )
        } else if self.way.how.is_some_and(|how| how.stays(path)) {
            Text::new(
                format!("Version {version} leaves cases in `{path}` with their version."),
                format!("版本 {version} 规定处于 `{path}` 的申请保留原版本。"),
            )
        } else if let Some(leaf) = self.way.leaf(path) {
            return Some(leaf);
        } else {
            Text::new(
                format!(
                    "Version {version} has no state `{path}` and does not say where its cases go."
                ),
                format!("版本 {version} 没有状态 `{path}`，也未说明其申请去向。"),
            )
        };
        self.note(Verdict::Impossible, path, why);
        None
    }

    /// Closes those of the states that it was in that it is not in any more, and tells which it stays in, as they are
    /// called now.
    fn leave_what_has_gone(&mut self, before: &Case) -> Vec<StatePath> {
        let old = self.way.old;
        let now: Vec<_> = self.run.states().map(|state| state.path.clone()).collect();
        let mut stays = Vec::new();
        for state in before.states(&old.states) {
            let path = StatePath::new(&self.way.path(state.path.as_str()));
            if now.contains(&path) {
                stays.push(path);
            } else {
                let called = State {
                    path,
                    ..state.clone()
                };
                self.run.depart(&called, Decided::Left);
                self.run.case.paused.remove(&called.path);
            }
        }
        stays
    }

    fn write_entry(&mut self, before: &Case, target: &State, reason: &str) {
        let remarks = self.remarks.iter();
        let defaults: Vec<_> = remarks.map(|remark| remark.message.en.as_str()).collect();
        let detail = json!({
            "from_version": before.version,
            "to_version": self.way.new.version,
            "defaults": defaults,
        });
        let mut draft = Draft::of(What::Migrate).saying(reason).with(detail);
        draft.from = Some(before.state.clone());
        draft.to = Some(target.path.clone());
        self.run.write(draft);
    }

    fn refused_by(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Missing(missing) | Refusal::Invalid(missing) => {
                self.remarks
                    .extend(missing.into_iter().map(|missing| Remark {
                        verdict: Verdict::Impossible,
                        name: missing.name,
                        message: missing.message,
                        at: missing.at,
                    }));
            }
            other => {
                let code = other.code();
                let why = Text::new(
                    format!("It would be refused: {code}."),
                    format!("将被拒绝：{code}。"),
                );
                self.remarks.push(Remark {
                    verdict: Verdict::Impossible,
                    name: code.to_owned(),
                    message: why,
                    at: None,
                });
            }
        }
    }

    /// By the rules of the newer version the case may go on at once.
    fn tell_if_it_went_on(&mut self, target: &State) {
        let now = self.run.case.state.clone();
        if now != target.path {
            let why = Text::new(
                format!("By the newer rules it is decided at once, and goes on to `{now}`."),
                format!("按新版本规则立即形成决定，并进入 `{now}`。"),
            );
            self.note(Verdict::SafeWithDefault, &now, why);
        }
    }

    fn note(&mut self, verdict: Verdict, state: &StatePath, message: Text) {
        self.remark(verdict, state.as_str(), message, None);
    }

    fn remark(&mut self, verdict: Verdict, name: &str, message: Text, at: Option<Place>) {
        self.remarks.push(Remark {
            verdict,
            name: name.to_owned(),
            message,
            at,
        });
    }
}

fn standing_votes(case: &Case) -> usize {
    let open = case
        .ballots
        .iter()
        .filter(|ballot| ballot.decided.is_none());
    let votes = open.flat_map(|ballot| &ballot.votes);
    votes.filter(|vote| vote.stands()).count()
}
