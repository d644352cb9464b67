//! Holds that no statement walks a table: each finds its rows by a key, whatever the size. A plan that
//! goes wrong is seen in no other test, and stops the service at a million cases.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::sync::Arc;

use countersign_engine::ports::SystemClock;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{Sql, cases, deliveries, inbox, inputs, lists, moves, reads, webhooks, writes};
use crate::sqlite;

/// What may be walked: the parameter, what was found already, and a list that is asked for whole.
const WALKED: [&str; 15] = [
    "SCAN CONSTANT ROW",
    "VIRTUAL TABLE",
    "SCAN (subquery",
    "SCAN k",
    "SCAN n",
    "SCAN r",
    "SCAN a",
    "SCAN files",
    "SCAN codes",
    // The counts that are shown, and what was gathered of them.
    "SCAN standing",
    "SCAN days",
    // Subscriptions are few, and asked for whole.
    "SCAN hooks",
    // What was given up and what needs an operator is few, and these indexes have nothing else.
    "SCAN deliveries USING INDEX deliveries_dead",
    "SCAN incidents USING INDEX incidents_open",
    // Those that wait are few, and this index has no others.
    "SCAN d USING INDEX deliveries_waiting",
];

const ALL: [(&str, Sql); 116] = [
    ("HOLD_MAILS", writes::HOLD_MAILS),
    ("HELD_FOR", writes::HELD_FOR),
    ("TAKE_HELD", writes::TAKE_HELD),
    ("UNSEND", writes::UNSEND),
    ("PUT_MAIL", writes::PUT_MAIL),
    ("BY_HASH", cases::BY_HASH),
    ("BY_ID", cases::BY_ID),
    ("BY_NUMBER", cases::BY_NUMBER),
    ("POSITIONS", cases::POSITIONS),
    ("ADD_HISTORY", cases::ADD_HISTORY),
    ("ADD_PERSONAL", cases::ADD_PERSONAL),
    ("ADD_CONTENTS", cases::ADD_CONTENTS),
    ("ADD_CASES", cases::ADD_CASES),
    ("ADD_HEADS", cases::ADD_HEADS),
    ("CHANGE_HEADS", cases::CHANGE_HEADS),
    ("CHANGE_CASES", cases::CHANGE_CASES),
    ("PUT_SEARCHES", cases::PUT_SEARCHES),
    ("HISTORY", cases::HISTORY),
    ("PEOPLE", inputs::PEOPLE),
    ("ADDRESSES", inputs::ADDRESSES),
    ("MEMBERS", inputs::MEMBERS),
    ("COLLEAGUES", inputs::COLLEAGUES),
    ("PARTNERS", inputs::PARTNERS),
    ("FACTS", inputs::FACTS),
    ("LISTS", inputs::LISTS),
    ("FOUND", inputs::FOUND),
    ("FOUND_OF_PARTNER", inputs::FOUND_OF_PARTNER),
    ("FOUND_OF_NOBODY", inputs::FOUND_OF_NOBODY),
    ("CHILDREN", inputs::CHILDREN),
    ("PUT_CHILDREN", writes::PUT_CHILDREN),
    ("REMOVE_CHILDREN", writes::REMOVE_CHILDREN),
    ("USAGE", inputs::USAGE),
    ("HOLDERS", inputs::HOLDERS),
    ("LOAD", inputs::LOAD),
    ("ANSWERS", inputs::ANSWERS),
    ("CODE", inputs::CODE),
    ("TAKE_NUMBERS", inputs::TAKE_NUMBERS),
    ("WAITING", writes::WAITING),
    ("REMOVE_WAITING", writes::REMOVE_WAITING),
    ("PUT_WAITING", writes::PUT_WAITING),
    ("PUT_ACCESS", writes::PUT_ACCESS),
    ("PUT_ACTED", writes::PUT_ACTED),
    ("REMOVE_ASSIGNMENTS", writes::REMOVE_ASSIGNMENTS),
    ("PUT_ASSIGNMENTS", writes::PUT_ASSIGNMENTS),
    ("PUT_TIMERS", writes::PUT_TIMERS),
    ("REMOVE_TIMERS", writes::REMOVE_TIMERS),
    ("REMOVE_WATCHES", writes::REMOVE_WATCHES),
    ("PUT_WATCHES", writes::PUT_WATCHES),
    ("WAKE", writes::WAKE),
    ("COUNT", writes::COUNT),
    ("HOLD", writes::HOLD),
    ("RELEASE", writes::RELEASE),
    ("PUT_LINKS", writes::PUT_LINKS),
    ("PUT_FILES", writes::PUT_FILES),
    ("ADD_INCIDENTS", writes::ADD_INCIDENTS),
    ("SETTLE_INCIDENTS", writes::SETTLE_INCIDENTS),
    ("ADD_ANSWERS", writes::ADD_ANSWERS),
    ("ADD_DELIVERIES", writes::ADD_DELIVERIES),
    ("REMOVE_ANSWERS", writes::REMOVE_ANSWERS),
    ("REMOVE_CODES", writes::REMOVE_CODES),
    ("REMOVE_SESSIONS", writes::REMOVE_SESSIONS),
    ("due deliveries", deliveries::DUE),
    ("CLAIM", deliveries::CLAIM),
    ("deliveries LIST", deliveries::LIST),
    ("LIST_OF_CASE", deliveries::LIST_OF_CASE),
    ("LIST_DEAD", deliveries::LIST_DEAD),
    ("LIST_WAITING", deliveries::LIST_WAITING),
    ("LIST_OF_KIND", deliveries::LIST_OF_KIND),
    ("STANDING", reads::STANDING),
    ("LATE", reads::LATE),
    ("TIMERS", lists::TIMERS),
    ("SUCCEEDED", deliveries::SUCCEEDED),
    ("RETRY", deliveries::RETRY),
    ("SETTLE", deliveries::SETTLE),
    ("due timers", reads::DUE),
    ("NEXT_DUE", reads::NEXT_DUE),
    ("WAITING_FOR", reads::WAITING_FOR),
    ("CALLER", reads::CALLER),
    ("SIGNED_IN", reads::SIGNED_IN),
    ("AUTHENTICATOR", reads::AUTHENTICATOR),
    ("STEP_AUTHENTICATOR", writes::STEP_AUTHENTICATOR),
    ("MISS_AUTHENTICATOR", writes::MISS_AUTHENTICATOR),
    ("BEGIN_MOVE", moves::BEGIN),
    ("NOTE_MOVE", moves::NOTE),
    ("LAST_MOVE", moves::LAST),
    ("IDENTITY", reads::IDENTITY),
    ("PUT_IDENTITY", writes::PUT_IDENTITY),
    ("CASE_OF_LINK", reads::CASE_OF_LINK),
    ("INCIDENTS", reads::INCIDENTS),
    ("INCIDENT", reads::INCIDENT),
    ("CASES_WITH_INCIDENT", reads::CASES_WITH_INCIDENT),
    ("ALL_NEWEST", lists::ALL_NEWEST),
    ("ALL_OLDEST", lists::ALL_OLDEST),
    ("ALL_DUE", lists::ALL_DUE),
    ("ALL_NEWEST_FEW", lists::ALL_NEWEST_FEW),
    ("SEEN_NEWEST_FEW", lists::SEEN_NEWEST_FEW),
    ("SEEN_COUNT", lists::SEEN_COUNT),
    ("SEEN_NEWEST", lists::SEEN_NEWEST),
    ("SEEN_OLDEST", lists::SEEN_OLDEST),
    ("SEEN_DUE", lists::SEEN_DUE),
    ("SEEN_DUE_SOON", lists::SEEN_DUE_SOON),
    ("YOUR_TURN", inbox::YOUR_TURN),
    ("inbox WAITING", inbox::WAITING),
    ("DONE", inbox::DONE),
    ("webhooks ALL", webhooks::ALL),
    ("webhooks PUT", webhooks::PUT),
    ("webhooks REMOVE", webhooks::REMOVE),
    ("MOVE", webhooks::MOVE),
    ("TELL", webhooks::TELL),
    ("ADVANCE", webhooks::ADVANCE),
    ("REVIVE", webhooks::REVIVE),
    ("FORGET_WAITING", webhooks::FORGET_WAITING),
    ("FORGET_DEAD", webhooks::FORGET_DEAD),
    ("FORGET", webhooks::FORGET),
    ("webhooks SETTLE", webhooks::SETTLE),
    ("TELL_ANEW", webhooks::TELL_ANEW),
];

#[tokio::test]
async fn no_statement_walks_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.db");
    let store = sqlite::open(&file, Arc::new(SystemClock)).await.unwrap();
    let readers = &store.inner.readers;
    let mut walks = Vec::new();
    for (name, sql) in ALL {
        for step in plan(readers, sql).await {
            if step.starts_with("SCAN") && !WALKED.iter().any(|walked| step.contains(walked)) {
                walks.push(format!("{name}: {step}"));
            }
        }
    }
    assert!(walks.is_empty(), "{walks:#?}");
}

#[tokio::test]
async fn rows_of_the_inbox_are_found_by_their_whole_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.db");
    let store = sqlite::open(&file, Arc::new(SystemClock)).await.unwrap();
    let readers = &store.inner.readers;
    for (sql, expected) in [
        (
            writes::REMOVE_WAITING,
            "(case_id=? AND subject=? AND due_at=? AND since=? AND role=?)",
        ),
        (
            writes::RELEASE,
            "(workflow=? AND name=? AND key=? AND case_id=?)",
        ),
        (
            cases::CHANGE_HEADS,
            "SEARCH heads USING INTEGER PRIMARY KEY (rowid=?)",
        ),
        (
            lists::SEEN_NEWEST,
            "SEARCH a USING PRIMARY KEY (subject=? AND case_id<?)",
        ),
        // The words of all cases are read from one end to the other, and nothing else is.
        (lists::ALL_BY_WORDS, "SCAN s"),
        (
            lists::SEEN_BY_WORDS,
            "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)",
        ),
        (
            inputs::FOUND,
            "SEARCH c USING INDEX cases_of_workflow (workflow=?)",
        ),
        (
            inputs::FOUND_OF_PARTNER,
            "SEARCH c USING INDEX cases_of_partner (workflow=? AND partner=?)",
        ),
        (
            reads::LATE,
            "SEARCH o USING COVERING INDEX cases_due (due_at<?)",
        ),
        (
            lists::TIMERS,
            "SEARCH t USING COVERING INDEX timers_due ((due_at,case_id)>(?,?))",
        ),
        (
            deliveries::LIST_OF_KIND,
            "SEARCH d USING INDEX deliveries_of_kind (kind=? AND position<?)",
        ),
        (
            inbox::YOUR_TURN,
            "SEARCH w USING PRIMARY KEY (subject=? AND (due_at,since,case_id)>(?,?,?))",
        ),
    ] {
        let plan = plan(readers, sql).await;
        assert!(
            plan.iter().any(|step| step.contains(expected)),
            "{expected}: {plan:#?}"
        );
    }
}

async fn plan(on: &impl ConnectionTrait, sql: Sql) -> Vec<String> {
    let text = format!("EXPLAIN QUERY PLAN {}", sql.text(DbBackend::Sqlite));
    let steps = on
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, text))
        .await
        .unwrap();
    steps
        .iter()
        .map(|step| step.try_get("", "detail").unwrap())
        .collect()
}
