//! Cases in several tracks at once move to a newer version track by track.

use countersign_core::migration::Verdict;
use serde_json::json;

use super::{FIRST, Town};

const TRACKS: &[(&str, &str)] = &[(
    "  done:   { end: success }",
    r"  trial:
    actions: { stop: { who: manager, to: done } }
    tracks:
      board:
        start: open
        states:
          open: { actions: { go: { who: manager, to: closed } } }
          closed: { actions: { reopen: { who: manager, to: open } } }
      papers:
        start: asked
        states:
          asked: { actions: { sign: { who: manager, to: signed } } }
          signed: { timers: { forget: { after: 90 days, to: asked } } }
  done:   { end: success }",
)];

#[test]
fn rule_50_each_track_goes_where_it_was() {
    let first = TRACKS
        .iter()
        .fold(FIRST.to_owned(), |text, (was, now)| text.replace(was, now));
    let first = first.replace("votes: 2, to: done", "to: trial");
    let second = first
        .replace("version: 1", "version: 2")
        .replace("closed:", "shut:")
        .replace("to: closed", "to: shut")
        + "migrate: { 1: { states: { trial.board.closed: trial.board.shut } } }\n";
    let mut town = Town::of_versions(&first, &second);
    town.act("max", "approve").expect("it is tried");
    town.act("max", "go").expect("the board closes");
    town.act("max", "sign").expect("the papers are signed");
    let timers = town.now().timers.clone();
    assert_eq!(
        town.assess(json!({})).verdict(),
        Verdict::Safe,
        "{:#?}",
        town.assess(json!({}))
    );
    town.migrate("ola", json!({})).expect("it is safe");
    let case = town.now();
    assert!(
        case.is_in("trial.board.shut") && case.is_in("trial.papers.signed"),
        "{case:#?}"
    );
    assert_eq!(case.timers, timers);
    town.act("max", "reopen").expect("the board goes on");
}
