//! The port of the outbox: mails and hook calls wait as rows, written in the transaction of the step
//! that caused them. The notifier claims them under a lease, sends, and records what became of each.
//! Delivery is at least once: a sender that dies after sending and before recording sends again,
//! with the same delivery id.

use std::time::Duration;

use async_trait::async_trait;
pub use countersign_core::{case::Purpose, markdown::Markdown, text::Language};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{StoreError, Time};

/// The outbox. Every outcome is fenced by the epoch of the claim: a sender whose lease has run out,
/// and whose delivery somebody else has claimed since, changes nothing, and is told so by `false`.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Takes up to `limit` deliveries that are due and that nobody holds (or whose holder's lease
    /// has run out), the longest due first, none of them for a receiver in `full`
    /// ([`DeliveryContent::receiver`]). Each gets a higher epoch than it ever had, its `attempt`
    /// counted up, and a lease of this length by the store's clock. Committed when it returns.
    async fn claim(
        &self,
        limit: usize,
        lease: Duration,
        full: &[String],
    ) -> Result<Vec<ClaimedDelivery>, StoreError>;

    /// Makes the lease last this long from now on.
    async fn renew(&self, id: Uuid, epoch: i64, lease: Duration) -> Result<bool, StoreError>;

    /// Hands a delivery back that was claimed and not tried: due at once, its `attempt` not counted.
    async fn release(&self, id: Uuid, epoch: i64) -> Result<bool, StoreError>;

    /// It has arrived. The content of a secret delivery ([`DeliveryContent::is_secret`]) is wiped in
    /// the same transaction. `answer` is what the receiver said, cut short.
    async fn succeeded(&self, id: Uuid, epoch: i64, answer: &str) -> Result<bool, StoreError>;

    /// It has not arrived. With [`Next::Dead`] it is not tried again, and an incident that names it
    /// is opened in the same transaction.
    async fn failed(&self, id: Uuid, epoch: i64, failure: &Failure) -> Result<bool, StoreError>;
}

/// Why an attempt failed, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What follows.
    pub next: Next,
    /// One line for operators: what went wrong.
    pub error: String,
    /// What the receiver said, cut short; empty where it said nothing.
    pub transcript: String,
}

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another attempt, so long after now by the store's clock.
    RetryAfter(Duration),
    /// Nothing, until an operator asks for it.
    Dead,
}

/// A delivery that the caller holds until its lease runs out.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedDelivery {
    /// The same at each attempt: becomes the Message-ID and the `webhook-id`.
    pub id: Uuid,
    /// Fences the outcome.
    pub epoch: i64,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// The case that caused it; `None` for mails about no case, such as a sign-in code.
    pub case: Option<CaseRef>,
    /// What to send.
    pub content: DeliveryContent,
}

/// How a delivery names its case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRef {
    /// The case.
    pub id: Uuid,
    /// What people call it by, for example `DR-2026-00042`.
    pub number: String,
    /// The workflow's id.
    pub workflow: String,
    /// The workflow's version.
    pub version: u32,
    /// The case's title in lists; may be empty.
    pub title: String,
}

/// What to send; stored as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "almost all of them are mails, which are the large ones"
)]
pub enum DeliveryContent {
    /// A mail to one receiver.
    Mail(MailContent),
    /// A call of one hook.
    Hook(HookContent),
}

impl DeliveryContent {
    /// Who would be held up by whom: deliveries of one receiver share its few connections, and wait
    /// for no other receiver. Kept in a column of its own, for [`Deliveries::claim`].
    pub fn receiver(&self) -> String {
        match self {
            // All mail goes through one relay.
            Self::Mail(_) => "mail".to_owned(),
            Self::Hook(hook) => format!("hook:{}", hook.hook),
        }
    }

    /// Whether the content must not outlive the sending.
    pub fn is_secret(&self) -> bool {
        match self {
            Self::Mail(mail) => mail.secret,
            Self::Hook(_) => false,
        }
    }
}

/// A mail, written in its receiver's language and time zone by the step that caused it. It holds no
/// secret: links are named by their id, codes by their place, and the notifier makes tokens and codes
/// when it sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailContent {
    /// Who gets it.
    pub to: Addressee,
    /// The message's name in the workflow file.
    pub message: String,
    /// The subject, in one line.
    pub subject: String,
    /// The body in order.
    pub body: Vec<Part>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub purpose: Purpose,
    /// Whose turn it is and why the receiver's.
    #[serde(default, skip_serializing_if = "Markdown::is_empty")]
    pub lead: Markdown,
    /// What has changed since the last review; a line of plain text each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub since: Vec<String>,
    /// What happens if nobody acts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub otherwise: String,
    /// A few facts about the case, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// When the receiver's turn ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Time>,
    /// The path of the case's page, `/cases/DR-2026-00042`; `None` for receivers who may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_path: Option<String>,
    /// Why the receiver gets it, as a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether the store wipes the content once it is sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "what serde hands over is a reference"
)]
fn is_plain(purpose: &Purpose) -> bool {
    *purpose == Purpose::default()
}

/// The receiver of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// The person, where it is somebody of the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The name, may be empty.
    pub name: String,
    /// The address.
    pub email: String,
    /// What the mail is written in.
    pub language: Language,
    /// The IANA time zone that its times are shown in, for example `Asia/Shanghai`.
    pub timezone: String,
}

/// One part of a mail's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Words of the workflow or of ours.
    Text(Markdown),
    /// A button that leads to the confirmation page of an action.
    Button {
        /// The action's name.
        action: String,
        /// What stands on the button.
        title: String,
        /// The mail link; `None`: the receiver signs in and acts on the case's page.
        link: Option<Uuid>,
    },
    /// A page of ours, by its path.
    Page {
        /// What stands there; plain text.
        title: String,
        /// Where it leads, such as `/cases/DR-2026-00042`.
        path: String,
    },
    /// The address of the case's page, within a sentence or alone.
    CaseLink,
    /// The confirmation code of this delivery, made when it is sent.
    Code,
}

/// A line of facts in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is, in the receiver's language.
    pub label: String,
    /// What it amounts to; plain text.
    pub value: String,
}

/// A hook call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HookContent {
    /// The hook's name, which operators give an address.
    pub hook: String,
    /// The whole body, the same at each attempt.
    pub body: Value,
}

impl HookContent {
    /// The call of a hook caused by a step at this moment: `{ type, timestamp, data }`.
    pub fn new(hook: impl Into<String>, at: Time, data: &Value) -> Self {
        let hook = hook.into();
        let timestamp = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let body = json!({ "type": hook, "timestamp": timestamp, "data": data });
        Self { hook, body }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    /// Rows outlive the version that wrote them: this text is a promise.
    #[test]
    fn the_stored_form_of_a_mail_stays() {
        let stored = json!({
            "kind": "mail",
            "to": { "name": "魏", "email": "wei@example.com", "language": "zh", "timezone": "Asia/Shanghai" },
            "message": "invitation_mail",
            "subject": "邀请您加入",
            "body": [
                { "text": "您好！" },
                { "button": { "action": "accept", "title": "接受", "link": "00000000-0000-0000-0000-00000000002a" } },
                "case_link",
            ],
            "secret": true,
        });
        let content: DeliveryContent = serde_json::from_value(stored.clone()).unwrap();
        assert!(content.is_secret());
        assert_eq!(content.receiver(), "mail");
        assert_eq!(serde_json::to_value(&content).unwrap(), stored);
    }

    #[test]
    fn the_stored_form_of_a_hook_call_stays() {
        let at = "2026-11-23T01:00:00Z".parse().unwrap();
        let content =
            DeliveryContent::Hook(HookContent::new("pay_partner", at, &json!({ "forms": {} })));
        let stored = json!({
            "kind": "hook", "hook": "pay_partner",
            "body": { "type": "pay_partner", "timestamp": "2026-11-23T01:00:00.000Z", "data": { "forms": {} } },
        });
        assert_eq!(serde_json::to_value(&content).unwrap(), stored);
        assert_eq!(
            serde_json::from_value::<DeliveryContent>(stored).unwrap(),
            content
        );
        assert_eq!(content.receiver(), "hook:pay_partner");
        assert!(!content.is_secret());
    }
}
