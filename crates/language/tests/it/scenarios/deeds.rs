//! What people do in stories besides taking actions: comments alone, taking a vote back, what operators do, files of
//! some size, and answers to hook calls.

use super::{SUBMITTED, deal, run_one};

fn assert_passes(test: &str) {
    let result = run_one(test);
    assert!(result.passed(), "{result:#?}");
}

#[test]
fn comments_stand_alone_and_internal_ones_are_not_for_the_applicant() {
    assert_passes(&deal(&format!(
        "{SUBMITTED}    - rita comments: {{ deal.amount: 含税吗？ }}
      then: {{ to_fix: [deal.amount] }}
    - rita comments:
      internal: 此前见过
      then: {{ to_fix: [deal.amount] }}
    - pat comments:
      internal: 只有我们知道
      refused: who
    - rita: request_changes
      internal: {{ deal.amount: 偏高 }}
      refused: comment
    - rita: request_changes
      internal: {{ deal.amount: 偏高 }}
      comment: 请补充
      then: {{ state: changes_requested, to_fix: [deal.amount, case] }}
"
    )));
}

#[test]
fn a_vote_is_taken_back() {
    assert_passes(&deal(&format!(
        "{SUBMITTED}    - rita: approve
      evaluation: {{ grade: A, summary: 好 }}
      then: {{ votes: {{ approve: 1 of 2 }} }}
    - rita takes back: approve
      then: {{ votes: {{ approve: 0 of 2 }}, may: [rita approve] }}
    - rita takes back: approve
      refused: not_here
"
    )));
}

#[test]
fn operators_hold_resume_and_move() {
    let test = deal(&format!(
        "{SUBMITTED}    - rita holds: 争议
      refused: who
    - otto holds: 争议
    - rita: approve
      refused: on_hold
    - wait: 30 days
      then: {{ mail: [], state: review }}
    - otto resumes: 已解决
    - otto moves: draft
      comment: 误提交
      then: {{ state: draft, mail: [] }}
"
    ));
    let test = test.replace("scenarios:", "  otto: { in: [operators] }\nscenarios:");
    assert_passes(&test);
}

#[test]
fn files_have_a_size() {
    assert_passes(&payment(
        "    - pat edits: { invoice: { i.pdf: 10000001 bytes } }
      refused: invoice
    - pat edits: { invoice: { i.pdf: 10 MB } }
",
    ));
}

#[test]
fn a_service_answers_the_call_that_was_kept_once_and_in_its_visit() {
    assert_passes(&payment(
        "    - pat edits: { invoice: i.pdf }
    - pat: next
    - pat: submit
      confirm: true
      code: good
    - fay: approve
    - fin: approve
      keep call as: first
    - system: failed
      answers: first
      comment: 账户不存在
      then: { state: changes_requested }
    - pat edits: { payment: { account: \"6222 0000 2222\" } }
    - pat: resubmit
      confirm: true
      code: good
    - fay: approve
    - fin: approve
      keep call as: second
    - system: paid
      answers: first
      refused: not_here
    - system: paid
      answers: second
      then: { state: paid }
",
    ));
}

fn payment(steps: &str) -> String {
    format!(
        "\
test: incentive_payment
clock: 2026-11-23 09:00
people:
  pat: {{ in: [partner_users], partner: acme }}
  fay: {{ in: [finance] }}
  fin: {{ in: [finance] }}
facts: {{ partner: {{ acme: {{ commercial_certified: true }} }} }}
cases:
  ia: {{ workflow: incentive_application, partner: acme, state: approved, application: {{ programme: 增长, ceiling: 50000 }} }}
scenarios:
  付款:
    - pat opens: {{ incentive: ia, payment: {{ quarter: 2026q3, amount: 1, account: \"6222 0000 1111\" }} }}
{steps}"
    )
}

#[test]
fn a_step_happens_as_often_as_it_says_and_not_beyond_a_refusal() {
    let result = run_one(&deal(
        "    - pat opens: { deal: { customer: Contoso } }
      times: 3
      then: { state: draft }
    - pat: submit
      times: 2
      refused: deal
    - pat: discard
      times: 2
      refused: not_here
",
    ));
    assert!(result.passed(), "{result:#?}");
}
