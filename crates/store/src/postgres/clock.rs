//! The database's time as a clock, so that all replicas go by one, whatever the clocks of their machines say. Between two
//! looks the machine's monotonic clock goes on from the last, which is never ahead of the database.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::{SubsecRound as _, TimeDelta};
use countersign_engine::ports::{Clock, Time};
use sea_orm::DbErr;
use tokio::task::JoinHandle;

use super::{probe, way};
use crate::{
    Error,
    readers::Readers,
    rows::{get, time},
    statements::{Sql, reads},
};

/// How often the database is asked.
const LOOK: Duration = Duration::from_secs(1);
/// A database that is further ahead than this all at once is not believed for a while: fail-over to a machine whose clock
/// is wrong would fire every timer.
const JUMP: TimeDelta = TimeDelta::seconds(60);
/// For how long.
const DOUBT: Duration = Duration::from_secs(30);

/// The database's clock.
#[derive(Debug)]
pub struct DatabaseClock {
    course: Arc<Mutex<Course>>,
    looking: JoinHandle<()>,
}

/// How time goes on.
#[derive(Debug)]
struct Course {
    seen: Time,
    at: Instant,
    /// No clock goes back.
    told: Time,
    doubted_since: Option<Instant>,
}

impl DatabaseClock {
    /// Asks the database at this URL, and goes on asking until it is dropped.
    pub async fn start(url: &str) -> Result<Self, Error> {
        let way = way(url)?;
        let failed = |source| Error::Connect {
            server: way.told(),
            source,
        };
        let connection = way.readers(1).await.map_err(failed)?;
        let seen = look(&connection).await;
        let seen = seen.map_err(|error| probe::unfit(&way.told(), &error))?;
        let course = Arc::new(Mutex::new(Course {
            seen,
            at: Instant::now(),
            told: seen,
            doubted_since: None,
        }));
        let looking = tokio::spawn(keep_looking(connection, course.clone()));
        Ok(Self { course, looking })
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for DatabaseClock {
    fn drop(&mut self) {
        self.looking.abort();
    }
}

impl Course {
    /// The time at this moment.
    fn now(&mut self, at: Instant) -> Time {
        let gone = TimeDelta::from_std(at.saturating_duration_since(self.at));
        let now = self.seen + gone.unwrap_or_default();
        self.told = self.told.max(now.trunc_subsecs(3));
        self.told
    }

    /// The database said `seen`; its answer was here `at`. Whether it is believed.
    fn look(&mut self, seen: Time, at: Instant) -> bool {
        if seen - self.now(at) > JUMP {
            let since = *self.doubted_since.get_or_insert(at);
            if at.saturating_duration_since(since) < DOUBT {
                return false;
            }
        }
        self.doubted_since = None;
        (self.seen, self.at) = (seen, at);
        true
    }
}

async fn keep_looking(connection: Readers, course: Arc<Mutex<Course>>) {
    loop {
        tokio::time::sleep(LOOK).await;
        match look(&connection).await {
            Ok(seen) => {
                let mut course = course.lock().unwrap_or_else(PoisonError::into_inner);
                if !course.look(seen, Instant::now()) {
                    tracing::error!(database = %seen, "the database's clock has jumped ahead; timers wait for it to be sure");
                }
            }
            Err(error) => tracing::warn!(%error, "the database does not say what time it is"),
        }
    }
}

async fn look(on: &Readers) -> Result<Time, DbErr> {
    const TIME: Sql = reads::TIME;
    let row = TIME.one(on, []).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the time".to_owned()))?;
    Ok(time(get(&row, 0)?))
}

#[async_trait]
impl Clock for DatabaseClock {
    fn now(&self) -> Time {
        self.course().now(Instant::now())
    }

    async fn sleep_until(&self, moment: Time) {
        while let Ok(left) = (moment - self.now()).to_std()
            && !left.is_zero()
        {
            tokio::time::sleep(left.min(LOOK)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        time(1_700_000_000_000 + second * 1000)
    }

    fn course(begun: Instant) -> Course {
        Course {
            seen: at(0),
            at: begun,
            told: at(0),
            doubted_since: None,
        }
    }

    #[test]
    fn time_goes_on_between_looks_and_never_back() {
        let begun = Instant::now();
        let mut course = course(begun);
        let after = |seconds| begun + Duration::from_secs(seconds);
        assert_eq!(course.now(after(10)), at(10));
        assert!(
            course.look(at(7), after(11)),
            "the database's clock was put back"
        );
        assert_eq!(course.now(after(12)), at(11), "it waits for the database");
        assert_eq!(course.now(after(20)), at(16));
    }

    #[test]
    fn a_leap_is_believed_only_when_it_lasts() {
        let begun = Instant::now();
        let mut course = course(begun);
        let after = |seconds| begun + Duration::from_secs(seconds);
        assert!(!course.look(at(3_600), after(1)));
        assert_eq!(course.now(after(2)), at(2));
        assert!(course.look(at(3), after(3)), "it was a moment's error");
        assert!(!course.look(at(3_600), after(4)));
        assert!(!course.look(at(3_620), after(24)));
        assert!(course.look(at(3_631), after(35)));
        assert_eq!(course.now(after(35)), at(3_631));
    }
}
