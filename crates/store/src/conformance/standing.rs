//! What operators look at: how many cases stand where, and what fires next.

use countersign_core::{
    case::Lifecycle,
    workflow::{End, StatePath},
};

use super::{Fresh, at, samples};

/// Workflow, version, state, cases, on hold, late.
type Row = (String, u32, String, u64, u64, u64);

async fn standing(fresh: &Fresh, now: &str) -> Vec<Row> {
    let rows = fresh.reader().standing(at(now)).await.unwrap();
    let rows = rows.into_iter().map(|row| {
        assert_eq!(row.oldest, at("00:00:00"), "the day of opening");
        let workflow = row.workflow.as_str().to_owned();
        (
            workflow,
            row.version,
            row.state,
            row.cases,
            row.on_hold,
            row.late,
        )
    });
    rows.collect()
}

fn row(state: &str, cases: u64, on_hold: u64, late: u64) -> Row {
    let workflow = "deal_registration".to_owned();
    (workflow, 1, state.to_owned(), cases, on_hold, late)
}

pub async fn cases_are_counted_where_they_stand(fresh: Fresh) {
    assert_eq!(standing(&fresh, "09:00:00").await, []);
    let cases = (1..=5).map(|n| {
        let mut case = samples::case(n);
        if n >= 4 {
            case.state = StatePath::new("review");
            case.due.insert(case.state.clone(), at("05:00:00"));
        }
        samples::opening(case)
    });
    fresh.put(samples::together(cases)).await;
    assert_eq!(
        standing(&fresh, "04:59:59").await,
        [row("draft", 3, 0, 0), row("review", 2, 0, 0)]
    );

    // One moves on, one is frozen, one ends, one only changes what it is called: counted once each.
    let mut changed = Vec::new();
    for n in [1, 2, 4, 5] {
        changed.push(fresh.load(n).await);
    }
    changed[0].state = StatePath::new("review");
    changed[1].lifecycle = Lifecycle::OnHold {
        since: at("02:00:00"),
    };
    let end = End::Success;
    changed[2].lifecycle = Lifecycle::Ended {
        end,
        at: at("02:00:00"),
    };
    changed[3].title = "Northwind, renamed".to_owned();
    let changed = changed.into_iter();
    let writes = changed.map(|case| samples::change(case, Vec::new()));
    fresh.put(samples::changes(writes.collect())).await;
    assert_eq!(
        standing(&fresh, "05:00:00").await,
        [row("draft", 2, 1, 0), row("review", 2, 0, 1)]
    );

    // What leaves a state leaves no count behind.
    let mut last = Vec::new();
    for n in [2, 3] {
        let mut case = fresh.load(n).await;
        case.version = 2;
        case.lifecycle = Lifecycle::Running;
        last.push(samples::change(case, Vec::new()));
    }
    fresh.put(samples::changes(last)).await;
    let rows = standing(&fresh, "04:00:00").await;
    let second = (
        "deal_registration".to_owned(),
        2,
        "draft".to_owned(),
        2,
        0,
        0,
    );
    assert_eq!(rows, [row("review", 2, 0, 0), second]);
}

pub async fn what_fires_next_comes_first(fresh: Fresh) {
    let dues = [Some("05:00:00"), None, Some("03:00:00"), Some("05:00:00")];
    let cases = (1..).zip(dues).map(|(n, due)| {
        let mut case = samples::case(n);
        case.timers = samples::timer(due).into_iter().collect();
        samples::opening(case)
    });
    fresh.put(samples::together(cases)).await;
    let reader = fresh.reader();
    let first = reader.timers(None, 2).await.unwrap();
    let told = |page: &[countersign_engine::ports::reader::TimerRow]| {
        let rows = page.iter();
        rows.map(|row| (row.case.id, row.due_at))
            .collect::<Vec<_>>()
    };
    let (three, five) = (at("03:00:00"), at("05:00:00"));
    assert_eq!(
        told(&first.items),
        [(samples::id(3), three), (samples::id(1), five)]
    );
    let second = reader.timers(first.next_cursor, 2).await.unwrap();
    assert_eq!(told(&second.items), [(samples::id(4), five)]);
    assert_eq!(second.next_cursor, None);
}
