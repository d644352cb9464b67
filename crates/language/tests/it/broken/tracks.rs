//! Faults of tracks.

use super::{assert_one, files};

const TRACKS: &str = "\
workflow: sample
version: 1
roles: { judge: { title: 评审, group: reviewers } }
open: { who: partner_user, to: draft }
states:
  draft: { title: 草稿, actions: { go: { who: applicant, to: trial }, quit: { who: applicant, to: done } } }
  trial:
    actions:
      drop: { who: applicant, to: done }
    tracks:
      one:
        start: a
        states:
          a: { actions: { on: { who: applicant, to: b } } }
          b: {}
      two:
        start: c
        states:
          c: { actions: { end: { who: applicant, to: d } } }
          d: {}
  done: { end: success }
";

#[test]
fn faults_of_tracks() {
    for (code, whole, broken) in [
        (
            "E229",
            "on: { who: applicant, to: b }",
            "on: { who: applicant, to: ▶two.d }",
        ),
        (
            "E229",
            "on: { who: applicant, to: b }",
            "on: { who: applicant, to: { b: case.round > 3, ▶trial.two.d: otherwise } }",
        ),
        ("E208", "      one:\n        start: a\n", "      ▶one:\n"),
        (
            "E104",
            "      two:\n        start: c\n        states:\n          c: { actions: { end: { who: applicant, to: d } } }\n          d: {}\n",
            "      ▶two: {}\n",
        ),
        (
            "E105",
            "    tracks:\n",
            "    ▶states: { x: {} }\n    tracks:\n",
        ),
        (
            "E101",
            "        start: c\n",
            "        start: c\n        ▶due: 3 days\n",
        ),
        (
            "E207",
            "  trial:\n    actions:\n      drop: { who: applicant, to: done }\n",
            "  ▶trial:\n",
        ),
        (
            "E209",
            "          b: {}\n",
            "          b: {}\n          ▶x: {}\n",
        ),
    ] {
        assert_eq!(TRACKS.matches(whole).count(), 1, "`{whole}` stands once");
        let marked = TRACKS.replacen(whole, broken, 1);
        assert_one(
            code,
            "sample.yaml",
            &marked,
            &files(&marked.replace('▶', "")),
        );
    }
}
