//! The state machine: which states one event leaves and enters, and in which order. The only place that knows statig.
//!
//! statig does the hierarchical dispatch (a leaf that does not know an event defers to the state around it) and walks
//! exits and entries by the least common ancestor. This module gives it a tree of states known only at run time, and
//! asks a [`Flow`] what each state makes of the event. It knows no workflow, no case, no action and no time; the
//! lifecycle around a case (running, on hold, ended) is not its business either.
//!
//! A machine lives for one event: it is placed silently where the case rests, handles the event and is dropped.
//! What is kept of a case is the *name* of its state, never a [`Slot`].
//!
//! Each track is a region with a machine of its own: one [`Tree`] holds them all, and a machine is told of the states of
//! its region only. That a state with tracks is entered and left together with them is the caller's.

mod dispatch;
mod place;
mod tree;

#[cfg(test)]
mod canaries;
#[cfg(test)]
mod oracle;

pub use dispatch::{Flow, Reaction, Verdict, dispatch, start, stop};
pub use tree::{MAX_DEPTH, MAX_STATES, Slot, Tree, TreeError, TreeState};
