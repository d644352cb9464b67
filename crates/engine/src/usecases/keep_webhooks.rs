//! Keep subscriptions to events, and hand over what happens: every entry in the order of commits, none skipped. Posting is the
//! notifier's.

use std::time::Duration;

use countersign_core::{
    case::{Actor, Channel, DeliveryId, Sending},
    time::Time,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Answered, Engine, Error, Manner, WebhookRecord,
    lane::Work,
    ports::{
        deliveries::{CaseRef, DeliveryContent, HookContent},
        directory::DirectoryChange,
        reader::EventRow,
        store::{Caller, CaseAddress, DeliveryWrite},
    },
    webhook::{Disabled, Webhook, told},
};

/// Entries handed over in one commit.
const BLOCK: u32 = 100;
/// After so long without success nothing more is posted until somebody says so.
const PATIENCE: Duration = Duration::from_hours(5 * 24);

/// Where a subscription posts to, and what it signs with now.
#[derive(Debug, Clone)]
pub struct WebhookTarget {
    /// The subscription.
    pub record: WebhookRecord,
    /// Secrets, the newest first, with a space between.
    pub secrets: String,
}

impl Engine {
    /// All subscriptions. Administrators only.
    pub async fn webhooks(&self, caller: &Caller) -> Result<Vec<Webhook>, Error> {
        self.must_administer(caller)?;
        Ok(self.reader.webhooks().await?)
    }

    /// One of them. Administrators only.
    pub async fn webhook(&self, caller: &Caller, id: Uuid) -> Result<Webhook, Error> {
        let all = self.webhooks(caller).await?;
        all.into_iter()
            .find(|webhook| webhook.record.id == id)
            .ok_or(Error::NotFound)
    }

    /// The secret of a subscription: shown when it is made and when it is rotated, and never again.
    pub fn webhook_secret(&self, record: &WebhookRecord) -> String {
        self.webhook_secrets.of(record.id, record.generation)
    }

    /// Makes a subscription or changes it; a new one is told of what happens from now on. Administrators only.
    pub async fn put_webhook(
        &self,
        caller: &Caller,
        manner: Manner,
        record: WebhookRecord,
    ) -> Result<Answered, Error> {
        let cursor = self.reader.last_event().await?;
        let change = DirectoryChange::PutWebhook(record, cursor);
        self.change_directory(caller, manner, vec![change]).await
    }

    /// Posts a call that says nothing, to see whether it arrives. Administrators only.
    pub async fn test_webhook(&self, caller: &Caller, id: Uuid) -> Result<DeliveryId, Error> {
        let webhook = self.webhook(caller, id).await?;
        let data = json!({ "webhook": id });
        let write = self.delivery(&webhook.record, None, "webhook.test", &data);
        let delivery = write.id;
        let (from, to) = (webhook.cursor.as_str(), webhook.cursor.as_str());
        if !self
            .store
            .advance_webhook(id, from, to, vec![write])
            .await?
        {
            return Err(Error::Unavailable(crate::ports::StoreError::new(
                "test a web hook",
                crate::ports::StoreErrorKind::Contended,
                "it moved on meanwhile; ask again",
            )));
        }
        self.hints().deliveries.notify_one();
        Ok(delivery)
    }

    /// Tells a subscription again of everything after this cursor. Administrators only.
    pub async fn replay_webhook(
        &self,
        caller: &Caller,
        manner: Manner,
        id: Uuid,
        after: &str,
    ) -> Result<Answered, Error> {
        self.webhook(caller, id).await?;
        // A cursor that nobody gave is refused.
        self.reader.events(after, 1).await?;
        let change = DirectoryChange::MoveWebhook(id, after.to_owned());
        self.change_directory(caller, manner, vec![change]).await
    }

    /// Hands over what has happened since each subscription last came this far; says how many calls that made.
    pub async fn hand_over_events(&self) -> Result<usize, Error> {
        let mut made = 0;
        for webhook in self.reader.webhooks().await? {
            if webhook.record.disabled.is_none() {
                made += self.hand_over(&webhook).await?;
            }
        }
        if made > 0 {
            self.hints().deliveries.notify_one();
        }
        Ok(made)
    }

    async fn hand_over(&self, webhook: &Webhook) -> Result<usize, Error> {
        let mut cursor = webhook.cursor.clone();
        let mut made = 0;
        loop {
            let events = self.reader.events(&cursor, BLOCK).await?;
            let Some(last) = events.last() else {
                return Ok(made);
            };
            let (next, is_last) = (last.cursor.clone(), events.len() < BLOCK as usize);
            let mut writes = Vec::new();
            for event in events
                .iter()
                .filter(|event| webhook.record.wants(event.entry.entry.what))
            {
                if let Some(case) = self.case_told_of(event).await? {
                    let (kind, data) = told(&case, event);
                    writes.push(self.delivery(&webhook.record, Some(case), &kind, &data));
                }
            }
            let number = writes.len();
            let advanced = self
                .store
                .advance_webhook(webhook.record.id, &cursor, &next, writes)
                .await?;
            if !advanced {
                // Another replica was faster, or somebody has moved it.
                return Ok(made);
            }
            made += number;
            if is_last {
                return Ok(made);
            }
            cursor = next;
        }
    }

    async fn case_told_of(&self, event: &EventRow) -> Result<Option<CaseRef>, Error> {
        let case = self.reader.case(&CaseAddress::Id(event.case)).await?;
        Ok(case.map(|case| CaseRef {
            id: case.id.0,
            number: case.number.clone(),
            workflow: case.workflow.to_string(),
            version: case.version,
            title: case.title.clone(),
        }))
    }

    fn delivery(
        &self,
        record: &WebhookRecord,
        case: Option<CaseRef>,
        kind: &str,
        data: &serde_json::Value,
    ) -> DeliveryWrite {
        let mut content = HookContent::new(kind, self.now(), data);
        content.hook = record.hook();
        DeliveryWrite {
            id: DeliveryId(Uuid::now_v7()),
            case,
            content: DeliveryContent::Hook(content),
            sending: Sending::Now,
        }
    }

    /// Where a subscription posts to; `None`: there is none any more, or it is disabled.
    pub async fn webhook_target(&self, id: Uuid) -> Result<Option<WebhookTarget>, Error> {
        let all = self.reader.webhooks().await?;
        let found = all.into_iter().find(|webhook| webhook.record.id == id);
        let found = found.filter(|webhook| webhook.record.disabled.is_none());
        Ok(found.map(|webhook| WebhookTarget {
            secrets: self.webhook_secrets.signing(&webhook.record, self.now()),
            record: webhook.record,
        }))
    }

    /// What became of an attempt. Whoever has failed for days, or wants no more, is disabled, and an operator is told.
    pub async fn webhook_attempted(
        &self,
        record: &WebhookRecord,
        outcome: Attempted,
    ) -> Result<(), Error> {
        let now = self.now();
        let change = match (outcome, record.failing_since) {
            (Attempted::Arrived, None) => return Ok(()),
            (Attempted::Arrived, Some(_)) => health(record, None, None),
            (Attempted::Unwanted, since) => {
                health(record, since.or(Some(now)), Some(Disabled::Unwanted))
            }
            (Attempted::NotAllowed, since) => {
                health(record, since.or(Some(now)), Some(Disabled::NotAllowed))
            }
            (Attempted::Failed, None) => health(record, Some(now), None),
            (Attempted::Failed, Some(since)) if now - since > days(PATIENCE) => {
                health(record, Some(since), Some(Disabled::NothingArrives))
            }
            (Attempted::Failed, Some(_)) => return Ok(()),
        };
        let recovered = outcome == Attempted::Arrived;
        self.submit(
            Actor::Machine,
            Manner::plain(Channel::Api),
            Work::Directory(vec![change]),
        )
        .await?;
        if recovered {
            self.hints().deliveries.notify_one();
        }
        Ok(())
    }

    /// Those of these ids that there are, so that deliveries are listed by where they go. Operators only.
    pub async fn webhooks_of(
        &self,
        caller: &Caller,
        ids: &[Uuid],
    ) -> Result<Vec<WebhookRecord>, Error> {
        self.must_operate(caller)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.reader.webhooks().await?;
        let records = all.into_iter().map(|webhook| webhook.record);
        Ok(records.filter(|record| ids.contains(&record.id)).collect())
    }

    /// Enables a subscription that the product disabled, and tries again what was given up. An operator may, for it was no
    /// administrator's wish.
    pub(crate) async fn revive_webhook(
        &self,
        caller: &Caller,
        manner: Manner,
        id: Uuid,
    ) -> Result<Answered, Error> {
        let change = DirectoryChange::TellWebhook {
            id,
            failing_since: None,
            disabled: None,
        };
        let answered = self
            .submit(caller.actor(), manner, Work::Directory(vec![change]))
            .await?;
        self.hints().deliveries.notify_one();
        Ok(answered)
    }
}

/// What became of an attempt to post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempted {
    /// It was taken.
    Arrived,
    /// It was not.
    Failed,
    /// Its receiver wants no more.
    Unwanted,
    /// No call may go there any more.
    NotAllowed,
}

fn days(length: Duration) -> chrono::TimeDelta {
    chrono::TimeDelta::from_std(length).unwrap_or_default()
}

fn health(
    record: &WebhookRecord,
    failing_since: Option<Time>,
    disabled: Option<Disabled>,
) -> DirectoryChange {
    DirectoryChange::TellWebhook {
        id: record.id,
        failing_since,
        disabled,
    }
}
