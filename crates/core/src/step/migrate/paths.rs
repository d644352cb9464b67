//! What states are called in the newer version, wherever a case keeps their paths.

use std::collections::BTreeMap;

use crate::{
    case::Case,
    migration::Verdict,
    text::Text,
    workflow::{State, StatePath},
};

use super::{Moving, Way};

impl<'w> Way<'w> {
    /// What a state of the older version is called in the newer one: as the file says, else as before.
    pub(super) fn path(&self, path: &str) -> String {
        match self.how.and_then(|how| how.mapped(path)) {
            Some((state, rest)) => format!("{}{rest}", self.new.states.get(state).path),
            None => path.to_owned(),
        }
    }

    /// The leaf where a case of this leaf goes. Inner states that have gone lead to where their outer one begins, if
    /// the file says where that went.
    pub(super) fn leaf(&self, path: &StatePath) -> Option<&'w State> {
        let states = &self.new.states;
        let state = match states.find(&self.path(path.as_str())) {
            Some(state) => state.id,
            None => self.how?.mapped(path.as_str())?.0,
        };
        Some(states.get(states.tree().leaf_of(state)))
    }
}

impl<'a> Moving<'a> {
    /// Puts the case where it is in the newer version, in each of its tracks. `None` if one has no way.
    pub(super) fn place(&mut self, before: &Case, target: &'a State) -> Option<()> {
        let states = &self.way.new.states;
        self.run.case.tracks.clear();
        self.run.case.state = target.path.clone();
        let way = self.run.way_to(target.id);
        self.run.put_at(way, false);
        for leaf in before.tracks.values() {
            let Some(now) = self.way.leaf(leaf) else {
                let version = self.way.new.version;
                let why = Text::new(
                    format!(
                        "Version {version} has no state `{leaf}` and does not say where its cases go."
                    ),
                    format!("版本 {version} 没有状态 `{leaf}`，也未说明其申请去向。"),
                );
                self.note(Verdict::Impossible, leaf, why);
                return None;
            };
            let region = states.tree().region(now.id);
            if region.is_some() && self.run.case.rest(states, region).is_some() {
                self.run.case.put(states, region, now.path.clone());
            } else {
                let why = Text::new(
                    format!("What went on in `{leaf}` ends with the migration."),
                    format!("`{leaf}` 中的进程随迁移结束。"),
                );
                self.note(Verdict::SafeWithDefault, leaf, why);
            }
        }
        Some(())
    }

    /// Calls states what they are called now. Where two become one, the visits of the one that was entered last
    /// come last.
    pub(super) fn rename_paths(&mut self) {
        let before = std::mem::take(&mut self.run.case.visits);
        let mut order: Vec<_> = before.keys().cloned().collect();
        order.sort_by_key(|path| {
            let entered = self.run.case.entered.get(path).copied();
            (self.run.case.state.is_in(path.as_str()), entered)
        });
        let (mut visits, mut names) = (BTreeMap::new(), BTreeMap::new());
        for path in order {
            let new = StatePath::new(&self.way.path(path.as_str()));
            let sum = visits.entry(new.clone()).or_insert(0);
            names.insert(path.clone(), (new, *sum));
            *sum += before[&path];
        }
        self.run.case.visits = visits;
        let way = &self.way;
        let name = |path: &StatePath| match names.get(path) {
            Some((new, earlier)) => (new.clone(), *earlier),
            None => (StatePath::new(&way.path(path.as_str())), 0),
        };
        rename(&mut self.run.case, &name);
    }
}

fn rename(case: &mut Case, name: &impl Fn(&StatePath) -> (StatePath, u32)) {
    let entered = std::mem::take(&mut case.entered);
    for (path, at) in entered {
        let last = case.entered.entry(name(&path).0).or_insert(at);
        *last = at.max(*last);
    }
    let left = std::mem::take(&mut case.left);
    case.left = left.iter().map(|path| name(path).0).collect();
    let due = std::mem::take(&mut case.due);
    case.due = due
        .into_iter()
        .map(|(path, at)| (name(&path).0, at))
        .collect();
    let paused = std::mem::take(&mut case.paused);
    let paused = paused.into_iter();
    case.paused = paused.map(|(path, due)| (name(&path).0, due)).collect();
    let inner = std::mem::take(&mut case.last_inner);
    let inner = inner
        .iter()
        .map(|(outer, leaf)| (name(outer).0, name(leaf).0));
    case.last_inner = inner.collect();
    let visited = |state: &mut StatePath, visit: &mut u32| {
        let (new, earlier) = name(state);
        *state = new;
        *visit += earlier;
    };
    for timer in &mut case.timers {
        timer.state = name(&timer.state).0;
    }
    for taken in &mut case.taken {
        taken.state = name(&taken.state).0;
    }
    for mandate in &mut case.mandates {
        mandate.state = name(&mandate.state).0;
    }
    if let Some(claim) = &mut case.claim {
        claim.state = name(&claim.state).0;
    }
    for ballot in &mut case.ballots {
        visited(&mut ballot.state, &mut ballot.visit);
    }
    for link in &mut case.mail_links {
        visited(&mut link.state, &mut link.visit);
    }
    for awaited in &mut case.awaited {
        visited(&mut awaited.state, &mut awaited.visit);
    }
    for copy in case.content.copies.values_mut().flatten() {
        visited(&mut copy.state, &mut copy.visit);
    }
}
