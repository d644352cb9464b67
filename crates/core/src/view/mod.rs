//! The case as API and pages show it to one viewer: masked, in his language, ready to serialise.
//! It decides nothing: what may be seen is `policy`'s, what may be done `step`'s.
// Skeleton: signatures that others may rely on; bodies follow.

/// Who looks.
pub struct Viewer<'a> { pub actor: &'a Actor, pub language: Language, pub now: Time, pub reading: &'a Reading<'a> }
/// One action or decision as `step` judges it for the viewer (hidden ones left out).
pub struct Offer { pub id: Name, pub title: Text, pub kind: OfferKind /* Action | Decision */, pub allowed: bool, pub missing: Vec<Missing>,
    pub confirm: Option<Text>, pub forms: Vec<Name> /* rule 14, to be filled in with it */, pub comment: bool, pub code: bool }
/// The running review as `step` counts it.
pub struct Tally { pub votes: Vec<(Name, u32 /* have */, Option<u32> /* need; None if a truth or recorded */)>,
    pub mine: Option<Name>, pub may_vote: Vec<PersonId> }
pub fn case_view(viewer: &Viewer, workflow: &Workflow, case: &Case, offers: Vec<Offer>, tally: Option<Tally>) -> CaseView; // Serialize: API.md section 2
pub fn history_view(viewer, workflow, case, entries: &[SealedEntry]) -> Vec<EntryView>;
pub fn summary(workflow, case, now, language) -> CaseSummary;
/// Title and detail of a refusal, the same on API, pages and links.
pub fn refusal_text(refusal: &Refusal, workflow: Option<&Workflow>) -> (Text, Text);
/// What must be loaded to show a case (groups of waiting roles, people).
pub fn needs(workflow, case) -> Needs;
