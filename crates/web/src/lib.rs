//! Server-rendered pages. So far those that mails and the demo lead to: the page of a mail link, the
//! mailbox, and who a token names. Pages decide nothing: what may be done is the core's word.

mod answer;
mod link;
mod mailbox;
mod page;
mod signed_in;
mod texts;

pub use link::{WebState, routes, too_many};
pub use mailbox::{Mailbox, ShownMail};
