//! Requests of services that come again under their `Idempotency-Key`: taken once, as the API takes them.

use countersign_core::case::CaseId;

use crate::scenario::suite::Acts;

use super::Story;

/// What a key stands for: the case, the action, and everything that came with it.
pub(super) type Request = (Option<CaseId>, String);

impl Story<'_> {
    /// Whether this request was carried out before under its key. `Err`: another one was.
    pub(super) fn known_request(&self, acts: &Acts) -> Result<bool, String> {
        let Some(key) = &acts.key else {
            return Ok(false);
        };
        match self.requests.get(key) {
            None => Ok(false),
            Some(known) if *known == self.request(acts) => Ok(true),
            Some(_) => Err(format!("the key `{key}` was used for another request")),
        }
    }

    /// A request that was refused leaves its key free; this one was not.
    pub(super) fn remember_request(&mut self, acts: &Acts) {
        if let Some(key) = &acts.key {
            let request = self.request(acts);
            self.requests.insert(key.clone(), request);
        }
    }

    fn request(&self, acts: &Acts) -> Request {
        let data = serde_json::Value::Object(acts.data.clone());
        let answers = acts.answers.as_deref().unwrap_or_default();
        let body = format!("{} {data} {answers}", acts.action);
        (self.told.case, body)
    }
}
