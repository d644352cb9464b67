//! `serve` as its operators run it: a process with settings, signals, a log, a clock that nobody moves, mail that
//! leaves, and a disk that fills.

mod audit;
mod children;
mod commands;
mod disk;
mod evidence;
mod facts;
mod hooks;
mod mail;
mod mail_trouble;
mod metrics;
mod migrating;
mod recording;
mod reloading;
mod secrets;
pub(crate) mod staff;
mod starting;
mod stopping;
mod time;
mod versions;
