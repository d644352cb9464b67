//! The HTTP contract, over real HTTP: what answers look like, what is masked, and what is never told.

mod away;
pub mod contract;
mod directory;
mod documented;
mod erasing;
mod events;
mod lists;
mod lists_of_operators;
mod many_actions;
mod not_told;
mod opening;
mod operators;
mod rate_limits;
mod retried_once;
mod revisions;
mod turns;
mod uploads;
mod webhooks;
mod why;
