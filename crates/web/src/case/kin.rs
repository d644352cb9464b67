//! Cases that belong to a case: the one that it is a child of, its children, and those that it is linked to. Each is
//! looked at as its reader: what is not theirs to see is not listed.

use countersign_core::{
    case::{Actor, CaseId},
    text::{Language, Text},
    workflow::End,
};
use countersign_engine::{Error, Scene, ports::store::CaseAddress};
use maud::{Markup, html};

use super::Shown;
use crate::{
    WebState,
    page::{called, say},
};

/// More of them are not looked at.
const MOST: usize = 40;

/// A case that belongs to another.
#[derive(Debug)]
pub struct Kin {
    /// In which way.
    how: String,
    number: String,
    title: String,
    state: String,
    end: Option<End>,
}

/// Those of the case of this scene that its actor sees.
pub async fn kin(state: &WebState, language: Language, scene: &Scene) -> Result<Vec<Kin>, Error> {
    let mut kin = Vec::new();
    for (how, id) in ids(scene, language).into_iter().take(MOST) {
        match look(state, &scene.actor, id).await {
            Ok(found) => kin.extend(told(how, &found, language)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(kin)
}

async fn look(state: &WebState, actor: &Actor, id: CaseId) -> Result<Scene, Error> {
    state.engine.look(actor, &CaseAddress::Id(id)).await
}

fn ids(scene: &Scene, language: Language) -> Vec<(String, CaseId)> {
    let (Some(case), Some(workflow)) = (&scene.case, &scene.workflow) else {
        return Vec::new();
    };
    let title =
        |text: Option<&Text>, name: &str| text.map_or(name, |text| text.get(language)).to_owned();
    let parent = case.parent.iter().map(|parent| {
        let how = say(language, "Belongs to", "所属申请");
        (how.to_owned(), parent.case)
    });
    let children = case.children.iter().filter(|child| !child.refused);
    let children = children.map(|child| {
        let declared = workflow.children.get(&child.of);
        let how = title(declared.map(|of| &of.title), &child.of);
        (how, child.case)
    });
    let links = case.content.links.iter();
    let links = links.map(|(link, case)| (title(workflow.title_of(link), link), *case));
    parent.chain(links).chain(children).collect()
}

fn told(how: String, scene: &Scene, language: Language) -> Option<Kin> {
    let (case, workflow) = (scene.case.as_ref()?, scene.workflow.as_ref()?);
    let state = workflow.states.find(case.state.as_str())?;
    Some(Kin {
        how,
        number: case.number.clone(),
        title: case.title.clone(),
        state: state.title.get(language).to_owned(),
        end: case.end(),
    })
}

/// The list of them.
pub fn list(shown: &Shown) -> Markup {
    let language = shown.language();
    html! {
        @if !shown.kin.is_empty() {
            section.form aria-labelledby="related" {
                h2 #related { (say(language, "Related cases", "相关申请")) }
                ul.kin {
                    @for kin in &shown.kin {
                        li {
                            span.quiet { (kin.how) }
                            a href={ "/cases/" (kin.number) } { (called(&kin.title, &kin.number)) }
                            span.quiet.number { (kin.number) }
                            span class=(super::header::badge(kin.end, false)) { (kin.state) }
                        }
                    }
                }
            }
        }
    }
}
