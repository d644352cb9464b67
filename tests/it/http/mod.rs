//! The HTTP contract, over real HTTP: what answers look like, what is masked, and what is never told.

mod contract;
mod directory;
mod documented;
mod lists;
mod lists_of_operators;
mod not_told;
mod rate_limits;
mod uploads;
