//! An absence as a person tells it: days or moments, and who acts for them meanwhile. Keeping it is the directory's.

use std::collections::BTreeSet;

use countersign_core::{
    case::{Absence, Person, PersonId},
    text::Text,
    time::{self, Date, Time, Zone},
};

use crate::{Engine, Error};

/// How many people are suggested.
const SUGGESTED_MOST: usize = 50;

impl Engine {
    /// The absence that is meant. A day counts whole, on the person's clock ([`Self::zone_of`]): *from* a day is from
    /// its beginning, *until* a day until its end.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the member that is wrong: `from`, `until` or `substitute`.
    pub async fn absence(
        &self,
        person: &Person,
        from: &str,
        until: &str,
        substitute: Option<&str>,
    ) -> Result<Absence, Error> {
        let zone = self.zone_of(person);
        let begins = moment("from", from, zone, time::local_midnight)?;
        let ends = moment("until", until, zone, time::end_of_day)?;
        if begins >= ends || ends <= self.now() {
            let why = Text::new(
                "An absence ends after it has begun, and not in the past.",
                "结束时间须晚于开始时间，且不得早于当前时间。",
            );
            return Err(invalid("until", why));
        }
        let substitute = match substitute {
            Some(id) => Some(self.substitute(person, id).await?),
            None => None,
        };
        Ok(Absence {
            from: begins,
            until: ends,
            substitute,
        })
    }

    /// Colleagues of the same groups and organisation, by name, for they stand in for somebody most often; and whoever
    /// does so now.
    pub async fn colleagues(&self, of: &Person) -> Result<Vec<(PersonId, String)>, Error> {
        let mut ids = BTreeSet::new();
        for group in &of.groups {
            ids.extend(self.reader().members(group).await?);
        }
        ids.remove(&of.id);
        let chosen = of.away.as_ref().and_then(|away| away.substitute.clone());
        let mut colleagues = Vec::new();
        let ids: BTreeSet<PersonId> = ids.into_iter().take(SUGGESTED_MOST).chain(chosen).collect();
        for id in ids {
            let known = self.reader().person(&id).await?;
            let fits = known.filter(|(person, _)| !person.disabled && person.partner == of.partner);
            colleagues.extend(fits.map(|(person, _)| (person.id, person.name)));
        }
        colleagues.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(colleagues)
    }

    /// On whose clock a day of somebody begins: their own; if they have not said, that of the workflows, where all
    /// published ones have the same; else UTC.
    pub fn zone_of(&self, person: &Person) -> Zone {
        let own = person
            .timezone
            .as_deref()
            .and_then(|zone| zone.parse().ok());
        own.unwrap_or_else(|| {
            let workflows = self.registry().all_newest();
            let mut zones = workflows.iter().map(|workflow| workflow.surroundings.zone);
            let first = zones.next().unwrap_or(Zone::UTC);
            if zones.all(|zone| zone == first) {
                first
            } else {
                Zone::UTC
            }
        })
    }

    /// Somebody else of the same organisation who has not left: whether they may decide is judged case by case.
    async fn substitute(&self, of: &Person, id: &str) -> Result<PersonId, Error> {
        let id = PersonId::new(id);
        let known = self.reader().person(&id).await?;
        let fits = known.is_some_and(|(person, _)| {
            !person.disabled && person.partner == of.partner && person.id != of.id
        });
        if fits {
            return Ok(id);
        }
        let why = Text::new(
            "Name a colleague of your own organisation.",
            "请指定本组织的其他同事。",
        );
        Err(invalid("substitute", why))
    }
}

fn moment(
    member: &str,
    text: &str,
    zone: Zone,
    of_day: fn(Date, Zone) -> Time,
) -> Result<Time, Error> {
    if let Some(day) = time::date_from_text(text) {
        return Ok(of_day(day, zone));
    }
    time::from_text(text).ok_or_else(|| {
        let why = Text::new(
            "Write a day as `2026-12-01`, or a moment as `2026-12-01T09:00:00+08:00`.",
            "请写日期（如 2026-12-01）或时刻（如 2026-12-01T09:00:00+08:00）。",
        );
        invalid(member, why)
    })
}

fn invalid(member: &str, why: Text) -> Error {
    Error::Invalid {
        member: member.to_owned(),
        why,
    }
}
