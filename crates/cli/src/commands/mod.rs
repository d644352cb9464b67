//! Commands, one file each.

pub mod audit;
pub mod bench;
pub mod check;
pub mod database;
pub mod demo;
pub mod diff;
pub mod draw;
pub mod people;
pub mod record;
pub mod serve;
pub mod test;
pub mod tokens;
