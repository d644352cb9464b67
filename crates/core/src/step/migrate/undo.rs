//! Taking a migration back: while nothing has followed, the case becomes again what it was.

use std::sync::Arc;

use serde_json::json;

use crate::{
    case::{Case, HeldPlace},
    context::Context,
    history::What,
    outcome::{Outcome, Refusal},
    reading::Reading,
    workflow::Workflow,
};

use super::super::{refused, run::Run, seal::Draft};

/// Puts the case back into the version that it was moved from.
pub(in crate::step) fn undo(
    workflow: &Workflow,
    case: &Case,
    held: &[HeldPlace],
    to: &Arc<Workflow>,
    reason: &str,
    ctx: &Context<'_>,
) -> Outcome {
    let reading = Reading::new(ctx.inputs, ctx.actor)
        .at(ctx.now)
        .holding(held);
    let asked = Run::new(workflow, case.clone(), ctx, &reading);
    let allowed = asked.must_be_operated(reason);
    let back = allowed.and_then(|()| before(case, to).ok_or(Refusal::NotUndone));
    let (before, content) = match back {
        Ok(back) => back,
        Err(refusal) => return refused(&reading, refusal),
    };
    drop(asked);
    let mut run = Run::new(to, before, ctx, &reading);
    if let Some(content) = content {
        run.case.content = content;
        run.case.revision += 1;
        run.revised = true;
        run.content_changed = true;
    }
    let detail = json!({ "from_version": case.version, "to_version": to.version });
    let mut draft = Draft::of(What::MigrationUndone).saying(reason).with(detail);
    draft.from = Some(case.state.clone());
    draft.to = Some(run.case.state.clone());
    run.write(draft);
    match run.settle() {
        Ok(()) => run.finish(),
        Err(refusal) => refused(&reading, refusal),
    }
}

/// The case as it was, with the history that it has since; its content, if that was changed.
fn before(case: &Case, to: &Workflow) -> Option<(Case, Option<crate::case::Content>)> {
    let migrated = case.migrated.as_ref()?;
    let fits = migrated.etag == case.etag && migrated.before.version == to.version;
    let is_its = to.id == case.workflow;
    if !fits || !is_its {
        return None;
    }
    let content = migrated.content.clone();
    let mut touched = case.touched.clone();
    for etag in touched.values_mut().filter(|etag| **etag == case.etag) {
        *etag = case.etag + 1;
    }
    let before = Case {
        etag: case.etag,
        entries: case.entries,
        head: case.head,
        held: case.held.clone(),
        failures: case.failures.clone(),
        revision: case.revision,
        touched,
        content: case.content.clone(),
        ..migrated.before.clone()
    };
    Some((before, content))
}
