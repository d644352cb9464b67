//! Server-rendered pages. So far those that mails and the demo lead to: the page of a mail link, and the
//! mailbox. Pages decide nothing: what may be done is the core's word.

mod answer;
mod link;
mod page;
mod texts;

pub use link::{WebState, routes};
