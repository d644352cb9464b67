//! Commands, one file each.

pub mod audit;
pub mod backup;
pub mod bench;
pub mod check;
pub mod database;
pub mod demo;
pub mod diff;
pub mod doctor;
pub mod draw;
pub mod explain;
pub mod people;
pub mod record;
pub mod serve;
pub mod test;
pub mod tokens;
