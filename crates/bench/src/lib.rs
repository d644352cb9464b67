//! The load driver: people at many connections who open cases, submit, vote and look, against any server, and how long
//! each of them waited. The whole benchmark with its own servers and stores is this package's binary.

mod error;
mod http;
mod latency;
mod load;
mod once;
mod plot;
mod report;
mod session;
mod site;

pub use error::Error;
pub use http::{Answer, Asked, Connection};
pub use latency::Latencies;
pub use load::{Deeds, Inbox, Measured, Openings, Pages, Story, Votes, run};
pub use once::{ask, opened};
pub use plot::plot;
pub use report::{Load, Report, Row, loads, table};
pub use session::sign_in;
pub use site::{REVIEWERS, Server, Site};
