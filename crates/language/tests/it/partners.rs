//! Whose case it is, where a workflow says so itself: `partner:` at the head of a file.

use countersign_language::{scenario::run_files, source::Files};

const SHARING: &str = "\
workflow: sharing
version: 1
title: { en: Sharing, zh: 共享 }
partner: sharing.partner
roles:
  vendor: { title: { en: Vendor, zh: 厂商 }, group: vendors }
  them: { title: { en: Partner, zh: 伙伴 }, is: partner }
forms:
  sharing:
    title: { en: Sharing, zh: 共享 }
    fields:
      partner: { title: { en: Partner, zh: 伙伴 }, type: string, maxLength: 40 }
      what?: { title: { en: What, zh: 内容 }, type: string, maxLength: 40 }
open: { who: vendor, to: shared }
states:
  shared:
    title: { en: Shared, zh: 已共享 }
    edit: { vendor: [sharing] }
    actions: { accept: { title: { en: Accept, zh: 接受 }, who: them, to: accepted } }
  accepted: { title: { en: Accepted, zh: 已接受 }, end: success }
";

const STORY: &str = "\
test: sharing
clock: 2026-11-23 09:00
people:
  bud: { in: [vendors] }
  kit: { in: [vendors], partner: other }
  pat: { partner: acme }
  nina: { partner: other }
scenarios:
  the partner named in the form has the case:
    - bud opens: { sharing: { partner: acme } }
    - nina: accept
      refused: who
    - pat: accept
      then: { state: accepted }
  a case without a partner is not opened by a slip:
    - bud opens: { sharing: { what: Trams } }
      refused: partner
  nobody opens a case across the wall:
    - kit opens: { sharing: { partner: acme } }
      refused: who
";

#[test]
fn a_case_is_that_of_the_partner_that_the_supplied_form_names() {
    let mut files = Files::default();
    files.add("sharing.yaml", SHARING);
    files.add("sharing.test.yaml", STORY);
    let report = run_files(&files);
    let findings = report
        .findings
        .iter()
        .map(|found| format!("{} {}", found.code, found.message));
    assert_eq!(findings.collect::<Vec<_>>(), [] as [String; 0]);
    let told: Vec<_> = report
        .scenarios
        .iter()
        .map(|scenario| (scenario.name.as_str(), &scenario.failures))
        .collect();
    assert_eq!(told.len(), 3);
    for (name, failures) in told {
        assert!(failures.is_empty(), "{name}: {failures:?}");
    }
}
