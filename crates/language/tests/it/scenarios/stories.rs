//! What happens in stories: who acts how, what moves the clock, what `set` changes.

use countersign_language::{
    load_folder,
    scenario::{Show, render_text, try_paths},
};

use super::{FEW, SUBMITTED, deal, run_one, workflows};

#[test]
fn the_shipped_scenarios_pass_and_take_everything() {
    let report = try_paths(&[workflows()], FEW).expect("the folder can be read");
    let show = Show {
        colour: false,
        coverage: true,
    };
    let text = render_text(&report, show);
    assert!(report.is_good() && report.findings.is_empty(), "{text}");
    let shipped = load_folder(&workflows()).expect("the folder can be read");
    let tested = report.coverage.len();
    assert_eq!(tested, shipped.workflows.len(), "{text}");
    assert!(
        report
            .coverage
            .iter()
            .all(|coverage| coverage.missed.is_empty()),
        "something is never taken:\n{text}"
    );
}

fn assert_passes(test: &str) {
    let result = run_one(test);
    assert!(result.passed(), "{result:#?}");
}

fn invitation(steps: &str) -> String {
    format!(
        "\
test: invitation
clock: 2026-11-23 09:00
people:
  ada: {{ in: administrators }}
  bob: {{ email: Bob@Example.com }}
  eve: {{ email: eve@example.com }}
scenarios:
  邀请:
    - ada opens: {{ invitation: {{ email: bob@example.com, name: Bob, role: partner_user }} }}
      keep link as: first
{steps}"
    )
}

#[test]
fn a_link_holder_comes_by_the_newest_link_or_the_one_that_was_kept() {
    assert_passes(&invitation(
        "    - bob: accept
      code: bad
      refused: code
      then: { state: waiting, called: [], bob sees: case, eve does not see: case }
    - eve: accept
      refused: who
    - ada: accept
      refused: who
    - eve: decline
      link: first                     # whoever has the link may use it
      then: { state: declined }
",
    ));
    assert_passes(&invitation(
        "    - ada: resend
      then: { mail: bob, sent: { invitation_mail: 1 } }
    - bob: accept
      link: first
      code: good
      refused: link
    - bob: accept
      code: good
      then: { called: add_member, mail: [] }
    - bob: accept
      code: good
      refused: link
",
    ));
}

#[test]
fn a_kept_mail_without_the_link_is_said() {
    let result = run_one(&invitation("    - bob: resend\n      link: first\n"));
    let found = &result.failures[0].found;
    assert_eq!(found, "the mail kept as `first` has no link to resend");
}

#[test]
fn only_waiting_moves_the_clock_and_what_is_due_now_fires() {
    assert_passes(&deal(&format!(
        "{SUBMITTED}    - wait: 90 days
      then: {{ sent: {{ review_wanted: 5 }}, mail: [rita, omar] }}
    - rita: request_changes
      comment: 请修改
      then: {{ to_fix: case, due: null, overdue: false }}
    - wait until: 2027-03-23 08:59:59
      then: {{ state: changes_requested }}
    - wait: 1 second
      then: {{ state: withdrawn, end: neutral }}
"
    )));
}

#[test]
fn files_have_the_kind_that_their_name_says() {
    assert_passes(&deal(&format!(
        "{SUBMITTED}    - rita: approve
      evaluation: {{ grade: A, summary: 好 }}
    - omar: approve
      evaluation: {{ grade: A, summary: 好 }}
      then: {{ pat sees: [evaluation.grade, deal], kim does not see: [case, deal] }}
    - pat edits: {{ acceptance_report: virus.exe }}
      refused: acceptance_report
    - pat edits: {{ delivery: {{ delivered_on: 2026-11-23, statement: 完成 }}, acceptance_report: 报告.pdf }}
    - pat edits: {{ acceptance_report: null }}
    - pat: apply_for_acceptance
      refused: acceptance_report
      then: {{ may_not: {{ pat apply_for_acceptance: acceptance_report }} }}
"
    )));
}

#[test]
fn a_refused_step_changes_nothing_of_what_it_has_several_of() {
    assert_passes(&deal(
        "    - pat opens: { deal: { amount: 5 } }
    - pat edits: { deal: { customer: 北方公司, close_date: 2026-12-20 }, acceptance_report: a.pdf }
      refused: who
    - pat: submit
      refused: deal
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
  甲: {{ workflow: incentive_application, starter: pat, state: approved, application: {{ programme: 增长, ceiling: 50000 }} }}
scenarios:
  付款:
{steps}"
    )
}

#[test]
fn set_changes_facts_and_cases_that_are_simply_there() {
    assert_passes(&payment(
        "    - set: { facts: { partner: { acme: { commercial_certified: false } } } }
    - pat opens: { incentive: 甲 }
      refused: commercially_certified
    - set: { facts: { partner: { acme: { commercial_certified: true } } }, cases: { 甲: { state: rejected } } }
    - pat opens: {}
      refused: incentive
    - pat opens: { incentive: 甲 }
      refused: incentive
    - set: { cases: { 甲: { state: approved, application: { ceiling: 100 } } } }
    - pat opens: { incentive: 甲, payment: { quarter: 2026q3, amount: 100.01, account: 6222000011 } }
    - pat: next
      refused: within_ceiling
    - set: { cases: { 甲: { application: { ceiling: 100.01 } } } }
    - pat: next
",
    ));
}

#[test]
fn services_act_where_they_may() {
    assert_passes(&payment(
        "    - pat opens: { incentive: 甲, payment: { quarter: 2026q3, amount: 40000, account: 6222000011 }, invoice: i.pdf }
    - pat: next
    - pat: submit
      confirm: true
      code: good
      then: { mail: [fay, fin], may: [fay approve, fin: reject], may_not: { system paid: not_here, system: who } }
    - fay: approve
      then: { called: [], votes: { approve: 1 of 2, reject: 0 of 1 }, may_not: { fay approve: voted } }
    - fin: approve
      then: { called: [pay_partner], pat sees: [payment.account, invoice, incentive] }
    - system: failed
      comment: 账号错误
      then: { state: changes_requested, to_fix: case }
",
    ));
}

#[test]
fn the_same_story_is_the_same_each_time() {
    let test = deal(&format!(
        "{SUBMITTED}    - wait: 40 business days\n      then: {{ round: 9 }}\n"
    ));
    assert_eq!(run_one(&test), run_one(&test));
}
