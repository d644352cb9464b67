//! What can go wrong: when the notifier is set up (`Error`), when a mail is written (`Unmailable`),
//! and when something is sent (`SendError`).

use std::time::Duration;

use thiserror::Error;

/// The notifier cannot be set up like this.
#[derive(Debug, Error)]
pub enum Error {
    /// The sender's address.
    #[error("`{0}` is no sender: write `Name <name@example.com>`")]
    From(String),
    /// The server's own address, which links in mails begin with.
    #[error("`{0}` cannot be what links in mails begin with: write `https://host/`")]
    PublicUrl(String),
    /// The address of the mail relay. Shown without its password.
    #[error("the mail relay's address is not understood: {0}")]
    SmtpUrl(String),
    /// A certificate or the TLS set-up.
    #[error("TLS for {whom} cannot be set up: {reason}")]
    Tls {
        /// The mail relay or the hooks.
        whom: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The folder for mails.
    #[error("the folder for mails cannot be made")]
    Folder(#[source] std::io::Error),
    /// The address of a hook.
    #[error("hook `{hook}` cannot have this address: {reason}")]
    HookUrl {
        /// The hook.
        hook: String,
        /// What is wrong.
        reason: String,
    },
    /// The secret of a hook.
    #[error("hook `{hook}` needs a secret `whsec_…` as Standard Webhooks say: {reason}")]
    HookSecret {
        /// The hook.
        hook: String,
        /// What is wrong.
        reason: String,
    },
}

/// A mail that must never leave: it is not tried again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unmailable {
    /// A line break or another control character where only one line may stand.
    #[error("the {field} holds a line break or a control character")]
    Control {
        /// Where.
        field: &'static str,
    },
    /// Not an address that mail can be sent to.
    #[error("`{0}` is no address that mail can be sent to")]
    Address(String),
    /// The message could not be put together.
    #[error("the message cannot be put together: {0}")]
    Build(String),
}

/// A delivery has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sent {
    /// What the receiver answered, cut short.
    pub answer: String,
}

/// A delivery has not arrived, or it is not known whether it has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SendError {
    /// Another attempt may succeed.
    #[error("{error}")]
    Temporary {
        /// One line for operators.
        error: String,
        /// What the receiver said, cut short.
        transcript: String,
        /// The receiver asked not to be bothered again for so long.
        retry_after: Option<Duration>,
    },
    /// No other attempt can succeed before somebody changes something.
    #[error("{error}")]
    Permanent {
        /// One line for operators.
        error: String,
        /// What the receiver said, cut short.
        transcript: String,
    },
}

impl SendError {
    /// A failure that may pass, with nothing said by the receiver.
    pub fn temporary(error: impl Into<String>) -> Self {
        Self::Temporary {
            error: error.into(),
            transcript: String::new(),
            retry_after: None,
        }
    }

    /// A failure that stays, with nothing said by the receiver.
    pub fn permanent(error: impl Into<String>) -> Self {
        Self::Permanent {
            error: error.into(),
            transcript: String::new(),
        }
    }

    /// The same with what the receiver said.
    #[must_use]
    pub fn said(self, answer: &str) -> Self {
        let transcript = excerpt(answer);
        match self {
            Self::Temporary {
                error, retry_after, ..
            } => Self::Temporary {
                error,
                transcript,
                retry_after,
            },
            Self::Permanent { error, .. } => Self::Permanent { error, transcript },
        }
    }
}

impl From<Unmailable> for SendError {
    fn from(unmailable: Unmailable) -> Self {
        Self::permanent(unmailable.to_string())
    }
}

/// The beginning of what a receiver said: kept with the delivery and shown to operators, so it is
/// short, and holds no control character that could forge a line of a log.
pub(crate) fn excerpt(text: &str) -> String {
    const CHARACTERS: usize = 500;
    let calm = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = calm.take(CHARACTERS).collect();
    if text.trim().chars().nth(CHARACTERS).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_one_line() {
        assert_eq!(
            excerpt(" 550 no\r\n550 such\u{1b}[31m user\n"),
            "550 no  550 such [31m user"
        );
        let long = excerpt(&"评".repeat(600));
        assert_eq!(long.chars().count(), 501);
        assert!(long.ends_with('…'));
    }
}
