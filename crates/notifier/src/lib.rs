//! From deliveries to mails and hook calls: claims rows of the outbox under a lease, sends each, and
//! records what became of it. It decides nothing about cases, and writes nothing but outcomes.

mod error;
mod hook;
mod mail;
mod retry;
mod run;
mod transport;

pub use error::{Error, SendError, Sent, Unmailable};
pub use hook::{
    AnswerHooks, Endpoint, HookCall, HookTransport, HttpHooks, LocalHooks, SigningKeys, Subscribed,
    is_public_address,
};
pub use mail::{MailSettings, MailWriter, OutgoingMail, RenderedLink, RenderedMail};
pub use retry::Backoff;
pub use run::{Limits, Notifier, Transports};
pub use transport::{Directory, MailTransport, Memory, Smtp};
