//! Whether votes can be split so that nothing is decided, and whether reviews lie in each other.

use std::ops::RangeInclusive;

use countersign_core::workflow::{Decision, Review, State, Votes};

use crate::diagnostic::Code;

use super::{agreeing::can_disagree, site::Site};

/// The largest ballot that is tried for `all` and `majority`.
const LARGEST_BALLOT: u32 = 12;

pub(super) fn check(site: &Site<'_>) {
    for state in site.workflow.states.iter() {
        let Some(review) = &state.review else {
            continue;
        };
        check_nesting(site, state);
        if review.otherwise.is_some() || review.decisions.is_empty() {
            continue;
        }
        let Some(why) = can_split(review) else {
            continue;
        };
        let assign = site
            .within(state, &["review", "assign"])
            .map(|entry| entry.value.span);
        let review = site.within(state, &["review"]).map(|entry| entry.key.span);
        let span = assign.or(review).unwrap_or_else(|| site.state_span(state));
        let help = "add `otherwise: { to: … }` to say where the case goes then, or change `votes`";
        let finding = site.file.finding(Code::VotesMaySplit, span, why, help);
        site.file.add(finding.label("the case would stop here"));
    }
}

/// A ballot runs through the inner states: there is one on any path.
fn check_nesting(site: &Site<'_>, state: &State) {
    let mut outer = site.workflow.states.outward(state.id).skip(1);
    let Some(outer) = outer.find(|outer| outer.review.is_some()) else {
        return;
    };
    let span_of = |state: &State| {
        let review = site.within(state, &["review"]);
        review.map_or_else(|| site.state_span(state), |entry| entry.key.span)
    };
    let message = format!(
        "`{}` has a review, and lies in `{}`, which has one too",
        state.path, outer.path
    );
    let help = "a review runs through all inner states: move one of them into a state of its own";
    let finding = site
        .file
        .finding(Code::BadReview, span_of(state), message, help);
    site.file.add(finding.also(span_of(outer), "the outer one"));
}

/// Why everybody may have voted with nothing decided; `None` if that cannot be.
fn can_split(review: &Review) -> Option<String> {
    let decisions = review.decisions.values();
    let (recorded, happening): (Vec<&Decision>, Vec<&Decision>) =
        decisions.partition(|decision| matches!(decision.votes, Votes::Recorded));
    // Where all is recorded, another action closes the vote.
    let first_recorded = recorded.first().filter(|_| !happening.is_empty());
    if let Some(recorded) = first_recorded {
        let name = &recorded.action.name;
        return Some(format!(
            "everybody could vote `{name}`, which decides nothing"
        ));
    }
    if !review.panels.is_empty() {
        return can_disagree(review, &happening);
    }
    let mut numbers = Vec::new();
    for decision in happening {
        let Some(number) = Needed::of(&decision.votes) else {
            let name = &decision.action.name;
            return Some(format!(
                "it cannot be told whether `{name}` always happens when all have voted"
            ));
        };
        numbers.push(number);
    }
    let mut ballots = ballots(&numbers, review.assign);
    let split = ballots.find(|voters| is_split(&numbers, *voters));
    split.map(|voters| {
        format!("{voters} reviewers can split their votes so that nothing is decided")
    })
}

/// How many people may vote together, as far as that is tried.
pub(super) fn ballots(numbers: &[Needed], assigned: Option<u32>) -> RangeInclusive<u32> {
    if let Some(assigned) = assigned {
        return assigned..=assigned;
    }
    let least = numbers.iter().map(Needed::fixed).max().unwrap_or(1).max(1);
    let open = numbers
        .iter()
        .any(|number| !matches!(number, Needed::Number(_)));
    least..=if open {
        LARGEST_BALLOT.max(least)
    } else {
        least
    }
}

/// Whether so many voters can leave every decision one vote short.
pub(super) fn is_split(numbers: &[Needed], voters: u32) -> bool {
    let spare = numbers
        .iter()
        .map(|number| number.of_ballot(voters).saturating_sub(1));
    spare.sum::<u32>() >= voters
}

/// How many votes a decision needs.
pub(super) enum Needed {
    Number(u32),
    All,
    Majority,
}

impl Needed {
    /// `None` if it cannot be told.
    pub(super) fn of(votes: &Votes) -> Option<Self> {
        match votes {
            Votes::Number(number) => Some(Self::Number(*number)),
            Votes::All => Some(Self::All),
            Votes::Majority => Some(Self::Majority),
            Votes::Recorded => None,
            Votes::Reckoned(expression) => most(expression.source()).map(Self::Number),
        }
    }

    fn fixed(&self) -> u32 {
        match self {
            Self::Number(number) => *number,
            Self::All | Self::Majority => 1,
        }
    }

    pub(super) fn of_ballot(&self, voters: u32) -> u32 {
        match self {
            Self::Number(number) => *number,
            Self::All => voters,
            Self::Majority => voters / 2 + 1,
        }
    }
}

/// The largest number that a choice between plain numbers gives: of `c ? 2 : 1` it is 2.
fn most(source: &str) -> Option<u32> {
    let source = source.trim();
    if let Ok(number) = source.parse() {
        return Some(number);
    }
    if let Some(inner) = source
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        && let Some(number) = most(inner)
    {
        return Some(number);
    }
    let question = outside(source, '?')?;
    let branches = &source[question + 1..];
    let colon = matching_colon(branches)?;
    Some(most(&branches[..colon])?.max(most(&branches[colon + 1..])?))
}

/// The first such character outside brackets and quotation marks.
fn outside(source: &str, wanted: char) -> Option<usize> {
    places_outside(source)
        .find(|(_, c)| *c == wanted)
        .map(|(at, _)| at)
}

/// The colon of a choice whose `?` was before this text.
fn matching_colon(source: &str) -> Option<usize> {
    let mut open = 0;
    for (at, c) in places_outside(source) {
        match c {
            '?' => open += 1,
            ':' if open == 0 => return Some(at),
            ':' => open -= 1,
            _ => {}
        }
    }
    None
}

fn places_outside(source: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_usize;
    let mut quote = None;
    source.char_indices().filter(move |(_, c)| {
        match (quote, c) {
            (Some(mark), c) if mark == *c => quote = None,
            (Some(_), _) => return false,
            (None, '"' | '\'') => quote = Some(*c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        depth == 0 && quote.is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_choices_between_numbers() {
        for (source, number) in [
            ("3", Some(3)),
            ("deal.amount > 1000000 ? 2 : 1", Some(2)),
            ("a ? 1 : b ? 4 : 2", Some(4)),
            ("a ? (b ? 1 : 5) : 2", Some(5)),
            ("x.exists(y, y ? true : false) ? 2 : 3", Some(3)),
            ("x == '?' ? 2 : 1", Some(2)),
            ("members.size()", None),
            ("a ? members.size() : 1", None),
            ("cast.size() > 2", None),
        ] {
            assert_eq!(most(source), number, "{source}");
        }
    }
}
