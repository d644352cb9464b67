//! The command line and the composition root: the only place that knows every crate. It holds no rule of
//! its own; what commands do are use cases of the other crates.

mod args;
mod commands;
mod demo;
mod key;
mod logs;
mod output;
mod run;
mod service;
mod signals;
mod workflows;

pub use countersign_api::RateLimits;
pub use demo::{PEOPLE, SERVICES, Shown, open_cases as open_demo_cases, seed as seed_demo};
pub use run::main;
pub use service::{HookWay, MailWay, Service, ServiceClock, Setup, StartError, StoreAt};
pub use workflows::{Source, shipped};
