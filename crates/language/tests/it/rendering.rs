//! What findings look like for people and for programs.

use countersign_language::{
    check_files,
    diagnostic::{Finding, render_github, render_human, render_json},
    source::Files,
};

const BROKEN: &str = "\
workflow: invitation
version: 1
title: { en: Invitation, zh: 邀请 }
roles:
  invitee: { title: { en: Invited, zh: 受邀人 }, group: invitees }
open: { who: invitee, to: waiting }
states:
  waiting:
    title: { en: Waiting, zh: 等待接受 }
    actions:
      accept: { title: { en: Accept, zh: 接受 }, who: invitee, when: !sent_today, to: acepted }
    timers:
      expire: { after: 7 dayz, to: accepted }
  accepted: { title: { en: Accepted, zh: 已接受 }, end: success }
";

fn findings() -> Vec<Finding> {
    let mut files = Files::default();
    files.add("invitation.yaml", BROKEN);
    check_files(&files).findings
}

#[test]
fn people_see_the_line_with_a_mark_under_the_place() {
    insta::assert_snapshot!(render_human(&findings(), false));
}

#[test]
fn programs_get_lines_and_columns_in_characters() {
    let json = render_json(&findings());
    assert_eq!(json[0]["code"], "E102");
    assert_eq!(
        json[0]["start"],
        serde_json::json!({ "line": 11, "column": 68 })
    );
    assert_eq!(json[1]["file"], "invitation.yaml");
    let github = render_github(&findings(), "workflows/");
    let first = "::error file=workflows/invitation.yaml,line=11,endLine=11,col=68,endColumn=69,title=E102::";
    assert!(github.starts_with(first), "{github}");
    assert_eq!(github.lines().count(), findings().len());
}
