//! Who may do and see what. The one policy for every path: API, pages, mail links, bulk, operators.
//! It decides about people and roles, not about `when`, `require` or votes (`step`).
// Skeleton: signatures that others may rely on; bodies follow.
// What is not loaded reads as absent and is noted in the `Reading`, as everywhere.

/// One actor before one case. For `open` build the case-to-be first (starter = actor) and ask that.
pub struct Policy<'a> { workflow: &'a Workflow, case: &'a Case, actor: &'a Actor, reading: &'a Reading<'a> }
impl Policy {
    pub fn new(workflow, case, actor, reading) -> Self;
    /// API: Visibility. Partner wall included. Nobody who fails this learns that the case is there.
    pub fn sees_case(&self) -> bool;
    pub fn has_role(&self, role: &str) -> bool;
    /// All roles held in this case, in document order.
    pub fn roles(&self) -> Vec<&Name>;
    pub fn is_starter_side(&self) -> bool;
    /// Operators: the group `operators`.
    pub fn is_operator(&self) -> bool;
    /// The role in which the actor is in `who` (None: he is not; `system` for services). For a link holder only his link's action.
    pub fn may_take(&self, action: &Action) -> Option<Name>;
    /// The role of the review's `by` in which he could vote, exclusions not yet looked at.
    pub fn may_review(&self, review: &Review) -> Option<Name>;
    /// What `edit` of the state and its outer states gives here and now (fields spelt out; frozen and derived ones left out).
    pub fn editable(&self) -> BTreeSet<Thing>;
    /// Rule 14: fields of forms in `require` of this action that no `edit` names (`open` included).
    pub fn suppliable(&self, action: &Action) -> BTreeSet<Thing>;
    /// What he sees of the case.
    pub fn visible(&self) -> Visible;
}
/// Whether a person has a role in the case (partner wall included).
pub fn has_role(workflow, case, role: &str, person: &Person, reading) -> bool;
/// Everybody who has the role, in order of id (starter roles: the starter; link holders: nobody).
pub fn people_of(workflow, case, role: &str, reading) -> BTreeSet<PersonId>;
/// `seats` of a review: people of `by` (for a ballot with `assign`: those assigned).
pub fn seats(workflow, case, review: &Review, ballot: Option<&Ballot>, reading) -> BTreeSet<PersonId>;
/// Nearness (`self_review`) for a decision.
pub fn is_too_near(workflow, case, self_review: SelfReview, person: &Person, reading) -> bool;
/// Separation of duties; `named` is what `except.people` evaluates to.
pub fn is_excepted(workflow, case, except: &Except, named: &BTreeSet<PersonId>, person: &Person, reading) -> bool;
/// Who may act now: rows of inboxes. `offered` is asked with actor-independent `when` (true if it cannot be said).
/// `excluded(review, person)`: `except.people` and other things only step knows.
pub fn waiting(workflow, case, reading, offered: &dyn Fn(&Action) -> bool) -> Vec<Waiting>;
/// The rows by which lists are selected (operators apart; a person with a partner sees only rows of cases of that partner).
pub fn access_subjects(workflow: &Workflow, case: &Case) -> BTreeSet<Subject>;
