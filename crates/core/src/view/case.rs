//! `GET /v1/cases/{case}`: the whole case for one viewer.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{
    case::{Case, CaseId, CommentId, FileId, Lifecycle, PartnerId, PersonId},
    name::Name,
    outcome::Missing,
    text::Language,
    time::Time,
    timetable,
    workflow::{End, StatePath, Workflow},
};

use super::{Offer, ReviewView, Tally, Viewer, WaitingForView, glass::Glass};

/// A case as one viewer sees it. Serialises as the HTTP API says, members in its order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its workflow.
    pub workflow: Name,
    /// And version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub state: StatePath,
    /// What that is called.
    pub state_title: String,
    /// Of each running track, by its path, where that is; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<TrackView>,
    /// `running`, `on_hold` or `ended`.
    pub lifecycle: &'static str,
    /// How it ended.
    pub end: Option<End>,
    /// The round.
    pub round: u32,
    /// How many contents have been saved.
    pub revision: u32,
    /// Since when it is in that state.
    pub since: Time,
    /// For `If-Match`.
    pub etag: u64,
    /// Whose it is.
    pub partner: Option<PartnerId>,
    /// Who opened it.
    pub opened_by: Option<PersonId>,
    /// When.
    pub opened_at: Time,
    /// Until when somebody should act.
    pub due_at: Option<Time>,
    /// Whether that moment has come.
    pub overdue: bool,
    /// Forms, as far as he sees them; copies of reviewers as a list.
    pub data: Map<String, Json>,
    /// What he may write here and now: fields (`deal.amount`), materials and links, in document order.
    pub edit: Vec<String>,
    /// Related cases; absent if there are none.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub links: IndexMap<Name, CaseId>,
    /// Files by material.
    pub materials: IndexMap<Name, Vec<FileView>>,
    /// Comments, oldest first.
    pub comments: Vec<CommentView>,
    /// Whose turn it is.
    pub waiting_for: Vec<WaitingForView>,
    /// The running review.
    pub review: Option<ReviewView>,
    /// All running reviews where there are several, one a track; absent otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewView>,
    /// What he may do, in document order.
    pub actions: Vec<ActionView>,
    /// What will fire, earliest first.
    pub timers: Vec<TimerView>,
}

/// One of several tracks that run at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrackView {
    /// The track, by its path.
    pub track: StatePath,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub state: StatePath,
    /// What that is called.
    pub state_title: String,
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// The file.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// In hex.
    pub sha256: String,
    /// By whom; absent if he may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uploaded_by: Option<String>,
    /// When.
    pub uploaded_at: Time,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommentView {
    /// The comment.
    pub id: CommentId,
    /// What it is on; null: the whole case.
    pub at: Option<String>,
    /// What it says.
    pub text: String,
    /// By whom; absent if he may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub recorded_at: Time,
    /// Whether it is kept from the partner's side.
    pub internal: bool,
    /// In which round.
    pub round: u32,
    /// Answers.
    pub replies: Vec<ReplyView>,
    /// Whether it waits for an answer, or its answer for the next submission.
    pub open: bool,
    /// Whether it was answered: by a reply, or by a change of what it is on.
    pub answered: bool,
}

/// An answer to a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplyView {
    /// What it says.
    pub text: String,
    /// By whom; absent if he may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub recorded_at: Time,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionView {
    /// The action or decision.
    pub id: Name,
    /// On the button.
    pub title: String,
    /// `action` or `decision`.
    pub kind: &'static str,
    /// Whether it would succeed.
    pub allowed: bool,
    /// Why not.
    pub missing: Vec<MissingView>,
    /// A text to tick; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// The forms that are filled in with it; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<Name>,
    /// Other things asked with it: `comment`, `code`; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<&'static str>,
}

/// Something missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingView {
    /// The word of `require`, or the form.
    pub name: String,
    /// What to tell the person.
    pub message: String,
    /// The place to point to.
    pub at: Option<String>,
}

/// A timer that will fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimerView {
    /// The timer.
    pub timer: Name,
    /// The state that declares it.
    pub state: StatePath,
    /// When.
    pub due: Time,
    /// When it fires after that, the next few times; absent if it does not repeat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Time>,
}

/// How many firings of a repeated timer are told besides the next one.
const FIRINGS_TOLD: u32 = 3;

impl MissingView {
    /// In one language.
    pub fn new(missing: &Missing, language: Language) -> Self {
        Self {
            name: missing.name.clone(),
            message: missing.message.get(language).to_owned(),
            at: missing.at.as_ref().map(ToString::to_string),
        }
    }
}

/// The case for a viewer who sees it. `offers` and `tallies` are what `step` says of it for him.
pub fn case_view(
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
    offers: &[Offer],
    tallies: &[Tally],
) -> CaseView {
    let glass = Glass::new(viewer, workflow, case);
    let due_at = case.due_at();
    CaseView {
        id: case.id,
        number: case.number.clone(),
        workflow: case.workflow.clone(),
        version: case.version,
        title: case.title.clone(),
        state: case.state.clone(),
        state_title: state_title(workflow, case.state.as_str(), viewer.language),
        tracks: tracks(viewer, workflow, case),
        lifecycle: lifecycle(case),
        end: case.end(),
        round: case.round,
        revision: case.revision,
        since: since(case),
        etag: case.etag,
        partner: case.partner.clone(),
        opened_by: case.starter.clone(),
        opened_at: case.opened_at,
        due_at,
        overdue: due_at.is_some_and(|due| due <= viewer.now),
        data: glass.data(),
        edit: glass.edit(),
        links: glass.links(),
        materials: glass.materials(),
        comments: glass.comments(),
        waiting_for: glass.waiting_for(tallies),
        review: tallies.first().map(|tally| glass.review(tally)),
        reviews: match tallies {
            [] | [_] => Vec::new(),
            several => several.iter().map(|tally| glass.review(tally)).collect(),
        },
        actions: offers
            .iter()
            .map(|offer| action(offer, viewer.language))
            .collect(),
        timers: glass.timers(),
    }
}

/// Since when the case is where it is.
pub(super) fn since(case: &Case) -> Time {
    let entered = case.entered.get(&case.state);
    entered.copied().unwrap_or(case.opened_at)
}

/// The running tracks, in the order written.
fn tracks(viewer: &Viewer<'_>, workflow: &Workflow, case: &Case) -> Vec<TrackView> {
    let all = workflow.states.iter();
    let running = all.filter_map(|track| Some((&track.path, case.tracks.get(&track.path)?)));
    let title = |path: &StatePath| state_title(workflow, path.as_str(), viewer.language);
    running
        .map(|(track, state)| TrackView {
            track: track.clone(),
            title: title(track),
            state: state.clone(),
            state_title: title(state),
        })
        .collect()
}

/// What a state is called; its path if the workflow does not know it.
pub(super) fn state_title(workflow: &Workflow, path: &str, language: Language) -> String {
    let state = workflow.states.find(path);
    state
        .map_or(path, |state| state.title.get(language))
        .to_owned()
}

/// The word for the life of a case.
pub(super) fn lifecycle(case: &Case) -> &'static str {
    match case.lifecycle {
        Lifecycle::Running => "running",
        Lifecycle::OnHold { .. } => "on_hold",
        Lifecycle::Ended { .. } => "ended",
    }
}

fn action(offer: &Offer, language: Language) -> ActionView {
    let asks = [("comment", offer.comment), ("code", offer.code)];
    let missing = offer.missing.iter();
    ActionView {
        id: offer.id.clone(),
        title: offer.title.get(language).to_owned(),
        kind: offer.kind.as_str(),
        allowed: offer.allowed,
        missing: missing
            .map(|missing| MissingView::new(missing, language))
            .collect(),
        confirm: offer
            .confirm
            .as_ref()
            .map(|text| text.get(language).to_owned()),
        forms: offer.forms.clone(),
        asks: asks
            .into_iter()
            .filter_map(|(word, asked)| asked.then_some(word))
            .collect(),
    }
}

impl Glass<'_> {
    fn links(&self) -> IndexMap<Name, CaseId> {
        let links = self.case.content.links.iter();
        links
            .filter(|(link, _)| self.visible.whole(link))
            .map(|(link, case)| (link.clone(), *case))
            .collect()
    }

    pub(super) fn materials(&self) -> IndexMap<Name, Vec<FileView>> {
        let declared = self.workflow.materials.keys();
        declared
            .filter(|material| self.visible.whole(material))
            .filter_map(|material| {
                let files = self.case.content.materials.get(material)?;
                let shown = files.iter().map(|file| FileView {
                    id: file.id,
                    name: file.name.clone(),
                    size: file.size,
                    media_type: file.media_type.clone(),
                    sha256: file.sha256.clone(),
                    uploaded_by: self.doer(&file.uploaded_by),
                    uploaded_at: file.uploaded_at,
                });
                Some((material.clone(), shown.collect::<Vec<_>>()))
            })
            .filter(|(_, files)| !files.is_empty())
            .collect()
    }

    fn comments(&self) -> Vec<CommentView> {
        let comments = self.case.content.comments.iter();
        comments
            .filter(|comment| {
                let at = comment.at.as_deref();
                self.visible.proceedings()
                    && (!comment.internal || self.visible.internal())
                    && at.is_none_or(|at| self.visible.place(self.workflow, at))
            })
            .map(|comment| CommentView {
                id: comment.id,
                at: comment.at.clone(),
                text: comment.text.clone(),
                by: self.doer(&comment.by),
                recorded_at: comment.recorded_at,
                internal: comment.internal,
                round: comment.round,
                replies: comment
                    .replies
                    .iter()
                    .map(|reply| ReplyView {
                        text: reply.text.clone(),
                        by: self.doer(&reply.by),
                        recorded_at: reply.recorded_at,
                    })
                    .collect(),
                open: comment.open,
                answered: comment.is_answered(),
            })
            .collect()
    }

    pub(super) fn timers(&self) -> Vec<TimerView> {
        if !self.visible.proceedings() || self.case.end().is_some() {
            return Vec::new();
        }
        let armed = self.case.timers.iter();
        let mut timers: Vec<_> = armed
            .filter_map(|timer| {
                Some(TimerView {
                    timer: timer.timer.clone(),
                    state: timer.state.clone(),
                    due: timer.due?,
                    then: timetable::following(self.workflow, self.case, timer, FIRINGS_TOLD),
                })
            })
            .collect();
        timers.sort_by_key(|timer| timer.due);
        timers
    }
}
