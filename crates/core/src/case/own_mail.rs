//! The mails of the product's own: those that no workflow file declares. What they say is written where they are made.

use crate::name::Name;

/// A mail that the product sends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnMail {
    /// Whoever was asked need not act any more.
    Settled,
    /// Somebody's turn was handed to the receiver.
    HandedOn,
    /// A turn that somebody had claimed waits for all again.
    GivenBack,
    /// The receiver's claim is over.
    ClaimLost,
    /// A code that confirms an action.
    ConfirmationCode,
    /// What happened in a day.
    Daily,
}

impl OwnMail {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Settled,
        Self::HandedOn,
        Self::GivenBack,
        Self::ClaimLost,
        Self::ConfirmationCode,
        Self::Daily,
    ];

    /// What it is called in lists of mails.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::HandedOn => "handed_on",
            Self::GivenBack => "given_back",
            Self::ClaimLost => "claim_lost",
            Self::ConfirmationCode => "confirmation_code",
            Self::Daily => "daily",
        }
    }

    /// The same where the names of messages stand.
    pub fn as_name(self) -> Name {
        Name::parse(self.name()).expect("each of the names above is one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<Name> =
            OwnMail::ALL.iter().map(|mail| mail.as_name()).collect();
        assert_eq!(names.len(), OwnMail::ALL.len());
    }
}
