//! Links by what cases hold.

use super::assert_stories;

const CONTRACT: &str = "\
workflow: contract
version: 1
forms:
  contract:
    fields:
      customer: { type: string, maxLength: 80 }
      worth: { type: money }
      signed: { type: date }
open: { who: applicant, require: [contract], to: running }
states:
  running:
    actions:
      extend: { who: applicant, to: extended }
      finish: { who: applicant, to: done }
  extended: { actions: { finish: { who: applicant, to: done } } }
  done: { end: success }
";

const CLAIM: &str = "\
workflow: claim
version: 1
links:
  contract:
    workflow: contract
    same: partner
    match: { contract.customer: claim.customer }
    state: [running, extended]
    else: Choose a running contract of this customer.
  contracts:
    workflow: contract
    same: partner
    match: { contract.customer: claim.customer }
    state: [running, extended]
    many: 2
  earlier: { workflow: claim, same: partner, match: { claim.customer: claim.customer }, many: 20 }
rules:
  covered: { check: \"claim.sum <= contracts.map(c, c.contract.worth).sum()\", else: Too much., at: claim.sum }
  only: { check: \"!earlier.exists(e, e.case.end == '')\", else: \"{{earlier[0].case.number}} is open.\" }
forms:
  claim:
    fields:
      customer: { type: string, maxLength: 80 }
      sum: { type: money }
open: { who: applicant, require: [claim, contract, contracts, covered, only], to: asked }
states:
  asked:
    actions: { withdraw: { who: applicant, to: gone } }
    timers:
      rich: { as_soon_as: \"contracts.exists(c, c.contract.worth > 500)\", to: gone }
      signed: { as_soon_as: contract.contract.signed > '2026-06-01', to: gone }
  gone: { end: neutral }
";

const STORIES: &str = "\
test: claim
clock: 2026-11-23 09:00
people:
  pat: { partner: acme }
  kim: { partner: other }
cases:
  first: { workflow: contract, partner: acme, state: running, contract: { customer: North, worth: 100, signed: 2026-01-01 } }
  second: { workflow: contract, partner: acme, state: extended, contract: { customer: North, worth: 10, signed: 2026-02-01 } }
  third: { workflow: contract, partner: acme, state: running, contract: { customer: North, worth: 1, signed: 2026-02-01 } }
  foreign: { workflow: contract, partner: other, state: running, contract: { customer: North, worth: 1000, signed: 2026-02-01 } }
  south: { workflow: contract, partner: acme, state: running, contract: { customer: South, worth: 50, signed: 2026-02-01 } }
scenarios:
  the picked case must match, and the newest two are reckoned with:
    - pat opens: { contract: south, claim: { customer: North, sum: 5 } }
      refused: contract
    - pat opens: { contract: foreign, claim: { customer: North, sum: 5 } }
      refused: contract
    - pat opens: { contract: first, claim: { customer: North, sum: 12 } }
      refused: covered
    - pat opens: { contract: first, claim: { customer: North, sum: 11 } }
  a case that leaves its state is found no longer:
    - set: { cases: { third: { state: done } } }
    - pat opens: { contract: first, claim: { customer: North, sum: 110 } }
  nothing found is refused where it is required:
    - kim opens: { contract: foreign, claim: { customer: South, sum: 1 } }
      refused: [contract, contracts, covered]
  a case does not find itself, but those before it:
    - pat opens: { contract: first, claim: { customer: North, sum: 1 } }
    - pat opens: { contract: first, claim: { customer: North, sum: 1 } }
      refused: only
    - pat: withdraw
    - pat opens: { contract: first, claim: { customer: North, sum: 1 } }
  rule 49, a case that is found wakes whoever waits for it, and so does one that was picked:
    - pat opens: { contract: first, claim: { customer: North, sum: 1 } }
    - set: { cases: { third: { contract: { worth: 500 } }, south: { contract: { worth: 501 } }, foreign: { contract: { worth: 501 } } } }
      then: { state: asked }
    - set: { cases: { third: { contract: { worth: 501 } } } }
      then: { state: gone }
    - set: { cases: { third: { contract: { worth: 1 } } } }
    - pat opens: { contract: first, claim: { customer: North, sum: 1 } }
    - set: { cases: { first: { contract: { signed: 2026-06-02 } } } }
      then: { state: gone }
";

#[test]
fn rules_6_and_15_links_are_picked_or_found_by_what_they_hold() {
    assert_stories(&[
        ("contract.yaml", CONTRACT),
        ("claim.yaml", CLAIM),
        ("claim.test.yaml", STORIES),
    ]);
}
