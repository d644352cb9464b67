//! Cases in a list, as the inbox and the search show them.

use std::{collections::BTreeMap, sync::Arc};

use countersign_core::{
    case::{CaseId, PartnerId},
    reading::Reading,
    text::Language,
    workflow::Workflow,
};
use countersign_engine::{Error, Glance, ports::reader::CaseRow};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    WebState,
    case::badge,
    door::SignedIn,
    page::{Clockwork, called, say},
};

/// Rows for one reader.
pub struct Rows {
    language: Language,
    clock: Clockwork,
    cases: Vec<(CaseRow, Option<Arc<Workflow>>)>,
    /// What their partners are called.
    names: BTreeMap<PartnerId, String>,
    /// Whether the reader sees cases of several partners.
    partners: bool,
    /// How their reviews stand, and what can be decided at once; empty where that is not asked.
    glances: BTreeMap<CaseId, Glance>,
}

impl Rows {
    /// Of these cases.
    pub async fn new(
        state: &WebState,
        reader: &SignedIn,
        rows: Vec<CaseRow>,
    ) -> Result<Self, Error> {
        let language = reader.language();
        let names = partners(state, reader, &rows).await?;
        let with_workflow = rows.into_iter().map(|row| {
            let workflow = state.engine.registry().get(&row.workflow, row.version);
            (row, workflow)
        });
        Ok(Self {
            language,
            names,
            clock: Clockwork {
                language,
                zone: chrono_tz::UTC,
                now: state.engine.now(),
            },
            cases: with_workflow.collect(),
            partners: reader.person.partner.is_none(),
            glances: BTreeMap::new(),
        })
    }

    /// With how the reviews of these cases stand for the reader.
    pub async fn with_glances(
        mut self,
        state: &WebState,
        reader: &SignedIn,
    ) -> Result<Self, Error> {
        let ids = self.cases.iter().map(|(row, _)| row.id);
        self.glances = state.engine.glances(&reader.actor(), ids).await?;
        Ok(self)
    }

    /// What can be chosen for several of them at once, by id.
    pub fn choices(&self) -> BTreeMap<String, String> {
        let offers = self.glances.values().flat_map(|glance| &glance.choices);
        let titled = offers.map(|offer| {
            let title = offer.title.get(self.language);
            (offer.id.to_string(), title.to_owned())
        });
        titled.collect()
    }

    /// The number of the first.
    pub fn first(&self) -> Option<&str> {
        self.cases.first().map(|(row, _)| row.number.as_str())
    }

    /// All of them.
    pub fn table(&self) -> Markup {
        self.rows(false)
    }

    /// All of them, to be ticked where something can be decided without opening the case.
    pub fn table_to_choose(&self) -> Markup {
        self.rows(true)
    }

    fn rows(&self, choose: bool) -> Markup {
        let language = self.language;
        html! {
            table.cases {
                thead { tr {
                    @if choose { th scope="col" { span.hidden { (say(language, "Choose", "选择")) } } }
                    th scope="col" { (say(language, "Case", "申请")) }
                    @if self.partners { th scope="col" { (say(language, "Partner", "伙伴")) } }
                    th scope="col" { (say(language, "State", "状态")) }
                    th scope="col" { (say(language, "Due", "期限")) }
                } }
                tbody { @for (row, workflow) in &self.cases { (self.row(row, workflow.as_deref(), choose)) } }
            }
        }
    }

    fn row(&self, row: &CaseRow, workflow: Option<&Workflow>, choose: bool) -> Markup {
        let glance = self.glances.get(&row.id);
        let choices = glance.map_or(&[][..], |glance| &glance.choices);
        let language = self.language;
        let state = workflow.and_then(|workflow| workflow.states.find(&row.state));
        let state = state.map_or(row.state.as_str(), |state| state.title.get(language));
        let of = workflow.map_or(row.workflow.as_str(), |workflow| {
            workflow.title.get(language)
        });
        let clock = Clockwork {
            zone: workflow.map_or(chrono_tz::UTC, |workflow| workflow.surroundings.zone),
            ..self.clock
        };
        let class = badge(row.end, row.on_hold);
        html! {
            tr {
                @if choose {
                    td.choose { @if !choices.is_empty() {
                        input type="checkbox" name="case" value=(row.number) aria-label={ (say(language, "Choose ", "选择 ")) (row.number) };
                    } }
                }
                td.case {
                    a href={ "/cases/" (row.number) } { (called(&row.title, &row.number)) }
                    p.quiet { span.number { (row.number) } " · " (of) }
                }
                @if self.partners {
                    td data-title=(say(language, "Partner", "伙伴")) { @if let Some(partner) = &row.partner { (self.names.get(partner).map_or(partner.as_str(), String::as_str)) } @else { "–" } }
                }
                td data-title=(say(language, "State", "状态")) {
                    span class=(class) { (state) }
                    @if let Some((have, need)) = glance.and_then(|glance| glance.votes) {
                        " " span.round { (have) (say(language, " of ", " / ")) (need) (say(language, " votes", " 票")) }
                    }
                    @if row.round > 1 { " " span.round { (say(language, "Round ", "第 ")) (row.round) (say(language, "", " 轮")) } }
                }
                td data-title=(say(language, "Due", "期限")) {
                    @match row.due_at.filter(|_| row.end.is_none()) {
                        Some(due) => (clock.due(due)),
                        None => span.none { "–" },
                    }
                }
            }
        }
    }
}

/// What the partners of these cases are called.
async fn partners(
    state: &WebState,
    reader: &SignedIn,
    rows: &[CaseRow],
) -> Result<BTreeMap<PartnerId, String>, Error> {
    let actor = reader.actor();
    let names = state.engine.read(&actor, |inputs| {
        let reading = Reading::new(inputs, &actor);
        let ids = rows.iter().filter_map(|row| row.partner.clone());
        let named = ids.filter_map(|id| {
            let name = reading.partner(&id)?.name.clone();
            Some((id, name))
        });
        let names: BTreeMap<PartnerId, String> = named.collect();
        if reading.is_complete() {
            Ok(names)
        } else {
            Err(reading.missing())
        }
    });
    names.await
}

/// The way to the next page of a list.
pub fn further(language: Language, here: &str, cursor: Option<&str>) -> Markup {
    html! {
        @if let Some(cursor) = cursor {
            @let joint = if here.contains('?') { "&" } else { "?" };
            p.further { a.button.second href={ (here) (joint) "cursor=" (utf8_percent_encode(cursor, NON_ALPHANUMERIC)) } { (say(language, "More", "更多")) } }
        }
    }
}
