//! The pure core of Countersign: workflow, case and step, and the words that they are made of.
//!
//! No clock, file, network or randomness: whatever is not in the arguments does not exist.

mod ballot;
pub mod calendar;
pub mod case;
pub mod command;
pub mod context;
pub mod difference;
pub mod explore;
pub mod expression;
pub mod form;
pub mod found;
pub mod history;
mod limits;
pub mod machine;
pub mod markdown;
pub mod migration;
pub mod money;
pub mod name;
pub mod outcome;
pub mod policy;
pub mod reading;
#[cfg(test)]
mod sample;
pub mod sight;
pub mod step;
mod table;
pub mod template;
pub mod text;
pub mod time;
mod timetable;
pub mod view;
pub mod workflow;
pub mod world;
