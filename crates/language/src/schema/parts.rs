//! Reviews, timers and effects, as JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Cel, Duration, Named, OneOrMany, Texts, state::To};

/// A text to tick.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Confirm {
    /// Always.
    Always(Texts),
    /// Only while something is true.
    Sometimes(ConfirmWhen),
}

/// A text to tick while something is true.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ConfirmWhen {
    /// Asked only while this is true.
    pub when: Option<Cel>,
    /// What is confirmed.
    pub text: Texts,
}

/// Separation of duties.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Except {
    /// Whoever voted in one of these states.
    pub voted_in: Option<OneOrMany<String>>,
    /// Whoever took one of these actions.
    pub took: Option<OneOrMany<String>>,
    /// Whoever has one of these roles.
    pub roles: Option<OneOrMany<String>>,
    /// These people: a person, or a list of persons.
    pub people: Option<Cel>,
}

/// Who decides, and what.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Review {
    /// The roles that vote.
    pub by: Option<OneOrMany<String>>,
    /// Instead of `by`: several groups that vote each for itself.
    pub panels: Option<Named<PanelFile>>,
    /// Pick this many people; without it any member may vote.
    #[schemars(range(min = 1))]
    pub assign: Option<u32>,
    /// Separation of duties.
    pub except: Option<Except>,
    /// Whether people may decide on their own or their partner's case.
    pub self_review: Option<SelfReviewKind>,
    /// In the order written, the first that is satisfied happens.
    pub decisions: Named<ReviewDecision>,
    /// Where to go when everybody has voted and nothing happened.
    pub otherwise: Option<OtherwiseFile>,
    /// What votes are about; with it they outlive a visit.
    pub covers: Option<OneOrMany<String>>,
    /// Whether group changes count after entry.
    pub members: Option<MembersKind>,
    /// The same people as last time.
    pub prefer: Option<PreferFile>,
}

/// One of several groups that review at once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PanelFile {
    /// What people call it.
    pub title: Option<Texts>,
    /// The roles that vote in it.
    pub by: OneOrMany<String>,
    /// Opens it only where this is true.
    pub when: Option<Cel>,
    /// How many of its votes reach a decision, where that is not the decision's own number.
    pub votes: Option<BTreeMap<String, Cel>>,
}

/// How many panels must have reached a decision.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum AgreementKind {
    /// Every open one.
    All,
    /// One is enough.
    Any,
}

/// The same people as last time, where they still may.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PreferFile {
    /// Whoever voted in one of these states last time.
    pub voted_in: Option<OneOrMany<String>>,
    /// Whoever took one of these actions last.
    pub took: Option<OneOrMany<String>>,
}

/// Who may decide on a case near to him.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum SelfReviewKind {
    /// Neither the starter nor his partner's people.
    Never,
    /// The starter's partner may, the starter not.
    Colleagues,
    /// Everybody may.
    Allowed,
}

/// Whether group changes count after entry.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum MembersKind {
    /// They do.
    Live,
    /// They do not: who is asked is fixed on entry.
    Snapshot,
}

/// An action that happens by votes.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ReviewDecision {
    /// On the button.
    pub title: Option<Texts>,
    /// Offered only while this is true.
    pub when: Option<Cel>,
    /// Who may not, although `by` would let them.
    pub except: Option<Except>,
    /// What each voter must supply, or what must be true.
    pub require: Option<OneOrMany<String>>,
    /// A text that each voter ticks.
    pub confirm: Option<Confirm>,
    /// Effects, once.
    #[schemars(rename = "do")]
    pub effects: Option<OneOrMany<Does>>,
    /// Where it leads.
    pub to: Option<To>,
    /// Back into the inner state of this one that was last active.
    pub resume: Option<String>,
    /// What the votes are about.
    pub covers: Option<OneOrMany<String>>,
    /// How many make it happen: a number, `all`, `majority`, `recorded`, or an expression.
    pub votes: Option<Cel>,
    /// How many panels must have reached it.
    pub panels: Option<AgreementKind>,
}

/// Where to go when everybody has voted and nothing happened.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OtherwiseFile {
    /// Where it leads.
    pub to: To,
    /// Effects.
    #[schemars(rename = "do")]
    pub effects: Option<OneOrMany<Does>>,
}

/// What happens by itself: exactly one of `after`, `every`, `cron`, `at` and `as_soon_as`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Timer {
    /// Once, so long after entry.
    pub after: Option<Duration>,
    /// Again and again.
    pub every: Option<Duration>,
    /// When it fires first: `due`, or so long after entry.
    pub from: Option<String>,
    /// How many firings in all.
    #[schemars(range(min = 1))]
    pub times: Option<u32>,
    /// At recurring times, seconds first: `0 0 9 * * MON-FRI`.
    pub cron: Option<String>,
    /// At this date or date-time.
    pub at: Option<Cel>,
    /// Once, when this is or becomes true; it may not read the clock.
    pub as_soon_as: Option<Cel>,
    /// Effects.
    #[schemars(rename = "do")]
    pub effects: Option<OneOrMany<Does>>,
    /// Where it leads.
    pub to: Option<To>,
}

/// Something that a step does besides moving.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Does {
    /// With what it is done to.
    With(Effect),
    /// By itself.
    Alone(Alone),
}

/// What is done by itself.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Alone {
    /// Kill the mail links of this visit.
    CancelLinks,
}

/// Something that is done with a name or values: exactly one of these.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Effect {
    /// Mail this message.
    pub notify: Option<String>,
    /// Call this hook.
    pub call: Option<String>,
    /// Open these child cases.
    pub open: Option<String>,
    /// Write these values.
    pub set: Option<BTreeMap<String, Cel>>,
    /// Take these actions or votes back.
    pub void: Option<VoidWhat>,
    /// Add the people of this role to the running ballot.
    pub add_reviewers: Option<String>,
    /// Kill the mail links of this visit.
    pub cancel_links: Option<bool>,
}

/// Actions or votes to take back.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum VoidWhat {
    /// Everybody's.
    All(OneOrMany<String>),
    /// One person's.
    Of(VoidOf),
}

/// One person's actions or votes to take back.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct VoidOf {
    /// The actions or decisions.
    pub of: OneOrMany<String>,
    /// Whose.
    pub by: Option<Cel>,
}
