//! Child cases.

use super::assert_stories;

const ORDER: &str = "\
workflow: order
version: 1
forms:
  order:
    fields:
      lines:
        type: array
        maxItems: 20
        items: { type: object, properties: { sku: { type: string }, cost: { type: money } } }
      note?: { type: string }
children:
  checks:
    workflow: check
    each: order.lines
    key: item.sku
    with: { check.what: \"item.sku + (has(order.note) ? ' ' + order.note : '')\", check.cost: item.cost }
  reports: { workflow: report, keep: true }
rules:
  all_good: { check: \"children.checks.all(c, c.case.end == 'success')\", else: \"{{children.checks.filter(c, c.case.end == '').map(c, c.key).join(', ')}} open.\" }
  cheap: { check: \"children.checks.map(c, c.check.cost).sum() <= 100\", else: Too much. }
open: { who: applicant, require: [order], to: draft }
states:
  draft:
    edit: { applicant: [order] }
    actions:
      submit: { who: applicant, require: [order], do: [ { open: reports } ], to: checking }
  checking:
    enter: [ { open: checks } ]
    actions:
      again: { who: applicant, to: draft }
      finish: { who: applicant, require: [all_good, cheap], to: done }
      cancel: { who: applicant, to: cancelled }
    timers:
      complete:
        as_soon_as: \"children.checks.all(c, c.case.end == 'success')\"
        to: complete
  complete:
    actions: { close: { who: applicant, to: done } }
  done: { end: success }
  cancelled: { end: neutral }
";

const CHECK: &str = "\
workflow: check
version: 1
links:
  parent: { workflow: order }
limits:
  one_each: { per: check.what, while: open }
forms:
  check:
    fields:
      what: { type: string, maxLength: 20 }
      cost: { type: money }
  verdict: { fields: { text: { type: string } } }
rules:
  running: { check: parent.case.state == 'checking', else: \"{{parent.case.state}}\" }
open: { who: clerk, require: [check, verdict], to: waiting }
states:
  waiting:
    actions:
      pass: { who: clerk, require: [running], to: passed }
      fail: { who: clerk, to: failed }
  passed: { end: success }
  failed: { end: failure }
  dropped: { end: neutral }
";

const REPORT: &str = "\
workflow: report
version: 1
open: { who: system, to: written }
states:
  written: { actions: { file: { who: clerk, to: filed } } }
  filed: { end: success }
";

const STORIES: &str = "\
test: order
clock: 2026-11-23 09:00
people: { pat: { partner: acme }, cleo: { in: clerks } }
scenarios:
  one for each entry, and their ends move the parent on:
    - pat opens: { order: { lines: [ { sku: a, cost: 60 }, { sku: b, cost: 40.01 } ] } }
    - pat: submit
      then: { state: checking, children: { checks: { a: waiting, b: waiting }, reports: { 1: written } } }
    - pat: finish
      refused: [all_good, cheap]
    - set: { children: { checks: { a: { state: passed } } } }
      then: { state: checking }
    - set: { children: { checks: { b: { check: { cost: 40 }, state: passed } } } }
      then: { state: complete }
    - pat: close
      then: { end: success, children: { reports: { 1: written } } }
  an entry that is open or has succeeded is opened no second time, one that failed is:
    - pat opens: { order: { lines: [ { sku: a, cost: 1 }, { sku: b, cost: 1 }, { sku: c, cost: 1 } ] } }
    - pat: submit
    - set: { children: { checks: { a: { state: passed }, b: { state: failed } } } }
    - pat: again
    - pat edits: { order: { lines: [ { sku: a, cost: 1 }, { sku: b, cost: 1 }, { sku: c, cost: 1 }, { sku: d, cost: 1 } ] } }
    - pat: submit
      then: { children: { checks: { a: passed, b: waiting, c: waiting, d: waiting }, reports: { 1: written, 2: written } } }
  people act in a child, and the parent is woken by it:
    - pat opens: { order: { lines: [ { sku: a, cost: 1 }, { sku: b, cost: 1 } ] } }
    - pat: submit
    - cleo: pass
      child: checks.a
      then: { state: passed, cleo sees: [check] }
    - cleo: fail
      child: checks.a
      refused: not_here
    - cleo: pass
      child: checks.b
    - pat: close
      then: { state: done }
  the parent that ends takes its children with it, unless they are kept:
    - pat opens: { order: { lines: [ { sku: a, cost: 1 }, { sku: b, cost: 1 } ] } }
    - pat: submit
    - set: { children: { checks: { a: { state: failed } } } }
    - pat: cancel
      then: { end: neutral, children: { checks: { a: failed, b: dropped }, reports: { 1: written } } }
  what cannot be opened is told to the parent, and can be opened later:
    - pat opens: { order: { lines: [ { sku: a, cost: 1 }, { sku: a very long name of a thing, cost: 1 } ] } }
    - pat: submit
      then: { children: { checks: { a: waiting } } }
    - cleo: pass
      child: checks.a
    - pat: finish
      refused: [all_good, cheap]
    - pat: again
    - pat edits: { order: { lines: [ { sku: a, cost: 1 }, { sku: short, cost: 1 } ] } }
    - pat: submit
      then: { children: { checks: { a: passed, short: waiting } } }
    - cleo: pass
      child: checks.short
    - pat: close
";

const CHECKED: &str = "\
test: check
clock: 2026-11-23 09:00
people: { pat: { partner: acme }, cleo: { in: clerks } }
scenarios:
  somebody may open one too:
    - cleo opens: { check: { what: x, cost: 1 }, verdict: { text: y } }
    - cleo: pass
      refused: running
    - cleo: fail
";

#[test]
fn rule_45_children_are_opened_once_told_of_and_end_with_their_parent() {
    assert_stories(&[
        ("order.yaml", ORDER),
        ("check.yaml", CHECK),
        ("report.yaml", REPORT),
        ("order.test.yaml", STORIES),
        ("check.test.yaml", CHECKED),
    ]);
}

#[test]
fn workflows_do_not_open_each_other_without_end() {
    let ring = "\
workflow: ring
version: 1
children: { next: { workflow: ring } }
open: { who: applicant, do: [ { open: next } ], to: begun }
states:
  begun: { actions: { stop: { who: applicant, to: stopped } } }
  stopped: { end: neutral }
";
    let stories = "\
test: ring
clock: 2026-11-23 09:00
people: { pat: {} }
scenarios:
  eight generations and no more, and all end with the first:
    - pat opens: {}
      then: { state: begun, children: { next: { 1: begun } } }
    - pat: stop
      then: { children: { next: { 1: stopped } } }
";
    assert_stories(&[("ring.yaml", ring), ("ring.test.yaml", stories)]);
}
