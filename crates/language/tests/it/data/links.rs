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

const OFFER: &str = "\
workflow: offer
version: 1
forms:
  offer:
    fields:
      keeper: { type: person }
      rate: { type: number }
open: { who: applicant, require: [offer], to: running }
states:
  running: { actions: { drop: { who: applicant, to: dropped } } }
  dropped: { end: neutral }
";

const ORDER: &str = "\
workflow: order
version: 1
links:
  of_keeper: { workflow: offer, match: { offer.keeper: order.keeper }, many: 9 }
  mine: { workflow: offer, match: { offer.keeper.id: starter.id, offer.rate: order.rate }, many: 9 }
rules:
  kept: { check: of_keeper.size() > 0, else: This person keeps no offer. }
  own: { check: mine.size() > 0, else: You keep no offer at this rate. }
forms:
  order:
    fields:
      keeper: { type: person }
      rate: { type: number }
open: { who: applicant, require: [order, kept, own], to: asked }
states:
  asked: { end: success }
";

const ORDERS: &str = "\
test: order
clock: 2026-11-23 09:00
people:
  pat: { partner: acme }
  kim: { partner: acme }
cases:
  half: { workflow: offer, partner: acme, state: running, offer: { keeper: pat, rate: 0.5 } }
  two: { workflow: offer, partner: acme, state: running, offer: { keeper: pat, rate: 2 } }
scenarios:
  people and numbers with a fraction are found:
    - pat opens: { order: { keeper: pat, rate: 0.5 } }
    - pat opens: { order: { keeper: pat, rate: 2.0 } }
    - pat opens: { order: { keeper: pat, rate: 2.5 } }
      refused: own
    - pat opens: { order: { keeper: kim, rate: 2 } }
      refused: kept
    - kim opens: { order: { keeper: pat, rate: 2 } }
      refused: own
";

#[test]
fn cases_are_found_by_people_and_by_numbers_with_a_fraction() {
    assert_stories(&[
        ("offer.yaml", OFFER),
        ("order.yaml", ORDER),
        ("order.test.yaml", ORDERS),
    ]);
}

const TOOLS: &str = "\
shared: 1
languages: [en]
timezone: Asia/Shanghai
lists:
  tools: { file: lists/tools.yaml, fields: { name: text } }
roles:
  applicant: { is: starter }
";

const LICENCE: &str = "\
workflow: licence
version: 1
forms:
  licence:
    fields:
      tools: { type: array, items: { pick: tools }, maxItems: 9 }
      words: { type: array, items: { type: string, maxLength: 80 }, maxItems: 9 }
      seats: { type: array, items: { type: person }, maxItems: 9 }
      prices: { type: array, items: { type: money }, maxItems: 9 }
open: { who: applicant, to: running }
states:
  running: { edit: { applicant: [licence] }, actions: { end_it: { who: applicant, to: ended } } }
  ended: { end: neutral }
";

const WISH: &str = "\
workflow: wish
version: 1
links:
  by_tool: { workflow: licence, match: { licence.tools: wish.tool.id }, many: 9 }
  by_id: { workflow: licence, match: { licence.tools.id: wish.tool.id }, many: 9 }
  by_word: { workflow: licence, match: { licence.words: wish.word }, many: 9 }
  mine: { workflow: licence, match: { licence.seats: starter, licence.prices: wish.price }, many: 9 }
  picked: { workflow: licence, match: { licence.tools: wish.tool.id }, optional: true }
rules:
  tools: { check: \"by_tool.size() == wish.found && by_id.size() == wish.found\", else: \"{{by_tool.size()}} have it.\" }
forms:
  wish:
    fields:
      tool: { pick: tools }
      found: { type: integer }
      word?: { type: string, maxLength: 80 }
      price?: { type: money }
open: { who: applicant, require: [wish, tools, picked], to: asked }
states:
  asked:
    actions:
      by_its_word: { who: applicant, require: [by_word], to: given }
      by_its_seat: { who: applicant, require: [mine], to: given }
    timers: { there: { as_soon_as: by_tool.size() > 2, to: given } }
  given: { end: success }
";

const WISHES: &str = "\
test: wish
clock: 2026-11-23 09:00
people:
  pat: { partner: acme }
  kim: { partner: acme }
cases:
  both: { workflow: licence, partner: acme, state: running, licence: { tools: [saw, axe], words: [red, \"[1,2]\"], seats: [pat, kim], prices: [\"1\", \"2.50\"] } }
  one: { workflow: licence, partner: acme, state: running, licence: { tools: [saw], words: [reddish], seats: [kim], prices: [\"2.50\"] } }
  none: { workflow: licence, partner: acme, state: running, licence: { tools: [], words: [], seats: [], prices: [] } }
  unsaid: { workflow: licence, partner: acme, state: running }
scenarios:
  an entry of a list is enough:
    - pat opens: { wish: { tool: saw, found: 2 } }
    - pat opens: { wish: { tool: axe, found: 1 } }
    - pat opens: { wish: { tool: awl, found: 0 } }
  a word is one of the list, not a part of one, and not the whole list:
    - pat opens: { wish: { tool: saw, found: 2, word: red } }
    - pat: by_its_word
    - pat opens: { wish: { tool: saw, found: 2, word: reddis } }
    - pat: by_its_word
      refused: by_word
    - pat opens: { wish: { tool: saw, found: 2, word: \"[1,2]\" } }
    - pat: by_its_word
  all that is asked must be held, each by its own list:
    - pat opens: { wish: { tool: saw, found: 2, price: \"2.5\" } }
    - pat: by_its_seat
    - pat opens: { wish: { tool: saw, found: 2, price: 3 } }
    - pat: by_its_seat
      refused: mine
  what is picked must have it among others:
    - pat opens: { picked: one, wish: { tool: axe, found: 1 } }
      refused: picked
    - pat opens: { picked: both, wish: { tool: axe, found: 1 } }
  rule 49, an entry that is added wakes whoever waits for it:
    - pat opens: { wish: { tool: saw, found: 2 } }
      then: { state: asked }
    - set: { cases: { none: { licence: { tools: [awl, saw] } } } }
      then: { state: given }
";

#[test]
fn a_case_is_found_by_an_entry_of_a_list_that_it_holds() {
    assert_stories(&[
        ("shared.yaml", TOOLS),
        (
            "lists/tools.yaml",
            "- { id: saw, name: Saw }\n- { id: axe, name: Axe }\n- { id: awl, name: Awl }\n",
        ),
        ("licence.yaml", LICENCE),
        ("wish.yaml", WISH),
        ("wish.test.yaml", WISHES),
    ]);
}
