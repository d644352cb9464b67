//! What the engine's reader says of a case: as it stands, whose turn it is by their inboxes, and its whole history.

use countersign_core::{
    case::{CaseId, Person},
    history::SealedEntry,
};
use countersign_engine::{
    Engine,
    ports::{
        reader::{InboxQuery, InboxSection},
        store::{CaseAddress, Viewer},
    },
};

use super::same::Told;

/// How many rows are read at once.
const PAGE: u32 = 200;

/// What is told of a case: whose turn it is of these people, and its history if that is wanted.
pub(super) async fn told(
    engine: &Engine,
    people: &[&Person],
    with_history: bool,
    id: CaseId,
) -> Told {
    let case = engine.reader().case(&CaseAddress::Id(id)).await;
    let case = case.expect("it is read").expect("it was opened");
    let history = if with_history {
        history(engine, id).await
    } else {
        Vec::new()
    };
    let mut awaited = Vec::new();
    for person in people {
        if is_in_inbox(engine, person, id).await {
            awaited.push(person.id.to_string());
        }
    }
    Told::of(&case, &history, &awaited)
}

async fn history(engine: &Engine, id: CaseId) -> Vec<SealedEntry> {
    let mut history: Vec<SealedEntry> = Vec::new();
    loop {
        let after = history.last().map_or(0, |entry| entry.entry.entry);
        let more = engine.reader().history(id, after, PAGE).await;
        let more = more.expect("it is read");
        if more.is_empty() {
            return history;
        }
        history.extend(more);
    }
}

async fn is_in_inbox(engine: &Engine, person: &Person, id: CaseId) -> bool {
    let viewer = Viewer::Person {
        person: person.id.clone(),
        groups: person.groups.iter().cloned().collect(),
        partner: person.partner.clone(),
    };
    let query = InboxQuery {
        section: InboxSection::YourTurn,
        instead_of: Vec::new(),
        workflow: None,
        due_by: None,
        cursor: None,
        limit: PAGE,
    };
    let page = engine.reader().inbox(&viewer, &query).await;
    let page = page.expect("it is read");
    assert!(page.next_cursor.is_none(), "an inbox has more than a page");
    page.items.iter().any(|row| row.id == id)
}
