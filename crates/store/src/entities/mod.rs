//! The tables of the directory and of reference data as entities: not on the way of a decision, so the
//! entity API serves them. They never leave this crate.

pub mod absence;
pub mod fact;
pub mod list;
pub mod member;
pub mod partner;
pub mod password;
pub mod person;
pub mod session;
pub mod token;
pub mod workflow;
