//! Timers of a state: when they fire and what they do. Reckoning is `step`'s.

use crate::{
    expression::Expression,
    name::Name,
    time::{Length, cron::Schedule},
};

use super::{Choice, Effect};

/// A timer. It starts on entry and dies on exit.
#[derive(Debug, Clone)]
pub struct Timer {
    /// Its name in the file.
    pub name: Name,
    /// When it fires.
    pub when: TimerWhen,
    /// Effects, in the order written.
    pub effects: Vec<Effect>,
    /// Where it leads, if anywhere.
    pub target: Option<Choice>,
    /// The line of the file.
    pub line: u32,
}

/// When a timer fires.
#[derive(Debug, Clone)]
pub enum TimerWhen {
    /// Once, so long after entry.
    After(Length),
    /// Again and again.
    Every(Every),
    /// At a moment that is reckoned from the case; a date means its end.
    At(Expression),
    /// At recurring times in the workflow's zone.
    Cron(Schedule),
    /// Once, when it is or becomes true.
    AsSoonAs(Expression),
}

/// A repeated timer.
#[derive(Debug, Clone)]
pub struct Every {
    /// The time between two firings.
    pub every: Length,
    /// When it fires first.
    pub from: From,
    /// How many firings in all; `None`: without end.
    pub times: Option<u32>,
}

/// When a repeated timer fires first.
#[derive(Debug, Clone, PartialEq)]
pub enum From {
    /// One interval after entry.
    Entry,
    /// When the state is due.
    Due,
    /// So long after entry.
    After(Length),
}
