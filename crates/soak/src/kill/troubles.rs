//! Which trouble comes when. Not for judging what becomes of it.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{Store, client::Told, error::Error, place::Place, say};

/// Longer than every lease on timers and every wait for a lock.
const ASLEEP: Duration = Duration::from_secs(20);
/// So many answers come between two troubles at least: in the middle of nothing, a kill shows nothing.
const LEAST: usize = 6;
/// And they come within this.
const PATIENCE: Duration = Duration::from_mins(2);

/// A plan.
pub struct Troubles {
    store: Store,
    kills: u32,
    /// Whether clients that go away are all the trouble.
    peaceful: bool,
    /// Who sleeps, and until when.
    asleep: Option<(usize, Instant)>,
}

/// One trouble.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// A server is killed, and started again.
    Kill,
    /// A server sleeps, longer than its leases, while the others are troubled.
    Sleep,
    /// The database is killed, and started again.
    Crash,
    /// Nothing but that clients go away.
    Nothing,
}

impl Troubles {
    /// So many of them.
    pub fn new(store: Store, kills: u32) -> Self {
        Self {
            store,
            kills,
            peaceful: false,
            asleep: None,
        }
    }

    /// So many moments under load in which nobody is killed.
    pub fn peaceful(self) -> Self {
        Self {
            peaceful: true,
            ..self
        }
    }

    /// Carries them out, one after another, under load.
    pub async fn run(mut self, place: &mut Place, told: &Told) -> Result<(), Error> {
        for at in 0..self.kills {
            load(told).await?;
            self.wake(place, false).await;
            match self.which(at) {
                Trouble::Kill => {
                    let victim = self.victim(place);
                    place.kill(victim);
                    if self.store == Store::Postgres {
                        tokio::time::sleep(Duration::from_millis(rand::random_range(0..1500)))
                            .await;
                    }
                    place.serve(victim)?;
                }
                Trouble::Sleep => {
                    let sleeper = self.victim(place);
                    place.signal(sleeper, Signal::STOP);
                    self.asleep = Some((sleeper, Instant::now() + ASLEEP));
                }
                Trouble::Crash => {
                    if let Some(cluster) = &mut place.cluster {
                        cluster.crash()?;
                    }
                }
                Trouble::Nothing => {}
            }
            if (at + 1) % 25 == 0 {
                let answers = told.answers.load(Ordering::Relaxed);
                let again = told.again.load(Ordering::Relaxed);
                say(&format!(
                    "{} of {}: {answers} answers, {again} asked again",
                    at + 1,
                    self.kills
                ));
            }
        }
        self.wake(place, true).await;
        Ok(())
    }

    /// Of 150 troubles of replicas ten are crashes of the database and twenty long sleeps.
    fn which(&self, at: u32) -> Trouble {
        if self.peaceful {
            return Trouble::Nothing;
        }
        match (self.store, at % 15) {
            (Store::Sqlite, _) => Trouble::Kill,
            (Store::Postgres, 7) => Trouble::Crash,
            (Store::Postgres, 3 | 11) if self.asleep.is_none() => Trouble::Sleep,
            (Store::Postgres, _) => Trouble::Kill,
        }
    }

    fn victim(&self, place: &Place) -> usize {
        let awake = (0..place.servers.len())
            .filter(|at| self.asleep.is_none_or(|(sleeper, _)| sleeper != *at));
        let awake: Vec<usize> = awake.collect();
        awake[rand::random_range(0..awake.len())]
    }

    /// Lets the sleeper go on when it has slept long enough.
    async fn wake(&mut self, place: &Place, wait: bool) {
        if let Some((sleeper, until)) = self.asleep {
            if wait {
                tokio::time::sleep_until(until.into()).await;
            }
            if Instant::now() >= until {
                place.signal(sleeper, Signal::CONT);
                self.asleep = None;
            }
        }
    }
}

/// Waits for answers, and then for a moment that nobody can foresee.
async fn load(told: &Told) -> Result<(), Error> {
    let before = told.answers.load(Ordering::Relaxed);
    let begun = Instant::now();
    while told.answers.load(Ordering::Relaxed) < before + LEAST {
        if begun.elapsed() > PATIENCE {
            return Err(Error::Unfit("nobody is answered any more".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..600))).await;
    Ok(())
}
