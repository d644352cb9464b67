//! Where ways meet the borders of items: each at a place of its own, in the order of where they lead.

use super::cells::{Cells, Kind};
use super::{Level, across};

/// The widest distance between two ends on one border.
const SPREAD: f64 = 28.0;
/// As much of a border's end as is rounded.
const CORNER: f64 = 15.0;

/// Of one way, from the middles of its items.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ends {
    pub above: f64,
    pub below: f64,
}

impl Ends {
    fn at(&mut self, below: bool) -> &mut f64 {
        if below {
            &mut self.below
        } else {
            &mut self.above
        }
    }
}

/// Around the way that counts most on each border, so that it goes on straight.
pub(super) fn spread(level: &Level, cells: &Cells, rows: &[Vec<usize>]) -> Vec<Ends> {
    let mut ends = vec![Ends::default(); level.links.len()];
    for (index, link) in level.links.iter().enumerate() {
        ends[index].above = link.above_at.unwrap_or_default();
        ends[index].below = link.below_at.unwrap_or_default();
    }
    let mut places = vec![0; cells.cells.len()];
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            places[*cell] = at;
        }
    }
    for (item, of_item) in level.items.iter().enumerate() {
        for top in [false, true] {
            let mut here = free(level, cells, item, top);
            here.sort_by_key(|(_, neighbour)| places[*neighbour]);
            let links: Vec<usize> = here.into_iter().map(|(link, _)| link).collect();
            let middle = if top { of_item.top_at } else { 0.0 };
            let taken = taken(level, cells, item, top);
            for (link, at) in links.iter().zip(seats(level, item, &links, middle, &taken)) {
                *ends[*link].at(top) = at;
            }
        }
    }
    ends
}

/// The ways that meet this border where they like, and the cells that they come from.
fn free(level: &Level, cells: &Cells, item: usize, top: bool) -> Vec<(usize, usize)> {
    let parts = if top {
        &cells.from_above[item]
    } else {
        &cells.downward[item]
    };
    let ways = parts.iter().map(|part| &cells.parts[*part]);
    ways.filter(|part| {
        let link = &level.links[part.link];
        if top {
            link.below_at.is_none()
        } else {
            link.above_at.is_none()
        }
    })
    .map(|part| (part.link, if top { part.above } else { part.below }))
    .collect()
}

/// The prescribed places on this border.
fn taken(level: &Level, cells: &Cells, item: usize, top: bool) -> Vec<f64> {
    let parts = if top {
        &cells.from_above[item]
    } else {
        &cells.downward[item]
    };
    let links = parts
        .iter()
        .map(|part| &level.links[cells.parts[*part].link]);
    links
        .filter_map(|link| if top { link.below_at } else { link.above_at })
        .collect()
}

/// As many places as there are ways, from the left.
fn seats(level: &Level, item: usize, links: &[usize], middle: f64, taken: &[f64]) -> Vec<f64> {
    let count = f64::from(u16::try_from(links.len()).unwrap_or(u16::MAX));
    let border = (level.items[item].border - CORNER).max(0.0);
    let step = SPREAD.min(border * 2.0 / (count - 1.0).max(1.0));
    if !taken.is_empty() {
        // The nearest places to the middle that keep away from those prescribed.
        let mut seats: Vec<f64> = vec![];
        let steps = (0..200u8).flat_map(|step| [f64::from(step) * 7.0, f64::from(step) * -7.0]);
        for at in steps.map(|step| middle + step) {
            let apart = |other: &f64| (other - at).abs() >= 20.0;
            if seats.len() < links.len()
                && at.abs() <= border
                && taken.iter().all(apart)
                && seats.iter().all(apart)
            {
                seats.push(at);
            }
        }
        seats.resize(links.len(), middle);
        seats.sort_by(f64::total_cmp);
        return seats;
    }
    let weight = |at: &usize| level.links[links[*at]].weight;
    let main = (0..links.len()).max_by(|one, other| {
        let earlier = links[*other].cmp(&links[*one]);
        weight(one).total_cmp(&weight(other)).then(earlier)
    });
    let place = |at: usize| f64::from(u16::try_from(at).unwrap_or(u16::MAX));
    let main = main.map_or(0.0, place);
    let first = (middle - main * step).max(-border);
    let first = first.min(border - (count - 1.0) * step).max(-border);
    (0..links.len())
        .map(|at| first + place(at) * step)
        .collect()
}

/// Moves ends along their borders to where the way goes on straight, if they keep apart.
pub(super) fn straighten(level: &Level, cells: &Cells, across: &[f64], ends: &mut [Ends]) {
    for (item, of_item) in level.items.iter().enumerate() {
        for top in [false, true] {
            let here = free(level, cells, item, top);
            let taken = taken(level, cells, item, top);
            if !taken.is_empty() {
                between(level, cells, across, ends, (item, top), &taken);
                continue;
            }
            if here.is_empty() {
                continue;
            }
            let mut here: Vec<(f64, usize)> = here
                .into_iter()
                .map(|(link, cell)| (wish(cells, across, ends, cell, link) - across[item], link))
                .collect();
            here.sort_by(|one, other| one.0.total_cmp(&other.0));
            let count = f64::from(u16::try_from(here.len()).unwrap_or(u16::MAX));
            let border = (of_item.border - CORNER).max(0.0);
            let step = 20f64.min(border * 2.0 / (count - 1.0).max(1.0));
            let mut at: Vec<f64> = here
                .iter()
                .map(|(wish, _)| wish.clamp(-border, border))
                .collect();
            for index in 1..at.len() {
                at[index] = at[index].max(at[index - 1] + step);
            }
            let mut limit = border;
            for at in at.iter_mut().rev() {
                *at = at.min(limit);
                limit = *at - step;
            }
            for ((_, link), at) in here.iter().zip(at) {
                *ends[*link].at(top) = at;
            }
        }
    }
}

/// Last of all, spares small turns: ends give way a little, and short ways pass beside the middle of their label.
pub(super) fn snap(level: &Level, cells: &Cells, across: &[f64], ends: &mut [Ends]) {
    for (index, link) in level.links.iter().enumerate() {
        let Some((first, last)) = cells.of_link[index]
            .first()
            .zip(cells.of_link[index].last())
        else {
            continue;
        };
        let upper = room(level, cells, across, ends, (link.above, false), index);
        let lower = room(level, cells, across, ends, (link.below, true), index);
        let (begin, end) = (cells.parts[*first].below, cells.parts[*last].above);
        if begin == end {
            let cell = &cells.cells[begin];
            let beside = super::lanes::beside_middle(cell);
            let low = upper.0.max(lower.0).max(across[begin] - beside);
            let high = upper.1.min(lower.1).min(across[begin] + beside);
            if low <= high {
                let place = across[begin].clamp(low, high);
                ends[index].above = place - across[link.above];
                ends[index].below = place - across[link.below];
            }
        } else {
            let near = |cell: usize, room: (f64, f64)| {
                let place = across[cell];
                (room.0 - 3.0 <= place && place <= room.1 + 3.0).then_some(place)
            };
            if let (Some(place), None) = (near(begin, upper), link.above_at) {
                ends[index].above = place - across[link.above];
            }
            if let (Some(place), None) = (near(end, lower), link.below_at) {
                ends[index].below = place - across[link.below];
            }
        }
    }
}

/// From where to where the end of a way may lie, as its neighbours on the border lie now.
fn room(
    level: &Level,
    cells: &Cells,
    across: &[f64],
    ends: &mut [Ends],
    (item, top): (usize, bool),
    link: usize,
) -> (f64, f64) {
    let now = *ends[link].at(top);
    let of_link = &level.links[link];
    let prescribed = if top {
        of_link.below_at
    } else {
        of_link.above_at
    };
    if prescribed.is_some() {
        return (across[item] + now, across[item] + now);
    }
    let border = (level.items[item].border - CORNER).max(0.0);
    let others: Vec<f64> = free(level, cells, item, top)
        .into_iter()
        .filter(|(other, _)| *other != link)
        .map(|(other, _)| *ends[other].at(top))
        .chain(taken(level, cells, item, top))
        .collect();
    let before = others.iter().filter(|other| **other < now);
    let low = before.map(|other| other + 18.0).fold(-border, f64::max);
    let after = others.iter().filter(|other| **other >= now);
    let high = after.map(|other| other - 18.0).fold(border, f64::min);
    (across[item] + low, across[item] + high)
}

/// The same on a border with prescribed places: each end as far as its neighbours let it.
fn between(
    level: &Level,
    cells: &Cells,
    across: &[f64],
    ends: &mut [Ends],
    (item, top): (usize, bool),
    taken: &[f64],
) {
    let here = free(level, cells, item, top);
    let border = (level.items[item].border - CORNER).max(0.0);
    for (link, cell) in here.iter().chain(&here) {
        let now = *ends[*link].at(top);
        let others = here.iter().filter(|(other, _)| other != link);
        let others: Vec<f64> = others
            .map(|(other, _)| *ends[*other].at(top))
            .chain(taken.iter().copied())
            .collect();
        let before = others.iter().filter(|other| **other < now);
        let low = before.map(|other| other + 20.0).fold(-border, f64::max);
        let after = others.iter().filter(|other| **other >= now);
        let high = after.map(|other| other - 20.0).fold(border, f64::min);
        if low <= high {
            let wish = wish(cells, across, ends, *cell, *link) - across[item];
            *ends[*link].at(top) = wish.clamp(low, high);
        }
    }
}

/// Where the other end of the part lies.
fn wish(cells: &Cells, across: &[f64], ends: &[Ends], cell: usize, link: usize) -> f64 {
    let own = cells.of_link[link]
        .iter()
        .map(|part| &cells.parts[*part])
        .find(|part| {
            matches!(cells.cells[cell].kind, Kind::Item(_))
                && (part.above == cell || part.below == cell)
        });
    let shift = own.map_or(0.0, |part| {
        let (above, below) = across::shifts(cells, ends, part);
        if part.above == cell { above } else { below }
    });
    across[cell] + shift
}
