//! Deliberately broken files: each finding has its code, and stands exactly where the fault is, after
//! Chinese text too. A sound workflow is broken in one place, marked `▶`, and nothing else may be found.

use countersign_language::{check_files, diagnostic::Finding, source::Files};

const SHARED: &str = "\
shared: 1
languages: [en, zh]
timezone: Asia/Shanghai
calendars:
  cn: { week: mon-fri, hours: \"09:00-18:00\", holidays: lists/holidays.yaml }
lists:
  services: { file: lists/services.yaml, fields: { name: text, key: boolean } }
facts:
  partner: { certified: boolean }
roles:
  applicant: { title: { en: Partner, zh: 合作伙伴 }, is: starter }
  partner_user: { title: { en: Partner user, zh: 伙伴用户 }, group: partner_users }
messages:
  review_wanted: { to: reviewers, subject: { en: \"{{case.number}}\", zh: \"{{case.number}}\" }, body: { en: \"{{state.due}}\", zh: \"{{state.due}}\" } }
  outcome: { to: applicant, subject: { en: \"{{case.number}}\", zh: \"{{case.number}}\" }, body: { en: \"{{comment}}\", zh: \"{{comment}}\" } }
";

const WORKFLOW: &str = "\
workflow: sample
version: 1
number: \"S-{year}-{seq:5}\"
title: { en: Sample, zh: 示例流程 }
case_title: deal.customer
roles:
  reviewer: { title: { en: Reviewer, zh: 评审人 }, group: reviewers }
  manager: { title: { en: Manager, zh: 主管 }, group: managers }
links:
  parent: { title: { en: Parent, zh: 上级 }, workflow: other, same: partner, state: done, optional: true }
limits:
  daily: { count: 100, per: actor, within: 1 day, else: { en: Too many., zh: 太多。 } }
  quota: { count: 5, per: starter, while: [review], else: { en: Too many., zh: 太多。 } }
rules:
  key_service: { check: \"deal.services.exists(s, s.key)\", else: { en: None., zh: 没有。 }, at: deal.services }
forms:
  deal:
    title: { en: Deal, zh: 项目 }
    fields:
      customer: { title: { en: Customer, zh: 客户 }, type: string, maxLength: 80 }
      amount: { title: { en: Amount, zh: 金额 }, type: money, minimum: 1 }
      until: { title: { en: Until, zh: 截止 }, type: date }
      services: { title: { en: Services, zh: 服务 }, type: array, items: { pick: services }, maxItems: 20 }
      account: { title: { en: Account, zh: 账号 }, type: string, private: [applicant, manager] }
      note?: { title: { en: Note, zh: 备注 }, type: text }
  opinion:
    title: { en: Opinion, zh: 意见 }
    fields:
      grade: { title: { en: Grade, zh: 等级 }, enum: [A, B] }
materials:
  plan: { title: { en: Plan, zh: 方案 }, accept: [pdf], max: 20 MB, count: 1..3, template: templates/plan.docx }
open: { who: partner_user, to: draft }
states:
  draft:
    title: { en: Draft, zh: 草稿 }
    edit: { applicant: [deal, plan] }
    actions:
      submit: { title: { en: Submit, zh: 提交 }, who: applicant, require: [deal, rules, materials, quota], to: review }
      check: { title: { en: Check, zh: 核对 }, who: manager, require: [comment] }
      discard: { title: { en: Discard, zh: 放弃 }, who: applicant, when: case.round < 9, to: withdrawn }
    timers:
      lapse: { after: 90 days, to: withdrawn }
  review:
    title: { en: Review, zh: 评审 }
    due: 3 business days
    enter: [ { notify: review_wanted } ]
    start: first
    states:
      first:
        title: { en: First, zh: 初审 }
        review:
          by: reviewer
          decisions:
            approve: { title: { en: Approve, zh: 通过 }, votes: \"deal.amount > 100 ? 2 : 1\", require: [opinion], to: second }
            reject: { title: { en: Reject, zh: 驳回 }, require: [comment], to: rejected }
        timers:
          remind: { every: 1 business day, from: due, times: 5, do: [ { notify: review_wanted } ] }
      second:
        title: { en: Second, zh: 复审 }
        enter: [ { notify: again } ]
        review:
          by: manager
          except: { voted_in: [first], took: [check] }
          decisions:
            approve: { title: { en: Approve, zh: 通过 }, votes: 2, to: done }
            reject: { title: { en: Reject, zh: 驳回 }, votes: 2, to: rejected }
          otherwise: { to: rejected }
  done: { title: { en: Done, zh: 完成 }, end: success, enter: [ { notify: mail } ] }
  rejected: { title: { en: Rejected, zh: 已驳回 }, end: failure, enter: [ { notify: outcome } ] }
  withdrawn: { title: { en: Withdrawn, zh: 已撤回 }, end: neutral }
messages:
  again: { to: reviewers, subject: { en: Second, zh: 复审 }, body: { en: Second, zh: 复审 } }
  mail: { to: applicant, subject: { en: Done, zh: 完成 }, body: { en: \"You: {{deal.account}}\", zh: \"您的账号：{{deal.account}}\" } }
";

const OTHER: &str = "\
workflow: other
version: 1
open: { who: partner_user, to: begun }
forms: { payment: { fields: { sum: { type: money } } } }
states:
  begun: { actions: { finish: { who: applicant, to: done } } }
  done: { end: success }
";

fn files(workflow: &str) -> Files {
    let mut files = Files::default();
    files.add("shared.yaml", SHARED);
    files.add("other.yaml", OTHER);
    files.add("sample.yaml", workflow);
    files.add("lists/holidays.yaml", "- 2027-01-01\n");
    files.add(
        "lists/services.yaml",
        "- { id: ecs, name: { en: Servers, zh: 服务器 }, key: true }\n",
    );
    files.note("templates/plan.docx");
    files
}

fn place_of_mark(text: &str) -> (usize, usize) {
    let before = text
        .split('▶')
        .next()
        .expect("there is something before the mark");
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count())
        + 1;
    (line, column)
}

fn shown(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|found| {
            let place = found.place();
            format!(
                "{} {}:{}:{} {} ({})",
                found.code,
                found.file(),
                place.line,
                place.column,
                found.message,
                found.help
            )
        })
        .collect()
}

/// Breaks the workflow in one place and expects exactly one finding, at the mark.
#[track_caller]
fn assert_broken(code: &str, whole: &str, broken: &str) {
    assert_eq!(
        WORKFLOW.matches(whole).count(),
        1,
        "`{whole}` stands once in the workflow"
    );
    let marked = WORKFLOW.replacen(whole, broken, 1);
    assert_one(
        code,
        "sample.yaml",
        &marked,
        files(&marked.replace('▶', "")),
    );
}

#[track_caller]
fn assert_one(code: &str, file: &str, marked: &str, files: Files) {
    let checked = check_files(&files);
    let shown = shown(&checked.findings);
    let [found] = checked.findings.as_slice() else {
        panic!("{code}: exactly one finding is expected: {shown:#?}");
    };
    let place = found.place();
    let expected = (code, file, place_of_mark(marked));
    assert_eq!(
        (
            found.code.as_str(),
            &**found.file(),
            (place.line, place.column)
        ),
        expected,
        "{shown:#?}"
    );
    assert!(
        !found.help.is_empty() && !found.message.is_empty(),
        "{shown:#?}"
    );
    let usable = checked
        .workflows
        .iter()
        .any(|workflow| workflow.id == "sample");
    assert_eq!(usable, !found.is_error(), "{shown:#?}");
}

#[test]
fn the_sound_workflow_has_no_findings() {
    let checked = check_files(&files(WORKFLOW));
    assert!(
        checked.findings.is_empty(),
        "{:#?}",
        shown(&checked.findings)
    );
    assert_eq!(checked.workflows.len(), 2);
}

#[test]
fn words_and_shapes() {
    for (code, whole, broken) in [
        ("E101", "require: [opinion]", "▶requires: [opinion]"),
        ("E101", "version: 1", "version: 1\n▶colour: red"),
        (
            "E101",
            "{ en: Approve, zh: 通过 }, votes: 2",
            "{ en: Approve, zh: 通过 }, ▶who: manager, votes: 2",
        ),
        ("E101", "zh: 备注 }", "zh: 备注, ▶fr: Note }"),
        ("E103", "require: [opinion]", "require: [▶{ opinion: 1 }]"),
        ("E103", "due: 3 business days", "due: ▶[3 business days]"),
        (
            "E103",
            "  done: { title: { en: Done, zh: 完成 }, end: success, enter: [ { notify: mail } ] }",
            "  done: { title: { en: Done, zh: 完成 }, end: success, enter: [ ▶mail ] }",
        ),
        (
            "E104",
            "daily: { count: 100, per: actor,",
            "▶daily: { count: 100,",
        ),
        (
            "E104",
            "plan: { title: { en: Plan, zh: 方案 }, accept: [pdf],",
            "▶plan: { title: { en: Plan, zh: 方案 },",
        ),
        (
            "E105",
            "lapse: { after: 90 days,",
            "lapse: { after: 90 days, ▶every: 1 day,",
        ),
        ("E105", "to: review }", "to: review, ▶resume: review }"),
        ("E105", "end: neutral }", "end: neutral, ▶due: 1 day }"),
        ("E105", "votes: 2, to: done", "votes: recorded, ▶to: done"),
        ("E106", "      submit:", "      ▶Submit-It:"),
        ("E107", "max: 20 MB", "max: ▶20 apples"),
        ("E107", "count: 1..3", "count: ▶3..1"),
        (
            "E107",
            "number: \"S-{year}-{seq:5}\"",
            "number: ▶\"S-{year}\"",
        ),
        ("E107", "times: 5", "times: ▶0"),
        ("E108", "      grade:", "      ▶package:"),
        (
            "E109",
            "by: reviewer",
            "by: reviewer\n          ▶prefer: { voted_in: [second] }",
        ),
        ("E109", "group: managers", "▶groups: lists.x"),
        (
            "E109",
            "enter: [ { notify: outcome } ]",
            "enter: [ { ▶open: child } ]",
        ),
        (
            "E109",
            "require: [comment] }",
            "require: [comment, ▶code_if_enabled] }",
        ),
        (
            "E109",
            "open: { who: partner_user, to: draft }",
            "open: { who: partner_user, to: ▶{ draft: otherwise } }",
        ),
        (
            "E109",
            "by: manager",
            "by: manager\n          members: ▶snapshot",
        ),
    ] {
        assert_broken(code, whole, broken);
    }
}

#[test]
fn names_that_nothing_has() {
    for (code, whole, broken) in [
        ("E201", "to: review }", "to: ▶reviw }"),
        (
            "E201",
            "start: first\n    states:",
            "start: first\n    actions: { stop: { title: { en: Stop, zh: 停 }, who: manager, to: ▶second } }\n    states:",
        ),
        ("E201", "voted_in: [first]", "voted_in: [▶frist]"),
        ("E201", "while: [review]", "while: [▶first]"),
        ("E201", "state: done, optional", "state: ▶begin, optional"),
        ("E202", "by: manager", "by: ▶boss"),
        ("E202", "who: manager, require", "who: ▶boss, require"),
        (
            "E202",
            "edit: { applicant:",
            "edit: { ▶boss: [deal], applicant:",
        ),
        (
            "E202",
            "private: [applicant, manager]",
            "private: [▶boss, applicant, manager]",
        ),
        ("E202", "{ to: applicant, subject", "{ to: ▶boss, subject"),
        (
            "E203",
            "check: { title: { en: Check, zh: 核对 }, who: manager,",
            "▶check: { title: { en: Check, zh: 核对 },",
        ),
        (
            "E204",
            "require: [deal, rules,",
            "require: [deal, ▶rulez, rules,",
        ),
        ("E205", "after: 90 days", "after: ▶90 dayz"),
        ("E205", "within: 1 day", "within: ▶calendar fortnight"),
        ("E205", "due: 3 business days", "due: ▶0 days"),
        (
            "E206",
            "enter: [ { notify: outcome } ]",
            "enter: [ { notify: ▶outcom } ]",
        ),
        (
            "E210",
            "items: { pick: services }",
            "items: { pick: ▶service }",
        ),
        (
            "E220",
            "template: templates/plan.docx",
            "template: ▶templates/plan.doc",
        ),
        ("E221", "workflow: other", "workflow: ▶another"),
        (
            "E222",
            "edit: { applicant: [deal, plan] }",
            "edit: { applicant: [deal, plan, ▶paln] }",
        ),
        ("E222", "at: deal.services", "at: ▶deal.service"),
        ("E223", "took: [check]", "took: [▶chek]"),
        ("E224", "version: 1", "version: 1\ncalendar: ▶us"),
    ] {
        assert_broken(code, whole, broken);
    }
}

#[test]
fn the_whole() {
    for (code, whole, broken) in [
        (
            "E207",
            "  withdrawn: { title: { en: Withdrawn, zh: 已撤回 }, end: neutral }",
            "  ▶withdrawn: { title: { en: Withdrawn, zh: 已撤回 } }",
        ),
        (
            "E209",
            "messages:\n  again",
            "  ▶lost: { title: { en: Lost, zh: 丢失 }, end: neutral }\nmessages:\n  again",
        ),
        ("E213", "by: manager", "by: ▶applicant"),
        (
            "E214",
            "case.round < 9, to: withdrawn",
            "case.round < 9, to: { withdrawn: ▶case.round > 3 }",
        ),
        (
            "E217",
            "edit: { applicant: [deal, plan] }",
            "edit: { applicant: [deal] }",
        ),
        (
            "E218",
            "rules:\n",
            "rules:\n  today: { check: \"true\", else: { en: No., zh: 否。 } }\n",
        ),
        ("W401", "{ en: Draft, zh: 草稿 }", "▶{ en: Draft }"),
        (
            "W405",
            "roles:\n  reviewer",
            "roles:\n  ▶applicant: { title: { en: Own, zh: 自己 }, is: starter }\n  reviewer",
        ),
    ] {
        let broken = match code {
            "E217" => "edit: { applicant: [deal] }".to_owned(),
            "E218" => broken.replace("  today", "  ▶today"),
            _ => broken.to_owned(),
        };
        if code == "E217" {
            let marked = WORKFLOW.replacen(whole, &broken, 1).replacen(
                "rules, materials,",
                "rules, ▶materials,",
                1,
            );
            assert_one(
                code,
                "sample.yaml",
                &marked,
                files(&marked.replace('▶', "")),
            );
        } else {
            assert_broken(code, whole, &broken);
        }
    }
}

/// Breaks the workflow in several places that make one fault.
#[track_caller]
fn assert_broken_by(code: &str, changes: &[(&str, &str)]) {
    let mut marked = WORKFLOW.to_owned();
    for (whole, broken) in changes {
        assert_eq!(
            marked.matches(whole).count(),
            1,
            "`{whole}` stands once in the workflow"
        );
        marked = marked.replacen(whole, broken, 1);
    }
    assert_one(
        code,
        "sample.yaml",
        &marked,
        files(&marked.replace('▶', "")),
    );
}

#[test]
fn faults_that_two_places_make() {
    assert_broken_by(
        "E208",
        &[
            ("    start: first\n", ""),
            ("  review:\n    title", "  ▶review:\n    title"),
        ],
    );
    let second = (
        "review:\n          by: manager",
        "▶review:\n          by: manager",
    );
    assert_broken_by(
        "E211",
        &[("          otherwise: { to: rejected }\n", ""), second],
    );
    let assign = ("by: manager", "by: manager\n          assign: ▶2");
    assert_broken_by(
        "E211",
        &[("          otherwise: { to: rejected }\n", ""), assign],
    );
    let only_customer = (
        "edit: { applicant: [deal, plan] }",
        "edit: { applicant: [deal.customer, plan] }",
    );
    assert_broken_by(
        "E217",
        &[
            only_customer,
            ("require: [deal, rules", "require: [▶deal, rules"),
        ],
    );
    let reads_votes = ("deal.services.exists(s, s.key)", "cast.size() > 0");
    assert_broken_by(
        "E226",
        &[
            reads_votes,
            ("deal, rules, materials", "deal, ▶rules, materials"),
        ],
    );
    assert_broken_by("E226", &[("notify: outcome", "notify: ▶review_wanted")]);
    let to_reviewer = ("mail: { to: applicant", "mail: { to: reviewer");
    assert_broken_by(
        "E219",
        &[
            to_reviewer,
            ("\"You: {{deal.account}}\"", "You"),
            ("账号：{{deal", "账号：{{▶deal"),
        ],
    );
    let told = (
        "    enter: [ { notify: review_wanted } ]\n    start",
        "    start",
    );
    let both = [told, ("      first:", "      ▶first:")];
    assert_broken_by("W403", &both);
    let timer = ("lapse: { after: 90 days,", "▶lapse: { at: deal.until,");
    assert_broken_by(
        "W404",
        &[
            timer,
            (
                "require: [comment], to: rejected",
                "require: [comment], to: draft",
            ),
        ],
    );
}

#[test]
fn a_review_within_a_review() {
    let outer = "    review: { by: manager, decisions: { stop: { title: { en: Stop, zh: 停 }, to: rejected } } }\n    start: first\n";
    let broken = WORKFLOW.replacen("    start: first\n", outer, 1);
    let checked = check_files(&files(&broken));
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|found| found.code.as_str())
        .collect();
    assert_eq!(codes, ["E225", "E225"], "{:#?}", shown(&checked.findings));
}

#[test]
fn expressions_are_marked_within() {
    for (code, whole, broken) in [
        (
            "E300",
            "when: case.round < 9",
            "when: case.round < 9 ▶and true",
        ),
        ("E301", "when: case.round < 9", "when: ▶cas.round < 9"),
        (
            "E302",
            "case_title: deal.customer",
            "case_title: deal.▶custommer",
        ),
        (
            "E302",
            "\"您的账号：{{deal.account}}\"",
            "\"您的账号：{{deal.▶acount}}\"",
        ),
        (
            "E303",
            "deal.services.exists(s, s.key)",
            "deal.services.▶key",
        ),
        ("E305", ", maxItems: 20 }", " }"),
        ("E307", "when: case.round < 9", "when: case.round ▶< 'nine'"),
        ("E309", "when: case.round < 9", "when: case.took(▶\"chek\")"),
        (
            "E309",
            "when: case.round < 9",
            "when: case.is_in(▶\"first\")",
        ),
    ] {
        if code == "E305" {
            let searched = (
                "\"deal.services.exists(s, s.key)\"",
                "\"▶deal.services.exists(s, s.key)\"",
            );
            assert_broken_by(code, &[(whole, broken), searched]);
        } else {
            assert_broken(code, whole, broken);
        }
    }
}

#[test]
fn shared_files_and_lists() {
    for (code, file, text, marked) in [
        (
            "E101",
            "shared.yaml",
            SHARED,
            SHARED.replacen("timezone:", "▶timezones:", 1),
        ),
        (
            "E107",
            "shared.yaml",
            SHARED,
            SHARED.replacen("Asia/Shanghai", "▶Asia/Nowhere", 1),
        ),
        (
            "E220",
            "shared.yaml",
            SHARED,
            SHARED.replacen("lists/holidays.yaml", "▶lists/holiday.yaml", 1),
        ),
        (
            "E107",
            "shared.yaml",
            SHARED,
            SHARED.replacen("certified: boolean", "certified: ▶yesno", 1),
        ),
        (
            "E107",
            "shared.yaml",
            SHARED,
            SHARED.replacen("week: mon-fri", "week: ▶mon-fun", 1),
        ),
        (
            "E227",
            "lists/services.yaml",
            "",
            "- { id: ecs, name: { en: S, zh: 服务器 }, key: ▶maybe }\n".to_owned(),
        ),
        (
            "E107",
            "lists/holidays.yaml",
            "",
            "- 2027-01-01\n- ▶2027-13-01 # 元旦\n".to_owned(),
        ),
    ] {
        assert_ne!(text, marked, "the mark was set");
        let mut files = files(WORKFLOW);
        files.add(file, marked.replace('▶', ""));
        let checked = check_files(&files);
        let shown = shown(&checked.findings);
        let [found] = checked.findings.as_slice() else {
            panic!("{code} {marked}: {shown:#?}")
        };
        let place = found.place();
        let seen = (
            found.code.as_str(),
            &**found.file(),
            (place.line, place.column),
        );
        assert_eq!(seen, (code, file, place_of_mark(&marked)), "{shown:#?}");
    }
}

#[test]
fn all_findings_come_in_one_run_and_in_order() {
    let broken = WORKFLOW
        .replacen("by: manager", "by: boss", 1)
        .replacen("due: 3 business days", "due: 3 dayz", 1)
        .replacen("to: review }", "to: reviw }", 1);
    let checked = check_files(&files(&broken));
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|found| found.code.as_str())
        .collect();
    assert_eq!(
        codes,
        ["E201", "E205", "E202"],
        "{:#?}",
        shown(&checked.findings)
    );
    assert_eq!(checked.workflows.len(), 1, "the other workflow is sound");
}
