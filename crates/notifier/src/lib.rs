//! records what became of it. It decides nothing about cases, and writes nothing but outcomes.

mod error;
mod mail;
mod retry;
mod transport;

pub use error::{Error, SendError, Sent, Unmailable};
pub use mail::{MailSettings, MailWriter, OutgoingMail, RenderedLink, RenderedMail};
pub use retry::Backoff;
pub use transport::{Directory, MailTransport, Memory, Smtp};
