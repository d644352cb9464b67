//! Looks for settings of the places that meet all demands: each place is set to a few values that stand for all of its
//! values, then sums of several are taken as true or not where numbers for that can be found.

use std::collections::{BTreeMap, HashSet};

use countersign_core::expression::{Kind, Outcome, Value};

use super::{
    Answer, Demand, MOST_STEPS, Record, Variable,
    about::{About, numbers, usual, words},
    clause::{Clause, Many, Setting},
    linear::{self, AtMostNothing, Found},
    value_of,
};

/// A place, or something that is not looked into.
struct Place {
    name: String,
    /// `None`: only its outcome is known.
    variable: Option<Variable>,
    /// What it is set to, one after the other.
    tried: Vec<Setting>,
}

impl Place {
    fn is_free(&self) -> bool {
        self.variable
            .as_ref()
            .is_some_and(|variable| variable.is_free)
    }
}

pub(super) struct Search {
    places: Vec<Place>,
    /// In which order they are set: free ones first.
    order: Vec<usize>,
    sums: Vec<Many>,
    demands: Vec<(Clause, bool)>,
    /// How many of `order` are set; the others may come out as they like.
    until: usize,
    steps: usize,
    seen: HashSet<(usize, Vec<Clause>)>,
    unsure: bool,
}

impl Search {
    pub(super) fn new(demands: &[Demand], variable: &dyn Fn(&str) -> Variable) -> Self {
        let mut places: Vec<Place> = Vec::new();
        let mut number = |name: &str, is_other: bool| {
            let known = places
                .iter()
                .position(|place| place.name == name && place.variable.is_none() == is_other);
            known.unwrap_or_else(|| {
                places.push(Place {
                    name: name.to_owned(),
                    variable: (!is_other).then(|| variable(name)),
                    tried: Vec::new(),
                });
                places.len() - 1
            })
        };
        let mut sums = Vec::new();
        let demands: Vec<(Clause, bool)> = demands
            .iter()
            .map(|demand| {
                let clause = Clause::of(&demand.formula, &mut number, &mut sums);
                (clause, demand.holds)
            })
            .collect();
        doubt_facts_of_several(&mut places);
        let mut about: Vec<About> = Vec::new();
        for at in 0..places.len() {
            let mut own = About::default();
            for (clause, _) in &demands {
                own.gather(at, clause);
            }
            about.push(own);
        }
        let shared = shared_words(&places, &about);
        for (at, (place, mut about)) in places.iter_mut().zip(about).enumerate() {
            if about.is_same {
                about.words.clone_from(&shared);
            }
            place.tried = tried(at, place.variable.as_ref(), about, &sums);
        }
        let (mut order, others): (Vec<usize>, Vec<usize>) =
            (0..places.len()).partition(|at| places[*at].is_free());
        let until = order.len();
        order.extend(others);
        Self {
            places,
            order,
            sums,
            demands,
            until,
            steps: 0,
            seen: HashSet::new(),
            unsure: false,
        }
    }

    pub(super) fn answer(mut self) -> Answer {
        let demands = self.demands.clone();
        let mut settings = BTreeMap::new();
        if let Some(record) = self.place(0, &demands, &mut settings) {
            return Answer::Yes(record);
        }
        self.until = self.order.len();
        self.seen.clear();
        let mut settings = BTreeMap::new();
        let found = self.place(0, &demands, &mut settings);
        match found {
            Some(record) => Answer::Perhaps(record),
            None if self.steps > MOST_STEPS => Answer::TooLarge,
            None if self.unsure => Answer::Perhaps(Record::default()),
            None => Answer::Never,
        }
    }

    /// Sets the next place; gives a record if all demands can be met.
    fn place(
        &mut self,
        at: usize,
        demands: &[(Clause, bool)],
        settings: &mut BTreeMap<usize, Setting>,
    ) -> Option<Record> {
        self.steps += 1;
        if self.steps > MOST_STEPS || !self.all_may_be(demands) {
            return None;
        }
        let open: Vec<(Clause, bool)> = demands
            .iter()
            .filter(|(clause, holds)| !self.is_met(clause, *holds))
            .cloned()
            .collect();
        if open.is_empty() {
            return self.numbers(Vec::new(), settings);
        }
        if at == self.until {
            return self.sum(&open, &mut Vec::new(), settings);
        }
        let key = (at, open.iter().map(|(clause, _)| clause.clone()).collect());
        // Which numbers are left for sums depends on more than what is still open.
        if self.sums.is_empty() && !self.seen.insert(key) {
            return None;
        }
        let place = self.order[at];
        for setting in self.places[place].tried.clone() {
            let next: Vec<(Clause, bool)> = open
                .iter()
                .map(|(clause, holds)| (clause.set(place, &setting, &self.sums), *holds))
                .collect();
            settings.insert(place, setting);
            let found = self.place(at + 1, &next, settings);
            if found.is_some() {
                return found;
            }
            settings.remove(&place);
        }
        None
    }

    /// Takes the next sum of several places as true, then as not.
    fn sum(
        &mut self,
        demands: &[(Clause, bool)],
        taken: &mut Vec<(usize, bool)>,
        settings: &mut BTreeMap<usize, Setting>,
    ) -> Option<Record> {
        self.steps += 1;
        if self.steps > MOST_STEPS || !self.all_may_be(demands) {
            return None;
        }
        if demands
            .iter()
            .all(|(clause, holds)| self.is_met(clause, *holds))
        {
            return self.numbers(taken.clone(), settings);
        }
        let next = (0..self.sums.len()).find(|sum| {
            let parts = &self.sums[*sum].parts;
            let all_set = parts.iter().all(|(place, _)| settings.contains_key(place));
            all_set && taken.iter().all(|(other, _)| other != sum)
        })?;
        for is in [true, false] {
            let demands: Vec<(Clause, bool)> = demands
                .iter()
                .map(|(clause, holds)| (clause.with_sum(next, is), *holds))
                .collect();
            taken.push((next, is));
            let found = self.sum(&demands, taken, settings);
            if found.is_some() {
                return found;
            }
            taken.pop();
        }
        None
    }

    fn may_fail(&self, leaf: &Clause) -> bool {
        let absent = |place: &usize| {
            let variable = self.places[*place].variable.as_ref();
            variable.is_none_or(|variable| variable.may_be_absent)
        };
        match leaf {
            Clause::Truth(place) | Clause::Among(place, _) | Clause::Other(place) => absent(place),
            Clause::Same(one, other) => absent(one) || absent(other),
            Clause::One { variable, .. } => absent(variable),
            Clause::Many(sum) => self.sums[*sum].parts.iter().any(|(place, _)| absent(place)),
            _ => false,
        }
    }

    fn all_may_be(&self, demands: &[(Clause, bool)]) -> bool {
        let may_fail = |leaf: &Clause| self.may_fail(leaf);
        demands.iter().all(|(clause, holds)| {
            let may_be = |outcome| clause.may_be(outcome, &may_fail);
            if *holds {
                may_be(Outcome::True)
            } else {
                may_be(Outcome::False) || may_be(Outcome::Fails)
            }
        })
    }

    /// Whether it is met however the rest comes out.
    fn is_met(&self, clause: &Clause, holds: bool) -> bool {
        let may_fail = |leaf: &Clause| self.may_fail(leaf);
        let may_be = |outcome| clause.may_be(outcome, &may_fail);
        if holds {
            !may_be(Outcome::False) && !may_be(Outcome::Fails)
        } else {
            !may_be(Outcome::True)
        }
    }

    /// Numbers within what places are set to that make sums come out as they were taken.
    fn numbers(
        &mut self,
        mut taken: Vec<(usize, bool)>,
        settings: &BTreeMap<usize, Setting>,
    ) -> Option<Record> {
        let open = taken
            .iter()
            .position(|(sum, is)| !is && self.sums[*sum].exactly);
        if let Some(open) = open {
            // Not nothing is less, or more.
            let (sum, _) = taken.remove(open);
            let many = self.sums[sum].clone();
            return [1, -1].into_iter().find_map(|sign| {
                let parts = many.parts.iter();
                let beside = Many {
                    parts: parts.map(|(place, times)| (*place, times * sign)).collect(),
                    constant: many.constant * sign + 1,
                    exactly: false,
                };
                self.sums.push(beside);
                let mut taken = taken.clone();
                taken.push((self.sums.len() - 1, true));
                let found = self.numbers(taken, settings);
                self.sums.pop();
                found
            });
        }
        let mut columns: Vec<usize> = Vec::new();
        for (sum, _) in &taken {
            for (place, _) in &self.sums[*sum].parts {
                if !columns.contains(place) {
                    columns.push(*place);
                }
            }
        }
        let wanted = self.inequalities(&taken, settings, &columns);
        let near: Vec<i128> = columns
            .iter()
            .map(|place| self.places[*place].variable.as_ref().map_or(0, usual))
            .collect();
        let numbers = match linear::solve(&near, wanted) {
            Found::Numbers(numbers) => numbers,
            Found::Nothing => return None,
            Found::Unknown => {
                self.unsure = true;
                return None;
            }
        };
        let of = |place: usize| columns.iter().position(|column| *column == place);
        let record = settings.iter().filter_map(|(place, setting)| {
            let Place { name, variable, .. } = &self.places[*place];
            let kind = variable.as_ref()?.kind;
            let number = of(*place).map(|column| numbers[column]);
            Some((name.clone(), shown(kind, setting, number)))
        });
        Some(Record(record.collect()))
    }

    fn inequalities(
        &self,
        taken: &[(usize, bool)],
        settings: &BTreeMap<usize, Setting>,
        columns: &[usize],
    ) -> Vec<AtMostNothing> {
        let mut wanted = Vec::new();
        let mut add = |parts: &[(usize, i128)], sign: i128, constant: i128| {
            let mut times = vec![0; columns.len()];
            for (place, count) in parts {
                if let Some(column) = columns.iter().position(|column| column == place) {
                    times[column] += count * sign;
                }
            }
            wanted.push(AtMostNothing { times, constant });
        };
        for (sum, is) in taken {
            let many = &self.sums[*sum];
            if *is {
                add(&many.parts, 1, many.constant);
                if many.exactly {
                    add(&many.parts, -1, -many.constant);
                }
            } else {
                add(&many.parts, -1, 1 - many.constant);
            }
        }
        for place in columns {
            let (least, most) = match settings.get(place) {
                Some(Setting::Number(number)) => (Some(*number), Some(*number)),
                Some(Setting::Between(above, below)) => {
                    (above.map(|above| above + 1), below.map(|below| below - 1))
                }
                _ => (None, None),
            };
            if let Some(least) = least {
                add(&[(*place, 1)], -1, least);
            }
            if let Some(most) = most {
                add(&[(*place, 1)], 1, -most);
            }
        }
        wanted
    }
}

fn shown(kind: Kind, setting: &Setting, number: Option<i128>) -> Option<Value> {
    match setting {
        Setting::Absent | Setting::Outcome(_) => None,
        Setting::Truth(is) => Some(Value::Bool(*is)),
        Setting::Word(word) => Some(Value::string(word)),
        Setting::Number(_) | Setting::Between(..) => {
            let number = number.or_else(|| setting.number())?;
            Some(value_of(kind, number))
        }
    }
}

/// The values of a place that stand for all of its values.
fn tried(at: usize, variable: Option<&Variable>, about: About, sums: &[Many]) -> Vec<Setting> {
    let Some(variable) = variable else {
        let outcomes = [Outcome::True, Outcome::False, Outcome::Fails];
        return outcomes.map(Setting::Outcome).to_vec();
    };
    let mut found = match variable.kind {
        Kind::Truth => vec![Setting::Truth(true), Setting::Truth(false)],
        Kind::Word => words(variable, about.words),
        Kind::Whole | Kind::Number | Kind::Money | Kind::Day | Kind::Moment => {
            let in_sums = sums
                .iter()
                .any(|sum| sum.parts.iter().any(|(place, _)| *place == at));
            numbers(variable, about.borders, in_sums)
        }
    };
    if variable.may_be_absent {
        found.push(Setting::Absent);
    }
    found
}

/// Facts of one kind under several keys are not known to be of several subjects: of them nothing is called possible.
fn doubt_facts_of_several(places: &mut [Place]) {
    let fact = |place: &Place| {
        let (kind, rest) = place.name.split_once('[')?;
        let (_, field) = rest.rsplit_once(']')?;
        Some((kind.to_owned(), field.to_owned()))
    };
    let facts: Vec<_> = places.iter().map(fact).collect();
    for (at, place) in places.iter_mut().enumerate() {
        let others = facts.iter().enumerate().filter(|(other, _)| *other != at);
        let is_doubtful =
            facts[at].is_some() && others.into_iter().any(|(_, fact)| *fact == facts[at]);
        if let Some(variable) = place.variable.as_mut().filter(|_| is_doubtful) {
            variable.is_free = false;
        }
    }
}

/// The words for places that are compared with each other: all that are asked about or that one of them has, and as many
/// others as there are such places, so that each can differ from all.
fn shared_words(places: &[Place], about: &[About]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let own = places
        .iter()
        .filter_map(|place| place.variable.as_ref()?.words.as_ref());
    let asked = about.iter().map(|about| &about.words);
    for word in own.chain(asked).flatten() {
        if !words.contains(word) {
            words.push(word.clone());
        }
    }
    let compared = about.iter().filter(|about| about.is_same).count();
    let mut other = "something else".to_owned();
    // One more is added for each place.
    for _ in 1..compared {
        while words.contains(&other) {
            other.push('!');
        }
        words.push(other.clone());
    }
    words
}
