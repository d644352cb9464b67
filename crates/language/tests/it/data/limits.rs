//! Limits in all their forms (rules 43, 44).

use super::assert_stories;

const QUOTA: &str = "\
workflow: quota
version: 1
forms:
  request:
    fields:
      customer: { type: string, maxLength: 40 }
      items: { type: array, items: { type: string }, maxItems: 5, uniqueItems: true }
      cost: { type: money, minimum: 0 }
limits:
  two_a_day: { count: 2, per: actor, within: 1 day, else: \"{{limits.two_a_day.left}} left.\" }
  three_a_month: { count: 3, per: partner, within: calendar month }
  one_customer: { per: request.customer, while: [checking, verified], at: request.customer }
  each_item: { per: request.items, while: open, same: partner }
  first_verified: { per: request.customer, while: [verified], else: Another was first. }
  budget: { count: 100.50, adds: request.cost, per: partner, while: [checking, verified, paid], at: request.cost }
rules:
  some_left: { check: limits.budget.left >= 50, else: \"{{limits.budget.left}}\" }
open: { who: applicant, require: [request, two_a_day, three_a_month], to: draft }
states:
  draft:
    edit: { applicant: [request] }
    actions:
      submit: { who: applicant, require: [one_customer, budget], to: checking }
      race: { who: applicant, require: [budget], to: racing }
      ask: { who: applicant, require: [some_left], to: paid }
      drop: { who: applicant, to: rejected }
  checking:
    edit: { applicant: [request] }
    actions:
      reject: { who: clerk, to: rejected }
      verify: { who: clerk, to: verified }
  racing: { actions: { verify: { who: clerk, require: [first_verified], to: verified } } }
  verified: { actions: { pay: { who: clerk, to: paid }, reject: { who: clerk, to: rejected } } }
  paid: { end: success }
  rejected: { end: failure }
";

const STORIES: &str = "\
test: quota
clock: 2026-11-30 12:00
people:
  pat: { partner: acme }
  pam: { partner: acme }
  kim: { partner: other }
  kay: { partner: other }
  cleo: { in: clerks }
scenarios:
  so many a day of one person, and the day is 24 hours:
    - pat opens: { request: { customer: a, items: [x1], cost: 1 } }
    - wait: 1 hour
    - pat opens: { request: { customer: b, items: [x2], cost: 1 } }
    - wait: 22 hours 59 minutes
    - pat opens: { request: { customer: c, items: [x3], cost: 1 } }
      refused: two_a_day
    - wait: 1 minute
    - pat opens: { request: { customer: c, items: [x3], cost: 1 } }
  so many a month of one partner, and a month begins on its first day:
    - pat opens: { request: { customer: a, items: [x1], cost: 1 } }
    - pat opens: { request: { customer: b, items: [x2], cost: 1 } }
    - pam opens: { request: { customer: c, items: [x3], cost: 1 } }
    - pam: drop
    - pam opens: { request: { customer: d, items: [x4], cost: 1 } }
      refused: three_a_month
    - kim opens: { request: { customer: d, items: [x4], cost: 1 } }
    - wait until: 2026-12-01 00:00
    - pam opens: { request: { customer: d, items: [x4], cost: 1 } }
  one unless rejected:
    - pat opens: { request: { customer: north, items: [x1], cost: 1 } }
    - pat: submit
    - kim opens: { request: { customer: north, items: [x1], cost: 1 } }
    - kim: submit
      refused: one_customer
    - kim edits: { request: { customer: south } }
    - kim: submit
    - kim edits: { request: { customer: north } }
      refused: one_customer
    - cleo: reject
    - kay opens: { request: { customer: south, items: [x2], cost: 1 } }
    - kay: submit
  the first verified wins:
    - pat opens: { request: { customer: north, items: [x1], cost: 1 } }
    - pat: race
    - cleo: verify
    - kim opens: { request: { customer: north, items: [x1], cost: 1 } }
    - kim: race
    - cleo: verify
      refused: first_verified
  a list takes a place for each entry, of each partner apart:
    - pat opens: { request: { customer: a, items: [x1, x2], cost: 1 } }
    - pam opens: { request: { customer: b, items: [x2, x3], cost: 1 } }
      refused: each_item
    - kim opens: { request: { customer: b, items: [x2, x3], cost: 1 } }
    - pam opens: { request: { customer: b, items: [x3], cost: 1 } }
    - pam edits: { request: { items: [x3, x1] } }
      refused: each_item
    - pam edits: { request: { items: [x4] } }
  the sum stays under the ceiling to the cent, and what is left can be asked:
    - pat opens: { request: { customer: a, items: [x1], cost: 50.50 } }
    - pat: ask
    - pat opens: { request: { customer: b, items: [x2], cost: 50.01 } }
    - pat: submit
      refused: budget
    - pat edits: { request: { cost: 50 } }
    - pat: submit
    - pat edits: { request: { cost: 50.01 } }
      refused: budget
    - cleo: reject
    - pam opens: { request: { customer: b, items: [x2], cost: 50.01 } }
    - pam: ask
      refused: budget
    - pam edits: { request: { cost: 50 } }
    - pam: ask
";

#[test]
fn rules_43_and_44_limits_hold_in_all_their_forms() {
    assert_stories(&[("quota.yaml", QUOTA), ("quota.test.yaml", STORIES)]);
}

const EXPERT: &str = "\
workflow: expert
version: 1
forms:
  expert:
    fields:
      projects: { type: array, items: { type: string }, maxItems: 5 }
      topic: { type: string, maxLength: 9 }
limits:
  one_partner: { per: expert.projects, counting: partner.id, while: open }
  two_topics: { count: 2, per: actor, counting: expert.topic, within: 30 days, else: \"{{limits.two_topics.left}} left.\" }
open: { who: applicant, require: [expert, two_topics, one_partner], to: working }
states:
  working:
    edit: { applicant: [expert] }
    actions: { finish: { who: applicant, to: done } }
  done: { end: success }
";

const EXPERTS: &str = "\
test: expert
clock: 2026-11-30 12:00
people:
  pat: { partner: acme }
  pam: { partner: acme }
  kim: { partner: other }
scenarios:
  a project is one partner's, however many of his people work in it:
    - pat opens: { expert: { projects: [p1, p2], topic: a } }
    - pam opens: { expert: { projects: [p2, p3], topic: a } }
    - kim opens: { expert: { projects: [p4, p3], topic: a } }
      refused: one_partner
    - kim opens: { expert: { projects: [p4], topic: a } }
    - kim edits: { expert: { projects: [p4, p2] } }
      refused: one_partner
    - kim: finish
    - pam opens: { expert: { projects: [p4], topic: a } }
  the same again takes no second place:
    - pat opens: { expert: { projects: [p1], topic: a } }
    - wait: 1 day
    - pat opens: { expert: { projects: [p1], topic: b } }
    - pat opens: { expert: { projects: [p1], topic: a } }
    - pat opens: { expert: { projects: [p1], topic: c } }
      refused: two_topics
    - wait: 30 days
    - pat opens: { expert: { projects: [p1], topic: c } }
";

#[test]
fn a_limit_may_count_what_is_different() {
    assert_stories(&[("expert.yaml", EXPERT), ("expert.test.yaml", EXPERTS)]);
}
