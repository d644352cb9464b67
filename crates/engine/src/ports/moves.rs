//! How far a move of all cases of a version has come, as stores keep it: it is one replica that moves them, and any that is asked.

use countersign_core::time::Time;
use serde::{Deserialize, Serialize};

/// How far a move has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveProgress {
    /// The version that cases leave.
    pub from: u32,
    /// The one that they go to.
    pub to: u32,
    /// How many there were at the beginning.
    pub total: u64,
    /// How many were looked at.
    pub looked: u64,
    /// How many were moved.
    pub moved: u64,
    /// How many were left for their verdict.
    pub left: u64,
    /// How many were refused all the same.
    pub refused: u64,
    /// Since when it is over.
    pub ended: Option<Time>,
    /// Why it did not come to its end.
    pub stopped: Option<String>,
}

/// A move as it was noted last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMove {
    /// How far it had come then.
    pub progress: MoveProgress,
    /// When that was.
    pub noted_at: Time,
}
