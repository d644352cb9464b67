//! Case numbers where several replicas open cases: taken in blocks, each in a short transaction of its own, so that an
//! opening never waits for the commit of another. What a stop, or a batch that failed, leaves of a block is a gap. On SQLite
//! numbers are taken in the batch, whose writer is the only one, and there is no gap.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use countersign_engine::ports::{StoreError, StoreErrorKind};
use sea_orm::{ConnectionTrait, DbErr};
use tokio::sync::Mutex;

use crate::{
    error::failed,
    rows::{count, get},
    statements::inputs as sql,
    writer::Writer,
};

const ATTEMPTED: &str = "take case numbers";
/// The largest block.
const LARGEST: u64 = 256;
/// A block that lasts no longer than this is followed by one of twice the size; one that lasts longer by one of a single
/// number, so that numbers leave gaps only where cases are opened all the time.
const SHORT: Duration = Duration::from_secs(1);

/// The blocks of a replica. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Blocks(Arc<Mutex<HashMap<String, Block>>>);

/// What is left of the numbers of a series.
#[derive(Debug)]
struct Block {
    next: u64,
    left: u64,
    size: u64,
    taken: Instant,
}

impl Blocks {
    /// The first of so many numbers in a row. Whoever drops the future half way loses a block, and no more.
    pub async fn take(
        &self,
        writer: &Writer,
        series: &str,
        wanted: u64,
    ) -> Result<u64, StoreError> {
        let mut blocks = self.0.lock().await;
        let known = blocks.get_mut(series);
        if let Some(block) = known
            && block.left >= wanted
        {
            block.left -= wanted;
            block.next += wanted;
            return Ok(block.next - wanted);
        }
        let size = blocks.get(series).map_or(1, Block::following).max(wanted);
        let open = writer.begin().await.map_err(failed(ATTEMPTED))?;
        let first = take(open.on(), series, size)
            .await
            .map_err(failed(ATTEMPTED))?;
        // Whether it was taken or not, another one is taken next time: nothing else hangs on it.
        let again = |error| StoreError::new(ATTEMPTED, StoreErrorKind::Contended, error);
        open.commit().await.map_err(again)?;
        let block = Block {
            next: first + wanted,
            left: size - wanted,
            size,
            taken: Instant::now(),
        };
        blocks.insert(series.to_owned(), block);
        Ok(first)
    }
}

impl Block {
    /// How large the one after it is.
    fn following(&self) -> u64 {
        if self.taken.elapsed() < SHORT {
            (self.size * 2).min(LARGEST)
        } else {
            1
        }
    }
}

/// Takes so many numbers of a series in this transaction; the first of them.
pub async fn take(on: &impl ConnectionTrait, series: &str, wanted: u64) -> Result<u64, DbErr> {
    let wanted = count(wanted)?;
    let row = sql::TAKE_NUMBERS
        .one(on, [series.into(), wanted.into()])
        .await?;
    let last: i64 = get(
        &row.ok_or_else(|| DbErr::RecordNotFound("a series of numbers".to_owned()))?,
        0,
    )?;
    u64::try_from(last - wanted + 1).map_err(|error| DbErr::Type(error.to_string()))
}
