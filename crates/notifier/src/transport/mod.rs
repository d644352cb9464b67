//! The ways that a mail can leave: over SMTP, into a folder, into memory.

mod directory;
mod memory;
#[cfg(test)]
mod sample;
mod smtp;
mod smtp_address;

pub use directory::Directory;
pub use memory::Memory;
pub use smtp::Smtp;

use async_trait::async_trait;

use crate::{
    error::{SendError, Sent},
    mail::OutgoingMail,
};

/// A way that a mail can leave.
#[async_trait]
pub trait MailTransport: Send + Sync {
    /// Sends the mail, or says why not and whether trying again may help. Takes at most 45 seconds,
    /// so that it ends within the lease. Sending the same mail twice is harmless as far as the receiver
    /// can tell them by their `Message-ID`.
    async fn send(&self, mail: &OutgoingMail) -> Result<Sent, SendError>;
}
