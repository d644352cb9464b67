//! Subscriptions to events: what is kept of them, their secrets, and what is posted. Where they go is the notifier's.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign_core::{history::What, outcome::Incident, text::Text, time::Time};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::ports::{deliveries::CaseRef, reader::EventRow};

/// Sets these secrets apart from everything else that is made under the server's key.
const PURPOSE: &[u8] = b"countersign webhook 1\n";
/// How the deliveries of a subscription name their hook.
const PREFIX: &str = "webhook:";
/// What the kinds of its calls begin with.
const KIND: &str = "case.";

/// A subscription. Its secret is shown once and never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Names it.
    pub id: Uuid,
    /// Where it posts to.
    pub url: String,
    /// What it is told of; empty: everything.
    pub events: Vec<What>,
    /// Counts its secrets, from 1.
    pub generation: u32,
    /// Until when the secret before the last signs too.
    pub overlap_until: Option<Time>,
    /// When it was made.
    pub created_at: Time,
    /// Since when no attempt has arrived; `None`: the last one did.
    pub failing_since: Option<Time>,
    /// Why it is told nothing at present; `None`: it is.
    pub disabled: Option<Disabled>,
}

/// Why a subscription is told nothing at present. Stored by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disabled {
    /// An administrator wanted it so.
    ByHand,
    /// Nothing has arrived for days.
    NothingArrives,
    /// Its receiver answered that it wants no more.
    Unwanted,
    /// No call may go to its address.
    NotAllowed,
}

impl Disabled {
    /// As people are told.
    pub fn text(self) -> Text {
        match self {
            Self::ByHand => Text::new("disabled by an administrator", "由管理员停用"),
            Self::NothingArrives => Text::new(
                "disabled: nothing has arrived for five days",
                "已停用：五天内没有任何推送送达",
            ),
            Self::Unwanted => Text::new(
                "disabled: it answered 410, it wants no more calls",
                "已停用：对方回答 410，不再接收推送",
            ),
            Self::NotAllowed => Text::new(
                "disabled: no call may go to this address",
                "已停用：不允许向该地址推送",
            ),
        }
    }
}

/// A subscription, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// It.
    pub record: WebhookRecord,
    /// The cursor behind everything that was handed over for it.
    pub cursor: String,
}

/// Makes the secrets of subscriptions.
#[derive(Clone)]
pub struct WebhookSecrets(Hmac<Sha256>);

impl std::fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecrets")
    }
}

impl WebhookSecrets {
    /// Secrets under this server key.
    pub fn new(server_key: &[u8]) -> Self {
        let mut keyed = Hmac::new_from_slice(server_key).expect("HMAC takes keys of any length");
        keyed.update(PURPOSE);
        Self(keyed)
    }

    /// The secret of this generation, as Standard Webhooks write it.
    pub fn of(&self, id: Uuid, generation: u32) -> String {
        let keyed = self.0.clone();
        let keyed = keyed.chain_update(id.as_bytes());
        let keyed = keyed.chain_update(generation.to_be_bytes());
        format!("whsec_{}", STANDARD.encode(keyed.finalize().into_bytes()))
    }

    /// Those that sign now, the newest first, with a space between.
    pub fn signing(&self, record: &WebhookRecord, now: Time) -> String {
        let newest = self.of(record.id, record.generation);
        match record.overlap_until {
            Some(until) if now < until && record.generation > 1 => {
                format!("{newest} {}", self.of(record.id, record.generation - 1))
            }
            Some(_) | None => newest,
        }
    }
}

impl WebhookRecord {
    /// How its deliveries name their hook.
    pub fn hook(&self) -> String {
        Self::hook_of(self.id)
    }

    /// How the deliveries of this subscription name their hook, and its incident its cause.
    pub fn hook_of(id: Uuid) -> String {
        format!("{PREFIX}{id}")
    }

    /// The subscription that a hook's name stands for; `None`: it is a hook of a workflow.
    pub fn of_hook(hook: &str) -> Option<Uuid> {
        hook.strip_prefix(PREFIX)?.parse().ok()
    }

    /// Whether it is told of this.
    pub fn wants(&self, what: What) -> bool {
        self.events.is_empty() || self.events.contains(&what)
    }

    /// What a call that tells of this is called, and what is subscribed to.
    pub fn kind(what: What) -> String {
        let what = serde_json::to_value(what).unwrap_or_default();
        format!("{KIND}{}", what.as_str().unwrap_or_default())
    }

    /// What is told of by calls of this kind; `None`: there are none.
    pub fn of_kind(kind: &str) -> Option<What> {
        let what = kind.strip_prefix(KIND)?;
        serde_json::from_value(json!(what)).ok()
    }

    /// What operators are told while its calls do not arrive: one matter, however many calls and cases there are. It is
    /// settled when one arrives, and when the subscription is enabled or removed.
    pub fn incident(&self) -> Incident {
        let url = self.shown_url();
        let message = match self.disabled {
            None => Text::new(
                format!(
                    "Calls do not arrive at the web hook {url}: some were given up. They are tried again once one arrives."
                ),
                format!(
                    "推送无法送达订阅地址 {url}：部分已被放弃。一旦有推送送达，即会重试这些推送。"
                ),
            ),
            Some(why) => {
                let why = why.text();
                Text::new(
                    format!(
                        "The web hook {url} is told nothing more ({}). What it missed comes when it is enabled again.",
                        why.en
                    ),
                    format!(
                        "订阅地址 {url} 不再收到推送（{}）。重新启用后，会补发其错过的内容。",
                        why.zh
                    ),
                )
            }
        };
        Incident {
            code: "webhook_failing".to_owned(),
            message,
            cause: self.hook(),
            state: None,
        }
    }

    /// Its address without what comes after `?`, which may be a secret.
    pub fn shown_url(&self) -> &str {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        &self.url[..end]
    }
}

/// What is told of an entry: nothing personal but ids, and what its hash is of.
pub(crate) fn told(case: &CaseRef, event: &EventRow) -> (String, Json) {
    let entry = &event.entry.entry;
    let kind = WebhookRecord::kind(entry.what);
    let mut told = serde_json::to_value(entry).unwrap_or_default();
    told["hash"] = json!(event.entry.hash);
    told["previous"] = json!(event.entry.previous);
    let data = json!({
        "case": { "id": case.id, "number": case.number, "workflow": case.workflow, "version": case.version },
        "entry": told,
        "cursor": event.cursor,
    });
    (kind, data)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn record() -> WebhookRecord {
        WebhookRecord {
            id: Uuid::from_u128(7),
            url: "https://erp.example".to_owned(),
            events: vec![What::Decision],
            generation: 2,
            overlap_until: Some("2026-11-24T00:00:00Z".parse().unwrap()),
            created_at: "2026-11-23T00:00:00Z".parse().unwrap(),
            failing_since: None,
            disabled: None,
        }
    }

    #[test]
    fn a_new_secret_signs_beside_the_old_one_until_the_overlap_ends() {
        let secrets = WebhookSecrets::new(&[7; 32]);
        let record = record();
        let (old, new) = (secrets.of(record.id, 1), secrets.of(record.id, 2));
        assert_ne!(old, new);
        assert!(new.starts_with("whsec_") && new.len() == 50);
        let at = |text: &str| secrets.signing(&record, text.parse().unwrap());
        assert_eq!(at("2026-11-23T23:59:59Z"), format!("{new} {old}"));
        assert_eq!(at("2026-11-24T00:00:00Z"), new);
        assert_ne!(WebhookSecrets::new(&[8; 32]).of(record.id, 1), old);
    }

    #[test]
    fn its_deliveries_lead_back_to_it() {
        let record = record();
        assert_eq!(WebhookRecord::of_hook(&record.hook()), Some(record.id));
        assert_eq!(WebhookRecord::of_hook("pay_partner"), None);
        assert!(record.wants(What::Decision) && !record.wants(What::Vote));
    }

    #[test]
    fn what_is_subscribed_to_is_called_as_what_is_posted() {
        assert_eq!(
            WebhookRecord::kind(What::VoteTakenBack),
            "case.vote_taken_back"
        );
        assert_eq!(
            WebhookRecord::of_kind("case.decision"),
            Some(What::Decision)
        );
        for unknown in ["decision", "case.", "case.nothing", "webhook.test"] {
            assert_eq!(WebhookRecord::of_kind(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn its_incident_is_its_own_and_tells_no_secret() {
        let mut record = record();
        record.url = "https://erp.example/in?token=secret".to_owned();
        for disabled in [None, Some(Disabled::NothingArrives)] {
            record.disabled = disabled;
            let incident = record.incident();
            assert_eq!(WebhookRecord::of_hook(&incident.cause), Some(record.id));
            for text in [incident.message.en, incident.message.zh] {
                assert!(
                    text.contains("https://erp.example/in") && !text.contains("secret"),
                    "{text}"
                );
            }
        }
    }
}
