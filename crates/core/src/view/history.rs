//! `GET /v1/cases/{case}/history`: what happened, as one viewer may read it.

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    case::{Case, Channel},
    history::{Change, Hash, SealedEntry, What},
    name::Name,
    time::Time,
    workflow::{StatePath, Workflow},
};

use super::{
    Viewer,
    glass::Glass,
    value::{in_language, kind_at},
};

/// An entry as one viewer sees it. Serialises as the HTTP API says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryView {
    /// Its place in the history, from 1.
    pub entry: u64,
    /// When it took effect.
    pub recorded_at: Time,
    /// Who did it; null if he may not know.
    pub actor: Option<String>,
    /// The role that let them.
    pub role: Option<Name>,
    /// By which way it came.
    pub channel: Channel,
    /// What happened.
    pub what: What,
    /// The action, decision or timer; for a file the material.
    pub action: Option<Name>,
    /// The state before.
    pub from: Option<StatePath>,
    /// The state after, if it moved.
    pub to: Option<StatePath>,
    /// The round after.
    pub round: u32,
    /// The revision after.
    pub revision: u32,
    /// Changed places that he sees; null if they were erased.
    pub changes: Option<Vec<Change>>,
    /// The text of a comment, reply, reason or incident; null if it was erased, absent if there is none.
    #[serde(skip_serializing_if = "Text::is_none")]
    pub text: Text,
    /// In whose place it was done, first the one whose turn it was; absent if in nobody's, or if not for this viewer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<String>,
    /// Whose turn was handed over, and to whom; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed: Option<Handed>,
    /// A place, for comments; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The file's name, for files; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its hash.
    pub hash: Hash,
    /// The hash of the one before.
    pub previous: Option<Hash>,
}

/// A turn that changed hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Handed {
    /// Whose it was.
    pub from: String,
    /// Whose it is.
    pub to: String,
}

/// The text of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Text {
    /// There is none, or it is not for this viewer.
    None,
    /// It was erased.
    Erased(()),
    /// It says this.
    Says(String),
}

impl Text {
    fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// Entries as the viewer may read them: places and texts that are not for him are left out, whole entries
/// that tell of nothing else too.
pub fn history_view(
    viewer: &Viewer<'_>,
    workflow: &Workflow,
    case: &Case,
    entries: &[SealedEntry],
) -> Vec<EntryView> {
    let glass = Glass::new(viewer, workflow, case);
    if !glass.visible.proceedings() {
        return Vec::new();
    }
    let entries = entries.iter();
    entries.filter_map(|sealed| glass.entry(sealed)).collect()
}

impl Glass<'_> {
    fn entry(&self, sealed: &SealedEntry) -> Option<EntryView> {
        let SealedEntry {
            entry, personal, ..
        } = sealed;
        let is_erased = personal.digest(&sealed.salt) != entry.digest;
        let detail = |name: &str| personal.detail.get(name).and_then(Json::as_str);
        let about_comment = matches!(entry.what, What::Comment | What::Reply);
        let at = detail("at").filter(|_| about_comment);
        let hidden_comment = about_comment && !self.sees_comment(sealed, is_erased);
        // What failed, and whom that calls, is the operators' and reviewers' matter.
        let hidden_incident = entry.what == What::Incident && !self.visible.internal();
        if hidden_comment
            || hidden_incident
            || at.is_some_and(|at| !self.visible.place(self.workflow, at))
        {
            return None;
        }
        let material = entry.action.as_ref();
        let is_seen = || material.is_some_and(|name| self.visible.whole(name));
        let file = match entry.what {
            What::Attached | What::Detached if !is_seen() => return None,
            What::Attached | What::Detached => detail("name").map(str::to_owned),
            What::Opened
            | What::Action
            | What::Vote
            | What::VoteTakenBack
            | What::Voided
            | What::Assigned
            | What::Claimed
            | What::Released
            | What::Delegated
            | What::Reassigned
            | What::Decision
            | What::Otherwise
            | What::Edit
            | What::Comment
            | What::Reply
            | What::Timer
            | What::Child
            | What::Kept
            | What::Hold
            | What::Resume
            | What::Move
            | What::Incident
            | What::Migrate
            | What::MigrationUndone
            | What::Settled => None,
        };
        Some(EntryView {
            entry: entry.entry,
            recorded_at: entry.recorded_at,
            actor: self.actor(sealed),
            role: entry.role.clone(),
            channel: entry.channel,
            what: entry.what,
            action: entry.action.clone(),
            from: entry.from.clone(),
            to: entry.to.clone(),
            round: entry.round,
            revision: entry.revision,
            changes: (!is_erased).then(|| self.changes(&personal.changes)),
            text: self.text(sealed, is_erased),
            instead_of: self.people_of(sealed, "instead_of"),
            handed: self.handed(sealed),
            at: at.map(str::to_owned),
            file,
            hash: sealed.hash,
            previous: sealed.previous,
        })
    }

    /// A vote is a reviewer's, and so is what a role does that votes somewhere.
    pub(super) fn actor(&self, sealed: &SealedEntry) -> Option<String> {
        let entry = &sealed.entry;
        let of_reviewer = matches!(
            entry.what,
            What::Vote | What::VoteTakenBack | What::Decision
        ) || entry
            .role
            .as_ref()
            .is_some_and(|role| self.is_reviewing(role));
        let me = self.viewer.actor.person().map(|person| &person.id);
        let is_me = entry.actor.person().is_some_and(|id| Some(id) == me);
        if of_reviewer && !self.visible.reviewers() && !is_me && entry.actor.person().is_some() {
            return None;
        }
        self.doer(&entry.actor)
    }

    /// People whom an entry names besides its actor, for those who may see who reviews.
    fn people_of<T: serde::de::DeserializeOwned + Default>(
        &self,
        sealed: &SealedEntry,
        of: &str,
    ) -> T {
        let told = sealed.personal.detail.get(of);
        let told = told.filter(|_| self.visible.reviewers());
        told.and_then(|told| serde_json::from_value(told.clone()).ok())
            .unwrap_or_default()
    }

    fn handed(&self, sealed: &SealedEntry) -> Option<Handed> {
        match sealed.entry.what {
            What::Delegated | What::Reassigned if self.visible.reviewers() => {
                serde_json::from_value(sealed.personal.detail.clone()).ok()
            }
            _ => None,
        }
    }

    /// An erased comment may have been internal.
    fn sees_comment(&self, sealed: &SealedEntry, is_erased: bool) -> bool {
        if self.visible.internal() {
            return true;
        }
        let detail = &sealed.personal.detail;
        let marked = detail.get("internal").and_then(Json::as_bool) == Some(true);
        let id = detail
            .get("comment")
            .or_else(|| detail.get("id"))
            .and_then(Json::as_str);
        let mut comments = self.case.content.comments.iter();
        let known = id.and_then(|id| comments.find(|comment| comment.id.to_string() == id));
        !is_erased && !marked && known.is_none_or(|comment| !comment.internal)
    }

    /// Actions and votes repeat the text of their comments, which have entries of their own: on the partner's
    /// side only those tell it, for one of them may be internal. Incidents are the operators'.
    fn text(&self, sealed: &SealedEntry, is_erased: bool) -> Text {
        let for_all = match sealed.entry.what {
            What::Incident
            | What::Settled
            | What::Action
            | What::Vote
            | What::Claimed
            | What::Released
            | What::Delegated
            | What::Reassigned => self.visible.internal(),
            What::Opened
            | What::Comment
            | What::Reply
            | What::Hold
            | What::Resume
            | What::Move
            | What::Migrate
            | What::MigrationUndone
            | What::VoteTakenBack
            | What::Voided
            | What::Assigned
            | What::Decision
            | What::Otherwise
            | What::Edit
            | What::Attached
            | What::Detached
            | What::Child
            | What::Kept
            | What::Timer => true,
        };
        match &sealed.personal.text {
            _ if !for_all => Text::None,
            _ if is_erased => Text::Erased(()),
            Some(text) => Text::Says(text.clone()),
            None => Text::None,
        }
    }

    fn changes(&self, changes: &[Change]) -> Vec<Change> {
        let language = self.viewer.language;
        let shown = changes
            .iter()
            .filter(|change| self.visible.place(self.workflow, &change.at));
        shown
            .map(|change| match kind_at(self.workflow, &change.at) {
                Some(kind) => Change {
                    at: change.at.clone(),
                    was: in_language(kind, &change.was, language),
                    now: in_language(kind, &change.now, language),
                },
                None => change.clone(),
            })
            .collect()
    }
}
