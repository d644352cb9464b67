//! To which case a new one belongs: a list of those that fit, as the engine says. Where there are too many for a list
//! the number can be typed, and the newest are suggested.

use std::collections::BTreeMap;

use countersign_core::{
    name::Name,
    text::Language,
    workflow::{Link, Workflow},
};
use countersign_engine::{Error, Fitting, ports::reader::CaseRow};
use maud::{Markup, html};

use crate::{WebState, case::Typed, door::SignedIn, page::say};

/// For each link that is picked what fits.
pub(super) async fn fitting(
    state: &WebState,
    reader: &SignedIn,
    workflow: &Workflow,
) -> Result<BTreeMap<Name, Fitting>, Error> {
    let mut all = BTreeMap::new();
    let caller = reader.caller();
    for link in picked(workflow) {
        let fits = state.engine.fitting(&caller, workflow, link).await?;
        all.insert(link.name.clone(), fits);
    }
    Ok(all)
}

/// The links that a person picks.
pub(super) fn picked(workflow: &Workflow) -> impl Iterator<Item = &Link> {
    workflow.links.values().filter(|link| link.many.is_none())
}

/// A link's field.
pub(super) fn field(language: Language, link: &Link, fits: &Fitting, typed: &Typed) -> Markup {
    let name = format!("link.{}", link.name);
    let fault = typed.fault(&link.name);
    let value = typed.value(&name).unwrap_or_default();
    let suggested = format!("fits.{}", link.name);
    if fits.cases.is_empty() && !fits.more {
        return html! {
            div.field.wrong[fault.is_some()] id=(link.name) {
                p { strong { (link.title.get(language)) } }
                @if let Some(fault) = fault { p.fault { (fault.message) } }
                p.hint { (say(language, "There is no case yet that this could belong to.", "还没有可关联的申请。")) }
            }
        };
    }
    html! {
        div.field.wrong[fault.is_some()] {
            label for=(link.name) { (link.title.get(language)) }
            @if let Some(fault) = fault { p.fault { (fault.message) } }
            @if fits.more {
                p.hint { (say(language, "The number of the case that this belongs to.", "所属申请的编号。")) }
                input type="text" class="short" id=(link.name) name=(name) value=(value) list=(suggested) autocomplete="off";
                datalist id=(suggested) {
                    @for row in &fits.cases { option value=(row.number) { (called(row)) } }
                }
            } @else {
                p.hint { (say(language, "The case that this belongs to.", "所属的申请。")) }
                select id=(link.name) name=(name) {
                    option value="" { (say(language, "Choose", "请选择")) }
                    @for row in &fits.cases {
                        option value=(row.number) selected[is_chosen(row, fits, link, value)] { (called(row)) }
                    }
                }
            }
        }
    }
}

/// The one that was chosen; or the only one there is, where one is needed.
fn is_chosen(row: &CaseRow, fits: &Fitting, link: &Link, value: &str) -> bool {
    if value.is_empty() {
        fits.cases.len() == 1 && !link.optional
    } else {
        row.number == value
    }
}

/// The number, and what the case is called.
fn called(row: &CaseRow) -> String {
    if row.title.is_empty() {
        row.number.clone()
    } else {
        format!("{} · {}", row.number, row.title)
    }
}
