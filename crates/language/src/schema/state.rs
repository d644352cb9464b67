//! States and actions, as JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::{Cel, Confirm, Does, Duration, Except, Named, OneOrMany, Review, Texts, Timer};

/// A place where a case can be.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct StateFile {
    /// On the badge and the drawing.
    pub title: Option<Texts>,
    /// Who may change which forms, fields and materials here.
    pub edit: Option<BTreeMap<String, OneOrMany<String>>>,
    /// What a role sees from here on; a plain list means the applicant's side.
    pub show: Option<Grants>,
    /// What a role no longer sees from here on.
    pub hide: Option<Grants>,
    /// Effects on entry.
    pub enter: Option<OneOrMany<Does>>,
    /// Effects on exit.
    pub exit: Option<OneOrMany<Does>>,
    /// How long it may take.
    pub due: Option<Due>,
    /// How long a turn here can be claimed.
    pub claim: Option<Duration>,
    /// Who decides, and what.
    pub review: Option<Review>,
    /// Buttons.
    pub actions: Option<Named<ActionFile>>,
    /// What happens by itself.
    pub timers: Option<Named<Timer>>,
    /// The inner state that is entered first.
    pub start: Option<String>,
    /// Inner states.
    pub states: Option<Box<Named<StateFile>>>,
    /// Instead of inner states: tracks that run all at once.
    pub tracks: Option<Box<Named<TrackFile>>>,
    /// The case is over here.
    pub end: Option<EndKind>,
}

/// How long something may take.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Due {
    /// So long after entry.
    Always(Duration),
    /// Its clock stands still in some states.
    Pausing(DueWhere),
}

/// How long something may take, not counting the time that the case is elsewhere.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DueWhere {
    /// So long after entry.
    pub after: Duration,
    /// While the case is in one of these states, the time stands still.
    pub pauses_in: Option<OneOrMany<String>>,
}

/// One of several tracks that run at once, each in one of its own states.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TrackFile {
    /// On the drawing.
    pub title: Option<Texts>,
    /// The state that it begins in.
    pub start: String,
    /// Its states.
    pub states: Named<StateFile>,
}

/// Things for the applicant's side, or for each role.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Grants {
    /// For the applicant's side.
    Plain(OneOrMany<String>),
    /// For each role.
    Each(BTreeMap<String, OneOrMany<String>>),
}

/// How a case ended.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum EndKind {
    /// As hoped.
    Success,
    /// Refused or failed.
    Failure,
    /// Neither.
    Neutral,
}

/// What somebody can do in a state.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ActionFile {
    /// On the button.
    pub title: Option<Texts>,
    /// Who may do it: roles, or `system` for services.
    pub who: OneOrMany<String>,
    /// Offered only while this is true.
    pub when: Option<Cel>,
    /// Who may not, although a role would let them.
    pub except: Option<Except>,
    /// What must be supplied or true: forms, materials, rules, limits, links, actions, `rules`, `materials`, `comment`, `replies`, `code`, `code_if_enabled`.
    pub require: Option<OneOrMany<String>>,
    /// A text to tick.
    pub confirm: Option<Confirm>,
    /// Effects.
    #[schemars(rename = "do")]
    pub effects: Option<OneOrMany<Does>>,
    /// Where it leads.
    pub to: Option<To>,
    /// Back into the inner state of this one that was last active.
    pub resume: Option<String>,
    /// What it is about: it stands until one of these changes.
    pub covers: Option<OneOrMany<String>>,
    /// A service's signal that comes before the state waits for it.
    pub keep: Option<bool>,
}

/// A state, or the first whose condition is true.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum To {
    /// Always this state.
    State(String),
    /// The first whose condition is true; the last is `otherwise`.
    Choice(BTreeMap<String, Cel>),
}
