//! The ids of a case's world: people, groups, partners, cases. Strings come in at the edges only.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id that reads so.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// As written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text_id! {
    /// A person of the directory.
    PersonId
}
text_id! {
    /// A group of people.
    GroupId
}
text_id! {
    /// An organisation; partners never see each other's cases.
    PartnerId
}
text_id! {
    /// A service: a program that reports facts or signals.
    ServiceId
}
uuid_id! {
    /// A case.
    CaseId
}
uuid_id! {
    /// A delivery: one mail or hook call.
    DeliveryId
}
uuid_id! {
    /// A comment.
    CommentId
}
uuid_id! {
    /// An uploaded file.
    FileId
}
uuid_id! {
    /// A mail link. It opens nothing by itself: the token in the mail does.
    LinkId
}
