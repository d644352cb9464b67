//! Decision tables.

use super::assert_stories;

const PURCHASE: &str = "\
workflow: purchase
version: 1
forms:
  request:
    fields:
      cost: { type: money, minimum: 0 }
      kind: { enum: [goods, service, rent] }
      by_when: { type: date }
      note?: { type: string }
tables:
  approvers:
    inputs: { cost: request.cost, kind: request.kind }
    rows:
      small:   { when: { cost: cost <= 1000 }, then: 1 }
      goods:   { when: { cost: cost > 1000 && cost <= 5000.50, kind: goods }, then: 2 }
      others:  { when: { cost: cost > 1000 && cost <= 5000.50, kind: [service, rent] }, then: 3 }
      large:   { when: { cost: cost > 5000.50 }, then: 1 + 1 }
  season:
    inputs: { day: request.by_when }
    hit: first
    rows:
      summer: { when: { day: \"day >= '2026-06-01' && day < '2026-09-01'\" }, then: \"'summer'\" }
      rest: { then: \"'rest of ' + string(day)\" }
  labels:
    inputs: { cost: request.cost, kind: request.kind }
    hit: collect
    rows:
      dear:  { when: { cost: cost > 100 }, then: \"'dear'\" }
      lent:  { when: { kind: kind == 'rent' }, then: \"'lent'\" }
      noted: { when: { cost: cost > 5 }, then: request.note }
rules:
  three: { check: approvers == 3, else: \"{{approvers}} needed.\" }
  cheap: { check: \"!('dear' in labels)\", else: \"{{labels.join(', ')}}\" }
  summer: { check: season == 'summer', else: \"It is {{season}}.\" }
open: { who: applicant, require: [request], to: draft }
states:
  draft:
    actions:
      by_three: { who: applicant, require: [three], to: done }
      by_price: { who: applicant, require: [cheap], to: done }
      by_season: { who: applicant, require: [summer], to: done }
  done: { end: success }
";

const STORIES: &str = "\
test: purchase
clock: 2026-11-23 09:00
people: { pat: {} }
scenarios:
  the only row:
    - pat opens: { request: { cost: 1000.01, kind: service, by_when: 2026-12-01, note: x } }
    - pat: by_price
      refused: cheap
    - pat: by_season
      refused: summer
    - pat: by_three
  the first row:
    - pat opens: { request: { cost: 1000, kind: rent, by_when: 2026-08-31, note: x } }
    - pat: by_three
      refused: three
    - pat: by_season
  all rows, and a row that fails:
    - pat opens: { request: { cost: 6, kind: rent, by_when: 2026-09-01 } }
    - pat: by_price
      refused: cheap
  no row is an empty list:
    - pat opens: { request: { cost: 5, kind: goods, by_when: 2026-09-01 } }
    - pat: by_price
";

#[test]
fn the_name_of_a_table_is_its_value() {
    assert_stories(&[("purchase.yaml", PURCHASE), ("purchase.test.yaml", STORIES)]);
}
