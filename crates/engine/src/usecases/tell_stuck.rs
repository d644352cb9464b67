//! Tell operators of cases whose timers fail again and again: once each, until the timers take effect or wait for nothing.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use countersign_core::{
    case::{Actor, CaseId, Channel},
    outcome::Incident,
    text::Text,
    workflow::StatePath,
};

use crate::{Engine, Error, Manner, lane::Work, ports::store::CaseAddress};

/// After so many failures a case does not come right by itself. PostgreSQL's replicas try each 15 seconds.
const LEAST: u32 = 3;
/// How often it is looked whether what was told is over, while nothing fails here.
const LOOK: Duration = Duration::from_secs(15);
/// How many cases are looked at; what is more comes when those are over.
const MOST: u32 = 100;
/// What incidents of this kind call their cause.
const CAUSE: &str = "timers";

/// How often the timers of cases have failed, one time after another. Forgotten with the process: then it is counted anew.
#[derive(Debug, Default)]
pub(crate) struct Stuck(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    failures: HashMap<CaseId, u32>,
    looked: Option<Instant>,
}

impl Stuck {
    /// Counts these failures; every case that has failed lately, or nothing if there is no need to look.
    fn count(&self, failed: &[CaseId]) -> Option<HashMap<CaseId, u32>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for case in failed {
            *known.failures.entry(*case).or_default() += 1;
        }
        let lately = known.looked.is_some_and(|looked| looked.elapsed() < LOOK);
        if known.failures.is_empty() && lately {
            return None;
        }
        known.looked = Some(Instant::now());
        Some(known.failures.clone())
    }

    fn forget(&self, cases: &[CaseId]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.failures.retain(|case, _| !cases.contains(case));
    }
}

impl Engine {
    /// Counts the cases whose timers have just failed, tells of those that keep failing, and settles what is over.
    pub(super) async fn tell_stuck(&self, failed: &[CaseId]) -> Result<(), Error> {
        let Some(failures) = self.stuck.count(failed) else {
            return Ok(());
        };
        let known = self.reader.cases_with_incident(CAUSE, MOST).await?;
        let looked_at: BTreeSet<CaseId> = known.iter().chain(failures.keys()).copied().collect();
        let (mut told, mut over) = (Vec::new(), Vec::new());
        for id in looked_at.into_iter().take(2 * MOST as usize) {
            // A case that cannot be read is stuck too.
            let case = self.reader.case(&CaseAddress::Id(id)).await.ok();
            let waits = match &case {
                Some(Some(case)) => case.next_due().is_none_or(|due| due > self.now()),
                Some(None) => true,
                None => false,
            };
            if waits {
                over.push(id);
            } else if failures.get(&id).is_some_and(|times| *times >= LEAST) && !known.contains(&id)
            {
                let state = case.flatten().map(|case| case.state);
                told.push((id, incident(state)));
            }
        }
        self.stuck.forget(&over);
        over.retain(|id| known.contains(id));
        if told.is_empty() && over.is_empty() {
            return Ok(());
        }
        let settled = over.into_iter().map(|id| (id, CAUSE.to_owned()));
        let work = Work::Tell {
            told,
            settled: settled.collect(),
        };
        self.submit(Actor::Machine, Manner::plain(Channel::Timer), work)
            .await?;
        Ok(())
    }
}

fn incident(state: Option<StatePath>) -> Incident {
    Incident {
        code: "timers_failing".to_owned(),
        message: Text::new(
            "What is due by time cannot take effect: each attempt fails, as the log of the server says. It is tried again and again, and takes effect as of when it was due.",
            "到期的动作无法生效：每次尝试均失败，原因见服务器日志。系统会持续重试，并按原到期时间生效。",
        ),
        cause: CAUSE.to_owned(),
        state,
    }
}
