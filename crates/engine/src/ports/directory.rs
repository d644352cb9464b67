//! The directory: people, groups, partners, tokens and facts, as the host system supplies them.

use countersign_core::{
    case::{
        Absence, DeliveryId, GroupId, MailHabits, Partner, PartnerId, PersonId, ServiceId, Values,
    },
    context::FactKey,
    text::Language,
    time::Time,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::Right;
use crate::{Disabled, WebhookRecord};

/// A change of the directory. Each is idempotent.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectoryChange {
    /// A person is as this says.
    PutPerson(PersonRecord),
    /// A person is in a group.
    PutMember(GroupId, PersonId),
    /// A person is no longer in a group.
    RemoveMember(GroupId, PersonId),
    /// A person is away so; `None`: not any more.
    PutAway(PersonId, Option<Absence>),
    /// A person wants their mail so.
    PutMail(PersonId, MailWishes),
    /// A partner is as this says.
    PutPartner(Partner),
    /// The facts of one kind about one subject are these.
    PutFact(FactKey, Values),
    /// A subscription is as this says; a new one begins behind this cursor.
    PutWebhook(WebhookRecord, String),
    /// A subscription is no more.
    RemoveWebhook(Uuid),
    /// A subscription goes on behind this cursor.
    MoveWebhook(Uuid, String),
    /// How the calls of a subscription fare.
    TellWebhook {
        /// Which.
        id: Uuid,
        /// Since when none has arrived.
        failing_since: Option<Time>,
        /// Why it is told nothing from now on.
        disabled: Option<Disabled>,
    },
    /// A token was made.
    PutToken(TokenRecord),
    /// A token no longer opens anything.
    RemoveToken(Uuid),
    /// Somebody signed in to the pages.
    PutSession(SessionRecord),
    /// Somebody signed out: the cookie of this SHA-256 opens nothing any more.
    RemoveSession([u8; 32]),
    /// The hash of somebody's new password. It signs them out everywhere.
    PutPassword(PersonId, String),
    /// Somebody's codes come from the app with this salt from now on; this step was used. It takes an earlier app's place.
    PutAuthenticator(PersonId, String, u64),
    /// They come by mail again.
    RemoveAuthenticator(PersonId),
    /// Somebody gave a wrong code of their app.
    MissAuthenticator(PersonId),
    /// Somebody signs in with this account of a provider from now on, and with no other of it.
    PutIdentity(IdentityRecord),
    /// What is personal about somebody goes: name, address, groups, tokens and sessions, and of the history what they did the
    /// part that lies beside the chain. They can no longer sign in or act. The record of it stays.
    ErasePerson(ErasureRecord),
    /// What these mails say goes, and those that wait are not sent.
    WipeMails(Vec<DeliveryId>),
}

/// How somebody wants to be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailWishes {
    /// In this language.
    pub language: Language,
    /// With times of this zone (IANA name); `None`: the workflow's.
    pub timezone: Option<String>,
    /// When, and what.
    pub habits: MailHabits,
}

/// Somebody signed in to the pages. The cookie itself is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The SHA-256 of the cookie.
    pub hash: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub created_at: Time,
    /// Until when.
    pub expires_at: Time,
}

/// With which account of a provider somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRecord {
    /// The provider.
    pub issuer: String,
    /// What it calls them.
    pub subject: String,
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub since: Time,
}

/// That somebody's personal data were erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRecord {
    /// Whose.
    pub person: PersonId,
    /// By whom.
    pub by: PersonId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Time,
}

/// A person, without the groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// The id that the host system gives.
    pub id: PersonId,
    /// What people call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The language that they read.
    pub language: Language,
    /// Their time zone (IANA name); `None`: the workflow's.
    pub timezone: Option<String>,
    /// Their organisation.
    pub partner: Option<PartnerId>,
    /// More about them, by name.
    #[serde(default)]
    pub attributes: Values,
    /// Whether they have left.
    #[serde(default)]
    pub disabled: bool,
}

/// An API token. The token itself is shown once and never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// Names it.
    pub id: Uuid,
    /// The SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whom it names.
    pub holder: TokenHolder,
    /// When it was made.
    pub created_at: Time,
    /// Until when it opens; `None`: until it is removed.
    pub expires_at: Option<Time>,
}

/// Whom a token names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenHolder {
    /// A person.
    Person(PersonId),
    /// A service with these rights.
    Service {
        /// The service.
        id: ServiceId,
        /// What it may do.
        rights: Vec<Right>,
    },
}
