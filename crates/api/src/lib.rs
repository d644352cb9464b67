//! JSON over HTTP: the engine's use cases as routes, with problems (RFC 9457) in the caller's language and
//! an OpenAPI document generated from the handlers. It decides nothing: the core and the engine do.

mod answer;
mod away;
mod cases;
mod clock;
mod csv;
mod deliveries;
mod directory;
mod docs;
pub mod documents;
mod error_pages;
mod events;
mod health;
mod inbox;
mod incidents;
mod limits;
mod link_files;
mod links;
mod mailbox;
mod me;
mod my_mail;
mod openapi;
mod picture;
mod problem;
mod receipts;
mod request;
mod router;
mod state;
mod webhooks;
mod workflows;

pub use limits::{Limiter, RateLimits, guard_pages};
pub use problem::{Code, Problem};
pub use router::{openapi, router};
pub use state::{
    ApiState, HowReloaded, JudgeUrl, KeptLink, KeptMail, Mailbox, MovableClock, NotReloaded, Reload,
};
