//! A batch: the engine's reads and writes in one transaction.

use async_trait::async_trait;
use countersign_core::{
    case::{Case, CaseId, DeliveryId, PersonId},
    context::{Inputs, Needs},
    outcome::NewChild,
    time::Time,
};
use countersign_engine::{
    Authenticator, Registry,
    ports::{
        StoreError, Transaction,
        store::{Batch, CaseAddress, CodePurpose, RequestKey, StoredAnswer, StoredCode},
    },
};
use sea_orm::{DbErr, QueryResult};

use crate::{
    error::failed,
    load, locks,
    numbers::{self, Blocks},
    reader::directory,
    rows::{get, get_bytes, get_json, get_u32, hex, json, millis, time},
    statements::{deliveries as outbox, inputs as sql},
    write,
    writer::{Open, Writer},
};

/// An open batch.
#[derive(Debug)]
pub struct SqlTransaction {
    open: Open,
    now: Time,
    /// Where numbers come from, if others take some too.
    blocks: Option<(Writer, Blocks)>,
}

impl SqlTransaction {
    pub(crate) fn new(open: Open, now: Time, blocks: Option<(Writer, Blocks)>) -> Self {
        Self { open, now, blocks }
    }
}

#[async_trait]
impl Transaction for SqlTransaction {
    async fn answers(
        &mut self,
        keys: &[RequestKey],
    ) -> Result<Vec<Option<StoredAnswer>>, StoreError> {
        answers(&self.open, keys)
            .await
            .map_err(failed("load answers"))
    }

    async fn cases(&mut self, cases: &[CaseAddress]) -> Result<Vec<Option<Case>>, StoreError> {
        let loaded = failed("load cases");
        locks::cases(self.open.on(), cases).await.map_err(&loaded)?;
        load::cases(self.open.on(), cases).await.map_err(loaded)
    }

    async fn inputs(
        &mut self,
        needs: &Needs,
        registry: &Registry,
        inputs: &mut Inputs,
    ) -> Result<(), StoreError> {
        let loaded = failed("load what steps need");
        locks::inputs(self.open.on(), needs)
            .await
            .map_err(&loaded)?;
        load::inputs(self.open.on(), needs, registry, inputs)
            .await
            .map_err(loaded)
    }

    async fn children(&mut self, ids: &[CaseId]) -> Result<Vec<NewChild>, StoreError> {
        children(&self.open, ids)
            .await
            .map_err(failed("load child cases to open"))
    }

    async fn take_numbers(&mut self, series: &str, wanted: u64) -> Result<u64, StoreError> {
        match &self.blocks {
            Some((writer, blocks)) => blocks.take(writer, series, wanted).await,
            None => numbers::take(self.open.on(), series, wanted)
                .await
                .map_err(failed("take case numbers")),
        }
    }

    async fn code(&mut self, purpose: &CodePurpose) -> Result<Option<StoredCode>, StoreError> {
        code(&self.open, purpose, self.now)
            .await
            .map_err(failed("load a confirmation code"))
    }

    async fn authenticator(&mut self, id: &PersonId) -> Result<Option<Authenticator>, StoreError> {
        directory::authenticator(self.open.on(), id)
            .await
            .map_err(failed("load the app of somebody's codes"))
    }

    async fn retry_delivery(&mut self, delivery: DeliveryId) -> Result<bool, StoreError> {
        retry_delivery(&self.open, delivery, self.now)
            .await
            .map_err(failed("try a delivery again"))
    }

    async fn write(&mut self, batch: &Batch) -> Result<bool, StoreError> {
        write::batch(self.open.on(), batch, batch.at.unwrap_or(self.now)).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.open.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.open.rollback().await
    }
}

async fn answers(open: &Open, keys: &[RequestKey]) -> Result<Vec<Option<StoredAnswer>>, DbErr> {
    locks::keys(open.on(), keys).await?;
    let mut answers = vec![None; keys.len()];
    let set: Vec<_> = keys.iter().map(|key| (&key.caller, &key.key)).collect();
    for row in sql::ANSWERS.all(open.on(), [json(&set)?.into()]).await? {
        let place = usize::try_from(get::<i64, _>(&row, 0)?).ok();
        if let Some(place) = place.and_then(|place| answers.get_mut(place)) {
            *place = Some(answer(&row)?);
        }
    }
    Ok(answers)
}

fn answer(row: &QueryResult) -> Result<StoredAnswer, DbErr> {
    let status =
        u16::try_from(get::<i64, _>(row, 2)?).map_err(|error| DbErr::Type(error.to_string()))?;
    Ok(StoredAnswer {
        fingerprint: get_bytes(row, 1)?,
        status,
        headers: get_json(row, 3)?,
        body: get(row, 4)?,
        at: time(get(row, 5)?),
    })
}

async fn children(open: &Open, ids: &[CaseId]) -> Result<Vec<NewChild>, DbErr> {
    let ids: Vec<String> = ids.iter().map(|id| hex(id.0)).collect();
    let rows = sql::CHILDREN.all(open.on(), [json(&ids)?.into()]).await?;
    rows.iter().map(|row| get_json(row, 0)).collect()
}

async fn code(open: &Open, purpose: &CodePurpose, now: Time) -> Result<Option<StoredCode>, DbErr> {
    let key = [
        purpose.case.0.into(),
        purpose.holder.as_str().into(),
        purpose.action.as_str().into(),
    ];
    let Some(row) = sql::CODE.one(open.on(), key).await? else {
        return Ok(None);
    };
    let code = StoredCode {
        hash: get_bytes(&row, 0)?,
        expires_at: time(get(&row, 1)?),
        tries: get_u32(&row, 2)?,
    };
    Ok((code.expires_at > now).then_some(code))
}

async fn retry_delivery(open: &Open, id: DeliveryId, now: Time) -> Result<bool, DbErr> {
    let values = || [id.0.into(), millis(now).into()];
    let is_due = outbox::RETRY.run(open.on(), values()).await? > 0;
    if is_due {
        outbox::SETTLE.run(open.on(), values()).await?;
    }
    Ok(is_due)
}
