//! What is a program and no process (here: taking amounts back, the last given first) is answered by a hook and checked
//! by rules; and `set` (rules 46, 47).

use super::assert_stories;

const RECLAIM: &str = "\
workflow: reclaim
version: 1
forms:
  wish:
    fields:
      sum: { type: money, minimum: 0.01 }
      note?: { type: string, maxLength: 20 }
      steps: { type: integer, minimum: 0, maximum: 2 }
  plan:
    fields:
      parts:
        type: array
        maxItems: 20
        items: { type: object, properties: { from: { type: string }, given: { type: money }, back: { type: money } } }
rules:
  covers: { check: \"plan.parts.map(p, p.back).sum() == wish.sum\", else: \"{{plan.parts.map(p, p.back).sum()}} of {{wish.sum}}.\", at: plan.parts }
  within: { check: \"plan.parts.all(p, p.back <= p.given)\", else: More than was given., at: plan.parts }
open: { who: applicant, require: [wish], to: draft }
states:
  draft:
    edit: { applicant: [wish] }
    actions:
      agree: { who: clerk, covers: [wish] }
      count: { who: applicant, do: [ { set: { wish.steps: wish.steps + 1 } } ], to: { many: wish.steps > 1, draft: otherwise } }
      ask: { who: applicant, require: [agree], to: reckoning }
      ask_at_once: { who: applicant, do: [ { set: { wish.sum: \"wish.sum + wish.sum\", wish.note: \"'twice ' + string(wish.sum)\" } } ], to: reckoning }
  many: { actions: { back: { who: applicant, to: draft } } }
  reckoning:
    enter: [ { call: last_given_first } ]
    actions:
      planned: { who: system, require: [plan, covers, within], to: planned }
      anew: { who: clerk, to: draft }
  planned: { end: success }
";

const STORIES: &str = "\
test: reclaim
clock: 2026-11-23 09:00
people: { pat: {}, cleo: { in: clerks } }
scenarios:
  rule 46, the answer is data of the machine's action and is judged like anybody's:
    - pat opens: { wish: { sum: 100, steps: 0 } }
    - cleo: agree
    - pat: ask
      keep call as: first
      then: { called: last_given_first }
    - system: planned
      answers: first
      refused: plan
    - system: planned
      answers: first
      plan: { parts: [ { from: d3, given: 50, back: 60 }, { from: d2, given: 80, back: 30 } ] }
      refused: [covers, within]
    - system: planned
      answers: first
      plan: { parts: [ { from: d3, given: 60, back: 60 }, { from: d2, given: 80, back: 40 } ] }
      then: { state: planned }
  an answer to a visit that is over counts no more:
    - pat opens: { wish: { sum: 5, steps: 0 } }
    - cleo: agree
    - pat: ask
      keep call as: old
    - cleo: anew
    - cleo: agree
    - pat: ask
      keep call as: new
    - system: planned
      answers: old
      plan: { parts: [ { from: d1, given: 5, back: 5 } ] }
      refused: not_here
    - system: planned
      answers: new
      plan: { parts: [ { from: d1, given: 5, back: 5 } ] }
  rule 47, set is written in order, before the way on is chosen, and voids what covers it:
    - pat opens: { wish: { sum: 4, steps: 0 } }
    - cleo: agree
    - pat: count
      then: { state: draft }
    - pat: ask
      refused: agree
    - pat: count
      then: { state: many }
    - pat: back
    - pat: count
      then: { state: many }
    - pat: back
    - pat: ask_at_once
    - system: planned
      plan: { parts: [ { from: d1, given: 8, back: 8 } ] }
      then: { state: planned, pat sees: wish.note }
";

#[test]
fn what_a_hook_has_reckoned_is_checked_by_rules() {
    assert_stories(&[("reclaim.yaml", RECLAIM), ("reclaim.test.yaml", STORIES)]);
}
