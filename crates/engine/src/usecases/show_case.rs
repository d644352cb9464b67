//! Show a case: what API and pages answer with is made here, of one scene and for one viewer, so that both say the
//! same. What may be seen and done is the core's word.

use countersign_core::{
    case::{Actor, Case, Channel, PersonId},
    command::Code,
    context::{Context, Needs},
    name::Name,
    policy::Policy,
    reading::Reading,
    step,
    text::Language,
    view::{self, CaseView, Offer, Tally, Viewer, WhyView},
    workflow::Workflow,
};

use crate::{Engine, Error, Scene};

/// Shows the case of a scene to its actor, in a way of the caller's choice.
pub fn shown<T>(
    scene: &Scene,
    language: Language,
    show: impl Fn(&Viewer<'_>, &Workflow, &Case) -> T,
) -> Result<Option<T>, Needs> {
    let (Some(workflow), Some(case)) = (&scene.workflow, &scene.case) else {
        return Ok(None);
    };
    let reading = Reading::new(&scene.inputs, &scene.actor)
        .at(scene.now)
        .holding(&case.held);
    let viewer = Viewer {
        actor: &scene.actor,
        language,
        now: scene.now,
        reading: &reading,
    };
    let shown = show(&viewer, workflow, case);
    if reading.is_complete() {
        Ok(Some(shown))
    } else {
        Err(reading.missing())
    }
}

/// In which explanations are dry runs: nothing is supplied, and nothing comes of it.
pub fn dry_run(scene: &Scene) -> Context<'_> {
    Context {
        now: scene.now,
        actor: &scene.actor,
        channel: Channel::Api,
        if_match: None,
        code: Code::Absent,
        inputs: &scene.inputs,
        seed: [0; 32],
    }
}

/// What `step` says of a case to its viewer: the actions there are for him, and the running count.
pub fn offers(
    scene: &Scene,
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
) -> (Vec<Offer>, Vec<Tally>) {
    let context = dry_run(scene);
    let offers = step::offers(workflow, case, &context, viewer.reading);
    (
        offers,
        step::tallies(workflow, case, &context, viewer.reading),
    )
}

/// The case of a scene as its actor sees it.
pub fn case_view(scene: &Scene, language: Language) -> Result<Option<CaseView>, Needs> {
    shown(scene, language, |viewer, workflow, case| {
        let (offers, tallies) = offers(scene, viewer, workflow, case);
        view::case_view(viewer, workflow, case, &offers, &tallies)
    })
}

/// Why the actor of a scene can or cannot take an action, as `reader` may read it; `None`: the workflow lacks it.
pub fn explained(
    scene: &Scene,
    reader: &Actor,
    language: Language,
    action: &Name,
) -> Result<Option<WhyView>, Needs> {
    let explained = shown(scene, language, |viewer, workflow, case| {
        let why = step::why(workflow, case, &dry_run(scene), viewer.reading, action)?;
        let viewer = Viewer {
            actor: reader,
            ..*viewer
        };
        Some(view::why_view(&viewer, workflow, case, &why))
    });
    Ok(explained?.flatten())
}

/// What a mail tells this person of the case of a scene, a line each with its label.
pub fn mailed(
    scene: &Scene,
    person: &PersonId,
    language: Language,
) -> Result<Vec<(String, String)>, Needs> {
    let told = shown(scene, language, |viewer, workflow, case| {
        let reader = (person, language);
        step::gist(workflow, case, &dry_run(scene), viewer.reading, reader)
    });
    Ok(told?.unwrap_or_default())
}

impl Engine {
    /// The entries by which the case of a scene came where it is. None, if its actor may not see proceedings: who came
    /// by a link sees where the case is, and not how it came there.
    pub async fn way(&self, scene: &Scene) -> Result<Vec<countersign_core::history::Entry>, Error> {
        let sees = self.fill(scene.clone(), |scene| {
            shown(scene, Language::default(), |viewer, workflow, case| {
                let policy = Policy::new(workflow, case, viewer.actor, viewer.reading);
                policy.visible().proceedings()
            })
        });
        match (&scene.case, sees.await?) {
            (Some(case), Some(true)) => {
                let entries = self.whole_history(case).await?;
                Ok(entries.into_iter().map(|sealed| sealed.entry).collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
